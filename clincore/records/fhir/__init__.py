"""FHIR R4 views of cases."""
