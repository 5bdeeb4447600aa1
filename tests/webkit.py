"""WebKitGTK for the tests: MiniBrowser on a screen of its own, driven by Selenium, and an ear inside the page.

The driver of WebKitGTK tells of no console. So the map is opened with one script more at its head, which writes down
what the page complains of from the start; the policy of the page gets the hash of that script, and is otherwise kept.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
from engines import minibrowser, path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver.remote.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

State = dict[str, Any]
EAR = """
window.heard = [];
addEventListener('error', e => heard.push('error: ' + e.message), true);
addEventListener('unhandledrejection', e => heard.push('rejected: ' + e.reason));
addEventListener('securitypolicyviolation', e => heard.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
for (const kind of ['error', 'warn', 'assert']) {
    const said = console[kind];
    console[kind] = (...all) => {
        if (kind !== 'assert' || !all[0]) { heard.push('console ' + kind + ': ' + all); }
        said(...all);
    };
}
"""
SETTLED = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));"
ANSWER = "const done = arguments[arguments.length - 1]; Promise.resolve({}).then(done, e => done('refused: ' + e));"


def with_ear(html: str) -> str:
    """Return the page with the listening script at its head and that script's hash in its policy."""
    digest = base64.b64encode(hashlib.sha256(EAR.encode()).digest()).decode()
    policy, head = "script-src ", "<style>"
    assert html.index(policy) < html.index(head)
    allowed = html.replace(policy, f"{policy}'sha256-{digest}' ", 1)
    return allowed.replace(head, f"<script>{EAR}</script>{head}", 1)


@dataclass
class WebKit:
    """A window of WebKitGTK and the folder of the map that it opens."""

    driver: WebDriver
    folder: Path

    def open(self, query: str = "", state: str = "") -> None:
        """Open the map from disk and wait until it has drawn its first date."""
        self.visit(
            (self.folder / "index.html").as_uri() + (f"?{query}" if query else "") + (f"#{state}" if state else "")
        )
        self.ready()

    def open_on_phone(self, state: str) -> None:
        """Open the map in a frame as small as a phone: the window itself cannot be made so narrow."""
        frame = (
            f'<!DOCTYPE html><title>Phone</title><iframe width="360" height="640" src="index.html#{state}"></iframe>'
        )
        (self.folder / "phone.html").write_text(frame, encoding="utf-8")
        self.visit((self.folder / "phone.html").as_uri())
        self.driver.switch_to.frame(0)
        self.ready()

    def visit(self, address: str) -> None:
        # Another document first: an address that differs in its hash alone would load nothing.
        self.driver.get("about:blank")
        self.driver.get(address)

    def ready(self) -> None:
        self.wait_for("window.mapgen !== undefined")
        self.ask("window.mapgen.ready")
        self.settle()

    def run(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        return self.driver.execute_script(f"return {expression};")

    def ask(self, promise: str, *values: Any) -> Any:
        """Return what a promise of the page gives; `arguments` holds the values."""
        return self.driver.execute_async_script(ANSWER.format(promise), *values)

    def settle(self) -> None:
        self.driver.execute_async_script(SETTLED)

    def state(self) -> State:
        return cast("State", self.run("window.mapgen.getState()"))

    def set_state(self, **partial: Any) -> State:
        found = self.ask("window.mapgen.setState(arguments[0])", partial)
        self.settle()
        return cast("State", found)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element("css selector", selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements("css selector", selector)

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        self.driver.switch_to.active_element.send_keys(key)

    def wait_for(self, condition: str, seconds: float = 5) -> None:
        until = time.monotonic() + seconds
        while not self.run(condition):
            assert time.monotonic() < until, f"never true: {condition}"
            time.sleep(0.02)


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """Start a screen without a monitor and give its name; the server itself says which number is free."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as said:
            number = said.readline().strip()
        try:
            assert number, "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()


@contextlib.contextmanager
def window(display: str, *arguments: str) -> Iterator[WebDriver]:
    """Open MiniBrowser; the path of its driver is given, so that Selenium looks for none and downloads none."""
    from selenium import webdriver  # noqa: PLC0415 - not needed where there is no WebKitGTK
    from selenium.webdriver.webkitgtk.service import Service  # noqa: PLC0415

    options = webdriver.WebKitGTKOptions()
    options.binary_location = minibrowser() or ""
    for argument in ("--automation", *arguments):
        options.add_argument(argument)
    service = Service(path("webkit") or "", env={**os.environ, "DISPLAY": display, "LC_ALL": "C.UTF-8"})
    driver = webdriver.WebKitGTK(options=options, service=service)
    try:
        driver.set_script_timeout(20)
        driver.set_page_load_timeout(60)
        driver.set_window_size(1280, 838)
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


@pytest.fixture(scope="session")
def shared_window(display: str) -> Iterator[WebDriver]:
    with window(display, "--time-zone=Pacific/Kiritimati") as driver:
        yield driver


@pytest.fixture(scope="session")
def heard_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the map that listens to itself."""
    folder = tmp_path_factory.mktemp("webkit")
    html = (site / "index.html").read_text(encoding="utf-8")
    (folder / "index.html").write_text(with_ear(html), encoding="utf-8")
    return folder


def quiet(page: WebKit) -> None:
    """Assert that the page has complained of nothing and asked for nothing."""
    assert page.run("window.heard") == []
    assert page.run("performance.getEntriesByType('resource').map(r => r.name)") == []


@pytest.fixture
def webkit(shared_window: WebDriver, heard_site: Path) -> Iterator[WebKit]:
    """A page in WebKitGTK; it must not have complained of or asked for anything."""
    page = WebKit(shared_window, heard_site)
    yield page
    quiet(page)
