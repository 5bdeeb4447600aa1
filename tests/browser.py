"""Fixtures of tests in Chromium and Firefox: the built map from disk or in a frame, and an ear for its complaints.

Every page that a test opens is watched: a console error or warning, an error in the page, a dialog or a request other
than for the document itself fails the test when it ends.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from engines import path

import mapgen

os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError

State = dict[str, Any]
MOUSE: dict[str, str | float | bool] = {"ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6}
"""Firefox without a screen finds no mouse and says `hover: none`; 6 is a fine pointer that hovers."""
BOTH = "Allow attribute will take precedence over 'allowfullscreen'."
"""Chromium says so to a host whose frame has both; older browsers know only the second."""
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"""


# --- The map and the browser -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def site(commune: mapgen.Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the real subject's map, built once."""
    folder = tmp_path_factory.mktemp("built") / "site"
    mapgen.build(commune, folder)
    return folder


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[[str], Browser]]:
    """Start each engine when the first test asks for it, and all of one run share it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed where there is no browser

    started: dict[str, Browser] = {}
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:

        def start(engine: str) -> Browser:
            if engine not in started:
                if engine == "firefox":
                    # This channel speaks WebDriver BiDi, as Mozilla's own Firefox does; the other needs a patched one.
                    browser = playwright.firefox.launch(
                        channel="moz-firefox", executable_path=path(engine), firefox_user_prefs=MOUSE
                    )
                else:
                    arguments = ["--no-sandbox"] if root else []
                    browser = playwright.chromium.launch(executable_path=path(engine), args=arguments)
                started[engine] = browser
            return started[engine]

        yield start
        for browser in started.values():
            browser.close()


@pytest.fixture
def browser(launch: Callable[[str], Browser], engine: str) -> Browser:
    return launch(engine)


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

    browser: Browser
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
        context = self.browser.new_context(**cast("Any", settings))
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
    """Return what a page or frame says it shows; as one text it comes ten times faster than as an object."""
    return cast("State", json.loads(page.evaluate("JSON.stringify(window.mapgen.getState())")))


def set_state(page: Any, **partial: Any) -> State:
    """Change what a page or frame shows, and wait until it is drawn."""
    found = page.evaluate("partial => window.mapgen.setState(partial).then(JSON.stringify)", partial)
    settle(page)
    return cast("State", json.loads(found))


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
