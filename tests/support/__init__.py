"""Helpers of the tests: the PostgreSQL and the services that they run on, and what they send."""

import pkgutil

import pytest

# Otherwise a failed assert of a helper would not show its values.
pytest.register_assert_rewrite(*(module.name for module in pkgutil.iter_modules(__path__, f"{__name__}.")))
