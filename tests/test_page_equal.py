"""The page is equal for all: axe finds no fault, colours stand out, every task can be done by keyboard, steps are spoken."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import Opener, settle, state, wait_for
from views import BLOODY, CARD, STOP, VIEWS, show, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
CSS = Path(__file__).resolve().parent.parent / "mapgen" / "assets" / "map.css"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


# --- axe -------------------------------------------------------------------------------------------------------------

FAULTS = """async ([where, rules]) => {
    const found = await axe.run(where, {runOnly: rules, resultTypes: ['violations']});
    return found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`));
}"""


def faults(page: Page, where: Any = "body", rules: list[str] = TAGS) -> list[str]:
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FAULTS, [where, rules])
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_no_fault(open_page: Opener, name: str) -> None:
    page = show(open_page, VIEWS[name])
    assert faults(page, "html") == []
    page.locator(".mg-map").evaluate("el => el.append(document.createElement('button'))")
    assert [fault.split(":")[0] for fault in faults(page)] == ["button-name"]


def test_axe_finds_no_fault_in_the_chronology(open_page: Opener) -> None:
    """Its days are alike: all of them are looked at, but for the slow rules only the ends are."""
    page = open_page.visit((open_page.folder / "events.html").as_uri())
    ends = [["header"], ["section:nth-of-type(-n + 4)"], ["footer"]]
    assert faults(page, {"include": ends}) == []
    page.evaluate("document.querySelectorAll('section:nth-of-type(n + 5):not([id])').forEach(el => el.remove())")
    assert faults(page, "html", ["target-size", "link-name", "list", "listitem", "duplicate-id-aria"]) == []


# --- Colours that axe cannot see -------------------------------------------------------------------------------------

STANDS_OUT = (
    ("ink ink2", "paper panel ground washed", 4.5),
    ("ink3", "paper panel ground", 4.5),
    ("blue red", "ground washed", 4.5),
    ("parktext", "park", 4.5),
    ("watertext", "water", 4.5),
    ("red slate kill flame teal ochre violet", "paper panel ground washed park water", 3),
    ("wall", "paper ground washed", 3),
    ("ctl focus", "panel", 3),
    ("focus", "ground washed", 3),
)
"""Words, symbols and lines that are drawn, the grounds under them, and the least contrast."""


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme as the style sheet gives them."""
    css = CSS.read_text(encoding="utf-8").split("@media (forced-colors")[0]
    start = r'\[data-theme="dark"\] \.mg' if theme == "dark" else r"(?m:^\.mg)"
    blocks = re.findall(start + r" \{(.*?)\}", css, re.DOTALL)
    return dict(re.findall(r"--mg-(\w+): (#[0-9a-f]{6})", " ".join(blocks)))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_drawn_stands_out_from_its_ground(theme: str) -> None:
    colours = tokens(theme)
    assert contrast("#000000", "#ffffff") == 21
    poor = [
        f"{word} on {ground}: {found:.2f}"
        for words, grounds, least in STANDS_OUT
        for word in words.split()
        for ground in grounds.split()
        if (found := contrast(colours[word], colours[ground])) < least
    ]
    assert poor == []


# --- By keyboard -----------------------------------------------------------------------------------------------------


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


WALKED = ("start", "card", "district", "measure", "layers", "tour", "phone", "phone card", "phone tour", "phone layers")


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
    go_to(page, ".mg-choose:nth-child(1) select")
    press(page, "ArrowDown")
    assert state(page)["measure"] == "events"
    go_to(page, ".mg-choose:nth-child(2) select")
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
    page.keyboard.press("Tab")
    press(page, "Enter")
    assert on(page, ".mg-tour-start")


# --- What is spoken --------------------------------------------------------------------------------------------------

SPOKEN = """async () => {
    const out = [], frame = () => new Promise(requestAnimationFrame), count = document.querySelector('.mg-range').max,
        regions = document.querySelectorAll('[role=status], [role=alert], [aria-live]');
    await mapgen.step(-999);
    for (let k = 0; k <= count; k++) {
        await frame(); await frame();
        out.push([...regions].filter(el => el.checkVisibility()).map(el => el.textContent.trim()).filter(Boolean));
        out.push([document.querySelector('.mg-range').getAttribute('aria-valuetext')]);
        await mapgen.step(1);
    }
    return out;
}"""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("shown", ["list", "card", "compact"])
def test_each_step_is_spoken_in_one_short_line(open_page: Opener, commune: Subject, lang: str, shown: str) -> None:
    query = f"lang={lang}" + ("&ui=compact" if shown == "compact" else "")
    told = open_page(query, CARD if shown == "card" else "").evaluate(SPOKEN)
    assert len(told) == 2 * len(commune.steps)
    assert [len(texts) for texts in told] == [1] * len(told)
    assert max(len(texts[0]) for texts in told) <= 160
    lines = [texts[0] for texts in told[::2]]
    assert all(a != b for a, b in zip(lines, lines[1:], strict=False))


def test_while_it_plays_nothing_is_spoken_and_a_pause_tells_where_one_is(open_page: Opener) -> None:
    page = open_page()
    told = page.locator(".mg-told")
    page.locator(".mg-play").click()
    assert told.get_attribute("aria-live") == "off"
    page.locator(".mg-play").click()
    assert told.get_attribute("aria-live") == "polite"
