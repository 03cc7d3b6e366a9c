"""ClinCore: clinical cases of many tenants behind one contract."""
