"""No word is hard-coded: in a made-up language all that is seen or spoken is of that language, data or a number."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pseudo
import pytest
from browser import Opener, set_state, settle, wait_for
from small import COMMUNE, ROOT

import mapgen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
BLOODY = "date=1871-05-24T12:00"
SIZES = [(1280, 800), (390, 844)]

TEXTS = """() => {
    const out = [],
        names = ['aria-label', 'title', 'aria-valuetext', 'aria-description', 'placeholder', 'alt', 'label'],
        hidden = el => el.closest('script, style, [hidden], .mg-langs, .mg-switch, .mg-calendar, [data-test-known]'),
        unseen = el => !el.closest('option, optgroup') && !el.checkVisibility({visibilityProperty: true}),
        walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const el = node.nodeType === 3 ? node.parentElement : node;
        if (hidden(el) || unseen(el)) { continue; }
        if (node.nodeType === 3) { out.push(node.data); continue; }
        for (const name of names) { if (el.hasAttribute(name)) { out.push(el.getAttribute(name)); } }
        for (const which of ['::before', '::after']) {
            const content = getComputedStyle(el, which).content;
            if (/^"/.test(content)) { out.push(JSON.parse(content)); }
        }
        if (el.type === 'text') { out.push(el.value, el.validationMessage); }
    }
    out.push(document.title);
    return out.map(t => t.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""
LISTEN = """() => {
    window.written = new Set();
    for (const name of ['fillText', 'strokeText']) {
        for (const kind of [CanvasRenderingContext2D, window.OffscreenCanvasRenderingContext2D].filter(Boolean)) {
            const own = kind.prototype[name];
            kind.prototype[name] = function (text, ...rest) {
                window.written.add(String(text));
                return own.call(this, text, ...rest);
            };
        }
    }
}"""


@pytest.fixture(scope="session")
def pseudo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of a small subject in English and in the made-up language."""
    folder = tmp_path_factory.mktemp("pseudo")
    with pseudo.spoken(folder / "words"):
        subject = mapgen.load(pseudo.cut_down(folder / "subject", "xx", lambda _row, text: pseudo.pseudo(text)))
        assert subject.problems.count("error") == 0
        mapgen.build(subject, folder / "site")
    return folder / "site"


@pytest.fixture(scope="session")
def data() -> re.Pattern[str]:
    """Everything that is never translated: names of places, people, districts and the base map, sources, credits."""
    found = {"Leaflet", "PNG", "SVG", "CSV", "BibTeX", "CSL", "JSON", "YOUR", "SITE", "rue", "zzz"}
    fields = ("name", "name_today", "commune", "author", "title", "publisher", "year", "tags", "locator", "role")
    for path in [*COMMUNE.glob("*.csv"), *(ROOT / "geodata").glob("*/*.csv")]:
        if path.stem in ("places", "people", "sources", "districts"):
            with path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            found |= {row[field] for row in rows for field in fields if row.get(field)}
            found |= {part.split(",")[0].strip() for row in rows for part in row.get("author", "").split(";")}
        elif path.stem in ("events", "claims"):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"\[([^\]]*)\]", text))
    for path in (ROOT / "geodata").glob("*/base/*.geojson"):
        found |= set(re.findall(r'"name": ?"([^"]*)"', path.read_text(encoding="utf-8")))
    contract = (COMMUNE / "subject.toml").read_text(encoding="utf-8")
    found |= set(re.findall('"([^"]*)"', contract.split("[day_count]")[0]))
    texts = sorted({re.sub(r"\s+", " ", text).strip() for text in found}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in texts if len(text) > 2))


def left(text: str, data: re.Pattern[str]) -> list[str]:
    """Return what stands in a text besides words of the made-up language, data and numbers."""
    rest = re.findall(r"[^\W\d_]+", data.sub("", re.sub(r"\b[0-9a-f]{12}\b", "", text)))
    return [word for word in rest if word.isalpha() and not set(word) & set(pseudo.ALPHABET)]


def known(page: Page, data: re.Pattern[str]) -> None:
    settle(page)
    assert {text: found for text in page.evaluate(TEXTS) if (found := left(text, data))} == {}


def press(page: Page, word: str, *, within: str = "body") -> None:
    page.locator(within).get_by_role("button", name=word, exact=True).first.click()
    settle(page)


def test_the_letters_of_the_made_up_language_stand_in_no_table() -> None:
    for path in [*COMMUNE.glob("*.csv"), *(ROOT / "geodata").glob("*/*.csv"), *pseudo.LOCALE.glob("*.toml")]:
        assert not set(pseudo.ALPHABET) & set(path.read_text(encoding="utf-8"))
    assert len(set(pseudo.ALPHABET)) == 52


def test_the_walk_finds_a_word_that_is_not_translated(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str]
) -> None:
    page = open_page("lang=xx", folder=pseudo_site)
    page.evaluate("document.querySelector('.mg-title').append(' today')")
    page.evaluate("document.querySelector('.mg-zoom button').title = 'Zoom'")
    found = {text for text in page.evaluate(TEXTS) if left(text, data)}
    assert found == {"today", "Zoom"}


@pytest.mark.parametrize("size", SIZES)
def test_no_word_of_the_page_is_hard_coded(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str], size: tuple[int, int]
) -> None:
    w = pseudo.words()["ui"]
    page = open_page("lang=xx", BLOODY, folder=pseudo_site, viewport={"width": size[0], "height": size[1]})
    known(page, data)
    assert page.evaluate("document.documentElement.lang") == "xx"
    if size[0] < 900:
        page.locator(".mg-handle").click()
        known(page, data)
    # Layers, with their menus and sources.
    press(page, w["layers"])
    page.evaluate("document.querySelectorAll('details').forEach(el => { el.open = true; })")
    known(page, data)
    press(page, w["close"], within=".mg-layers-panel")
    # Each measure, a district, chips; no event at all.
    keys = "JSON.parse(L.MapPage.block('mapgen-data')).measures.map(m => m.id + '/' + m.series[0].when)"
    for key in page.evaluate(keys):
        set_state(page, measure=key)
        known(page, data)
    set_state(page, measure="population/1866..1872", district="q70", q="rue")
    known(page, data)
    set_state(page, measure="events", district="a04", q="zzz", tags="women")
    known(page, data)
    # Cards: one that is disputed, one without a building, those at one spot.
    set_state(page, district="", q="", tags="", measure="", mode="window-5", rhythm="phase")
    known(page, data)
    for event in page.evaluate("window.mapgen.getState().certain")[:12]:
        set_state(page, event=event)
        known(page, data)
    set_state(page, event="", mode="step", rhythm="step")
    # The tour.
    for stop in page.evaluate("JSON.parse(L.MapPage.block('mapgen-data')).tour.map(s => s.id)"):
        set_state(page, tour=stop)
        known(page, data)
    set_state(page, tour="")
    known(page, data)
    # Search, changes, sharing.
    if size[0] < 900:
        page.locator(".mg-finding").click()
    for text in ("rue", "zzz", ""):
        page.locator(".mg-search input").fill(text)
        # Words that were found part the texts in which they stand.
        page.evaluate(
            "document.querySelectorAll('.mg-results .mg-row').forEach(row => { row.dataset.testKnown = ''; })"
        )
        known(page, data)
    page.locator(".mg-changing").first.click()
    for since in ("step", "day", "phase", "date"):
        page.locator(".mg-since select").select_option(since)
        known(page, data)
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.mg-share button').click()")
    known(page, data)
    press(page, w["close"], within=".mg-share-panel")
    # Play, then a moved clock.
    press(page, w["play"], within=".mg-transport")
    known(page, data)
    press(page, w["pause"], within=".mg-transport")
    for date in ("1871-01-01", "1871-03-18", "1871-05-22", "1871-06-12", "1879-01-01"):
        set_state(page, date=date)
        known(page, data)
    page.evaluate("document.querySelector('.mg-map').focus()")
    page.mouse.move(size[0] / 2, size[1] / 3)
    known(page, data)


def test_the_message_for_a_wrong_date_and_the_notice_of_a_moved_clock_are_words_of_the_language(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str]
) -> None:
    page = open_page("lang=xx", folder=pseudo_site)
    field = page.locator(".mg-goto input")
    field.fill("?")
    field.press("Enter")
    assert "{" not in field.evaluate("el => el.validationMessage") != ""
    known(page, data)
    field.fill("1871-05-24")
    field.press("Enter")
    settle(page)
    set_state(page, event="incendie-tuileries")
    set_state(page, event="vendome-column-falls")
    assert page.locator(".mg-notice").inner_text()
    known(page, data)


@pytest.mark.parametrize("ui", ["compact", "none"])
def test_no_word_of_an_embed_is_hard_coded(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str], ui: str
) -> None:
    page = open_page(f"lang=xx&ui={ui}", BLOODY, folder=pseudo_site, viewport={"width": 320, "height": 420})
    known(page, data)
    set_state(page, event="incendie-tuileries")
    known(page, data)


def test_no_word_on_paper_is_hard_coded(open_page: Opener, pseudo_site: Path, data: re.Pattern[str]) -> None:
    page = open_page("lang=xx", BLOODY, folder=pseudo_site)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    known(page, data)
    assert page.locator(".mg-paper h2").first.inner_text() == pseudo.words()["ui"]["sources"]


def test_no_word_of_the_page_without_scripts_is_hard_coded(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str]
) -> None:
    page = open_page.chronology(folder=pseudo_site)
    page.locator("#mg-xx").click()
    texts = page.locator("body").inner_text().splitlines()
    skipped = page.locator(".mg-switch").inner_text()
    found = {text: rest for text in texts if text not in skipped and (rest := left(re.sub(r"\s+", " ", text), data))}
    assert found == {}


def test_the_notice_that_the_map_failed_is_told_in_each_language(
    browser: Browser, pseudo_site: Path, tmp_path: Path, data: re.Pattern[str]
) -> None:
    html = (pseudo_site / "index.html").read_text(encoding="utf-8")
    broken = re.sub(r'(id="mapgen-data"[^>]*>)', r"\1{", html, count=1)
    assert broken != html
    (tmp_path / "index.html").write_text(broken, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri() + "?lang=xx")
    notice = page.locator("#mg-failed")
    assert notice.is_visible()
    told = notice.locator("span[lang=xx]").inner_text()
    assert told == pseudo.words()["ui"]["failed"]
    assert left(told, data) == []
    page.close()


def test_what_is_written_on_canvases_is_of_the_language_or_a_name(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str]
) -> None:
    names = {word for path in (ROOT / "geodata").glob("*/base/*.geojson") for word in _words(path)}
    names |= {word for path in (ROOT / "geodata").glob("*/districts.csv") for word in _words(path)}
    page = open_page("lang=xx", BLOODY, folder=pseudo_site)
    page.evaluate(LISTEN)
    page.set_viewport_size({"width": 1200, "height": 780})
    for date in ("1871-03-01", "1871-05-23"):
        set_state(page, date=date)
    set_state(page, view="15.00/48.85660/2.35220")
    wait_for(page, "window.written.size > 20")
    written = page.evaluate("[...window.written]")
    assert any(set(text) & set(pseudo.ALPHABET) for text in written)
    words = {word for text in written for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert {word for word in words if not set(word) & set(pseudo.ALPHABET)} - names == set()


def _words(path: Path) -> Iterator[str]:
    return iter(re.findall(r"[^\W\d_]+", path.read_text(encoding="utf-8")))


CUT = """() => {
    const out = [], box = el => el.getBoundingClientRect(), wide = document.documentElement.clientWidth;
    for (const el of document.querySelectorAll('.mg-app *')) {
        if (!el.checkVisibility({visibilityProperty: true}) || !el.textContent.trim()) { continue; }
        if (el.closest('svg, select, .mg-map')) { continue; }
        const hides = !['visible', 'auto'].includes(getComputedStyle(el).overflowX), b = box(el);
        // What only a screen reader is to find is one pixel wide.
        if (hides && el.clientWidth > 1 && el.scrollWidth > el.clientWidth + 1) {
            out.push('cut: ' + el.className + ': ' + el.textContent.slice(0, 60));
        }
        if (b.width > 1 && (b.right > wide + 1 || b.left < -1) && !el.closest('.mg-credit')) {
            out.push('out: ' + el.className + ': ' + el.textContent.slice(0, 60));
        }
    }
    for (const el of document.querySelectorAll('.mg-layers-panel *, .mg-measure *, .mg-card *, .mg-list *')) {
        const b = box(el), panel = box(el.closest('.mg-layers-panel, .mg-measure, .mg-card, .mg-list'));
        if (b.width > 1 && b.right > panel.right + 1) { out.push('beyond: ' + el.textContent.slice(0, 60)); }
    }
    const kinds = 'button, label, .mg-date p, .mg-title, .mg-measure, .mg-north, .mg-tray, .mg-zone-key',
        parts = [...document.querySelectorAll(kinds)]
        .filter(el => el.checkVisibility({visibilityProperty: true}) && box(el).width > 1);
    for (const a of parts) {
        for (const b of parts) {
            if (a === b || a.contains(b) || b.contains(a) || a.compareDocumentPosition(b) & 2) { continue; }
            if ([a, b].some(el => el.closest('.mg-list, .mg-card, .mg-layers-panel, .mg-tour'))) { continue; }
            const p = box(a), q = box(b), x = Math.min(p.right, q.right) - Math.max(p.left, q.left),
                y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (x > 1.5 && y > 1.5) { out.push('over: ' + [a, b].map(el => el.textContent.slice(0, 30))); }
        }
    }
    return out;
}"""


@pytest.mark.parametrize("size", SIZES)
def test_longer_words_are_not_cut_and_lie_over_nothing(
    open_page: Opener, pseudo_site: Path, size: tuple[int, int]
) -> None:
    page = open_page("lang=xx", BLOODY, folder=pseudo_site, viewport={"width": size[0], "height": size[1]})
    assert page.evaluate(CUT) == []
    set_state(page, event="incendie-tuileries")
    assert page.evaluate(CUT) == []
    set_state(page, tour="vendome-column", event="")
    assert page.evaluate(CUT) == []
    set_state(page, tour="", measure="population/1866..1872", district="a04")
    assert page.evaluate(CUT) == []
    set_state(page, measure="", district="")
    press(page, pseudo.words()["ui"]["layers"])
    assert page.evaluate(CUT) == []
