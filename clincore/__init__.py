"""ClinCore: clinical cases of many tenants behind one contract."""

import warnings

# Connexion 3.3 imports Starlette's test client and jsonschema's old resolver. An operator can do nothing about either,
# and the warnings would precede the output of commands.
warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
warnings.filterwarnings("ignore", message="jsonschema.(RefResolver|exceptions.RefResolutionError) is deprecated")
