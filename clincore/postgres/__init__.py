"""The embedded PostgreSQL. The rest of ClinCore uses `embedded`, which starts the process `supervisor`."""
