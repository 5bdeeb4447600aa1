"""The page is equal for all: axe finds no fault in any state, what is drawn stands out, each step is spoken."""

from __future__ import annotations

import itertools
import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from views import CARD, VIEWS, show

if TYPE_CHECKING:
    from browser import Opener
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
    page.evaluate("document.body.append(document.createElement('button'))")
    assert [fault.split(":")[0] for fault in faults(page)] == ["button-name"]


def test_axe_finds_no_fault_in_the_chronology(open_page: Opener) -> None:
    """Its days are made alike: ten of them stand for all, with every list at the end."""
    page = open_page.visit((open_page.folder / "events.html").as_uri())
    page.evaluate("document.querySelectorAll('section:nth-of-type(n + 12):not([id])').forEach(el => el.remove())")
    assert page.locator("section[id]").count() == 5
    assert faults(page, "html") == []


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
    assert all(a != b for a, b in itertools.pairwise(lines))


def test_while_it_plays_nothing_is_spoken_and_a_pause_tells_where_one_is(open_page: Opener) -> None:
    page = open_page()
    told = page.locator(".mg-told")
    page.locator(".mg-play").click()
    assert told.get_attribute("aria-live") == "off"
    page.locator(".mg-play").click()
    assert told.get_attribute("aria-live") == "polite"
