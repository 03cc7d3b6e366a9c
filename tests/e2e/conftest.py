"""The browser of the tests that need one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from support.service import Service

if TYPE_CHECKING:
    from support.console import Console


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Imported here: without a browser the import skips what needs one.
    from support.browser import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def console(browser: Any, service: Service) -> Iterator["Console"]:
    """The console in a page of its own. At the end nothing may have been blocked or have failed."""
    from support.console import Console

    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    console = Console(context.new_page(), service.url)
    yield console
    console.check()
    context.close()
