"""Signed revisions, their verification and the FHIR view: pure functions, no HTTP, no SQL."""
