"""Which browser engines the tests find, which they were asked for, and what becomes of the tests of a missing one.

A test with the mark `browser` runs in Chromium; `browser("chromium", "firefox")` runs it once in each of these.
Chromium and the Firefox of the system are driven by Playwright (Firefox by WebDriver BiDi), WebKitGTK by Selenium.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
    "webkit": ("WebKitWebDriver",),
}
PACKAGES = {"chromium": "chromium", "firefox": "firefox-esr", "webkit": "webkit2gtk-driver and xvfb"}
NOT_RUN = pytest.StashKey[Counter[str]]()
IN_BOTH = pytest.mark.browser("chromium", "firefox")
"""For tests of how the page reads: once in each engine that Playwright drives."""


def path(engine: str) -> str | None:
    """Return the program of an engine: the one in MAPGEN_CHROMIUM and the like, else the first on the PATH."""
    named = os.environ.get(f"MAPGEN_{engine.upper()}")
    names = [named] if named else PROGRAMS[engine]
    found = next((program for name in names if (program := shutil.which(name))), None)
    if engine == "webkit" and not (minibrowser() and shutil.which("Xvfb")):
        return None
    return found


def minibrowser() -> str | None:
    """Return the window that the driver of WebKitGTK opens."""
    return next(map(str, sorted(Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser"))), None)


def wanted() -> list[str]:
    """Return the engines that MAPGEN_BROWSERS asks for; each of them must be there."""
    return [name.strip() for name in os.environ.get("MAPGEN_BROWSERS", "").split(",") if name.strip()]


def needed(item: pytest.Item) -> str | None:
    """Return the engine that a test runs in."""
    mark = item.get_closest_marker("browser")
    if mark is None:
        return None
    chosen = (
        item.callspec.params.get("engine") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    )
    return str(chosen or (mark.args or ("chromium",))[0])


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run at all when an engine that was asked for is missing."""
    config.stash[NOT_RUN] = Counter()
    for name in wanted():
        if name not in PROGRAMS:
            known = ", ".join(PROGRAMS)
            raise pytest.UsageError(f"MAPGEN_BROWSERS names {name!r}, which these tests do not know. Use {known}")
        if path(name) is None:
            raise pytest.UsageError(
                f"MAPGEN_BROWSERS names {name}, but it was not found. "
                f"Install {PACKAGES[name]}, or set MAPGEN_{name.upper()} to its path"
            )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once in each engine that its mark names."""
    mark = metafunc.definition.get_closest_marker("browser")
    if mark is not None and mark.args and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", mark.args, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the engines that are missing or were not asked for, and count them."""
    runs = wanted() or [name for name in PROGRAMS if path(name)]
    left_out = {item: name for item in items if (name := needed(item)) is not None and name not in runs}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
        config.stash[NOT_RUN] = Counter(left_out.values())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Say last of all how many browser tests were not run, in which engine and why."""
    if hasattr(session.config, "workeroutput"):
        left_out = session.config.stash[NOT_RUN]
        session.config.workeroutput["not_run"] = dict(left_out)
    yield
    counts = session.config.stash.get(NOT_RUN, Counter())
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not counts or reporter is None:
        return
    paths = " and ".join(f"MAPGEN_{name.upper()}" for name in counts)
    why = "not named in MAPGEN_BROWSERS" if wanted() else f"not found. Install it, or set {paths} to its path"
    where = ", ".join(f"{count} in {name}" for name, count in counts.items())
    reporter.write_line(f"{counts.total()} browser tests were not run ({where}): {why}.")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process of several has left out: each of them collects all tests."""
    node.config.stash[NOT_RUN] = Counter(getattr(node, "workeroutput", {}).get("not_run", {}))


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that a test runs in."""
    return str(getattr(request, "param", "chromium"))
