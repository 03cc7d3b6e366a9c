"""ClinCore: a multi-tenant service for clinical cases."""
