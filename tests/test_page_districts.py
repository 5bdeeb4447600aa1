"""Districts on the page: colours and legend of a measure, the line under pointer and keyboard, the filter."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest
from browser import Opener, set_state, settle, state, wait_for
from engines import IN_BOTH
from small import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser
CHANGE = "date=1871-03-26&measure=population/1866..1872"
ROQUETTE = (2.3785, 48.8578)
"""Longitude and latitude of a point of quartier 43 with no event near it."""


def figures(measure: str, when: str) -> dict[str, float]:
    """Return the figures of the quartiers from the table itself."""
    with (ROOT / "geodata/paris-1871/statistics.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["district"].startswith("q")]
    return {row["district"]: float(row["value"]) for row in rows if (row["measure"], row["when"]) == (measure, when)}


def legend(page: Page) -> dict[str, int]:
    """Return the classes of the legend and how many districts each has."""
    rows = page.locator(".mg-measure li")
    return {
        row.locator(".mg-class").inner_text(): int(row.locator(".mg-count").inner_text().replace(",", ""))
        for row in rows.all()
    }


def pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Return where a place stands on the screen, worked out from the view that the page tells."""
    found = page.evaluate(
        """([lon, lat]) => {
            const [zoom, y0, x0] = window.mapgen.getState().view.split('/').map(Number),
                box = document.querySelector('.mg-map').getBoundingClientRect(), scale = 256 * 2 ** zoom,
                x = v => (v + 180) / 360 * scale,
                y = v => (0.5 - Math.asinh(Math.tan(v * Math.PI / 180)) / (2 * Math.PI)) * scale;
            return [box.left + box.width / 2 + x(lon) - x(x0), box.top + box.height / 2 + y(lat) - y(y0)];
        }""",
        [lon, lat],
    )
    return found[0], found[1]


# --- Legend ----------------------------------------------------------------------------------------------------------


@IN_BOTH
def test_the_legend_of_a_change_counts_the_districts_of_each_class(open_page: Opener) -> None:
    before, after = figures("population", "1866"), figures("population", "1872")
    change = [(after[key] - before[key]) / before[key] * 100 for key in before]
    page = open_page(state=CHANGE)
    assert legend(page) == {
        "lost more than 15%": sum(c < -15 for c in change),
        "lost 5 to 15%": sum(-15 <= c < -5 for c in change),
        "about the same (±\u00a05%)": sum(-5 <= c <= 5 for c in change),
        "gained 5 to 15%": sum(5 < c <= 15 for c in change),
        "gained more than 15%": sum(c > 15 for c in change),
    }
    text = page.locator(".mg-measure").inner_text()
    assert "Population, change 1866 to 1872" in text
    assert "By quartier (80). Whole: 1,799,980 in 1866, 1,851,792 in 1872: +2.9%." in text
    assert "Cartogrammes" in text


def test_the_legend_of_a_figure_counts_every_district_once(open_page: Opener) -> None:
    page = open_page(state="measure=population/1872")
    classes = legend(page)
    assert len(classes) == 5
    assert sum(classes.values()) == 80
    low = int(next(iter(classes)).split()[-1].replace(",", ""))
    assert next(iter(classes.values())) == sum(value <= low for value in figures("population", "1872").values())


@pytest.mark.parametrize("mode", ["step", "window-3", "sofar"])
def test_the_legend_of_events_counts_what_python_counts(open_page: Opener, commune: Subject, mode: str) -> None:
    page = open_page(state=f"date=1871-05-24T12:00&measure=events&mode={mode}")
    for date in ("1871-05-24T12:00", "1871-04-02", "1871-03-18"):
        set_state(page, date=date)
        counts = commune.state(date, mode)["districts"]
        busy = [sum(count.values()) for key, count in counts.items() if key.startswith("a")]
        classes = legend(page)
        assert classes.pop("none", 0) == 20 - len(busy)
        assert sum(classes.values()) == len(busy)
        for text, count in classes.items():
            numbers = [int(n) for n in re.findall(r"\d+", text)]
            most = float("inf") if "more" in text else numbers[-1]
            assert count == sum(numbers[0] <= n <= most for n in busy), text


@IN_BOTH
def test_a_measure_is_chosen_in_the_panel_and_stands_in_the_link(open_page: Opener) -> None:
    page = open_page(state="date=1871-03-26")
    assert page.locator(".mg-measure").is_hidden()
    page.get_by_role("button", name="Layers", exact=True).click()
    page.get_by_label("Colour districts by").select_option(label="1872")
    wait_for(page, "location.hash.includes('measure=population/1872')")
    assert state(page)["measure"] == "population/1872"
    assert "Population, 1872" in page.locator(".mg-measure").inner_text()
    page.locator(".mg-measure").get_by_role("button", name="Close").click()
    assert page.locator(".mg-measure").is_hidden()
    wait_for(page, "!location.hash.includes('measure')")


@pytest.mark.parametrize(
    "value",
    ["population", "population/", "population/1870", "population/1872..1866", "events/1872", "nothing", "__proto__"],
)
def test_a_measure_that_is_not_known_is_ignored_in_the_link_and_refused_in_the_api(
    open_page: Opener, value: str
) -> None:
    page = open_page(state=f"measure={value}")
    assert state(page)["measure"] == ""
    failed = page.evaluate("v => window.mapgen.setState({measure: v}).then(() => '', e => e.name)", value)
    assert failed == "RangeError"


def test_the_legend_speaks_french(open_page: Opener) -> None:
    page = open_page("lang=fr", CHANGE)
    text = page.locator(".mg-measure").inner_text()
    assert "Population, évolution de 1866 à 1872" in text
    assert "perte de plus de 15\u00a0%" in text
    assert "1\u00a0799\u00a0980 en 1866" in text


# --- Colours ---------------------------------------------------------------------------------------------------------

COLOUR = """([x, y]) => {
    const all = [...document.querySelectorAll('.mg-map canvas:not([hidden])')].map(c => {
        const box = c.getBoundingClientRect(), k = c.width / box.width;
        const at = [(x - box.left) * k, (y - box.top) * k];
        return {z: +c.style.zIndex, data: [...c.getContext('2d').getImageData(...at, 1, 1).data]};
    });
    return all.find(c => c.z === 2).data;
}"""


@IN_BOTH
def test_a_district_has_the_colour_that_its_class_has_in_the_legend(open_page: Opener) -> None:
    page = open_page(state=CHANGE)
    before, after = figures("population", "1866")["q43"], figures("population", "1872")["q43"]
    assert 5 < (after - before) / before * 100 < 15
    shown = page.evaluate(COLOUR, list(pixel(page, *ROQUETTE)))
    swatch = page.locator(".mg-measure .mg-gain1").evaluate("el => getComputedStyle(el).backgroundColor")
    assert f"rgb({shown[0]}, {shown[1]}, {shown[2]})" == swatch


# --- Line, click, menu -----------------------------------------------------------------------------------------------


@IN_BOTH
def test_the_line_tells_of_the_district_under_the_pointer(open_page: Opener, commune: Subject) -> None:
    page = open_page(state=CHANGE)
    page.mouse.move(*pixel(page, *ROQUETTE))
    settle(page)
    line = page.locator(".mg-district-line")
    here = sum(commune.state("1871-03-26")["districts"].get("q43", {"certain": 0}).values())
    before, after = (int(figures("population", when)["q43"]) for when in ("1866", "1872"))
    share = f"{(after - before) / before:+.1%}"
    assert line.inner_text() == (
        "Roquette, quartier 43, 11th arrondissement\n"
        f"{here} event{'s' if here != 1 else ''} shown · {before:,} in 1866, {after:,} in 1872: {share}"
    )
    box = line.bounding_box()
    size = page.viewport_size
    assert box and size and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
    page.mouse.move(5, 5)
    settle(page)
    assert line.is_hidden()


@IN_BOTH
def test_a_click_on_a_district_filters_to_it_and_a_second_one_ends_that(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-05-25&mode=sofar&measure=population/1872&layers=barricades,base-water")
    at = pixel(page, *ROQUETTE)
    page.mouse.click(*at)
    settle(page)
    shown, expected = state(page), commune.state("1871-05-25", "sofar", ["barricades"], "q43")
    assert shown["district"] == "q43"
    assert {key: shown[key] for key in expected} == expected
    wait_for(page, "location.hash.includes('district=q43')")
    table = page.locator(".mg-district")
    assert "Roquette" in table.inner_text()
    assert f"{int(figures('population', '1872')['q43']):,}" in table.inner_text()
    page.mouse.click(*at)
    settle(page)
    assert state(page)["district"] == ""
    assert table.count() == 0


def test_a_click_on_the_ground_closes_an_open_card_and_does_not_filter(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24T12:00&event=incendie-hotel-de-ville&layers=fires,base-water")
    page.mouse.click(*pixel(page, *ROQUETTE))
    settle(page)
    assert (state(page)["event"], state(page)["district"]) == ("", "")


@IN_BOTH
def test_the_keyboard_reaches_every_district(open_page: Opener) -> None:
    page = open_page(state="date=1871-03-26")
    page.get_by_role("button", name="Layers", exact=True).focus()
    page.keyboard.press("Enter")
    menu = page.get_by_label("Only events in")
    assert menu.locator("option").count() == 101
    menu.focus()
    page.keyboard.press("ArrowDown")
    settle(page)
    assert state(page)["district"] == "a01"
    assert page.locator(".mg-district-line").inner_text().startswith("Louvre, 1st arrondissement")
    page.keyboard.press("Tab")
    settle(page)
    assert page.locator(".mg-district-line").is_hidden()


def test_every_source_of_the_ground_is_credited_in_the_panel(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    page.get_by_role("button", name="Layers", exact=True).click()
    page.locator(".mg-credits summary").click()
    told = page.locator(".mg-credits li").all_inner_texts()
    assert len(told) == len(commune.district_set.sources) > 40
    assert all(any(s.title in text for text in told) for s in commune.district_set.sources.values())


def test_numbers_and_borders_of_a_level_can_be_hidden(open_page: Opener) -> None:
    page = open_page(state="date=1871-01-01")
    page.get_by_role("button", name="Layers", exact=True).click()
    page.get_by_label("Quartier", exact=True).click()
    wait_for(page, "location.hash.includes('base-arrondissement')")
    layers = state(page)["layers"].split(",")
    assert "base-arrondissement" in layers
    assert "base-quartier" not in layers


# --- Frames ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "size"), [("", (1440, 900)), ("", (390, 844)), ("ui=compact", (640, 420)), ("ui=none", (640, 420))]
)
def test_the_legend_stands_inside_the_map_and_leaves_the_city_free(
    open_page: Opener, query: str, size: tuple[int, int]
) -> None:
    page = open_page(query, CHANGE, viewport={"width": size[0], "height": size[1]})
    box: Any = page.locator(".mg-measure").bounding_box()
    stage: Any = page.locator(".mg-stage").bounding_box()
    assert stage["x"] <= box["x"] and box["x"] + box["width"] <= stage["x"] + stage["width"]
    assert stage["y"] <= box["y"] and box["y"] + box["height"] <= stage["y"] + stage["height"]
    x, y = pixel(page, 2.3412, 48.8566)
    assert not (box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"])


def test_the_scale_is_in_metres_and_north_is_marked(open_page: Opener) -> None:
    page = open_page(state="view=16/48.8566/2.3412")
    assert re.fullmatch(r"\d+\u00a0m", page.locator(".leaflet-control-scale-line").inner_text())
    assert page.get_by_role("img", name="North is up").is_visible()


# --- Paper -----------------------------------------------------------------------------------------------------------

COLOURS = """() => {
    const img = document.querySelector('.mg-flat'), c = document.createElement('canvas'), seen = new Set();
    c.width = img.naturalWidth;
    c.height = img.naturalHeight;
    const ctx = c.getContext('2d');
    ctx.drawImage(img, 0, 0);
    const data = ctx.getImageData(0, 0, c.width, c.height).data;
    for (let i = 0; i < data.length; i += 4 * 97) { seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]); }
    return seen.size;
}"""


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_page_prints_its_map_legend_events_and_sources(open_page: Opener, commune: Subject, paper: str) -> None:
    page = open_page("theme=dark", CHANGE)
    before = state(page)
    assert len(page.pdf(format=paper, print_background=True)) > 60_000
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    wait_for(page, "document.querySelector('.mg-flat').complete")
    assert page.evaluate(COLOURS) > 100
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    box: Any = page.locator(".mg-stage").bounding_box()
    assert box["width"] < 720
    shown = commune.state("1871-03-26")
    layers = {row.layer for row in commune.rows if row.id in {*shown["certain"], *shown["possible"]}}
    assert page.locator(".mg-paper-legend li:has(> svg)").count() == len(layers) > 3
    sources = page.locator(".mg-paper-sources li").all_inner_texts()
    assert len(sources) == len(set(sources)) > 5
    assert "Paris elects its Commune" in page.locator(".mg-list").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    settle(page)
    assert state(page) == before
    assert page.locator(".mg-flat").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
