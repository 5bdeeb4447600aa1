"""The page in use: by keyboard and pointer, in two languages, with cards, lists and layers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import Opener, set_state, settle, state, wait_for
from engines import IN_BOTH

from mapgen.dates import iso

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser
LOCALE = Path(__file__).resolve().parent.parent / "mapgen" / "locale"
BLOODY = "date=1871-05-24T12:00"


def at(subject: Subject, index: int) -> str:
    return iso(int(subject.steps.starts[index]))


# --- Language --------------------------------------------------------------------------------------------------------

VISIBLE = """() => {
    const out = [], seen = el => el.checkVisibility({visibilityProperty: true}),
        walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const el = node.nodeType === 3 ? node.parentElement : node;
        if (!seen(el) || el.closest('script, style, .mg-chronology, .mg-credit')) { continue; }
        if (node.nodeType === 3) { out.push(node.data); continue; }
        for (const name of ['aria-label', 'title', 'aria-valuetext', 'placeholder', 'alt']) {
            if (el.hasAttribute(name) && el.getAttribute('lang') === null) { out.push(el.getAttribute(name)); }
        }
    }
    out.push(document.title);
    return out.map(t => t.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for item in (value.values() if isinstance(value, dict) else value) for text in strings(item)]


def patterns(words: dict[str, Any]) -> list[re.Pattern[str]]:
    """Return the words of the interface as patterns; those that are nothing but places for other words are left out."""
    texts = [text for text in strings(words) if re.sub(r"\{\w*\}|[^\w]", "", text)]
    bare = [re.sub(r"\s+", " ", text).strip(" .,:;()«»") for text in texts]
    return [re.compile(re.sub(r"\\\{\w*\\\}", ".+?", re.escape(text))) for text in bare]


def french_data(page: Page, site: Path) -> set[str]:
    """Return every text of the data that the interface may show in French."""
    chronology = (site / "events.html").read_text(encoding="utf-8")
    found = page.evaluate(
        """chronology => {
        const data = L.MapPage.data(),
            out = [data.title.fr, ...data.base.levels.flatMap(l => l.names)], steps = data.steps.words.fr,
            page = new DOMParser().parseFromString(chronology, 'text/html'),
            kinds = ['[lang="fr"]', '[lang="fr"] *', 'li', 'li *', 'dd', 'dd *'],
            texts = [...page.querySelectorAll(kinds.map(kind => '.mg-chronology ' + kind).join())];
        for (const list of [data.phases, data.groups, data.layers]) { out.push(...list.map(x => x.name.fr)); }
        for (const list of [data.districts.levels, data.measures]) { out.push(...list.map(x => x.name.fr)); }
        out.push(...data.measures.flatMap(m => m.series.map(s => s.words.fr)));
        out.push(...data.districts.name.map((name, i) => `${data.districts.number[i]} ${name}`));
        out.push(...steps.date, ...steps.hours, ...steps.short, ...steps.typed, ...(data.steps.calendar || []));
        for (const el of texts) {
            out.push(el.textContent, el.dataset.hour || '');
            for (const node of el.childNodes) { if (node.nodeType === 3) out.push(node.data); }
        }
        return out.map(t => t.replace(/\\s+/g, ' ').trim());
    }""",
        chronology,
    )
    return {text.lower().strip(" .,:;·()") for text in found}


def is_known(text: str, known: list[re.Pattern[str]], data: set[str]) -> bool:
    """Whether a text is a word of the interface, a text of the data, a number, or such parts joined by marks."""
    bare = text.strip(" .,:;()«»")
    if not re.search(r"[^\W\d_]{2}", bare) or bare.lower() in data or any(p.fullmatch(bare) for p in known):
        return True
    joined = next((mark for mark in (" · ", " : ", "; ", ", ", " (") if mark in bare), None)
    return joined is not None and all(is_known(part, known, data) for part in bare.split(joined))


def foreign(page: Page, known: list[re.Pattern[str]], data: set[str]) -> list[str]:
    return [text for text in page.evaluate(VISIBLE) if not is_known(text, known, data)]


@IN_BOTH
def test_with_lang_fr_every_word_of_the_interface_is_french(open_page: Opener, site: Path) -> None:
    page = open_page(query="lang=fr", state=BLOODY)
    words = tomllib.loads((LOCALE / "fr.toml").read_text(encoding="utf-8"))
    words["ui"].pop("language_of_page", None)
    known = [*patterns(words["ui"]), re.compile("EN|FR|Leaflet|¼×|½×|[0-9]+×|[0-9]+ (km|m)")]
    data = french_data(page, site)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == "La Commune de Paris, jour après jour"
    assert foreign(page, known, data) == []
    page.get_by_role("button", name=words["ui"]["layers"], exact=True).click()
    assert foreign(page, known, data) == []
    set_state(page, district="a04", q="rue", event="hotel-de-ville-occupied", mode="window-5", rhythm="phase")
    assert foreign(page, known, data) == []
    page.get_by_role("button", name=words["ui"]["play"], exact=True).click()
    assert foreign(page, known, data) == []


def test_the_reader_s_language_is_taken_where_the_subject_has_it(open_page: Opener) -> None:
    assert state(open_page(locale="fr-CA"))["lang"] == "fr"
    assert state(open_page(locale="de-DE"))["lang"] == "en"
    assert state(open_page(query="lang=xx", locale="de-DE"))["lang"] == "en"


@IN_BOTH
def test_the_title_is_cut_neither_at_its_end_nor_at_its_foot(open_page: Opener) -> None:
    page = open_page()
    for code in ("en", "fr"):
        set_state(page, lang=code)
        wide, room, high, line = page.locator(".mg-title").evaluate(
            "el => [el.scrollWidth, el.clientWidth, el.scrollHeight, el.clientHeight]"
        )
        assert wide <= room and high <= line + 1, code


@IN_BOTH
def test_changing_the_language_keeps_the_state_and_is_written_to_the_address(open_page: Opener) -> None:
    page = open_page(state=BLOODY + "&layers=fires,barricades&mode=sofar&event=hotel-de-ville-occupied")
    before, title = state(page), page.locator(".mg-card h2").inner_text()
    page.get_by_role("button", name="FR", exact=True).click()
    settle(page)
    assert state(page) == before | {"lang": "fr"}
    assert page.locator(".mg-card h2").inner_text() != title
    assert page.evaluate("new URLSearchParams(location.search).get('lang')") == "fr"
    page.get_by_role("button", name="EN", exact=True).click()
    assert state(page) == before
    assert page.locator(".mg-card h2").inner_text() == title


# --- The clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "typed"),
    [("en", "24 May 1871"), ("en", "1871-05-24"), ("en", "24 may"), ("en", "24/5/1871"), ("fr", "24 mai 1871")],
)
def test_a_typed_date_moves_the_clock(open_page: Opener, lang: str, typed: str) -> None:
    page = open_page(query=f"lang={lang}")
    field = page.locator(".mg-goto input")
    field.fill(typed)
    field.press("Enter")
    assert state(page)["at"] == "1871-05-24T00:00"
    assert field.evaluate("el => el.validationMessage") == ""


@IN_BOTH
def test_a_typed_text_that_is_no_date_says_so_and_moves_nothing(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    words = tomllib.loads((LOCALE / "en.toml").read_text(encoding="utf-8"))
    wrong = words["ui"]["go_to_wrong"].split("{")[0]
    field = page.locator(".mg-goto input")
    for typed in ("nonsense", "30 February 1871", "1871-13-01", "", "24 Floreal 79", "<b>", "1871-05-24T99:00"):
        field.fill(typed)
        field.press("Enter")
        assert state(page)["at"] == "1871-05-24T12:00", typed
        assert field.evaluate("el => el.validationMessage").startswith(wrong), typed
    field.fill("18 March 1871")
    field.press("Enter")
    assert state(page)["at"] == "1871-03-18T00:00"
    assert field.evaluate("el => el.validationMessage") == ""


@IN_BOTH
def test_keys_on_the_slider_step_by_step_phase_and_end(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    home, last = state(page)["step"]["index"], len(commune.steps) - 1
    phases = [*commune.phase_starts, last]
    slider = page.locator(".mg-range")
    slider.focus()
    following = next(start for start in phases if start > home)
    walk = [
        ("ArrowRight", home + 1), ("ArrowLeft", home), ("ArrowUp", home + 1), ("ArrowDown", home), ("Home", 0),
        ("ArrowLeft", 0), ("PageDown", phases[1]), ("PageDown", following), ("PageUp", phases[1]), ("End", last),
        ("ArrowRight", last), ("PageDown", last), ("PageUp", phases[-2]),
    ]  # fmt: skip
    for key, index in walk:
        page.keyboard.press(key)
        settle(page)
        assert state(page)["step"]["index"] == index, key
        assert slider.input_value() == str(index)
    assert page.evaluate("document.activeElement.className") == "mg-range"
    spoken = slider.get_attribute("aria-valuetext") or ""
    assert spoken.startswith(page.locator(".mg-day").inner_text())


@IN_BOTH
def test_keys_work_on_every_part_of_the_bar_but_the_field_and_the_lists(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    page.locator(".mg-next-step").focus()
    page.keyboard.press("ArrowRight")
    assert state(page)["at"] == "1871-05-24T18:00"
    page.locator(".mg-goto input").focus()
    for key in ("ArrowLeft", "Home", "PageUp", " ", "a"):
        page.keyboard.press(key)
        assert state(page)["at"] == "1871-05-24T18:00", key
    page.locator(".mg-looks select").last.focus()
    page.keyboard.press("Home")
    assert state(page)["at"] == "1871-05-24T18:00"


def test_no_single_letter_key_does_anything_outside_the_bar(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    before = state(page)
    for key in "abcdefghijklmnopqrstuvwxyz0123456789 ":
        page.keyboard.press(key)
    settle(page)
    assert state(page) == before


@IN_BOTH
def test_buttons_step_and_jump(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    for name, expected in (("next-step", "1871-05-24T18:00"), ("previous-step", "1871-05-24T12:00")):
        page.locator(f".mg-{name}").click()
        assert state(page)["at"] == expected
    page.locator(".mg-last-step").click()
    assert state(page)["step"]["index"] == len(commune.steps) - 1
    page.locator(".mg-previous-event").click()
    firsts = sorted({int(i) for i in commune.times.first_steps(commune.steps)} - {len(commune.steps) - 1})
    assert state(page)["step"]["index"] == firsts[-1]
    page.locator(".mg-first-step").click()
    assert state(page)["step"]["index"] == 0


@IN_BOTH
def test_play_advances_and_pause_stops_and_it_never_starts_by_itself(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    start, play = state(page)["step"]["index"], page.locator(".mg-play")
    page.wait_for_timeout(1500)
    assert state(page)["step"]["index"] == start
    page.locator(".mg-speed select").select_option("4")
    play.click()
    assert play.inner_text() == "Pause"
    wait_for(page, f"mapgen.getState().step.index >= {start + 2}")
    play.click()
    stopped = state(page)["step"]["index"]
    page.wait_for_timeout(800)
    assert state(page)["step"]["index"] == stopped
    assert play.inner_text() == "Play"


def test_play_stops_at_the_end_and_starts_again_from_the_beginning(open_page: Opener) -> None:
    page = open_page(query="from=1871-05-24T00:00&to=1871-05-24T12:00", state="date=1871-05-24T06:00")
    page.locator(".mg-speed select").select_option("4")
    page.locator(".mg-range").focus()
    page.keyboard.press(" ")
    wait_for(page, "mapgen.getState().at === '1871-05-24T12:00'")
    wait_for(page, "document.querySelector('.mg-play').textContent === 'Play'")
    page.evaluate("mapgen.play()")
    assert state(page)["at"] == "1871-05-24T00:00"
    page.evaluate("mapgen.pause()")


@IN_BOTH
def test_a_click_on_the_strip_moves_the_clock_to_that_step(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    box = page.locator(".mg-strip").bounding_box()
    assert box is not None
    count = len(commune.steps)

    def spot(index: int) -> tuple[float, float]:
        return box["x"] + (index + 0.5) / count * box["width"], box["y"] + box["height"] / 2

    for index in (0, 1, 57, 100, count - 1):
        page.mouse.click(*spot(index))
        assert state(page)["step"]["index"] == index
    page.mouse.move(*spot(20))
    page.mouse.down()
    page.mouse.move(*spot(60), steps=4)
    assert state(page)["step"]["index"] == 60
    page.mouse.move(box["x"] - 200, 10)
    assert state(page)["step"]["index"] == 0
    page.mouse.up()
    page.mouse.move(*spot(90))
    assert state(page)["step"]["index"] == 0


@IN_BOTH
def test_modes_and_rhythms_are_chosen_in_the_bar(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    page.locator(".mg-looks select").last.select_option("sofar")
    assert state(page)["certain"] == commune.state("1871-05-24T12:00", "sofar")["certain"]
    page.locator(".mg-looks select").first.select_option("day")
    page.locator(".mg-next-step").click()
    assert state(page)["at"] == "1871-05-25T00:00"
    wait_for(page, "location.hash === '#date=1871-05-25T00:00&mode=sofar&rhythm=day'")
    set_state(page, mode="window-12")
    assert page.locator(".mg-looks select").last.input_value() == "window-12"


# --- List and card ---------------------------------------------------------------------------------------------------


@IN_BOTH
def test_the_list_holds_every_visible_event_once(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    for day, mode in (("1871-05-24T12:00", "window-3"), ("1871-03-18", "step"), ("1880-06-01", "sofar")):
        found = set_state(page, date=day, mode=mode)
        visible = sorted(found["certain"] + found["possible"])
        rows = page.evaluate("[...document.querySelectorAll('.mg-list .mg-row')].map(r => +r.dataset.i)")
        assert sorted(commune.rows[i].id for i in rows) == visible
        heads = page.evaluate("[...document.querySelectorAll('.mg-list h2 span')].map(s => +s.textContent)")
        assert sum(heads) == len(visible)


@IN_BOTH
def test_a_row_opens_the_card_with_everything_that_is_known(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    row = page.locator(".mg-list .mg-row").first
    event = commune.rows[int(row.get_attribute("data-i") or -1)]
    row.click()
    card = page.locator(".mg-card")
    assert state(page)["event"] == event.id
    assert card.locator("h2").inner_text() == event.title
    facts = card.locator("dl.mg-facts").inner_text()
    assert "When" in facts and "Where" in facts
    assert event.place is not None and commune.places[event.place].name in facts
    assert card.locator(".mg-text").inner_text()
    sources = card.locator(".mg-sources li")
    assert sources.count() == len(event.sources)
    for ref, text in zip(event.sources, sources.all_inner_texts(), strict=True):
        assert commune.sources[ref.source].title in text
    links = card.locator(".mg-sources a")
    urls = [commune.sources[ref.source].url for ref in event.sources if commune.sources[ref.source].url]
    assert links.count() == len(urls) > 0
    for link, url in zip(links.all(), urls, strict=True):
        assert link.get_attribute("href") == url
        assert "noopener" in (link.get_attribute("rel") or "")
        assert link.get_attribute("target") == "_blank"


def test_an_open_card_survives_a_step(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    page.locator(".mg-list .mg-row").first.click()
    title = page.locator(".mg-card h2").inner_text()
    for _ in range(8):
        page.locator(".mg-next-step").click()
    settle(page)
    assert state(page)["at"] == "1871-05-26T12:00"
    assert page.locator(".mg-card h2").inner_text() == title


@pytest.mark.parametrize(
    ("engine", "way"),
    [("chromium", "Escape"), ("chromium", "close"), ("chromium", "back"), ("firefox", "Escape")],
    indirect=["engine"],
)
def test_leaving_the_card_returns_to_the_list_and_its_row(open_page: Opener, way: str) -> None:
    page = open_page(state=BLOODY)
    row = page.locator(".mg-list .mg-row").nth(2)
    index = row.get_attribute("data-i")
    row.click()
    assert page.evaluate("document.activeElement.className") == "mg-card"
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.locator(".mg-card-tools .mg-back" if way == "back" else ".mg-card-tools .mg-button").last.click()
    settle(page)
    assert not page.locator(".mg-card").is_visible()
    assert page.locator(".mg-list").is_visible()
    assert state(page)["event"] == ""
    assert page.evaluate("document.activeElement.dataset.i") == index


def test_an_address_without_the_event_closes_the_card(open_page: Opener) -> None:
    page = open_page(state=BLOODY + "&event=hotel-de-ville-occupied")
    assert page.locator(".mg-card").is_visible()
    page.evaluate("location.hash = 'date=1871-05-23'")
    wait_for(page, "!document.querySelector('.mg-card').checkVisibility()")
    assert page.locator(".mg-list").is_visible()


def test_the_card_pages_through_the_list(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    order = page.evaluate("[...document.querySelectorAll('.mg-list .mg-row')].map(r => +r.dataset.i)")
    page.locator(".mg-list .mg-row").first.click()
    seen = [state(page)["event"]]
    for _ in order[1:]:
        page.locator(".mg-card-tools").get_by_role("button", name="Next").click()
        seen.append(state(page)["event"])
    assert seen == [commune.rows[i].id for i in order]


@IN_BOTH
def test_the_skip_link_leads_to_the_list_and_keeps_the_state(open_page: Opener) -> None:
    page = open_page(state=BLOODY + "&mode=sofar")
    before = state(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "mg-skip"
    page.keyboard.press("Enter")
    settle(page)
    assert state(page) == before
    assert page.evaluate("document.activeElement.className").startswith("mg-row")


# --- Layers ----------------------------------------------------------------------------------------------------------


@IN_BOTH
def test_a_layer_switched_off_leaves_list_counts_and_address(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    page.get_by_role("button", name="Layers", exact=True).click()
    rows = page.locator(".mg-layers .mg-layer", has_text="Fire")
    before = page.locator(".mg-list .mg-row").count()
    fires = int(rows.first.locator(".mg-count").inner_text())
    assert fires > 0
    rows.first.locator("input").click()
    settle(page)
    layers = [layer.id for layer in commune.config.layers if layer.id != "fires"]
    expected = commune.state("1871-05-24T12:00", layers=layers)
    found = state(page)
    assert (found["certain"], found["possible"]) == (expected["certain"], expected["possible"])
    assert found["districts"] == expected["districts"]
    assert "fires" not in found["layers"].split(",")
    assert page.locator(".mg-list .mg-row").count() == before - fires
    assert rows.first.locator(".mg-count").inner_text() == "0"
    wait_for(page, "location.hash.includes('&layers=')")
    assert "fires" not in page.evaluate("location.hash")
    rows.first.locator("input").click()
    wait_for(page, "!location.hash.includes('layers')")
    assert page.locator(".mg-list .mg-row").count() == before


@IN_BOTH
def test_counts_in_the_legend_are_those_of_the_shown_interval(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    page.get_by_role("button", name="Layers", exact=True).click()
    for mode in ("step", "window-3", "sofar"):
        set_state(page, mode=mode)
        counts = page.evaluate(
            "[...document.querySelectorAll('.mg-layers .mg-layer:has(svg) .mg-count')].map(c => +c.textContent)"
        )
        names = page.evaluate(
            "[...document.querySelectorAll('.mg-layers .mg-layer:has(svg) label')].map(l => l.innerText)"
        )
        by_name = dict(zip(names, counts, strict=True))
        for layer in commune.config.layers:
            expected = commune.state("1871-05-24T12:00", mode, [layer.id])
            assert by_name[layer.name["en"]] == len(expected["certain"]) + len(expected["possible"]), layer.id


def test_only_this_shows_one_layer_and_keeps_the_base_map(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=BLOODY)
    page.get_by_role("button", name="Layers", exact=True).click()
    base = [key for key in state(page)["layers"].split(",") if key.startswith("base-")]
    page.get_by_role("button", name="Only this: Fire", exact=True).focus()
    page.keyboard.press("Enter")
    found, expected = state(page), commune.state("1871-05-24T12:00", layers=["fires"])
    assert (found["certain"], found["possible"]) == (expected["certain"], expected["possible"])
    assert found["layers"].split(",") == ["fires", *base]
    boxes = page.locator(".mg-layers .mg-layer-group input")
    assert any(box.evaluate("el => el.indeterminate") or box.is_checked() for box in boxes.all())


@IN_BOTH
def test_a_group_box_has_three_states(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    page.get_by_role("button", name="Layers", exact=True).click()
    group = page.locator(".mg-layers fieldset").first
    box, first = group.locator(".mg-layer-group input"), group.locator(".mg-layer input").first
    assert box.is_checked()
    # Firefox tells that it has clicked before the page has heard of it.
    first.click()
    settle(page)
    assert box.evaluate("el => el.indeterminate")
    box.click()
    settle(page)
    assert box.is_checked() and first.is_checked()
    box.click()
    settle(page)
    assert not first.is_checked() and not box.evaluate("el => el.indeterminate")


@IN_BOTH
def test_a_filter_shows_a_chip_that_takes_it_away(open_page: Opener) -> None:
    page = open_page(state=BLOODY + "&district=a04&tags=bloody-week&q=rue")
    assert page.locator(".mg-chip").count() == 3
    while page.locator(".mg-chip").count():
        page.locator(".mg-chip").first.click()
    assert (state(page)["district"], state(page)["tags"]) == ("", "")
    wait_for(page, "location.hash === '#date=1871-05-24T12:00'")


SAID = """([html, code]) => {
    const chronology = new DOMParser().parseFromString(html, 'text/html'),
        data = L.MapPage.data(),
        t = L.texts(data, L.MapPage.texts, code),
        flat = text => text.replace(/\\s+/g, ' ').trim(),
        named = refs => refs.map(([k, at]) => L.Texts.brief(t.source(k)) + (at ? ', ' + at : '')).join(''),
        own = el => {
            const copy = el.cloneNode(true);
            copy.querySelectorAll(`span[lang]:not([lang="${code}"])`).forEach(x => x.remove());
            return flat(copy.textContent);
        };
    data.events.bin = data.events.bin.map(k => data.events.bins[k]);
    return data.events.id.map((id, i) => {
        const article = chronology.getElementById('event-' + id),
            part = [...article.children].find(el => el.lang === code),
            read = selector => flat(part.querySelector(selector).textContent),
            all = selector => [...article.querySelectorAll(selector)].map(own).join('|'),
            accounts = t.accounts(i).flatMap(g => g.rows),
            told = r => flat([r.value.text, named(r.refs), r.note ? r.note.text : ''].join(' ')),
            cited = ([k, at]) => flat(L.Texts.brief(t.source(k)) + ' ' + (at === null ? t.word('not_seen') : at));
        return [id, [
            [read('h3'), t.title(i)], [read('.w'), t.when(i)], [read('.p'), t.where(i)],
            [read('.t'), flat(t.text(i).textContent)], [part.dataset.hour || '', t.hour(i)],
            ['disputed' in part.dataset, t.disputed(i)],
            [all('.c > dt'), t.accounts(i).map(g => g.about).join('|')],
            [all('.c > dd'), accounts.map(told).join('|')], [all('.s > li'), t.refs(i).map(cited).join('|')],
        ].filter(([a, b]) => flat(String(a)) !== flat(String(b)))];
    }).filter(([id, differ]) => differ.length);
}"""


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_cards_of_all_events_say_what_the_chronology_says(open_page: Opener, site: Path, code: str) -> None:
    page = open_page()
    chronology = (site / "events.html").read_text(encoding="utf-8")
    assert page.evaluate(SAID, [chronology, code]) == []


def test_the_panel_folds_away_and_a_card_brings_it_back(open_page: Opener) -> None:
    page = open_page(state=BLOODY)
    wide = page.evaluate("document.querySelector('.mg-map').clientWidth")
    fold = page.locator(".mg-fold")
    fold.click()
    assert page.locator(".mg-panel").is_hidden()
    assert page.evaluate("document.querySelector('.mg-map').clientWidth") == wide + 360
    set_state(page, event="hotel-de-ville-occupied")
    assert page.locator(".mg-card").is_visible()
    fold.click()
    fold.click()
    assert page.locator(".mg-card").is_visible()
    assert fold.get_attribute("aria-expanded") == "true"
