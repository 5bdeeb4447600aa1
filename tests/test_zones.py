"""Zones: which row a step shows, the ground that a line parts, what the page draws and says of it."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import shapely
import small
from browser import Opener, set_state, settle, state, wait_for

import mapgen
from mapgen import zones
from mapgen.dates import iso

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

COLUMNS = ["id", "when", "side", "districts", "line", "certainty", "sources", "note"]
CONFIG = (
    small.CONFIG
    + """
[zones.sides.sea]
hue = "blue"
draw = "wash"
name = { en = "The sea" }
[zones.sides.town]
hue = "red"
draw = "edge"
name = { en = "The town" }
"""
)


def flood(folder: Path, *rows: dict[str, str]) -> mapgen.Subject:
    """Return a small subject with these zones; places south, middle and north lie on the line between the columns."""
    spots = {
        "south": (0.5, -0.5), "centre": (0.5, 0.5), "north": (0.5, 1.5),
        "far": (6.0, 6.0), "further": (8.0, 6.0), "off": (8.0, 8.0),
    }  # fmt: skip
    places = [small.place(key, *small.middle(*spot)) for key, spot in spots.items()]
    small.write_subject(folder, [small.event("e", "1848-02-22", "centre")], places, CONFIG)
    full = [small.cells(COLUMNS, **{"certainty": "0.9", "sources": "gazette", **row}) for row in rows]
    (folder / "zones.csv").write_text(small.table(COLUMNS, full), encoding="utf-8")
    subject = mapgen.load(folder)
    assert [p for p in subject.problems.items if p.level == "error"] == []
    return subject


# --- Which row a step shows ------------------------------------------------------------------------------------------


def test_each_step_shows_the_latest_row_that_has_begun_and_not_ended(commune: mapgen.Subject) -> None:
    with (small.COMMUNE / "zones.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["id"])
    shown = zones.shown(commune)
    assert set(shown) == {"versailles", "commune", "germany"}
    for side, found in shown.items():
        for step, at in enumerate(found):
            last = datetime.fromisoformat(iso(commune.steps.bounds(step)[1] - 1))
            begun = []
            for index, row in enumerate(rows):
                start, _, end = row["when"].partition("/")
                if row["side"] == side and datetime.fromisoformat(start) <= last:
                    begun.append((datetime.fromisoformat(start), index, end))
            latest = max(begun, default=None)
            # An end without an hour is the end of its day.
            end = latest[2] if latest is not None else ""
            over = end and datetime.fromisoformat(end) + timedelta(days="T" not in end) <= last
            assert at == (-1 if latest is None or over else latest[1]), (side, step)


# --- Ground ----------------------------------------------------------------------------------------------------------


def test_a_line_parts_the_ground_on_the_side_of_the_districts(tmp_path: Path) -> None:
    row = {"id": "z", "when": "1848-02-22", "side": "sea", "line": "south;centre;north"}
    subject = flood(tmp_path, {**row, "districts": "b1"})
    west = shapely.union_all(
        [s for f, s in zip(subject.district_set.faces, subject.district_set.shapes, strict=True) if f in "b1 b3"]
    )
    found = zones.ground(subject, subject.zones[0])
    assert found.symmetric_difference(west).area < 1e-9


def test_without_a_line_the_districts_are_the_ground(tmp_path: Path) -> None:
    subject = flood(tmp_path, {"id": "z", "when": "1848-02-22", "side": "sea", "districts": "w1;b4"})
    faces = dict(zip(subject.district_set.faces, subject.district_set.shapes, strict=True))
    expected = shapely.union_all([faces[key] for key in ("b1", "b2", "b4")])
    assert zones.ground(subject, subject.zones[0]).symmetric_difference(expected).area < 1e-9


def test_the_army_holds_more_at_each_time_and_at_last_everything(commune: mapgen.Subject) -> None:
    inside = (row for row in commune.zones if row.side == "versailles" and row.when >= "1871-05-21")
    rows = sorted(inside, key=lambda row: row.when)
    whole = shapely.union_all(commune.district_set.shapes).area
    shares = [zones.ground(commune, row).area / whole for row in rows]
    assert len(shares) == 24
    assert shares == sorted(shares)
    assert shares[0] < 0.02 and shares[-1] == pytest.approx(1)


def test_the_quartiers_said_to_be_held_lie_behind_the_line(commune: mapgen.Subject) -> None:
    set_ = commune.district_set
    faces = dict(zip(set_.faces, set_.shapes, strict=True))
    for row in commune.zones:
        if row.side == "versailles" and len(row.districts) > 1:
            held = shapely.union_all([faces[f] for key in row.districts for f in set_.members(key)])
            assert zones.ground(commune, row).intersection(held).area / held.area > 0.85, row.when


def test_a_line_outside_the_districts_parts_no_ground(tmp_path: Path) -> None:
    subject = flood(tmp_path, {"id": "z", "when": "1848-02-22", "side": "sea", "line": "far;further;off;far"})
    row = subject.zones[0]
    assert row.line == ["far", "further", "off", "far"]
    assert zones.ground(subject, row).is_empty
    columns = zones.zone_columns(subject)
    assert columns is not None
    (shown,) = columns["rows"]
    assert shown["share"] == 0 and "cut" not in shown and "districts" not in shown and "at" not in shown


def test_no_line_outside_the_wall_enters_the_city(commune: mapgen.Subject) -> None:
    whole = shapely.union_all(commune.district_set.shapes)
    lines = [row for row in commune.zones if row.line and (row.side == "germany" or row.when < "1871-05-21")]
    assert {row.side for row in lines} == {"versailles", "germany"} and len(lines) == 13
    for row in lines:
        assert not shapely.LineString(zones.line(commune, row)).intersects(whole), row.id


# --- The page --------------------------------------------------------------------------------------------------------

WASH = """([x, y]) => {
    const c = [...document.querySelectorAll('.mg-map canvas')].filter(c => c.style.zIndex === '1')[1];
    if (c.hidden) { return 0; }
    const box = c.getBoundingClientRect(), k = c.width / box.width;
    const pixel = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    pixel.drawImage(c, (x - box.left) * k, (y - box.top) * k, 1, 1, 0, 0, 1, 1);
    return pixel.getImageData(0, 0, 1, 1).data[3];
}"""


def alpha(page: Page, lon: float, lat: float) -> int:
    """Return how opaque the wash is at a place."""
    at = page.evaluate(
        """([lon, lat]) => {
            const [zoom, y0, x0] = window.mapgen.getState().view.split('/').map(Number),
                box = document.querySelector('.mg-map').getBoundingClientRect(), scale = 256 * 2 ** zoom,
                y = v => (0.5 - Math.asinh(Math.tan(v * Math.PI / 180)) / (2 * Math.PI)) * scale;
            return [box.left + box.width / 2 + (lon - x0) / 360 * scale, box.top + box.height / 2 + y(lat) - y(y0)];
        }""",
        [lon, lat],
    )
    found: int = page.evaluate(WASH, at)
    return found


@pytest.mark.browser
def test_the_wash_lies_where_the_army_stands_and_moves_with_the_clock(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-22T00:00")
    passy, belleville = (2.2765, 48.8600), (2.3915, 48.8740)
    assert alpha(page, *belleville) == 0
    set_state(page, date="1871-05-24T12:00")
    assert alpha(page, *passy) == pytest.approx(0.26 * 255, abs=2)
    assert alpha(page, *belleville) == 0
    set_state(page, date="1871-05-29")
    assert alpha(page, *belleville) > 50


@pytest.mark.browser
def test_the_share_is_told_in_words_and_the_key_explains_the_line(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24T12:00", viewport={"width": 1440, "height": 900})
    assert page.locator(".mg-zone-words").inner_text() == "The Versailles army holds about 55% of the city."
    key = page.locator(".mg-zone-key")
    assert key.locator("li").all_inner_texts() == [
        "Held by the Versailles army", "Held by the Commune", "Line of the Versailles army, inferred in part",
        "Line of the German army, inferred in part", "Line before: 24 May, morning",
    ]  # fmt: skip
    set_state(page, date="1871-04-03")
    assert page.locator(".mg-zone-words").inner_text() == ""
    assert key.locator("li").all_inner_texts()[0] == "Held by the Commune"
    set_state(page, date="1880-01-01")
    assert key.is_hidden()
    set_state(page, date="1871-05-29")
    assert page.locator(".mg-zone-words").inner_text() == "The Versailles army holds the whole city."


@pytest.mark.browser
def test_the_ground_held_can_be_switched_off_and_gives_way_to_a_choropleth(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24T12:00")
    everything = state(page)["layers"]
    page.get_by_role("button", name="Layers", exact=True).click()
    page.get_by_label("Ground held").click()
    settle(page)
    assert alpha(page, 2.2765, 48.86) == 0
    assert page.locator(".mg-zone-words").inner_text() == ""
    assert state(page)["layers"].split(",") == [key for key in everything.split(",") if key != "base-zones"]
    page.get_by_label("Ground held").click()
    settle(page)
    assert alpha(page, 2.2765, 48.86) > 50
    set_state(page, measure="population/1872")
    assert alpha(page, 2.2765, 48.86) == 0
    wait_for(page, "location.hash.includes('measure')")


LISTEN = """() => {
    const choose = L.MapNames.prototype._choose;
    L.MapNames.prototype._choose = function (view) {
        const out = choose.call(this, view), marks = this.options.avoid();
        window.told = out.filter(c => c.name.fixed).map(c => {
            const [x, y] = [c.x, c.y], half = c.ready.width / 2, high = c.ready.size / 2;
            let hit = 0;
            for (let k = 0; k < marks.length; k += 4) {
                const [a, b, d, e] = marks.slice(k, k + 4);
                if (a < x + half && d > x - half && b < y + high && e > y - high) { hit++; }
            }
            return [c.name.text, hit];
        });
        return out;
    };
}"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "size"), [("", (1440, 900)), ("", (390, 844)), ("ui=compact", (640, 420)), ("ui=compact", (320, 420))]
)
def test_each_side_that_holds_ground_is_named_and_no_symbol_stands_on_its_name(
    open_page: Opener, query: str, size: tuple[int, int]
) -> None:
    page = open_page(query, "date=1871-03-17", viewport={"width": size[0], "height": size[1]})
    page.evaluate(LISTEN)
    both = {"Versailles army", "Commune"}
    for date, sides in {
        "1871-03-18": {"Commune"}, "1871-04-20": {"Commune"}, "1871-05-22T12:00": both, "1871-05-24T12:00": both,
        "1871-05-25T18:00": both, "1871-05-26T12:00": both, "1871-05-29": {"Versailles army"},
    }.items():  # fmt: skip
        set_state(page, date=date)
        page.wait_for_timeout(150)
        told = dict(page.evaluate("window.told"))
        assert set(told) == sides, date
        assert not any(told.values()), (date, told)
