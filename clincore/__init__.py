"""ClinCore: clinical cases of many tenants behind one contract."""

import warnings

# Connexion 3.3 imports Starlette's test client and jsonschema's old resolver; whoever runs ClinCore can do nothing
# about either, and the lines would stand above each command's output.
warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
warnings.filterwarnings("ignore", message="jsonschema.(RefResolver|exceptions.RefResolutionError) is deprecated")
