"""The folium plugin: read from what users have, right for any year, beside whatever else folium puts on a map."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from branca.element import Figure

from mapgen.timestep import HUES, TimeStepBar, TimeStepLayer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).resolve().parent.parent
LEAFLET = ROOT / "mapgen" / "assets" / "vendor" / "leaflet-1.9.4"


def feature(title: str, start: object, end: object = "", point: tuple[float, float] = (2.34, 48.86)) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "geometry": geometry, "properties": {"title": title, "start": start, "end": end}}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def chart() -> folium.Map:
    return folium.Map([48.86, 2.34], zoom_start=12, tiles=None)


def html(*parts: Any, on: folium.Map | None = None) -> str:
    base = on or chart()
    for part in parts:
        part.add_to(base)
    return str(base.get_root().render())


# --- What is read ----------------------------------------------------------------------------------------------------


def test_geojson_a_path_and_a_geodataframe_give_the_same_layer(tmp_path: Path) -> None:
    data = collection(feature("A", "1871-03-18", "1871-03-20"), feature("B", "1871-05-21T15:00"))
    path = tmp_path / "events.geojson"
    path.write_text(json.dumps(data), encoding="utf-8")
    frame = gpd.GeoDataFrame.from_features(data["features"], crs=4326)
    layers = [TimeStepLayer(data), TimeStepLayer(path), TimeStepLayer(str(path)), TimeStepLayer(frame)]
    assert all(layer.whens == layers[0].whens for layer in layers)
    assert all(layer.payload == layers[0].payload for layer in layers)


def test_a_geodataframe_in_metres_is_turned_into_degrees() -> None:
    frame = gpd.GeoDataFrame({"start": ["2026-01-01"], "title": ["A"]}, geometry=[shapely.Point(2.34, 48.86)], crs=4326)
    assert TimeStepLayer(frame.to_crs(3857)).payload["lon"] == TimeStepLayer(frame).payload["lon"] == [234000]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(1871, 3, 18), "1871-03-18"), (datetime(1871, 3, 18, 3, 30, tzinfo=UTC), "1871-03-18T03:30"),
        (pd.Timestamp("1871-03-18"), "1871-03-18"), (pd.Timestamp("1969-07-20 20:17"), "1969-07-20T20:17"),
        ("1871-05-2X", "1871-05-2X"), ("[1871-05-24..1871-05-28]", "[1871-05-24..1871-05-28]"),
    ],
)  # fmt: skip
def test_dates_datetimes_timestamps_and_when_texts_are_read_as_what_they_are(value: object, text: str) -> None:
    assert TimeStepLayer(collection(feature("A", value))).whens[0].text == text


@pytest.mark.parametrize("nothing", [None, "", float("nan"), pd.NaT])
def test_a_missing_end_is_no_end(nothing: object) -> None:
    assert TimeStepLayer(collection(feature("A", "1871-03-18", nothing))).whens[0].text == "1871-03-18"


def test_every_feature_that_cannot_be_used_is_named() -> None:
    bad = collection(feature("A", "18/03/1871"), feature("B", "1871-03-20", "1871-03-18"), feature("C", ""))
    bad["features"].append({"type": "Feature", "geometry": None, "properties": {"start": "1871-03-18"}})
    with pytest.raises(ValueError, match="feature 0") as error:
        TimeStepLayer(bad)
    for words in ("1871-03-18", "feature 1", "ends before it starts", "feature 2", "is empty", "feature 3", "geometry"):
        assert words in str(error.value)


@pytest.mark.parametrize("wrong", [{"hue": "pink"}, {"symbol": "dragon"}])
def test_an_unknown_hue_or_symbol_is_refused_with_the_known_ones(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="use one of"):
        TimeStepLayer(collection(feature("A", "1871-03-18")), **wrong)  # type: ignore[arg-type]


def test_a_bar_off_a_map_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="add_to"):
        Figure().add_child(TimeStepBar()).render()


# --- What is written -------------------------------------------------------------------------------------------------


def test_our_assets_stand_in_the_page_once_and_are_never_linked() -> None:
    layers = [TimeStepLayer(collection(feature("A", "1871-03-18")), name=str(k), hue=hue) for k, hue in enumerate(HUES)]
    page = html(*layers, TimeStepBar(), folium.LayerControl())
    assert page.count("L.TimeSteps = L.Evented.extend") == 1
    assert page.count("--mg-paper: #f8f3e8") == 1
    assert "mapgen" not in [word for line in page.splitlines() if "src=" in line for word in line.split("/")]


def test_markup_in_titles_cannot_end_the_script() -> None:
    page = html(TimeStepLayer(collection(feature("</script><script>alert(1)</script>", "1871-03-18"))), TimeStepBar())
    assert "<script>alert(1)" not in page


def test_the_lines_of_the_readme_make_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## A folium plugin")[1]
    code = section.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    data = collection(feature("A", "1906-04-18T10:00", "1906-04-19", (-122.41, 37.79)))
    Path("events.geojson").write_text(json.dumps(data), encoding="utf-8")
    exec(compile(code, "README.md", "exec"), {})
    assert "L.TimeSteps" in Path("map.html").read_text(encoding="utf-8")


# --- In the browser --------------------------------------------------------------------------------------------------


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a page of folium; its own scripts of other hosts are answered from here, ours must not ask for any."""
    heard: list[str] = []
    context = browser.new_context(viewport={"width": 1000, "height": 650}, timezone_id="Pacific/Kiritimati")
    context.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: heard.append(str(error.error)))

    def answer(route: Route) -> None:
        name = route.request.url.split("/")[-1]
        if route.request.url.startswith("file:"):
            route.continue_()
        elif name in ("leaflet.js", "leaflet.css"):
            route.fulfill(path=LEAFLET / name)
        else:
            route.fulfill(body="", content_type="text/javascript" if name.endswith(".js") else "text/css")

    context.route("**/*", answer)

    def open_page(text: str) -> Page:
        path = tmp_path / "map.html"
        path.write_text(text, encoding="utf-8")
        page = context.new_page()
        page.goto(path.as_uri())
        return page

    yield open_page
    context.close()
    assert not heard


def day(page: Page, number: int = 0) -> str:
    page.wait_for_timeout(120)
    return page.locator(".mg-day").nth(number).inner_text()


def shown(page: Page) -> list[int]:
    """Return how many events of each layer of the first map are visible, in the order of the layers."""
    counts = """() => {
        const map = Object.values(window).find((value) => value instanceof L.Map), out = [];
        map.eachLayer((layer) => { if (layer instanceof L.TimeStepLayer) { out.push(layer); } });
        return out.sort((a, b) => L.stamp(a) - L.stamp(b)).map((layer) => layer._clock.state.filter(Boolean).length);
    }"""
    return [int(count) for count in page.evaluate(counts)]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("1582-10-04", "1582-10-15", "Monday 4 October 1582"), ("1871-03-18", "1871-05-28", "Saturday 18 March 1871"),
        ("1969-12-31", "1970-01-02", "Wednesday 31 December 1969"),
        ("2026-02-27", "2026-03-01", "Friday 27 February 2026"),
    ],
)  # fmt: skip
def test_the_first_day_is_the_first_day_in_any_century_and_zone(
    show: Callable[..., Page], first: str, second: str, said: str
) -> None:
    data = collection(feature("A", first), feature("B", second))
    page = show(html(TimeStepLayer(data), TimeStepBar(every="P1D")))
    assert day(page) == said
    assert shown(page) == [1]
    page.locator(".mg-range").press("End")
    assert day(page).split(" ", 1)[1].split(" ")[0] == str(int(second[-2:]))
    assert shown(page) == [1]


@pytest.mark.browser
def test_one_bar_steps_many_layers_also_those_in_a_group(show: Callable[..., Page]) -> None:
    base = chart()
    group = folium.FeatureGroup("group").add_to(base)
    TimeStepLayer(collection(feature("A", "1871-03-18", "1871-03-19")), name="one").add_to(base)
    TimeStepLayer(collection(feature("B", "1871-03-19"), feature("C", "1871-03-20")), name="two").add_to(group)
    page = show(html(TimeStepBar(every="P1D"), folium.LayerControl(), on=base))
    seen = [shown(page)]
    for _ in range(2):
        page.locator(".mg-next-step").click()
        page.wait_for_timeout(60)
        seen.append(shown(page))
    assert sorted(map(tuple, seen)) == sorted([(1, 0), (1, 1), (0, 1)]) or seen == [[0, 1], [1, 1], [1, 0]]


@pytest.mark.browser
def test_a_layer_switched_off_leaves_the_counts_of_the_strip(show: Callable[..., Page]) -> None:
    one, two = (TimeStepLayer(collection(feature(n, "1871-03-18")), name=n) for n in ("one", "two"))
    page = show(html(one, two, TimeStepBar(), folium.LayerControl(collapsed=False)))
    passing = "() => Object.values(window).find((v) => v instanceof L.Map).timeSteps.mask.filter(Boolean).length"
    assert page.evaluate(passing) == 2
    page.locator(".leaflet-control-layers input[type=checkbox]").first.uncheck()
    assert page.evaluate(passing) == 1


@pytest.mark.browser
def test_two_maps_on_one_page_step_apart(show: Callable[..., Page]) -> None:
    figure = Figure()
    for number, start in enumerate(("1871-03-18", "1906-04-18")):
        base = folium.Map([48.86, 2.34], tiles=None, height="45%")
        figure.add_child(base)
        TimeStepLayer(collection(feature("A", start), feature("B", start[:-2] + "25")), name=str(number)).add_to(base)
        TimeStepBar(every="P1D").add_to(base)
    page = show(str(figure.render()))
    page.locator(".mg-next-step").first.click()
    assert [day(page, 0), day(page, 1)] == ["Sunday 19 March 1871", "Wednesday 18 April 1906"]


@pytest.mark.browser
def test_a_chosen_event_is_told_as_text(show: Callable[..., Page]) -> None:
    page = show(html(TimeStepLayer(collection(feature("<img src=x onerror=alert(1)>", "1871-03-18"))), TimeStepBar()))
    page.wait_for_timeout(200)
    page.mouse.click(500, 325)
    assert page.locator(".mg-note strong").inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator(".mg-note img").count() == 0
