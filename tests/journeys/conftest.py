"""A person with a browser before a real server: an organisation, signed in, clicks counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import new_context
from tests.support.steps import Person

if TYPE_CHECKING:  # this file is read before Django is set up
    from tests.support.organisation import Organisation


@pytest.fixture(scope="session", autouse=True)
def _static_files_as_they_are_served() -> Iterator[None]:
    """The test server leaves static files to the product: packed, and kept by the browser from page to page."""
    from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandlerMixin, "_should_handle", lambda self, path: False)
        yield


@pytest.fixture
def contoso(transactional_db: None) -> Organisation:
    """An organisation where all is well, committed so that the server sees it."""
    from tests.support.organisation import settled
    from tests.support.remembered import put_back

    return put_back(settled)


@pytest.fixture
def troubled(transactional_db: None) -> Organisation:
    """An organisation with every status and something overdue."""
    from tests.support.organisation import storied
    from tests.support.remembered import put_back

    return put_back(storied)


@pytest.fixture
def anna(contoso: Organisation, live_server: Any, page: Page) -> Person:
    """The owner, signed in, on the list."""
    return Person(page, live_server.url).sign_in(contoso.link())


@pytest.fixture
def anna_without_scripts(contoso: Organisation, live_server: Any, page_without_scripts: Page) -> Person:
    """The owner with JavaScript switched off."""
    return Person(page_without_scripts, live_server.url).sign_in(contoso.link())


@pytest.fixture(params=["light", "dark"])
def looker(
    request: pytest.FixtureRequest, troubled: Organisation, live_server: Any, browser: Browser
) -> Iterator[Person]:
    """The owner of an organisation with every status, in each colour scheme."""
    context = new_context(browser, dark=request.param == "dark")
    yield Person(context.new_page(), live_server.url).sign_in(troubled.link())
    context.close()
