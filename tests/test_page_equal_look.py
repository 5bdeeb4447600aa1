"""The page as its readers set it: few colours, large text, a narrow page, stillness, grey symbols, large targets."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from browser import Opener, ready, set_state, settle, state
from views import BLOODY, PHONE, SMALL, VIEWS, no_scroll, show, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ASSETS = Path(__file__).resolve().parent.parent / "mapgen" / "assets"


# --- Few colours -----------------------------------------------------------------------------------------------------

HUES = """selector => {
    const found = {};
    for (const canvas of document.querySelectorAll(selector)) {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
        copy.drawImage(canvas, 0, 0);
        const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
        for (let k = 0; k < data.length; k += 4) {
            const [r, g, b, a] = data.slice(k, k + 4);
            if (a < 150 || Math.max(r, g, b) - Math.min(r, g, b) < 40) { continue; }
            const name = b > r && b >= g ? 'blue' : r > g && r > b ? 'red' : 'other';
            found[name] = (found[name] || 0) + 1;
        }
    }
    return found;
}"""
SYMBOLS = ".mg-map canvas.mg-events"
FILLS = "[...document.querySelectorAll('.mg-row path')].map(el => getComputedStyle(el).fill)"
EDGES = """() => [...document.querySelectorAll('#mg-app :is(button.mg-button, .mg-select)')]
    .filter(el => el.checkVisibility()).map(el => getComputedStyle(el))
    .filter(s => s.borderBottomStyle !== 'solid' || [s.borderBottomColor, s.color].includes(s.backgroundColor))
    .length"""


@pytest.mark.parametrize(("scheme", "text"), [("light", "rgb(0, 0, 0)"), ("dark", "rgb(255, 255, 255)")])
def test_forced_colours_keep_symbols_choice_and_controls(open_page: Opener, scheme: str, text: str) -> None:
    page = open_page("theme=light", BLOODY, forced_colors="active", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).color") == text
    assert page.evaluate(HUES, SYMBOLS) == {}
    ground = "rgb(255, 255, 255)" if scheme == "light" else "rgb(0, 0, 0)"
    assert set(page.evaluate(FILLS)) == {text, ground, "none"}
    assert page.evaluate(EDGES) == 0
    page.get_by_role("button", name="Layers", exact=True).click()
    assert page.evaluate(EDGES) == 0
    box = page.locator(".mg-layer input").first
    checked = box.evaluate("el => getComputedStyle(el).backgroundColor")
    box.uncheck()
    assert [checked, box.evaluate("el => getComputedStyle(el).backgroundColor")] == [text, ground]
    set_state(page, event="hotel-de-ville-occupied", date="1871-03-18")
    assert page.evaluate(HUES, SYMBOLS)["blue"] > 50
    assert page.evaluate(HUES, ".mg-strip canvas")["blue"] > 50


def test_forced_colours_draw_a_wash_as_hatch_and_follow_the_reader_at_once(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    wash = """() => {
        const canvas = [...document.querySelectorAll('.mg-map canvas')].filter(el => el.style.zIndex === '1')[1],
            copy = new OffscreenCanvas(canvas.width, 1).getContext('2d', {willReadFrequently: true}), alphas = [];
        copy.drawImage(canvas, 0, -canvas.height / 2);
        const line = copy.getImageData(0, 0, canvas.width, 1).data;
        for (let k = 3; k < line.length; k += 4) { alphas.push(line[k] > 90 ? 2 : line[k] ? 1 : 0); }
        return [alphas.filter(a => a === 1).length, alphas.join('').split(/2+/).length - 1];
    }"""
    flat, lines = page.evaluate(wash)
    assert flat > 100
    assert lines < 4
    page.emulate_media(forced_colors="active")
    settle(page)
    assert page.evaluate(wash)[1] > 10
    assert "gradient" in page.locator(".mg-zone-wash").evaluate("el => getComputedStyle(el).backgroundImage")
    assert page.evaluate(HUES, SYMBOLS) == {}
    page.emulate_media(forced_colors="none")
    settle(page)
    assert page.evaluate(HUES, SYMBOLS)["red"] > 50


# --- Large text, narrow page -----------------------------------------------------------------------------------------

SPOILT = """() => {
    const out = [], walk = document.createTreeWalker(document.getElementById('mg-app'), NodeFilter.SHOW_TEXT),
        range = document.createRange(), seen = {opacityProperty: true, visibilityProperty: true};
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const el = node.parentElement;
        if (!node.data.trim() || !el.checkVisibility(seen) || el.closest('option')) { continue; }
        range.selectNodeContents(node);
        const box = range.getClientRects()[0];
        let scrolled = false;
        if (!box || getComputedStyle(el).clipPath !== 'none' || el.closest('.mg-lead')) { continue; }
        for (let up = el; up; up = up.parentElement) {
            const style = getComputedStyle(up), edge = up.getBoundingClientRect();
            if (style.overflow === 'visible' && up !== document.documentElement) { continue; }
            if (box.left < edge.left - 1 || box.right > edge.right + 1) { out.push(`cut: ${node.data.trim()}`); }
            if (box.top < edge.top - 1 || box.bottom > edge.bottom + 1) {
                if (/auto|scroll/.test(style.overflowY)) { scrolled = true; break; }
                out.push(`cut below: ${node.data.trim()}`);
            }
        }
        const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        if (!scrolled && hit && !el.closest('.mg-tray, .mg-district-line') && !hit.contains(el) && !el.contains(hit)) {
            out.push(`under ${hit.className || hit.tagName}: ${node.data.trim()}`);
        }
    }
    return out;
}"""
"""Texts that stick out of what holds them, or lie under something else; what can be scrolled to is not cut."""


def enlarge(page: Page) -> None:
    """Set the reader's text size to twice the usual one, as in the browser's settings."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.reload()
    ready(page)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", ["list", "card", "layers", "tour", "district", "measure"])
def test_text_at_twice_its_size_is_neither_cut_nor_covered(open_page: Opener, name: str, lang: str) -> None:
    view = VIEWS[name]
    page = open_page(f"lang={lang}", view.state)
    assert page.evaluate(SPOILT) == []
    sizes = "['.mg-panel', '.mg-bar', '.mg-strip'].map(s => document.querySelector(s).getBoundingClientRect())"
    small = page.evaluate(sizes)
    enlarge(page)
    for selector in view.press:
        page.locator(selector).click()
    settle(page)
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "28px"
    assert page.evaluate(SPOILT) == []
    large = page.evaluate(sizes)
    assert large[0]["width"] > small[0]["width"]
    assert large[1]["height"] > small[1]["height"]
    assert large[2]["height"] == small[2]["height"] == 106


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", ["list", "card", "layers", "tour", "district"])
@pytest.mark.parametrize("height", [640, 256])
def test_a_page_of_320_px_has_all_in_one_column(open_page: Opener, name: str, height: int, lang: str) -> None:
    """A screen of 1280 by 1024 at 400 % is 320 by 256."""
    view = VIEWS[name]
    page = open_page(f"lang={lang}", view.state, viewport={"width": 320, "height": height})
    for selector in view.press:
        page.locator(selector).click()
    page.wait_for_timeout(250)
    no_scroll(page)
    assert [fault for fault in page.evaluate(SPOILT) if fault.startswith("cut:")] == []
    walk(page)


# --- Stillness -------------------------------------------------------------------------------------------------------

MOVING = """document.getAnimations().map(a => a.transitionProperty || a.animationName)
    .concat([...document.querySelectorAll('.leaflet-zoom-anim, .leaflet-pan-anim')].map(el => el.className))"""


def moving(page: Page, *keys: str) -> list[str]:
    """Press keys on the map, then open the sheet; tell what moves right after each."""
    found: list[str] = []
    page.locator(".mg-map").focus()
    for key in keys:
        page.keyboard.press(key)
        found += page.evaluate(MOVING)
        settle(page)
    page.locator(".mg-handle").evaluate("el => el.click()")
    return [*found, *page.evaluate(MOVING)]


def test_nothing_moves_for_who_asks_for_stillness(open_page: Opener) -> None:
    page = open_page(state=BLOODY, reduced_motion="reduce", **PHONE)
    before = state(page)["view"]
    assert moving(page, "+", "ArrowRight") == []
    assert state(page)["view"] != before
    assert page.evaluate("document.querySelector('.mg-play').getAttribute('aria-label')") == "Play"
    now = state(page)["step"]["index"]
    page.locator(".mg-play").click()
    page.wait_for_timeout(1500)
    assert state(page)["step"]["index"] > now
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert moving(page, "ArrowLeft") != []


# --- Grey symbols ----------------------------------------------------------------------------------------------------

PAINTED = """([symbols, size, possible]) => {
    const family = L.symbols(symbols), style = getComputedStyle(document.body),
        theme = name => style.getPropertyValue('--mg-' + name).trim();
    return Object.keys(symbols).map(id => {
        const canvas = document.createElement('canvas'), ctx = canvas.getContext('2d'), side = 30,
            sprite = family.sprite(id, {size, possible, ratio: 1, theme});
        canvas.width = canvas.height = side;
        ctx.fillStyle = theme('panel');
        ctx.fillRect(0, 0, side, side);
        ctx.drawImage(sprite.canvas, side / 2 - sprite.half, side / 2 - sprite.half);
        const data = ctx.getImageData(0, 0, side, side).data, grey = [];
        for (let k = 0; k < data.length; k += 4) {
            grey.push(0.2126 * data[k] + 0.7152 * data[k + 1] + 0.0722 * data[k + 2]);
        }
        return grey;
    });
}"""
APART = {(14, False): 0.28, (18, False): 0.34, (24, False): 0.35, (14, True): 0.42, (18, True): 0.46, (24, True): 0.56}
"""By size and whether possible: the least share of the pixels of two grey symbols that belong to one alone, when they
are laid on each other as well as may be; as measured on the drawings that were looked at."""


def apart(one: Any, other: Any) -> float:
    """Return 1 less the greatest overlap of two shapes over their union, when one is moved by up to 2 px."""
    best = 0.0
    for dy, dx in itertools.product(range(-2, 3), repeat=2):
        moved = np.roll(other, (dy, dx), axis=(0, 1))
        best = max(best, float((one & moved).sum() / (one | moved).sum()))
    return 1 - best


@pytest.mark.parametrize("possible", [False, True], ids=["certain", "possible"])
@pytest.mark.parametrize("size", [14, 18, 24])
def test_each_two_symbols_differ_by_shape(open_page: Opener, size: int, possible: bool) -> None:
    symbols = json.loads((ASSETS / "symbols.json").read_text(encoding="utf-8"))["symbols"]
    painted = open_page().evaluate(PAINTED, [symbols, size, possible])
    shapes = {}
    for name, pixels in zip(symbols, painted, strict=True):
        grey = np.array(pixels).reshape(30, 30)
        shapes[name] = grey < (grey.min() + grey.max()) / 2
        assert shapes[name].sum() > size
    close = {
        (a, b): round(found, 3)
        for a, b in itertools.combinations(shapes, 2)
        if (found := apart(shapes[a], shapes[b])) < APART[size, possible]
    }
    assert close == {}


# --- Targets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VIEWS)
def test_every_control_is_large_enough(open_page: Opener, name: str) -> None:
    page = show(open_page, VIEWS[name])
    assert page.evaluate(SMALL, 44 if name.startswith("phone") else 24) == []
