"""Exports as GeoJSON: RFC 7946, one file a level of districts, times as in Linked Places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from shapely.geometry import shape
from test_export import collection, subject

from mapgen.dates import parse
from mapgen.export import geojson_files
from mapgen.export.shapes import timespan

if TYPE_CHECKING:
    import mapgen


@pytest.fixture(scope="module")
def flood(tmp_path_factory: pytest.TempPathFactory) -> mapgen.Subject:
    return subject(tmp_path_factory.mktemp("flood"))


def test_every_collection_keeps_to_rfc_7946(commune: mapgen.Subject, flood: mapgen.Subject) -> None:
    for one in (commune, flood):
        for data in map(json.loads, geojson_files(one).values()):
            assert data["type"] == "FeatureCollection"
            assert "crs" not in data
            assert data["licenses"][0]["name"] == "ODbL-1.0"
            assert all(credit in data["attribution"] for credit in one.config.credits)
            shapes = [shape(item["geometry"]) for item in data["features"] if item["geometry"]]
            assert data["bbox"] == pytest.approx(shapely.total_bounds(shapes))
            assert all(
                item["type"] == "Feature" and item["id"] == item["properties"]["id"] for item in data["features"]
            )
            for polygon in (p for s in shapes for p in getattr(s, "geoms", [s]) if p.geom_type == "Polygon"):
                assert polygon.is_valid
                assert polygon.exterior.is_ccw
                assert not any(ring.is_ccw for ring in polygon.interiors)
            for xy in shapely.get_coordinates(shapes).ravel():
                assert round(float(xy), 6) == float(xy)


def test_districts_stand_in_one_file_a_level_with_the_names_of_those_above(flood: mapgen.Subject) -> None:
    contents = geojson_files(flood)
    assert set(contents) == {"events.geojson", "districts.geojson", "districts-ward.geojson"}
    blocks, wards = collection(contents, "districts"), collection(contents, "districts-ward")
    assert [item["id"] for item in blocks["features"]] == ["b1", "b2", "b3", "b4"]
    assert [item["id"] for item in wards["features"]] == ["w1", "w2"]
    last = blocks["features"][-1]["properties"]
    assert (last["ward"], last["ward_name"], last["block"], last["block_name"]) == (2, "Ward 2", 4, "Block 4")


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("1848-02-24", {"in": "1848-02-24"}, {"in": "1848-02-24"}),
        ("1848-02-24T10:00~", {"in": "1848-02-24T10:00~"}, {"in": "1848-02-24T10:00~"}),
        ("1848-02", *[{"earliest": "1848-02-01", "latest": "1848-02-29"}] * 2),
        ("1848-02-23/1848-02-25?", {"in": "1848-02-23"}, {"in": "1848-02-25?"}),
        ("1848-02-23/..", {"in": "1848-02-23"}, None),
        ("1848-02-23/", {"in": "1848-02-23"}, {"earliest": "1848-02-23"}),
        ("../1848-02-23", None, {"in": "1848-02-23"}),
        ("/1848-02-23", {"latest": "1848-02-23"}, {"in": "1848-02-23"}),
        ("[1848-02-21T22:00..1848-02-22T04:00]", *[{"earliest": "1848-02-21T22:00", "latest": "1848-02-22T04:00"}] * 2),
    ],
)
def test_times_are_timespans_of_linked_places(when: str, start: Any, end: Any) -> None:
    span = timespan(parse(when, (974_000_000, 976_000_000)))
    assert (span.get("start"), span.get("end")) == (start, end)
