"""Helpers of the tests: databases, services, clients and requests."""

import pkgutil

import pytest

# Without it a failed assert in a helper would not show its values.
pytest.register_assert_rewrite(*(module.name for module in pkgutil.iter_modules(__path__, f"{__name__}.")))
