"""Search and changes: what is found is what Python finds, and choosing it shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import Opener, set_state, settle, state

from mapgen.dates import iso

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser
FIELD = ".mg-search input"
QUERIES = [
    "louise michel",
    "Père-Lachaise",
    "pere lachaise",
    "LISSAGARAY",
    "l’hôtel de ville",
    "l'hotel",
    "fédérés mur",
    "zzz",
]


def search(page: Page, text: str) -> list[str]:
    """Type into the search field and return the ids of the events that are found, in their order."""
    page.locator(FIELD).fill(text)
    found: list[str] = page.eval_on_selector_all(
        ".mg-results .mg-row",
        "rows => rows.map(row => JSON.parse(L.MapPage.block('mapgen-data')).events.id[row.dataset.i])",
    )
    return found


def mask(commune: Subject, text: str) -> set[str]:
    return {row.id for row, hit in zip(commune.rows, commune.mask(q=text), strict=True) if hit}


def test_search_finds_in_the_order_of_time_what_python_finds(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    page.evaluate("L.EventSearch.prototype.options.most = 9999")
    for text in QUERIES:
        found, expected = search(page, text), mask(commune, text)
        assert len(found) == len(expected)
        assert set(found) == expected
        starts = [commune.whens[commune.index[key]].first for key in found]
        assert starts == sorted(starts)
        if expected:
            many = page.locator(".mg-found-many").inner_text()
            assert many == f"{len(expected)} event" + ("s" if len(expected) > 1 else "")
        else:
            assert text in page.locator(".mg-found-many").inner_text()


def test_results_stand_under_the_phase_in_which_they_begin(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    search(page, "barricade")
    groups = page.locator(".mg-found [role=group]")
    names = [phase.name["en"] for phase in commune.config.phases]
    told = [groups.nth(k).get_attribute("aria-label") for k in range(groups.count())]
    assert told == [name for name in names if name in told]
    shown = [int(groups.nth(k).locator("h2 span").inner_text()) for k in range(groups.count())]
    assert sum(shown) == len(mask(commune, "barricade"))


def test_a_search_cannot_show_all_rows_at_once_and_says_how_many_are_left(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    page.evaluate("L.EventSearch.prototype.options.most = 20")
    found = search(page, "rue")
    left = [int(n) for text in page.locator(".mg-found .mg-none").all_inner_texts() for n in re.findall(r"\d+", text)]
    assert len(found) == 20
    assert sum(left) == len(mask(commune, "rue")) - 20


def test_arrow_keys_walk_through_the_results_and_enter_opens_one(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    found = search(page, "flourens")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    marked = page.locator(".mg-found [aria-selected=true]")
    assert marked.count() == 1
    assert page.locator(FIELD).get_attribute("aria-activedescendant") == marked.get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settle(page)
    now = state(page)
    assert now["event"] == found[1]
    assert found[1] in now["certain"] + now["possible"]
    title = commune.text("events", found[1], "title", "en")[0]
    assert page.locator(".mg-card h2").first.inner_text() == title
    assert page.locator(".mg-of").first.inner_text() == f"2 of {len(found)}"


def test_choosing_a_result_moves_the_clock_only_when_it_must(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-05-24T12:00")
    far = search(page, "flourens")[0]
    page.locator(f"#mg-found-{commune.index[far]}").click()
    settle(page)
    step = commune.times.first_steps(commune.steps)[commune.index[far]]
    assert state(page)["at"] == iso(int(commune.steps.starts[step]))
    assert page.locator(".mg-notice").inner_text().startswith("The clock was moved")
    near = state(page)
    page.keyboard.press("Escape")
    page.locator(f"#mg-found-{commune.index[far]}").click()
    settle(page)
    assert state(page) == near


def test_choosing_a_result_lifts_the_filters_that_hide_it_and_says_so(open_page: Opener) -> None:
    page = open_page(state="layers=fires&district=a18&tags=hostages")
    found = search(page, "vendome")
    page.locator(".mg-found .mg-row").first.click()
    settle(page)
    now = state(page)
    assert now["event"] == found[0]
    assert found[0] in now["certain"] + now["possible"]
    assert (now["district"], now["tags"]) == ("", "")
    assert page.locator(".mg-notice").inner_text() == "Filters that hid this event were lifted."


def test_only_these_filters_the_map_to_the_words(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-05-24T12:00&mode=sofar")
    search(page, "vaugirard")
    page.get_by_role("button", name="Only these on the map").click()
    settle(page)
    now = state(page)
    assert set(now["certain"] + now["possible"]) == set(
        (expected := commune.state("1871-05-24T12:00", "sofar", q="vaugirard"))["certain"] + expected["possible"]
    )
    assert page.locator(".mg-chip").inner_text() == "“vaugirard”"
    assert page.locator(".mg-results").is_hidden()


def test_escape_empties_the_field_and_shows_the_list_again(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24T12:00")
    search(page, "seine")
    assert page.locator(".mg-list").first.is_hidden()
    page.keyboard.press("Escape")
    assert page.locator(FIELD).input_value() == ""
    assert page.locator(".mg-results").is_hidden()
    assert page.locator(".mg-list .mg-row").first.is_visible()


def test_leaving_a_card_opened_from_the_search_returns_to_the_results(open_page: Opener) -> None:
    page = open_page()
    search(page, "rossel")
    page.locator(".mg-found .mg-row").nth(1).click()
    assert page.locator(".mg-results").is_hidden()
    page.keyboard.press("Escape")
    assert page.locator(".mg-results").is_visible()
    assert page.evaluate("document.activeElement.closest('.mg-search') !== null")


def test_words_that_are_typed_are_marked_and_never_become_markup(open_page: Opener) -> None:
    page = open_page()
    search(page, "delescluze")
    marks = page.locator(".mg-found mark").all_inner_texts()
    assert marks
    assert {mark.lower() for mark in marks} == {"delescluze"}
    assert search(page, "<img src=x onerror=alert(1)>") == []
    assert page.locator(".mg-results img").count() == 0
    assert "<img src=x" in page.locator(".mg-found-many").inner_text()


def test_a_phone_opens_the_search_from_its_title(open_page: Opener) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    assert not page.locator(FIELD).is_visible() or page.locator(FIELD).bounding_box()["y"] > 780  # type: ignore[index]
    page.locator(".mg-finding").click()
    page.locator(FIELD).fill("louvre")
    box = page.locator(".mg-results").bounding_box()
    assert box is not None
    assert box["height"] > 400
    assert page.evaluate("document.querySelector('.mg-map').clientHeight") > 400


# --- What changed ----------------------------------------------------------------------------------------------------


def changed(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(
        """() => {
        const out = {}, ids = JSON.parse(L.MapPage.block('mapgen-data')).events.id;
        let kind = null;
        for (const el of document.querySelector('.mg-changes .mg-list').children) {
            if (/mg-kind-/.test(el.className)) { kind = el.className.replace('mg-kind-', ''); }
            const rows = [...el.querySelectorAll('.mg-row')].map(row => ids[row.dataset.i]);
            if (rows.length) { out[kind] = rows.sort(); }
        }
        return out;
    }"""
    )
    return found


KINDS = {"fresh": "new", "ended": "ended", "certain": "became_certain", "possible": "became_possible", "on": "going_on"}


def equal(page: Page, commune: Subject, a: str, b: str, **filters: str) -> None:
    expected = commune.diff(a, b, **filters)
    assert changed(page) == {kind: sorted(expected[name]) for kind, name in KINDS.items() if expected[name]}
    rows = page.locator(".mg-changed tr")
    told = {
        rows.nth(k).locator("th").inner_text(): rows.nth(k).locator("td").nth(1).inner_text()
        for k in range(rows.count())
    }
    numbers = {int(re.findall(r"\d+", name)[0]): int(text.replace("−", "-")) for name, text in told.items()}
    sums = {int(key[1:]): sum(value.values()) for key, value in expected["districts"].items() if key.startswith("a")}
    assert numbers == {key: value for key, value in sums.items() if value}


def test_the_panel_of_changes_equals_diff_at_every_step_it_is_shown_on(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-05-20")
    page.get_by_role("button", name="What changed").click()
    steps = commune.steps
    for index in range(steps.at(commune.steps.starts[0]) + 1, len(steps), 7):  # type: ignore[operator]
        a, b = (iso(int(steps.starts[k])) for k in (index - 1, index))
        set_state(page, date=b)
        equal(page, commune, a, b)


def test_changes_are_told_since_the_day_before_the_phase_and_any_date(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-05-24T12:00&layers=fires,executions,barricades")
    layers = {"layers": ["fires", "executions", "barricades"]}
    page.get_by_role("button", name="What changed").click()
    choice = page.locator(".mg-since select")
    choice.select_option("day")
    equal(page, commune, "1871-05-23T18:00", "1871-05-24T12:00", **layers)  # type: ignore[arg-type]
    choice.select_option("phase")
    equal(page, commune, "1871-05-21T00:00", "1871-05-24T12:00", **layers)  # type: ignore[arg-type]
    choice.select_option("date")
    page.locator(".mg-since input").fill("18 March 1871")
    page.keyboard.press("Enter")
    equal(page, commune, "1871-03-18", "1871-05-24T12:00", **layers)  # type: ignore[arg-type]
    page.locator(".mg-since input").fill("no date")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('.mg-since input').validationMessage").startswith("No such date")


def test_the_changes_open_a_card_and_come_back_and_go(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24T12:00")
    page.get_by_role("button", name="What changed").click()
    page.locator(".mg-changes .mg-row").first.click()
    assert page.locator(".mg-card").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".mg-changes").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".mg-changes").is_hidden()
    assert page.evaluate("document.activeElement.className") == "mg-changing"


# --- Themes ----------------------------------------------------------------------------------------------------------


def test_the_menu_of_themes_filters_as_the_address_does(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-05-24T12:00&mode=sofar")
    page.get_by_role("button", name="Layers", exact=True).click()
    menu = page.get_by_label("Theme")
    counts = {tag: sum(tag in row.tags for row in commune.rows) for tag in commune.config.tags}
    told = {option.get_attribute("value"): option.inner_text() for option in menu.locator("option").all()[1:]}
    assert told == {tag: f"{commune.config.tags[tag]['en']} ({n})" for tag, n in counts.items()}
    menu.select_option("hostages")
    settle(page)
    now, expected = state(page), commune.state("1871-05-24T12:00", "sofar", tags=["hostages"])
    assert {key: now[key] for key in expected} == expected
    assert page.locator(".mg-chip").inner_text() == "Hostages"


def test_a_theme_in_the_card_filters_to_it(open_page: Opener, commune: Subject) -> None:
    key = next(row.id for row in commune.rows if "hostages" in row.tags)
    page = open_page(state=f"event={key}")
    page.locator(".mg-tags").get_by_role("button", name="Hostages").click()
    settle(page)
    assert state(page)["tags"] == "hostages"
    assert state(page)["event"] == ""


def test_the_card_lists_what_else_those_did_who_took_part(open_page: Opener, commune: Subject) -> None:
    person = "louise-michel"
    theirs = [row.id for row in commune.rows if person in row.actors]
    page = open_page(state=f"event={theirs[0]}")
    fold = page.locator(".mg-also", has=page.locator("summary", has_text="Louise Michel"))
    fold.locator("summary").click()
    fold.locator(".mg-row").first.wait_for()
    assert fold.locator(".mg-row").count() == len(theirs) - 1
    fold.locator(".mg-row").last.click()
    settle(page)
    now = state(page)
    assert now["event"] in theirs[1:]
    assert now["event"] in now["certain"] + now["possible"]
