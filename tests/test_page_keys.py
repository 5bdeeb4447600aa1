"""Every task can be done by keyboard alone, from the top of the page; the focus is always seen and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import Opener, settle, state, wait_for
from views import BLOODY, STOP, VIEWS, show, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser


def go_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element; every stop on the way shows where one is."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(STOP) == ""
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    settle(page)


def on(page: Page, selector: str) -> bool:
    return bool(page.evaluate("selector => document.activeElement.matches(selector)", selector))


def index(page: Page) -> int:
    return int(state(page)["step"]["index"])


WALKED = (
    "start", "card", "district", "measure", "layers", "tour", "search", "changes", "share", "phone", "phone card",
    "phone tour", "phone layers", "phone search", "phone share",
)  # fmt: skip


@pytest.mark.parametrize("name", [*WALKED, "dark card", "compact", "compact card", "none"])
def test_tab_goes_through_the_page_and_out_of_it_and_every_stop_is_seen(open_page: Opener, name: str) -> None:
    page = show(open_page, VIEWS[name])
    page.evaluate("document.activeElement.blur()")
    walk(page)


def test_time_is_moved_by_keys_alone(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    start = index(page)
    go_to(page, ".mg-play")
    press(page, "Space")
    wait_for(page, f"mapgen.getState().step.index > {start}")
    press(page, "Space")
    assert page.locator(".mg-play").get_attribute("aria-label") == "Play"
    now = index(page)
    go_to(page, ".mg-next-step")
    press(page, "Enter", "ArrowRight", "ArrowLeft")
    assert index(page) == now + 1
    for rhythm in ("day", "event"):
        go_to(page, ".mg-looks label:nth-child(1) select")
        press(page, "ArrowDown")
        assert state(page)["rhythm"] == rhythm
    go_to(page, ".mg-looks label:nth-child(2) select")
    press(page, "ArrowUp")
    assert state(page)["mode"] == "step"
    go_to(page, ".mg-goto input")
    press(page, "Control+a")
    page.keyboard.type("24 May 1871")
    press(page, "Enter")
    assert state(page)["date"].startswith("1871-05-24")
    go_to(page, ".mg-range")
    press(page, "PageDown")
    assert state(page)["date"].startswith("1871-05-29")
    press(page, "Home", "End")
    assert index(page) == len(commune.steps) - 1


def test_events_are_read_by_keys_alone_and_the_focus_comes_back(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    go_to(page, ".mg-skip")
    press(page, "Enter")
    assert on(page, ".mg-row")
    go_to(page, ".mg-row")
    press(page, "Enter")
    assert on(page, ".mg-card")
    title = page.locator(".mg-card h2").inner_text()
    go_to(page, '.mg-card [title="Next"]')
    press(page, "Enter")
    told = page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText")
    assert told == page.locator(".mg-card h2").inner_text() != title
    press(page, "Enter")
    shown = state(page)["event"]
    press(page, "Escape")
    assert state(page)["event"] == ""
    row = page.locator(".mg-row:focus .mg-row-title").inner_text()
    press(page, "Enter")
    assert (state(page)["event"], page.locator(".mg-card h2").inner_text()) == (shown, row)


def test_a_row_keeps_the_focus_while_the_clock_goes_on(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    page.locator(".mg-row", has_text="burials and counts").focus()
    page.evaluate("mapgen.step(1)")
    settle(page)
    assert "burials and counts" in page.locator(".mg-row:focus").inner_text()
    page.evaluate("mapgen.setState({date: '1872-06-01', mode: 'step'})")
    settle(page)
    assert on(page, ".mg-list, .mg-list *")


def test_layers_measures_and_districts_are_chosen_by_keys_alone(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    go_to(page, ".mg-layers > button")
    press(page, "Enter")
    assert on(page, ".mg-layers-panel header button")
    go_to(page, ".mg-layer input")
    press(page, "Space")
    assert "barricades" not in state(page)["layers"].split(",")
    go_to(page, ".mg-only[aria-label$='Fire']")
    press(page, "Enter")
    assert [layer for layer in state(page)["layers"].split(",") if not layer.startswith("base-")] == ["fires"]
    go_to(page, "fieldset .mg-choose:nth-child(1) select")
    press(page, "ArrowDown")
    assert state(page)["measure"] == "events"
    go_to(page, "fieldset .mg-choose:nth-child(2) select")
    press(page, "ArrowDown")
    assert state(page)["district"]
    press(page, "Escape")
    assert on(page, ".mg-layers > button")
    go_to(page, ".mg-chip")
    press(page, "Enter")
    assert state(page)["district"] == ""
    assert not on(page, "body")
    go_to(page, ".mg-measure button")
    press(page, "Enter")
    assert state(page)["measure"] == ""
    assert on(page, ".mg-map")


def test_map_language_and_tour_are_used_by_keys_alone(open_page: Opener) -> None:
    page = open_page(reduced_motion="reduce")
    before = state(page)["view"].split("/")
    go_to(page, ".mg-map")
    press(page, "ArrowRight", "ArrowUp", "+")
    zoom, lat, lon = state(page)["view"].split("/")
    assert float(zoom) > float(before[0])
    assert float(lat) > float(before[1])
    assert float(lon) > float(before[2])
    go_to(page, ".mg-langs [lang=fr]")
    press(page, "Enter")
    assert state(page)["lang"] == "fr"
    assert on(page, ".mg-langs [lang=fr]")
    go_to(page, ".mg-tour-start")
    press(page, "Enter")
    assert on(page, ".mg-tour")
    titles = {page.locator(".mg-tour h2").inner_text()}
    go_to(page, ".mg-tour .mg-next")
    for _ in range(16):
        press(page, "Enter")
        assert on(page, ".mg-tour .mg-next")
        titles.add(page.locator(".mg-tour h2").inner_text())
    assert len(titles) == 16
    go_to(page, ".mg-tour header .mg-button")
    press(page, "Enter")
    assert on(page, ".mg-tour-start")
