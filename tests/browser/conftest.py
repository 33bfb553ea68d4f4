"""Chromium, and a real server on each kind of database."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.server import Server, running_server
from tests.browser.strip_world import plain_reader, reader, world
from tests.databases import fresh_mariadb, sqlite_url

# Fixtures of the strip's tests.
__all__ = ["plain_reader", "reader", "world"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the page under test: no sandbox in containers, no update, no service of the maker.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the machine; skips where there is none, unless REQUIRE_SERVICES=1."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("Chromium is required (REQUIRE_SERVICES=1) and not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for tests that need no more than its pages."""
    folder = tmp_path_factory.mktemp("server")
    with running_server(sqlite_url(folder), folder) as server:
        yield server


@pytest.fixture
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a new SQLite file."""
    folder = tmp_path_factory.mktemp("server")
    with running_server(sqlite_url(folder), folder) as server:
        yield server


# The second journey says little about a browser that the first did not: it is of the long tests.
@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.sweep)])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a new database of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_server")
        return
    with fresh_mariadb() as url, running_server(url, tmp_path_factory.mktemp("server")) as server:
        yield server
