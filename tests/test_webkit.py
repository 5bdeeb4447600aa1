"""The page in WebKitGTK, the engine nearest to Safari: what a reader does first, read again in the third engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys
from webkit import WebKit, quiet, window

from mapgen.dates import iso

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen import Subject

pytestmark = pytest.mark.browser("webkit")

KEYS = ("at", "mode", "step", "certain", "possible", "districts", "city", "outside", "unplaced")
BLOODY = "date=1871-05-24T12:00"
DRAWN = """(() => {
    const colours = new Set();
    for (const canvas of document.querySelectorAll('.mg-map canvas')) {
        if (!canvas.width || !canvas.height) { continue; }
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        for (let k = 0; k < data.length; k += 400) { colours.add(data.slice(k, k + 4).join()); }
    }
    return colours.size;
})()"""
OUTSIDE = """[...document.querySelectorAll('#mg-app :is(button, select, input, h1, p)')]
    .filter(el => el.checkVisibility({visibilityProperty: true}) && !el.closest('.mg-list, .mg-card, .mg-layers-rows'))
    .filter(el => !getComputedStyle(el).clipPath.includes('inset') && el.getBoundingClientRect().width)
    .filter(el => { const r = el.getBoundingClientRect(); return r.left < -1 || r.right > innerWidth + 1; })
    .map(el => el.className || el.tagName)"""
GROUND = "getComputedStyle(document.querySelector('.mg-panel')).backgroundColor"


def brightness(colour: str) -> float:
    return sum(float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]) / 3


def test_webkit_opens_the_map_from_disk_on_its_first_date(webkit: WebKit, commune: Subject) -> None:
    webkit.open()
    found = webkit.state()
    assert found["at"] == commune.state(commune.config.extent.open_at)["at"]
    assert webkit.driver.title == commune.config.title["en"]
    assert len(webkit.all(".mg-list .mg-row")) == len(found["certain"] + found["possible"]) > 0
    assert webkit.run(DRAWN) > 20
    title = webkit.one(".mg-title")
    assert webkit.driver.execute_script("return arguments[0].scrollWidth <= arguments[0].clientWidth", title)


def test_webkit_shows_at_every_step_what_python_says(webkit: WebKit, commune: Subject) -> None:
    webkit.open()
    assert webkit.run("new Date(2026, 0, 1).getTimezoneOffset()") == -14 * 60
    every = [iso(int(start)) for start in commune.steps.starts]
    walk = (
        "async all => { const out = []; for (const date of all) out.push(await mapgen.setState({date})); return out; }"
    )
    for at, seen in zip(every, webkit.ask(f"({walk})(arguments[0])", every), strict=True):
        assert {key: seen[key] for key in KEYS} == commune.state(at), at


def test_webkit_filters_as_python_filters(webkit: WebKit, commune: Subject) -> None:
    webkit.open()
    every = ",".join(layer.id for layer in commune.config.layers)
    none = {"layers": every, "district": "", "tags": [], "q": ""}
    for filters in ({"layers": ["fires"]}, {"district": "q70"}, {"tags": ["women", "guns"]}, {"q": "Hotel DE ville"}):
        for at in ("1871-03-18", "1871-05-24T12:00"):
            seen = webkit.set_state(**none | {"date": at, "mode": "sofar"} | filters)
            assert {key: seen[key] for key in KEYS} == commune.state(at, "sofar", **filters), (at, filters)


def test_webkit_steps_by_keys_on_the_slider(webkit: WebKit, commune: Subject) -> None:
    webkit.open()
    home, last = webkit.state()["step"]["index"], len(commune.steps) - 1
    webkit.driver.execute_script("document.querySelector('.mg-range').focus()")
    for key, index in (
        (Keys.ARROW_RIGHT, home + 1), (Keys.ARROW_LEFT, home), (Keys.ARROW_UP, home + 1), (Keys.ARROW_DOWN, home),
        (Keys.HOME, 0), (Keys.PAGE_DOWN, commune.phase_starts[1]), (Keys.END, last), (Keys.ARROW_RIGHT, last),
    ):  # fmt: skip
        webkit.press(key)
        webkit.settle()
        assert webkit.state()["step"]["index"] == index, key
        assert webkit.run("document.activeElement.value") == str(index)


def test_webkit_steps_by_a_click_and_plays_and_pauses(webkit: WebKit) -> None:
    webkit.open(state=BLOODY)
    webkit.one(".mg-next-step").click()
    start = webkit.state()
    assert start["at"] == "1871-05-24T18:00"
    webkit.one(".mg-play").click()
    webkit.wait_for(f"mapgen.getState().step.index > {start['step']['index']}")
    webkit.one(".mg-play").click()
    assert webkit.one(".mg-play").text == "Play"


def test_webkit_opens_a_card_and_returns_to_its_row(webkit: WebKit, commune: Subject) -> None:
    webkit.open(state=BLOODY)
    row = webkit.all(".mg-list .mg-row")[2]
    index = int(row.get_attribute("data-i") or -1)
    row.click()
    event = commune.rows[index]
    assert webkit.state()["event"] == event.id
    assert webkit.one(".mg-card h2").text == event.title
    assert len(webkit.all(".mg-card .mg-sources li")) == len(event.sources)
    webkit.press(Keys.ESCAPE)
    webkit.settle()
    assert not webkit.one(".mg-card").is_displayed()
    assert webkit.one(".mg-list").is_displayed()
    assert webkit.run("+document.activeElement.dataset.i") == index


def test_webkit_switches_a_layer_off(webkit: WebKit, commune: Subject) -> None:
    webkit.open(state=BLOODY)
    next(button for button in webkit.all("button") if button.text == "Layers").click()
    row = next(row for row in webkit.all(".mg-layers .mg-layer") if "Fire" in row.text)
    row.find_element("css selector", "input").click()
    webkit.settle()
    layers = [layer.id for layer in commune.config.layers if layer.id != "fires"]
    found, expected = webkit.state(), commune.state("1871-05-24T12:00", layers=layers)
    assert (found["certain"], found["possible"]) == (expected["certain"], expected["possible"])
    assert len(webkit.all(".mg-list .mg-row")) == len(expected["certain"] + expected["possible"])
    webkit.wait_for("location.hash.includes('&layers=')")
    assert "fires" not in webkit.run("location.hash")


def test_webkit_changes_the_language_and_keeps_the_state(webkit: WebKit, commune: Subject) -> None:
    webkit.open(state=BLOODY + "&mode=sofar")
    before = webkit.state()
    next(button for button in webkit.all("button") if button.text == "FR").click()
    webkit.settle()
    assert webkit.state() == before | {"lang": "fr"}
    assert webkit.driver.title == commune.config.title["fr"]
    assert webkit.run("document.documentElement.lang") == "fr"
    assert webkit.run("new URLSearchParams(location.search).get('lang')") == "fr"


def test_webkit_opens_the_state_of_an_address_and_writes_it(webkit: WebKit, commune: Subject) -> None:
    address = "date=1871-05-24T12:00&view=14.00/48.85660/2.35220&layers=fires,barricades&mode=window-5&q=rue"
    webkit.open(state=address)
    found = webkit.state()
    expected = commune.state("1871-05-24T12:00", "window-5", ["fires", "barricades"], q="rue")
    assert {key: found[key] for key in KEYS} == expected
    assert found["view"] == "14.00/48.85660/2.35220"
    webkit.set_state(q="à b/c", rhythm="day", date="1871-05-25")
    webkit.wait_for("location.hash.includes('rhythm=day')")
    written = webkit.run("location.hash.slice(1)")
    assert "q=%C3%A0%20b/c" in written
    left = webkit.state()
    webkit.open(state=written)
    assert webkit.state() == left


def test_webkit_fits_a_phone_and_pulls_up_the_sheet(webkit: WebKit) -> None:
    webkit.open_on_phone(BLOODY)
    assert webkit.run("[innerWidth, innerHeight]") == [360, 640]
    assert webkit.run("document.documentElement.scrollWidth <= innerWidth")
    assert webkit.run(OUTSIDE) == []
    assert webkit.run(DRAWN) > 20
    handle = webkit.one(".mg-handle")
    assert handle.get_attribute("aria-expanded") == "false"
    handle.click()
    webkit.wait_for("document.querySelector('.mg-handle').getAttribute('aria-expanded') === 'true'")
    webkit.wait_for("document.querySelector('.mg-panel').getAnimations().length === 0")
    webkit.one(".mg-list .mg-row").click()
    assert webkit.one(".mg-card h2").is_displayed()


def test_webkit_walks_through_the_tour(webkit: WebKit, commune: Subject) -> None:
    stops = sorted(commune.tour, key=lambda stop: stop.order)
    webkit.open()
    webkit.one(".mg-tour-start").click()
    for stop in stops[:3]:
        assert webkit.one(".mg-tour h2").text == stop.title
        webkit.one(".mg-tour .mg-next").click()
        webkit.settle()
    webkit.wait_for(f"location.hash.includes('tour={stops[3].id}')")


def test_webkit_is_light_or_dark_as_the_reader_s_system(webkit: WebKit, display: str, heard_site: Path) -> None:
    webkit.open()
    assert webkit.run("document.documentElement.dataset.theme") == "light"
    assert brightness(webkit.run(GROUND)) > 200
    with window(display, "--dark-mode") as driver:
        dark = WebKit(driver, heard_site)
        dark.open()
        assert dark.run("document.documentElement.dataset.theme") == "dark"
        assert brightness(dark.run(GROUND)) < 60
        dark.open(query="theme=light")
        assert brightness(dark.run(GROUND)) > 200
        quiet(dark)


def test_what_the_page_complains_of_in_webkit_is_heard(webkit: WebKit) -> None:
    webkit.open()
    webkit.driver.execute_script("setTimeout(() => { throw new Error('thrown'); }); console.error('said');")
    webkit.driver.execute_script("Promise.reject(new Error('not kept')); fetch('data:,x').catch(() => 0);")
    webkit.wait_for("heard.length === 4")
    assert sorted(line.split(": ")[0] for line in webkit.run("heard.splice(0)")) == [
        "console error",
        "error",
        "policy",
        "rejected",
    ]
