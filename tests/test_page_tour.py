"""The guided tour: what a stop shows, how one goes on and leaves, and what the address says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import Opener, set_state, settle, state, wait_for
from engines import IN_BOTH
from playwright.sync_api import expect

if TYPE_CHECKING:
    import mapgen

pytestmark = pytest.mark.browser


@IN_BOTH
def test_the_tour_goes_through_every_stop_in_order(open_page: Opener, commune: mapgen.Subject) -> None:
    page = open_page()
    stops = sorted(commune.tour, key=lambda stop: stop.order)
    assert page.locator(".mg-tour").is_hidden()
    page.get_by_role("button", name=f"Tour: the story in {len(stops)} stops").click()
    box = page.locator(".mg-tour")
    assert box.get_by_role("button", name="Back").is_disabled()
    for number, stop in enumerate(stops, 1):
        expect(box.locator("h2")).to_have_text(stop.title)
        assert box.locator(".mg-text").inner_text().split() == stop.text.split()
        assert box.get_attribute("aria-label") == f"Tour, stop {number} of {len(stops)}"
        shown = state(page)
        if stop.event:
            assert stop.event in shown["certain"] + shown["possible"], stop.id
        else:
            assert shown["step"]["start"] <= stop.when < shown["step"]["end"]
        zoom, lat, lon = (float(part) for part in stop.view.split("/"))
        seen = [float(part) for part in shown["view"].split("/")]
        assert seen == pytest.approx([zoom, lat, lon], abs=0.005)
        if stop.layers:
            layers = shown["layers"].split(",")
            assert {layer for layer in layers if not layer.startswith("base-")} == set(stop.layers)
            assert "base-streets" in layers
        wait_for(page, f"location.hash.includes('tour={stop.id}')")
        if number < len(stops):
            box.get_by_role("button", name="Next").click()
            settle(page)
    assert box.get_by_role("button", name="Next").is_disabled()


@IN_BOTH
def test_one_leaves_the_tour_and_comes_back_to_the_same_stop(open_page: Opener, commune: mapgen.Subject) -> None:
    page = open_page(state="tour=guns-of-montmartre")
    box, title = page.locator(".mg-tour"), page.locator(".mg-tour h2").inner_text()
    box.get_by_role("button", name="Leave the tour").click()
    assert box.is_hidden()
    wait_for(page, "!location.hash.includes('tour')")
    back = page.get_by_role("button", name="Back to the tour, stop 2")
    assert back.evaluate("el => el === document.activeElement")
    back.click()
    assert box.locator("h2").inner_text() == title
    assert box.evaluate("el => el === document.activeElement")
    page.get_by_role("button", name="Read the event").click()
    assert page.locator(".mg-card h2").is_visible()
    page.locator(".mg-card .mg-back").click()
    assert box.locator("h2").inner_text() == title


@IN_BOTH
def test_a_link_to_a_stop_shows_it_and_the_clock_may_then_go_on(open_page: Opener) -> None:
    page = open_page(query="lang=fr", state="tour=guns-of-montmartre")
    shown = state(page)
    assert shown["date"].startswith("1871-03-18")
    assert page.locator(".mg-tour .mg-of").inner_text() == "Visite guidée, étape 2 sur 16"
    page.locator(".mg-next-step").click()
    settle(page)
    assert page.locator(".mg-tour").is_visible()
    wait_for(page, "location.hash.includes('date=1871-03-19') && location.hash.includes('tour=guns-of-montmartre')")
    again = open_page(state=page.url.split("#")[1])
    assert state(again)["date"] == state(page)["date"]
    found = set_state(page, tour="amnesty-of-1880")
    assert found["date"].startswith("1880")
    with pytest.raises(Exception, match="tour"):
        set_state(page, tour="no-such-stop")


def test_the_tour_stands_in_the_chronology_too(open_page: Opener, commune: mapgen.Subject) -> None:
    page = open_page.chronology()
    titles = page.evaluate("[...document.querySelectorAll('#mg-tour [lang=en] h3')].map(el => el.textContent)")
    assert titles == [stop.title for stop in sorted(commune.tour, key=lambda stop: stop.order)]
