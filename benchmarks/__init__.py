"""Benchmarks, and the peers for comparison: `python -m benchmarks --help`."""
