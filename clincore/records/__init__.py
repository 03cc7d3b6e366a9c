"""Canonical form, signatures, FHIR view: pure functions, no HTTP, no SQL."""
