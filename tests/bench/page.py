"""Measures the built page in Chromium: bytes, requests, first date drawn, main-thread time per step, pan and zoom.

Run `make bench`. Times come from a shared machine: read them as medians, beside the load printed with them.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
from functools import partial
from pathlib import Path
from typing import Any

from engines import path
from playwright.sync_api import Browser, Page, Request, sync_playwright

LOADS = 7
STEP = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# The page says when its first date was drawn: two frames after it was built.
ZOOMS = (11, 13, 16)
MOVES = 24
READY = "performance.getEntriesByName('mapgen-ready')[0].startTime"


def main() -> None:
    """Print one table."""
    page = Path(sys.argv[1] if len(sys.argv) > 1 else "site/index.html").resolve()
    raw = page.read_bytes()
    print(f"{page.name}: {len(raw):,} bytes, gzip {len(gzip.compress(raw, 9, mtime=0)):,}")
    print(f"cores {os.cpu_count()}, load {os.getloadavg()[0]:.2f}")
    with sync_playwright() as playwright:
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path("chromium"), args=args)
        for look in ("none", "full"):
            _measure(browser, page.as_uri() + f"?ui={look}", look)
        _moves(browser, page.as_uri())
        browser.close()


def _measure(browser: Browser, address: str, look: str) -> None:
    ready, steps, heap = [], [], []
    for _ in range(LOADS):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        requests: list[str] = []
        page.on("request", partial(_hear, requests))
        page.goto(address)
        ready.append(float(page.evaluate(READY)))
        if len(ready) == 1:
            print(f"ui={look}: requests besides the page {len(requests) - 1}")
            steps = _steps(page)
            heap = [_metric(page, "JSHeapUsedSize") / 1e6]
        page.close()
    late = statistics.quantiles(steps, n=20)[-1]
    spread = f"{min(ready):.0f} to {max(ready):.0f}, n {LOADS}"
    print(f"ui={look}: first date drawn {statistics.median(ready):.0f} ms ({spread})")
    middle = statistics.median(steps)
    print(f"ui={look}: main thread per step median {middle:.2f} ms, 95th percentile {late:.2f} ms (n {len(steps)})")
    print(f"ui={look}: heap {heap[0]:.1f} MB")


def _hear(requests: list[str], request: Request) -> None:
    requests.append(request.url)


def _steps(page: Page) -> list[float]:
    """Return the main-thread time of each step forward through the whole subject, in ms, until its frame is drawn."""
    count = int(page.evaluate("window.mapgen.setState({date: '0001-01-01'}).then((s) => s.step.index)"))
    found = []
    before = _metric(page, "TaskDuration")
    empty = []
    for _ in range(20):
        page.evaluate(STEP)
        after = _metric(page, "TaskDuration")
        empty.append((after - before) * 1000)
        before = after
    index = count
    while True:
        index_now = int(page.evaluate("window.mapgen.step(1).then((s) => s.step.index)"))
        page.evaluate(STEP)
        after = _metric(page, "TaskDuration")
        found.append((after - before) * 1000 - statistics.median(empty))
        before = after
        if index_now == index:
            return found[:-1]
        index = index_now


def _moves(browser: Browser, address: str) -> None:
    """Print the main-thread time until the frame after a pan or a zoom is drawn, with every layer on."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address + "#date=1871-05-24T12:00")
    page.evaluate("window.mapgen.ready")
    for zoom in ZOOMS:
        pans = [(zoom, 48.8566 + 0.004 * (k % 4), 2.3412 + 0.006 * (k // 4 % 3)) for k in range(MOVES)]
        turns = [(zoom + 0.5 * (k % 2), 48.8566, 2.3412) for k in range(MOVES)]
        for name, views in (("pan", pans), ("zoom", turns)):
            spent = [_move(page, view) for view in views][4:]
            late = statistics.quantiles(spent, n=20)[-1]
            middle = statistics.median(spent)
            print(f"zoom {zoom}: {name} median {middle:.1f} ms, 95th percentile {late:.1f} ms (n {len(spent)})")
        frames = _drag(page)
        late = statistics.quantiles(frames, n=20)[-1]
        told = f"median {statistics.median(frames):.1f} ms, 95th percentile {late:.1f} ms (n {len(frames)})"
        print(f"zoom {zoom}: from frame to frame while dragging {told}")
    page.close()


FRAMES = """() => {
    window.benchFrames = [];
    const tick = (now) => { window.benchFrames.push(now); window.benchTick = requestAnimationFrame(tick); };
    window.benchTick = requestAnimationFrame(tick);
}"""


def _drag(page: Page) -> list[float]:
    """Return the time from each frame to the next while the map is dragged over and back, in ms."""
    page.mouse.move(900, 400)
    page.mouse.down()
    page.evaluate(FRAMES)
    for k in range(60):
        page.mouse.move(900 + 8 * (k if k < 30 else 60 - k), 400 + 2 * (k % 30))
    found: list[float] = page.evaluate(
        "() => (cancelAnimationFrame(benchTick), benchFrames.slice(1).map((t, k) => t - benchFrames[k]))"
    )
    page.mouse.up()
    page.evaluate(STEP)
    return found


def _move(page: Page, view: tuple[float, float, float]) -> float:
    text = f"{view[0]:.2f}/{view[1]:.5f}/{view[2]:.5f}"
    before = _metric(page, "TaskDuration")
    page.evaluate("(view) => window.mapgen.setState({view})", text)
    page.evaluate(STEP)
    return (_metric(page, "TaskDuration") - before) * 1000


def _metric(page: Page, name: str) -> float:
    session = _session(page)
    values: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return float(next(value["value"] for value in values if value["name"] == name))


_SESSIONS: dict[int, Any] = {}


def _session(page: Page) -> Any:
    if id(page) not in _SESSIONS:
        _SESSIONS[id(page)] = page.context.new_cdp_session(page)
        _SESSIONS[id(page)].send("Performance.enable")
    return _SESSIONS[id(page)]


if __name__ == "__main__":
    main()
