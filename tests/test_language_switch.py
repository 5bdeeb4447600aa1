"""Switching the language: everything is told anew, and nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import Opener, set_state, settle, state, wait_for
from test_pseudo_language import TEXTS, data, left, press, pseudo_site

if TYPE_CHECKING:
    import re
    from pathlib import Path

    from playwright.sync_api import Page

__all__ = ["data", "pseudo_site"]

pytestmark = pytest.mark.browser
BLOODY = "date=1871-05-24T12:00"


def switch(page: Page, code: str = "XX") -> None:
    page.locator(".mg-langs button", has_text=code).click()
    settle(page)
    wait_for(page, f"document.documentElement.lang === '{code.lower()}'")


def test_after_a_switch_nothing_is_left_in_the_other_language(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str]
) -> None:
    page = open_page("lang=en", BLOODY, folder=pseudo_site)
    assert page.locator(".mg-zone-key").is_visible() and page.locator(".mg-zone-words").is_visible()
    switch(page)
    assert {text for text in page.evaluate(TEXTS) if left(text, data)} == set()
    switch(page, "EN")
    press(page, "Layers")
    for partial in (
        {"event": "incendie-tuileries"}, {"event": "", "tour": "vendome-column"},
        {"tour": "", "measure": "population/1866..1872", "district": "a04", "mode": "window-5"},
        {"measure": "", "district": "", "date": "1871-05-24T12:00"},
    ):  # fmt: skip
        set_state(page, lang="en", **partial)
        switch(page)
        found = {text for text in page.evaluate(TEXTS) if left(text, data)}
        assert found == set(), partial


def test_a_notice_is_not_left_in_the_other_language(
    open_page: Opener, pseudo_site: Path, data: re.Pattern[str]
) -> None:
    page = open_page("lang=en", folder=pseudo_site)
    set_state(page, event="incendie-tuileries")
    set_state(page, event="vendome-column-falls")
    assert page.locator(".mg-notice").inner_text()
    switch(page)
    assert left(page.locator(".mg-notice").inner_text(), data) == []


@pytest.mark.parametrize(
    "hash_",
    [
        BLOODY + "&view=13.00/48.87000/2.30000&event=incendie-tuileries",
        BLOODY
        + "&layers=fires,base-water&measure=population/1872&district=a04&tags=women&mode=sofar&rhythm=phase&q=rue",
        "tour=vendome-column",
        BLOODY + "&view=15.50/48.83000/2.40000",
    ],
)
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_state_and_the_address_stay(
    open_page: Opener, pseudo_site: Path, hash_: str, size: tuple[int, int]
) -> None:
    page = open_page("lang=en", hash_, folder=pseudo_site, viewport={"width": size[0], "height": size[1]})
    page.wait_for_timeout(400)
    before, address = state(page), page.url
    up = page.evaluate("document.querySelector('.mg-panel').className")
    switch(page)
    page.wait_for_timeout(400)
    after = state(page)
    assert after.pop("lang") == "xx"
    assert before.pop("lang") == "en"
    assert after == before
    assert page.url == address.replace("lang=en", "lang=xx")
    assert page.evaluate("document.querySelector('.mg-panel').className") == up


def test_a_map_that_was_moved_away_from_the_open_card_stays(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page("lang=en", BLOODY + "&event=incendie-tuileries", folder=pseudo_site)
    set_state(page, view="16.00/48.84000/2.40000")
    before = state(page)["view"]
    assert before.startswith("16.00/48.84")
    switch(page)
    settle(page)
    assert state(page)["view"] == before


def test_the_focus_stays_on_the_button_of_the_language(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page("lang=en", folder=pseudo_site)
    page.locator(".mg-langs button", has_text="XX").focus()
    page.keyboard.press("Enter")
    settle(page)
    told = page.evaluate("[document.activeElement.textContent, document.activeElement.getAttribute('aria-pressed')]")
    assert told == ["XX", "true"]


def test_open_layers_stay_open_where_they_were_scrolled_to(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page("lang=en", BLOODY, folder=pseudo_site)
    press(page, "Layers")
    page.locator(".mg-credits summary").click()
    box = "[...document.querySelectorAll('.mg-layers-panel, .mg-layers-panel *')].find(el => el.scrollTop > 0)"
    page.evaluate("document.querySelector('.mg-layers-rows').scrollTop = 300")
    before = page.evaluate(f"{box}.scrollTop")
    switch(page)
    assert page.locator(".mg-layers-panel").is_visible()
    assert page.evaluate("document.querySelector('.mg-credits').open")
    assert page.evaluate(f"{box}.scrollTop") == before


def test_the_list_stays_at_the_event_it_was_scrolled_to(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page("lang=en", BLOODY, folder=pseudo_site)
    page.locator(".mg-list").evaluate("el => { el.scrollTop = 900; }")
    page.wait_for_timeout(100)
    first = """() => { const list = document.querySelector('.mg-list'), top = list.getBoundingClientRect().top;
        const row = [...list.querySelectorAll('.mg-row')].find(el => el.getBoundingClientRect().bottom > top);
        return [row.dataset.i, Math.round(row.getBoundingClientRect().top - top)]; }"""
    before = page.evaluate(first)
    assert page.locator(".mg-list").evaluate("el => el.scrollTop") > 0
    switch(page)
    page.wait_for_timeout(100)
    after = page.evaluate(first)
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) <= 1


def test_a_card_stays_where_it_was_scrolled_to(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page("lang=en", BLOODY + "&event=incendie-tuileries", folder=pseudo_site)
    card = page.locator(".mg-card")
    card.evaluate("el => { el.scrollTop = 120; }")
    assert card.evaluate("el => el.scrollTop") == 120
    switch(page)
    assert card.evaluate("el => el.scrollTop") == 120


def test_playing_goes_on_at_the_speed_that_was_chosen(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page("lang=en", BLOODY, folder=pseudo_site)
    page.locator(".mg-speed select").select_option("4")
    press(page, "Play")
    switch(page)
    assert page.locator(".mg-speed select").input_value() == "4"
    at = state(page)["step"]["index"]
    wait_for(page, f"window.mapgen.getState().step.index > {at}")
    page.evaluate("window.mapgen.pause()")


def test_a_sheet_that_is_down_stays_down(open_page: Opener, pseudo_site: Path) -> None:
    page = open_page(
        "lang=en", BLOODY + "&event=incendie-tuileries", folder=pseudo_site, viewport={"width": 390, "height": 844}
    )
    page.locator(".mg-handle").click()
    up = "document.querySelector('.mg-panel').classList.contains('mg-up')"
    was = page.evaluate(up)
    switch(page)
    assert page.evaluate(up) == was
    page.locator(".mg-handle").click()
    switch(page, "EN")
    assert page.evaluate(up) != was
