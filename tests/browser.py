"""Fixtures of browser tests: Chromium, the built map from disk or in a frame, and an ear for whatever it complains of.

Every page that a test opens is watched: a console error or warning, an error in the page, a dialog or a request other
than for the document itself fails the test when it ends.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

import mapgen

os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError

State = dict[str, Any]
NAMES = ("chromium", "chromium-browser", "google-chrome")
BOTH = "Allow attribute will take precedence over 'allowfullscreen'."
"""Chromium says so to a host whose frame has both; older browsers know only the second."""
NOT_RUN = pytest.StashKey[int]()
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"""


# --- Which browser, and what happens without one ---------------------------------------------------------------------


def chromium() -> str | None:
    """Return the path of Chromium: the one in MAPGEN_CHROMIUM, else the first on the PATH."""
    named = os.environ.get("MAPGEN_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def wanted() -> list[str]:
    """Return the browsers that MAPGEN_BROWSERS asks for; each of them must be there."""
    return [name.strip() for name in os.environ.get("MAPGEN_BROWSERS", "").split(",") if name.strip()]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run at all when a browser that was asked for is missing."""
    config.stash[NOT_RUN] = 0
    for name in wanted():
        if name != "chromium":
            raise pytest.UsageError(f"MAPGEN_BROWSERS names {name!r}, which these tests do not know. Use chromium")
        if chromium() is None:
            raise pytest.UsageError(
                "MAPGEN_BROWSERS names chromium, but it was not found. Install it, or set MAPGEN_CHROMIUM to its path"
            )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser, leave out the tests that need one, and count them."""
    if chromium() is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        config.stash[NOT_RUN] = len(left_out)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Say last of all how many browser tests were not run."""
    yield
    count = session.config.stash.get(NOT_RUN, 0)
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if count and reporter is not None:
        reporter.write_line(
            f"{count} browser tests were not run: Chromium was not found. Install it, or set MAPGEN_CHROMIUM."
        )


# --- The map and the browser -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def site(commune: mapgen.Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the real subject's map, built once."""
    folder = tmp_path_factory.mktemp("built") / "site"
    mapgen.build(commune, folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed where there is no browser

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"] if root else [])
        yield started
        started.close()


@dataclass
class Ear:
    """Everything that pages complain of or ask for, besides the documents that the test opens itself."""

    documents: set[str] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("dialog", self._dialog)
        context.on("request", self._request)

    def take(self) -> list[str]:
        """Return what was heard, for a test that expects just this, and forget it."""
        heard, self.heard = self.heard, []
        return heard

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert") and message.text != BOTH:
            self.heard.append(f"console {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.heard.append(f"error in the page: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        self.heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        address = request.url.split("#")[0].split("?")[0]
        if address not in self.documents and not request.url.startswith("data:"):
            self.heard.append(f"request: {request.url[:200]}")


@dataclass
class Opener:
    """Opens pages, each in a context of its own; language, zone and size are given as Playwright names them."""

    chrome: Browser
    folder: Path
    ear: Ear = field(default_factory=Ear)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, query: str = "", state: str = "", *, folder: Path | None = None, **options: Any) -> Page:
        """Open the map from disk.

        Parameters
        ----------
        query
            What stands after the question mark.
        state
            The hash without its sign.
        folder
            Another folder with a map.
        options
            Of the browser's context, such as ``timezone_id``.
        """
        document = ((folder or self.folder) / "index.html").as_uri()
        address = document + (f"?{query}" if query else "") + (f"#{state}" if state else "")
        page = self.visit(address, **options)
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    def chronology(self, *, folder: Path | None = None, **options: Any) -> Page:
        """Open the map without JavaScript and read on where it says that the chronology is."""
        stored = folder or self.folder
        self.ear.documents |= {path.as_uri() for path in (stored / "events.html", *stored.glob("stills/all.*.svg"))}
        page = self(folder=folder, java_script_enabled=False, **options)
        apart = page.locator('a[href^="events.html"]:visible')
        if apart.count():
            apart.first.click()
            page.wait_for_url("**/events.html*")
        return page

    def visit(self, address: str, *documents: str, **options: Any) -> Page:
        """Open any address; `documents` are the other ones that the page may ask for."""
        self.ear.documents |= {address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0], *documents}
        settings = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}} | options
        context = self.chrome.new_context(**cast("Any", settings))
        self.contexts.append(context)
        self.ear.listen(context)
        page = context.new_page()
        page.goto(address)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def ready(page: Any) -> None:
    """Wait until a page or frame has drawn its first date."""
    wait_for(page, "window.mapgen !== undefined")
    page.evaluate("window.mapgen.ready")
    settle(page)


def wait_for(page: Any, condition: str, seconds: float = 5) -> None:
    """Wait until an expression is true; Playwright's own wait needs `eval`, which the page forbids."""
    until = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < until, f"never true: {condition}"
        page.wait_for_timeout(20)


def settle(page: Any) -> None:
    """Wait until a page or frame has drawn what it was told to show."""
    page.evaluate(SETTLED)


def state(page: Any) -> State:
    """Return what a page or frame says it shows."""
    return cast("State", page.evaluate("window.mapgen.getState()"))


def set_state(page: Any, **partial: Any) -> State:
    """Change what a page or frame shows, and wait until it is drawn."""
    found = page.evaluate("partial => window.mapgen.setState(partial)", partial)
    settle(page)
    return cast("State", found)


@pytest.fixture
def open_page(browser: Browser, site: Path) -> Iterator[Opener]:
    """Open pages of the map; afterwards no page may have complained or asked for anything."""
    opener = Opener(browser, site)
    yield opener
    opener.close()
    assert opener.ear.heard == []


# --- A host for frames -----------------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Host:
    """A small server on this machine: pages of a host beside the map."""

    address: str
    folder: Path

    def write(self, name: str, html: str) -> str:
        """Put a page there and return its address."""
        head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">'
        (self.folder / name).write_text(head + html, encoding="utf-8")
        return f"{self.address}/{name}"


@pytest.fixture(scope="session")
def host(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("host")
    shutil.copy(site / "index.html", folder / "map.html")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Host(f"http://127.0.0.1:{server.server_address[1]}", folder)
        server.shutdown()
        thread.join()
