"""Runs the `clincore` command for `python -m clincore`."""

from clincore.cli import main

main()
