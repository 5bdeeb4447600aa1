"""Exports: what is written reads back as the same events, and other programs take it."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from shapely.geometry import shape
from whens import whens

import mapgen
from mapgen import cli
from mapgen.cells import Refs
from mapgen.export import csv_files, geojson_files, write
from mapgen.export.columns import Column
from mapgen.export.package import field, licences
from mapgen.rows import Event, Retired, Stop, Zone

if TYPE_CHECKING:
    from pathlib import Path

LICENCES = 'credits = ["Sea Board"]\nlicences = { "*" = "CC0-1.0", "places.csv" = "ODbL-1.0" }\n'
CONFIG = re.sub(r'name = \{ en = "(.*?)" \}', r'name = { en = "\1", fr = "\1 (fr)" }', small.CONFIG)
CONFIG = CONFIG.replace('["en"]', '["en", "fr"]').replace('{ en = "A small flood" }', '{ en = "Flood", fr = "Crue" }')
CONFIG = CONFIG.replace("[extent]", f"{LICENCES}[extent]", 1)
STRETCH = [small.corner(0, 0), small.middle(0, 0), small.middle(1.1234567891, 1.9876543219)]
AREA = [[small.corner(0, 1), small.corner(0, 2), small.corner(1, 2), small.corner(1, 1), small.corner(0, 1)]]
"""A clockwise ring: it must be turned."""
NASTY = st.text(st.sampled_from("=+-@\"',;|[]{}<>&\t\nàé日😀 ab1"), max_size=12)
Table = list[dict[str, str]]


def places() -> list[small.Cells]:
    return [
        small.place("corner", *small.middle(0, 0), note="=1+1"),
        small.place("quay", *small.middle(0.123456, 0.654321), precision="street", certainty="uncertain"),
        small.place("ward", precision="district", district="w2"),
        small.place("square", *small.middle(0, 1), precision="quarter"),
        small.place("farm", 9.5, 49.5, commune="Farmville"),
        small.place("town", precision="city"),
    ]


def make(folder: Path, events: list[small.Cells], texts: str = "") -> mapgen.Subject:
    small.write_subject(folder, events, places(), CONFIG)
    features = [
        small.feature({"id": "quay"}, "LineString", STRETCH),
        small.feature({"id": "square"}, "Polygon", AREA),
    ]
    (folder / "places.geojson").write_text(small.geojson(features), encoding="utf-8")
    (folder / "texts.fr.csv").write_text("table,id,field,text\n" + texts, encoding="utf-8")
    return mapgen.load(folder)


def subject(folder: Path) -> mapgen.Subject:
    """Return a subject with one event of each kind of place."""
    events = [
        small.event("a", "1848-02-24", "corner", title="=SUM(A1)", text="-5", tags="x;y"),
        small.event("b", "1848-02-24T10:00/..", "quay", title="Quay", text="+33, or @home\n=1"),
        small.event("c", "1848-02-2X", "square", sources="gazette[p. 1; p. 2]; diary[n. v.]"),
        small.event("d", "1848-02-25", "farm"),
        small.event("e", "1848-02-25", "ward"),
        small.event("f", "1848-02-25"),
        small.event("g", "1848-02-25", "town"),
    ]
    return make(folder, events, "events,a,title,Crue\n")


@pytest.fixture(scope="module")
def flood(tmp_path_factory: pytest.TempPathFactory) -> mapgen.Subject:
    return subject(tmp_path_factory.mktemp("flood"))


def table(contents: dict[str, bytes], name: str) -> Table:
    return list(csv.DictReader(io.StringIO(contents[f"{name}.csv"].decode("utf-8"), newline=""), strict=True))


def collection(contents: dict[str, bytes], name: str) -> dict[str, Any]:
    return dict(json.loads(contents[f"{name}.geojson"]))


@st.composite
def events(draw: st.DrawFn, key: str) -> small.Cells:
    when, part = draw(whens())
    where = draw(st.sampled_from(["", *(row["id"] for row in places())]))
    locators = st.text(st.sampled_from("p. 12;,\"'=|é"), max_size=8)
    sources = "; ".join(
        f"{name}[{draw(locators)}]" for name in draw(st.sampled_from([("diary",), ("gazette", "diary")]))
    )
    title = " ".join((draw(NASTY) + "a").split())
    return small.event(key, when, where, part_of_day=part, title=title, text=draw(NASTY), sources=sources)


@settings(max_examples=60)
@given(st.data(), st.integers(0, 4))
def test_what_is_exported_reads_back_as_the_same_events(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, count: int
) -> None:
    rows = [data.draw(events(f"event-{i}")) for i in range(count)]
    made = make(tmp_path_factory.mktemp("made"), rows, "")
    tables, shapes = csv_files(made), geojson_files(made)
    listed, drawn = table(tables, "events"), collection(shapes, "events")["features"]
    assert [row["id"] for row in listed] == [item["id"] for item in drawn] == [row.id for row in made.rows]
    for i, (row, cells, item) in enumerate(zip(made.rows, listed, drawn, strict=True)):
        properties = item["properties"]
        for name in ("when", "part_of_day", "title", "text"):
            assert cells[name] == (properties[name] or "") == getattr(row, name)
        assert cells["bin"] == properties["bin"] == made.bins[i]
        assert TypeAdapter(Refs).validate_python(cells["source_ids"]) == row.sources
        assert cells["source_ids"] == properties["source_ids"]
        place = made.places.get(row.place or "")
        for name in ("lon", "lat"):
            value = getattr(place, name, None)
            assert (float(cells[name]) if cells[name] else None) == properties[name]
            assert properties[name] == (None if value is None else pytest.approx(value, abs=5e-7))
        assert_geometry(item["geometry"], made.geometry(row.place))


def assert_geometry(written: Any, true: Any) -> None:
    assert (written is None) == (true is None)
    if written is not None:
        assert written["type"] == true.geom_type
        assert shape(written).hausdorff_distance(true) < 1e-6


# --- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("defuse", [False, True])
def test_frictionless_takes_the_package(
    commune: mapgen.Subject, flood: mapgen.Subject, tmp_path: Path, defuse: bool
) -> None:
    frictionless = pytest.importorskip("frictionless")
    for name, one in (("real", commune), ("small", flood)):
        write(one, tmp_path / name, "csv", defuse=defuse)
        report = frictionless.validate(str(tmp_path / name / "datapackage.json"))
        assert report.valid, report.flatten(["name", "fieldName", "message"])


def test_the_same_bytes_each_time_with_lf_and_sorted(commune: mapgen.Subject) -> None:
    first, second = csv_files(commune), csv_files(mapgen.load(small.COMMUNE))
    assert first == second
    assert geojson_files(commune) == geojson_files(commune)
    for name in ("events", "places", "sources", "people", "claims", "districts"):
        ids = [row["id"] for row in table(first, name)]
        assert ids == sorted(ids)
    assert not any(b"\r" in data or data.startswith(b"\xef\xbb\xbf") for data in first.values())


def test_zones_tour_and_retired_ids_are_exported_where_there_are_any(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    one = subject(tmp_path / "subject")
    assert not {"zones.csv", "tour.csv", "retired.csv"} & set(csv_files(one))
    common = {"title": "Start", "text": "", "layers": "", "view": ""}
    one.tour = [
        Stop.model_validate({"id": "z-stop", "order": "1", "event": "a", "when": "", **common}),
        Stop.model_validate({"id": "a-stop", "order": "2", "event": "", "when": "1848-02-24", **common}),
    ]
    one.retired = {"old": Retired.model_validate({"id": "old", "replaced_by": "a", "note": "Joined."})}
    zone = {"when": "1848-02-24", "side": "sea", "districts": "b1;b2", "line": "", "certainty": "0.5", "note": ""}
    one.zones = [Zone.model_validate({"id": "z1", "sources": "diary[p. 1]", **zone})]
    contents = csv_files(one)
    assert [row["id"] for row in table(contents, "tour")] == ["z-stop", "a-stop"]
    assert table(contents, "retired")[0]["replaced_by"] == "a"
    assert table(contents, "zones")[0]["districts"] == "b1;b2"
    write(one, tmp_path / "out", "csv")
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "fieldName", "message"])


@pytest.mark.parametrize("name", ["events", "places", "sources", "people", "claims"])
def test_no_row_is_lost(commune: mapgen.Subject, name: str) -> None:
    rows = commune.rows if name == "events" else getattr(commune, name)
    assert len(table(csv_files(commune), name)) == len(rows) > 0


def test_an_event_is_joined_with_its_place_layer_districts_and_sources(flood: mapgen.Subject) -> None:
    rows = {row["id"]: row for row in table(csv_files(flood), "events")}
    a, c, e = rows["a"], rows["c"], rows["e"]
    assert (a["place_name"], a["group"], a["ward"], a["block"], a["bin"]) == ("corner", "water", "1", "1", "b1")
    assert (a["title_fr"], a["text_fr"], a["tags"], a["disputed"]) == ("Crue", "", "x;y", "false")
    assert (e["ward"], e["block"], e["lon"]) == ("2", "", "")
    assert (c["first_day"], c["last_day"]) == ("1848-02-20", "1848-02-29")
    assert c["sources"] == "gazette, p. 1; p. 2 | diary (named by others, not seen)"
    assert c["source_ids"] == "gazette[p. 1; p. 2]; diary[n. v.]"
    assert (rows["d"]["commune"], rows["d"]["bin"], rows["f"]["bin"]) == ("Farmville", "outside", "unplaced")


def test_defusing_puts_an_apostrophe_before_formulas_and_leaves_numbers(flood: mapgen.Subject) -> None:
    plain, safe = (table(csv_files(flood, defuse=on), "events") for on in (False, True))
    assert [row["title"] for row in plain[:1]] == ["=SUM(A1)"]
    changed = {(x["id"], name) for x, y in zip(plain, safe, strict=True) for name in x if x[name] != y[name]}
    assert changed == {("a", "title"), ("b", "text")}
    assert safe[0]["title"] == "'=SUM(A1)"
    assert safe[0]["text"] == "-5"


def test_fields_have_the_limits_of_the_row_models() -> None:
    assert field(Column("importance", Event, "importance"))["constraints"] == {
        "minimum": 1, "maximum": 5, "required": True
    }  # fmt: skip
    part = field(Column("part_of_day", Event, "part_of_day"))
    assert part["constraints"]["enum"][0] == "small-hours"
    assert field(Column("tags", Event, "tags"))["delimiter"] == ";"
    assert field(Column("wikidata", Event, "wikidata"))["constraints"]["pattern"].startswith("^Q")


def test_what_holds_places_has_the_licence_of_the_places(flood: mapgen.Subject) -> None:
    data = json.loads(csv_files(flood)["datapackage.json"])
    found = {item["name"]: item["licenses"][0]["name"] for item in data["resources"]}
    rest, shared = {"sources", "people", "claims"}, {"events", "places", "statistics", "districts"}
    assert found == dict.fromkeys(rest, "CC0-1.0") | dict.fromkeys(shared, "ODbL-1.0")
    assert data["sources"] == [{"title": "Sea Board"}]
    assert data["data_hash"] == f"sha256:{flood.data_hash}"
    assert licences(flood, "", "nothing.csv")[0]["name"] == "CC0-1.0"


# --- Folders ---------------------------------------------------------------------------------------------------------


def test_an_export_replaces_its_own_kind_only(flood: mapgen.Subject, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sizes = write(flood, out, "csv")
    assert {path.name: path.stat().st_size for path in out.iterdir()} == sizes
    assert write(flood, out, "csv") == sizes
    with pytest.raises(mapgen.UsageError, match=r"claims\.csv"):
        write(flood, out, "geojson")
    (out / "mine.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(mapgen.UsageError, match=r"mine\.csv"):
        write(flood, out, "csv")
    assert {path.name for path in out.iterdir()} == {*sizes, "mine.csv"}


def test_a_build_writes_both_formats_and_an_export_never_replaces_a_map(flood: mapgen.Subject, tmp_path: Path) -> None:
    mapgen.build(flood, tmp_path / "site")
    listed = json.loads((tmp_path / "site" / "manifest.json").read_text(encoding="utf-8"))["files"]
    for name, data in (csv_files(flood) | geojson_files(flood)).items():
        assert (tmp_path / "site" / "data" / name).read_bytes() == data
        assert f"data/{name}" in listed
    with pytest.raises(mapgen.UsageError, match="something else"):
        write(flood, tmp_path / "site", "csv")


@pytest.mark.parametrize(
    ("arguments", "code"), [(["csv"], 0), (["geojson"], 0), (["xml"], 2), (["geojson", "--defuse"], 2)]
)
def test_the_command_writes_and_says_what(
    flood: mapgen.Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["mapgen", "export", str(flood.path), "--out", str(out), "--format", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert (stop.value.code or 0) == code
    assert out.exists() == (code == 0)


def test_refused_rows_write_nothing(tmp_path: Path) -> None:
    bad = make(tmp_path / "bad", [small.event("a", "yesterday")])
    with pytest.raises(mapgen.DataError):
        write(bad, tmp_path / "out", "csv")
    assert not (tmp_path / "out").exists()
