"""`mapgen new`: the small subject that ships, and somebody's own table made into a map."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import small
from typer.testing import CliRunner

import mapgen
from mapgen.cli import app
from mapgen.new import create
from mapgen.new.dates import Order, learn, to_when
from mapgen.new.intake import plain, slug
from mapgen.new.rows import as_text
from mapgen.new.time import choose
from mapgen.problems import DataError, Problem, UsageError
from mapgen.texts import markdown
from mapgen.texts import plain as shown

if TYPE_CHECKING:
    from browser import Opener

ROOT = Path(__file__).resolve().parent.parent
SHORT = "title,date,lat,lon\nA,1999-05-13,52.5,13.4\n"


def write(folder: Path, text: str | bytes, name: str = "my.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def made(tmp_path: Path, text: str | bytes, districts: Any = None) -> tuple[mapgen.Subject, list[str]]:
    """Make a subject of a table, and read it; returns it with what was said."""
    said: list[str] = []
    polygons = None if districts is None else write(tmp_path, json.dumps(districts), "my.geojson")
    create(tmp_path / "subject", write(tmp_path, text), polygons, said.append)
    return mapgen.load(tmp_path / "subject"), said


def refused(tmp_path: Path, text: str | bytes, districts: Any = None) -> list[Problem]:
    """Return the problems for which a table is refused; nothing may be written then."""
    with pytest.raises(DataError) as caught:
        made(tmp_path, text, districts)
    assert not (tmp_path / "subject").exists()
    assert not list(tmp_path.glob(".*"))
    return [p for p in caught.value.problems.sorted() if p.level == "error"]


def run(*words: str | Path) -> tuple[int, str]:
    """Run the command line in a process of its own: only there errors become exit codes."""
    command = [sys.executable, "-m", "mapgen", *map(str, words)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


# --- Without files ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "subject"
    assert CliRunner().invoke(app, ["new", str(folder)]).exit_code == 0
    return folder


def test_the_small_subject_has_five_events_and_no_error_no_warning_and_no_note(template: Path) -> None:
    read = mapgen.load(template)
    assert len(read.rows) == 5
    assert read.problems.items == []
    assert all(ref.locator for row in read.rows for ref in row.sources)
    assert len({row.when for row in read.rows}) == len({row.place for row in read.rows}) == 5


def test_the_small_subject_passes_check_strict_and_builds(template: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["check", "--strict", str(template)]).exit_code == 0
    assert CliRunner().invoke(app, ["build", str(template), "--out", str(tmp_path / "map")]).exit_code == 0
    assert (tmp_path / "map" / "index.html").stat().st_size > 100_000


def test_every_key_of_the_small_subject_is_explained_where_it_first_stands(template: Path) -> None:
    seen: set[str] = set()
    for line in (template / "subject.toml").read_text(encoding="utf-8").splitlines():
        match = re.match(r"(\[+\w+\]+|\w+ =)", line)
        if match and match[1] not in seen:
            seen.add(match[1])
            assert " # " in line or match[1] in ("id =", "name ="), line
    assert len(seen) > 25


def test_the_small_subject_lies_elsewhere_and_in_another_century(template: Path) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in template.rglob("*") if path.is_file())
    assert not re.search(r"Paris|1871|Commune\b", texts)


# --- With a table: ten shapes of it ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A table and what it becomes: `when` of its events in the order of its rows, and numbers of other rows."""

    text: str | bytes
    whens: list[str]
    places: int = 1
    layers: int = 1
    sources: int = 1
    said: list[str] = field(default_factory=list)


CASES = {
    "plain": Case(
        "title,date,lat,lon,category,description,source\nA,1999-05-13,52.5,13.4,x,T,S\nB,1999-05-14,52.6,13.4,y,T,S\n",
        ["1999-05-13", "1999-05-14"], places=2, layers=2,
    ),
    "semicolons, BOM, CRLF, decimal commas, German": Case(
        "\ufeffTitel;Datum;Breite;Länge;Kategorie\r\nEins;13.05.1999;52,5;13,4;Konzert\r\n".encode(),
        ["1999-05-13"], said=["divided by semicolons", "'Länge'"],
    ),
    "tabs, Spanish, words for months": Case(
        "Título\tFecha\tLatitud\tLongitud\tFuente\nUno\t8 de mayo de 1945\t40.4\t-3.7\tABC\n", ["1945-05-08"],
        said=["divided by tabs"],
    ),
    "start and end": Case(
        "Event,Start Date,END_DATE,Lat,Lng\nA,1914-07-28,1918-11-11,44,20\nB,1914-08-01,,44,20\nC,1915,ongoing,44,20\n",
        ["1914-07-28/1918-11-11", "1914-08-01", "1915/.."],
    ),
    "years only, over centuries": Case(
        "name,year,y,x,type\nA,800,50.7,6.1,Crown\nB,1492,24,-74.5,Voyage\nC,1969.0,28.6,-80.6,Voyage\n",
        ["0800", "1492", "1969"], places=3, layers=2,
    ),
    "year, month and day in columns of their own": Case(
        "headline,year,month,day,latitude,longitude\nA,1999,5,13,52.5,13.4\nB,1999,Jun,,52.5,13.4\nC,2000,,,52.5,13.4\n",
        ["1999-05-13", "1999-06", "2000"],
    ),
    "date and time apart": Case(
        "what,day,time,lat,long\nA,1999-05-13,8:30 pm,52.5,13.4\nB,1999-05-13,20h45,52.5,13.4\n"
        "C,1999-05-14,,52.5,13.4\n",
        ["1999-05-13T20:30", "1999-05-13T20:45", "1999-05-14"],
    ),
    "day, month and year in an order that one row shows": Case(
        "name,date,coordinates\nA,03/04/1999,\"52.5, 13.4\"\nB,25/12/1999 18:00,\"52.5,13.5\"\n",
        ["1999-04-03", "1999-12-25T18:00"], places=2, said=["'date' is read day first, as line 3 shows"],
    ),
    "a spreadsheet's midnights, addresses as sources, an empty line": Case(
        "title,datetime,lat,lon,url,ref\nA,2001-02-03 00:00:00,1.5,2.5,www.example.org/a,\n,,,,,\n"
        "B,2001-02-04 00:00:00,1.5,2.5,,\"Smith, https://example.org/b.\"\nC,2001-02-05 00:00:00,1.5,2.5,,\n",
        ["2001-02-03", "2001-02-04", "2001-02-05"], sources=3,
    ),
    "the language of when": Case(
        "title,when,lat,lon,precision,radius,unknown\nA,1848-02-2X,48.9,2.35,quarter,300,k\n"
        "B,[1848-02-22..1848-02-24],48.9,2.35,,,k\nC,1848~,48.9,2.36,street,,k\nD,c. 1850,,,,,\n",
        ["1848-02-2X", "[1848-02-22..1848-02-24]", "1848~", "1850~"], places=2, said=["left out   'unknown'"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_table_of_any_shape_becomes_a_subject_that_passes_check_strict_and_builds(case: Case, tmp_path: Path) -> None:
    read, said = made(tmp_path, case.text)
    assert not read.problems.count("error")
    assert not read.problems.count("warning")
    by_title = sorted(read.rows, key=lambda row: row.title)
    assert [row.when for row in by_title] == case.whens
    assert (len(read.places), len(read.config.layers), len(read.sources)) == (case.places, case.layers, case.sources)
    assert 20 <= len(read.steps) <= 200
    for part in case.said:
        assert part in "\n".join(said)
    sizes = mapgen.build(read, tmp_path / "map")
    assert sizes["index.html"] > 100_000


def test_what_was_taken_for_what_is_said_and_what_was_left_out(tmp_path: Path) -> None:
    code, text = run("new", tmp_path / "s", "--events", write(tmp_path, "Name;Datum;Lat;Lon;Foo\nA;1999;1,5;2,5;z\n"))
    assert code == 0
    for line in ("title      is your column 'Name'", "when       is your column 'Datum'", "left out   'Foo'"):
        assert line in text
    assert "1 of 1 rows became events" in text


def test_every_string_of_the_table_stays_text(tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "007",
        "*loud* and _low_",
        "<b>x</b> & &amp;",
        "# not a heading",
        "1. not a list",
        "[a](b)",
        "TRUE",
    ]
    rows = [f'T{i},1999,1.5,2.5,"{text}","{text}"' for i, text in enumerate(texts)]
    read, _ = made(tmp_path, "\n".join(["title,year,lat,lon,description,source", *rows]))
    by_title = sorted(read.rows, key=lambda row: row.title)
    assert [shown(row.text) for row in by_title] == texts
    assert sorted(source.title for source in read.sources.values()) == sorted(texts)
    assert not re.search("<(em|a|b|li|h1)[ >]", "".join(markdown(row.text) for row in by_title))


def test_a_title_that_is_too_long_is_cut_and_stands_whole_in_the_text(tmp_path: Path) -> None:
    title = "word " * 60
    read, _ = made(tmp_path, f"title,year,lat,lon\n{title},1999,1.5,2.5\n")
    assert read.rows[0].title.endswith("…")
    assert title.strip() in read.rows[0].text


def test_ids_are_slugs_of_the_titles_and_unique(tmp_path: Path) -> None:
    rows = ["Été à Köln", "Été à Köln", "日本", "Straße"]
    read, _ = made(tmp_path, "title,year,lat,lon\n" + "".join(f"{t},1999,1.5,2.5\n" for t in rows))
    assert sorted(read.index) == ["ete-a-koln", "ete-a-koln-2", "event-4", "strasse"]


def test_a_row_without_a_source_names_the_table_and_its_row(tmp_path: Path) -> None:
    read, _ = made(tmp_path, SHORT)
    assert [str(ref) for ref in read.rows[0].sources] == ["my-csv[row 2]"]
    assert read.sources["my-csv"].title == "my.csv"


def test_addresses_in_the_source_are_recognised(tmp_path: Path) -> None:
    table = "title,year,lat,lon,source\nA,1999,1.5,2.5,https://example.org/a\nB,1999,1.5,2.5,Book (www.example.org)\n"
    read, _ = made(tmp_path, table)
    found = {source.title: source.url for source in read.sources.values()}
    assert found == {"example.org/a": "https://example.org/a", "Book (www.example.org)": "https://www.example.org"}


def test_places_are_one_per_point_and_other_names_stay_in_the_note(tmp_path: Path) -> None:
    table = "title,year,lat,lon,place\nA,1999,1.50000001,2.5,Gate\nB,1999,1.5,2.5,Arch\nC,1999,1.5,2.6,Gate\n"
    read, _ = made(tmp_path, table)
    assert {key: place.note for key, place in read.places.items()} == {"gate": "Arch", "gate-2": ""}


def test_an_event_without_a_point_keeps_the_name_of_its_place(tmp_path: Path) -> None:
    read, said = made(tmp_path, SHORT.replace("lon\n", "lon,place\n").replace("13.4\n", "13.4,\nB,1999-05-14,,,Moon\n"))
    assert [row.text for row in read.rows if row.place is None] == ["Place: Moon"]
    assert "1 without a point" in said[-2]


def test_many_categories_share_the_last_group_and_the_rarest_become_tags(tmp_path: Path) -> None:
    rows = [f"T{i},1999,1.5,2.5,kind {i}\n" * (2 if i < 3 else 1) for i in range(30)]
    read, _ = made(tmp_path, "title,year,lat,lon,category\n" + "".join(rows))
    assert len(read.config.groups) == 8
    assert len(read.config.layers) == 24
    assert {row.tags[0] for row in read.rows if row.layer == "more"} == {row.tags[0] for row in read.rows if row.tags}
    assert sum(row.layer == "more" for row in read.rows) == 7


def test_a_category_that_bears_the_name_of_a_symbol_gets_it(tmp_path: Path) -> None:
    read, _ = made(tmp_path, "title,year,lat,lon,type\nA,1999,1,2,Election\nB,1999,1,2,Base camp\n")
    assert {x.id: x.symbol for x in read.config.layers} == {"layer-base-camp": "meeting", "election": "election"}


@pytest.mark.parametrize(
    ("whens", "start", "end", "every"),
    [
        (["1999-05-13T20:00", "1999-05-14T04:00"], "1999-05-13", "1999-05-15", "PT1H"),
        (["1999-05-13", "1999-07-13"], "1999-05-13", "1999-07-14", "P1D"),
        (["1999-05-13", "2003-07-13"], "1999-05-01", "2003-08-01", "P1M"),
        (["1999", "2060"], "1999-01-01", "2061-01-01", "P1Y"),
        (["0001", "9999"], "0001-01-01", "9999-12-31", "P100Y"),
        (["1999-05-13"], "1999-05-13", "1999-05-14", "PT1H"),
        (["1999-12-31T23:59", "1990~/.."], "1990-01-01", "2000-01-01", "P3M"),
    ],
)
def test_extent_and_steps_fit_the_dates(whens: list[str], start: str, end: str, every: str) -> None:
    time = choose(whens)
    assert (time.start, time.end, time.every) == (start, end, every)
    assert 20 <= time.length <= 200


# --- What is refused -------------------------------------------------------------------------------------------------

BAD = {
    "03/04/1999": "ambiguous", "1999-02-30": "01 to 28", "5/6/99": "four digits", "someday": "1848",
    "": "when it happened", "44 BC": "0001", "36293": "spreadsheet", "1999-05-13T18:00Z": "local time",
    "1999-05-13 25:00": "00 to 23", "31/02/1999": "01 to 28", "32 May 1999": "01",
}  # fmt: skip


@pytest.mark.parametrize(("value", "remedy"), BAD.items(), ids=[value or "empty" for value in BAD])
def test_a_bad_date_is_named_with_row_column_value_and_what_to_do(tmp_path: Path, value: str, remedy: str) -> None:
    (problem,) = refused(tmp_path, f'Name,Datum,lat,lon\nA,1999,1.5,2.5\nB,"{value}",1.5,2.5\n')
    assert (problem.file, problem.row, problem.column, problem.value) == ("my.csv", 3, "Datum", value)
    assert remedy in f"{problem.message} {problem.remedy}"


def test_two_rows_that_show_different_orders_leave_the_ambiguous_one_refused(tmp_path: Path) -> None:
    rows = "A,25/12/1999,1.5,2.5\nB,12/25/1999,1.5,2.5\nC,3/4/1999,1.5,2.5\n"
    (problem,) = refused(tmp_path, f"title,date,lat,lon\n{rows}")
    assert problem.row == 4


def test_an_end_before_its_start_is_refused_in_its_own_column(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "title,start,bis,lat,lon\nA,1999-05-13,1999-05-12,1.5,2.5\n")
    assert (problem.column, problem.value) == ("bis", "1999-05-12")


@pytest.mark.parametrize(
    ("lat", "lon", "column"),
    [
        ("52.5", "", "lon"), ("fifty", "13", "lat"), ("95", "13", "lat"), ("52", "5800000", "lon"), ("0", "0", "lat"),
        ("52°30'", "13", "lat"), ("nan", "13", "lat"),
    ],
)  # fmt: skip
def test_a_point_that_cannot_be_is_refused(tmp_path: Path, lat: str, lon: str, column: str) -> None:
    (problem,) = refused(tmp_path, f'title,year,lat,lon\nA,1999,"{lat}","{lon}"\n')
    assert (problem.row, problem.column) == (2, column)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foo,date,lat,lon\nA,1999,1.5,2.5\n", "no column for the title"),
        ("title,foo,lat,lon\nA,1999,1.5,2.5\n", "no column for the date"),
        ("title,date,foo,lon\nA,1999,1.5,2.5\n", "no column for the latitude"),
        ("title,date,lat,foo\nA,1999,1.5,2.5\n", "no column for the longitude"),
        ("", "is empty"),
        ("title,date,lat,lon\n", "has no rows"),
        ("title,date,lat,lon\nA,1999,,\n", "no row with a point"),
        ("title,date,lat,lon\nA,1999,1.5\n", "has 3 cells"),
        ("title,date,lat,lon\n,1999,1.5,2.5\n", "is empty"),
        (b"title,date,lat,lon\n\xe9,1999,1.5,2.5\n", "is not UTF-8"),
        ('title,date,lat,lon\n"A,1999,1.5,2.5\n', "cannot be read as CSV"),
        ("title,date,lat,lon,importance\nA,1999,1.5,2.5,9\n", "more than 5"),
        ("title,date,lat,lon,precision\nA,1999,1.5,2.5,exact\n", "not one of the known words"),
        ("title,date,lat,lon,place\nA,1999,1.5,2.5,x\nB,1999,1.5,2.5,\x07y\n", "control character"),
        ("title,date,lat,lon,text\nA,1999,1.5,2.5," + "word " * 1001 + "\n", "longer than 5000"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, text: str | bytes, message: str) -> None:
    (problem,) = refused(tmp_path, text)
    assert message in problem.message
    assert problem.remedy


def test_all_problems_come_at_once_and_exit_is_1_and_nothing_is_written(tmp_path: Path) -> None:
    table = write(tmp_path, "title,date,lat,lon\n,3/4/1999,95,x\nB,1999,1.5,2.5\nC,someday,1.5,2.5\n")
    code, text = run("new", tmp_path / "s", "--events", table)
    assert code == 1
    assert all(part in text for part in ("3/4/1999", "someday", "'95'", "'x'", "Nothing was written: 5 errors"))
    assert not (tmp_path / "s").exists()


def test_a_folder_that_holds_something_is_left_alone_and_exit_is_2(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    write(tmp_path / "s", "mine", "mine.txt")
    code, text = run("new", tmp_path / "s")
    assert code == 2
    assert "not empty" in text
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert "subject.toml" in create(tmp_path / "s")


def test_what_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    table = write(tmp_path, SHORT)
    no = tmp_path / "no"
    for events, districts in ((no, None), (table, no), (None, table)):
        with pytest.raises(UsageError):
            create(tmp_path / "s", events, districts)
    with pytest.raises(UsageError):
        create(table)


# --- Districts -------------------------------------------------------------------------------------------------------


def polygons(*rows: tuple[dict[str, Any], list[tuple[int, int, int, int]]]) -> dict[str, Any]:
    """Return GeoJSON of boxes west, south, east, north in hundredths of a degree east of 13.40 and north of 52.50."""

    def ring(west: int, south: int, east: int, north: int) -> list[list[float]]:
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return [[13.4 + x / 100, 52.5 + y / 100] for x, y in corners]

    features = [small.feature(p, "MultiPolygon", [[ring(*box)] for box in boxes]) for p, boxes in rows]
    return {"type": "FeatureCollection", "features": features}


HERE = "title,year,lat,lon\nA,1999,52.505,13.405\nB,1999,52.505,13.415\nC,1999,52.6,13.6\n"
LEFT, RIGHT = [(0, 0, 1, 1)], [(1, 0, 2, 1)]


@pytest.mark.parametrize(
    ("one", "two", "ids"),
    [
        ({"id": "a", "name": "East"}, {"id": "b", "name": "West"}, ["d-a", "d-b"]),
        ({"CODE": 7, "NOM": "Est"}, {"CODE": 12, "NOM": "Ouest"}, ["d7", "d12"]),
        ({"Name": "North End"}, {"Name": "north end"}, ["d-north-end", "d-north-end-2"]),
        ({}, {}, ["d1", "d2"]),
    ],
)
def test_polygons_get_ids_from_what_they_bear(tmp_path: Path, one: Any, two: Any, ids: list[str]) -> None:
    read, _ = made(tmp_path, HERE, polygons((one, LEFT), (two, RIGHT)))
    assert sorted(read.district_set.faces) == sorted(ids)
    assert read.bins == [*ids, "outside"]
    assert not read.problems.count("warning")


def test_what_was_taken_for_the_ids_is_said(tmp_path: Path) -> None:
    _, said = made(tmp_path, HERE, polygons(({"code": "x", "nom": "X"}, LEFT), ({"code": "y", "nom": "Y"}, RIGHT)))
    assert "  id         is your property 'code'" in said
    assert "  name       is your property 'nom'" in said


def test_polygons_that_overlap_are_mended_and_it_is_said(tmp_path: Path) -> None:
    read, said = made(
        tmp_path, HERE, polygons(({"id": "a"}, [(0, 0, 1, 1)]), ({"id": "b"}, [(1, 0, 2, 2), (0, 1, 1, 2)]))
    )
    assert not any("mended" in line for line in said)
    (tmp_path / "again").mkdir()
    read, said = made(tmp_path / "again", HERE, polygons(({"id": "a"}, [(0, 0, 1, 1)]), ({"id": "b"}, [(0, 0, 2, 1)])))
    assert any("mended" in line for line in said)
    assert mapgen.build(read, tmp_path / "map")


def test_a_lake_between_polygons_becomes_a_district_of_its_own(tmp_path: Path) -> None:
    ring = [(0, 0, 3, 1), (0, 1, 1, 2), (2, 1, 3, 2), (0, 2, 3, 3)]
    read, said = made(tmp_path, HERE, polygons(*[({"id": str(i)}, [box]) for i, box in enumerate(ring)]))
    assert "d-gap-1" in read.district_set.faces
    assert any("gaps" in line for line in said)


def test_without_polygons_there_is_one_district_around_all_points(tmp_path: Path) -> None:
    read, _ = made(tmp_path, HERE)
    assert set(read.bins) == {"d-all"}
    west, south, east, north = read.districts.total_bounds
    assert (east - west, north - south) == pytest.approx((0.2145, 0.1045), abs=1e-4)


def test_a_map_of_the_whole_world_builds(tmp_path: Path) -> None:
    read, _ = made(tmp_path, "title,year,lat,lon\nA,1999,89,-180\nB,1999,-89,180\nC,1999,0,90\n")
    assert mapgen.build(read, tmp_path / "map")


@pytest.mark.parametrize(
    "districts",
    [
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": [small.feature({}, "Point", [13.4, 52.5])]},
        {
            "type": "FeatureCollection",
            "features": [small.feature({}, "Polygon", [[[4e5, 5e6], [5e5, 5e6], [4e5, 6e6]]])],
        },
        {"foo": 1},
        [1],
    ],
)
def test_districts_that_cannot_be_used_are_refused(tmp_path: Path, districts: Any) -> None:
    (problem,) = refused(tmp_path, HERE, districts)
    assert problem.file == "my.geojson"


# --- Small parts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [("Start_Date (UTC)", "start date utc"), ("startDate", "start date"), ("  LÄNGE ", "lange"), ("lat.", "lat")],
)
def test_names_of_columns_lose_case_accents_and_punctuation(text: str, name: str) -> None:
    assert plain(text) == name


def test_slugs_are_cut_between_words_and_never_empty() -> None:
    assert slug("word " * 30) == "-".join(["word"] * 12)
    assert slug("…", otherwise="x") == "x"
    assert slug("L’Été") == "lete"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("13.05.1999, 18:30 Uhr", "1999-05-13T18:30"),
        ("November 9th, 1989", "1989-11-09"), ("1er mars 1848", "1848-03-01"),
        ("12/25/1999 6:05 PM", "1999-12-25T18:05"), ("1850s", "185X"), ("1914–1918", "1914/1918"),
        ("19891109", "1989-11-09"),
        ("3 juillet 1900", "1900-07-03"), ("05/05/1999", "1999-05-05"), ("5/1999", "1999-05"),
        ("1999/5/3", "1999-05-03"),
        ("1989-11-09T18:53:20", "1989-11-09T18:53"), ("Dec 24, 1999", "1999-12-24"), ("März 1848", "1848-03"),
    ],
)  # fmt: skip
def test_dates_of_many_forms_become_a_when(text: str, when: str) -> None:
    assert to_when(text, Order("", 0, midnight=False)) == when


def test_a_column_is_learnt_from_only_where_its_rows_agree() -> None:
    assert learn([(2, "3/4/1999"), (3, "12/25/1999")]).first == "month"
    assert learn([(2, "25/12/1999"), (3, "12/25/1999")]).first == ""


def test_plain_text_is_not_escaped_without_need() -> None:
    assert as_text("A (small) text - with 3 * 4. And more!") == "A (small) text - with 3 * 4. And more!"
    assert as_text("one\n\n- two") == "one\n\n\\- two"


# --- The map and the README ------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_map_made_from_a_table_opens_and_shows_its_events(open_page: Opener, tmp_path: Path) -> None:
    read, _ = made(tmp_path, CASES["years only, over centuries"].text)
    mapgen.build(read, tmp_path / "map")
    page = open_page("", "date=1492-01-01&mode=step", folder=tmp_path / "map")
    found = page.evaluate("window.mapgen.getState()")
    assert [*found["certain"], *found["possible"]] == ["b"]


def blocks(kind: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Your own map in ten minutes\n")[1].split("\n## ")[0]
    return re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)


def test_every_command_of_your_own_map_in_ten_minutes_works_and_prints_what_is_told(tmp_path: Path) -> None:
    (table,), (told,) = blocks("csv"), blocks("text")
    write(tmp_path, table)
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) >= 7
    printed = ""
    for command in commands:
        script = f'mapgen() {{ "{sys.executable}" -m mapgen "$@"; }}\n{command}'
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        printed += done.stdout
    assert told in printed
    assert len(list(tmp_path.glob("*/index.html"))) == 3
