"""Another city and century: one language, one level of polygons, steps of hours; nothing of the first subject shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely
from browser import settle, state

import mapgen
from mapgen.dates import words
from mapgen.problems import Problems
from mapgen.reading import TABLES
from mapgen.steps import step_columns
from mapgen.tables import read, write

if TYPE_CHECKING:
    from browser import Opener

FOLDER = Path(__file__).resolve().parent / "subjects" / "san-francisco-1906"
KEYS = ("at", "mode", "step", "certain", "possible", "districts", "city", "outside", "unplaced")
FIRST_SUBJECT = re.compile(r"Commune\b|Versailles|Paris|1871|arrondissement|quartier|prairial|floréal|germinal")


@pytest.fixture(scope="module")
def fire() -> mapgen.Subject:
    return mapgen.load(FOLDER)


@pytest.fixture(scope="module")
def built(fire: mapgen.Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second") / "site"
    mapgen.build(fire, folder)
    return folder


def test_it_is_clean_also_when_warnings_count(fire: mapgen.Subject) -> None:
    assert [str(p) for p in fire.problems.sorted() if p.level != "note"] == []


def test_it_is_another_kind_of_subject(fire: mapgen.Subject) -> None:
    assert 15 <= len(fire.rows) <= 40
    assert fire.config.languages == ["en"]
    assert [level.id for level in fire.district_set.levels] == list(fire.districts["level"].unique())
    assert not fire.config.extent.calendar
    assert fire.config.zones is None
    assert {end - start for start, end in map(fire.steps.bounds, range(len(fire.steps)))} == {180, 360}


def test_every_event_has_a_source_with_a_locator(fire: mapgen.Subject) -> None:
    assert all(ref.locator for row in fire.rows for ref in row.sources)


def test_no_word_of_the_first_subject_stands_on_its_page(built: Path) -> None:
    page = (built / "index.html").read_text(encoding="utf-8")
    assert FIRST_SUBJECT.findall(page) == []
    assert set(re.findall(r' lang="(\w+)"', page)) == {"en"}


def test_no_name_of_the_first_subject_stands_in_its_files() -> None:
    files = [*FOLDER.rglob("*.*"), *(FOLDER.parent / "districts" / FOLDER.name).rglob("*.*")]
    named = {path.name for path in files if path.is_file() and FIRST_SUBJECT.search(path.read_text(encoding="utf-8"))}
    assert len(files) >= 12
    assert named == set()


def test_its_tables_are_in_canonical_form() -> None:
    for name in ("events", "places", "sources", "people", "claims"):
        path = FOLDER / f"{name}.csv"
        table = read(path, TABLES[name], Problems())
        assert write(TABLES[name], table.rows) == path.read_text(encoding="utf-8"), name


def test_its_districts_touch_without_gaps_and_have_no_number(fire: mapgen.Subject) -> None:
    shapes = fire.districts.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).geom_type == "Polygon"
    assert fire.districts["number"].isna().all()


def test_its_axis_names_every_day_once(fire: mapgen.Subject) -> None:
    columns = step_columns(fire.steps, words("en"))
    named = [text for _, text in sorted(columns["ticks"] + columns["days"])]
    assert named == ["18 Apr", "19 Apr", "20 Apr", "21 Apr", "22 Apr"]


@pytest.mark.browser
def test_every_step_shows_what_python_says(open_page: Opener, built: Path, fire: mapgen.Subject) -> None:
    page = open_page(state="date=1906-04-18", folder=built, timezone_id="America/Los_Angeles")
    for index in range(len(fire.steps)):
        shown = state(page)
        told = fire.state(shown["at"], shown["mode"])
        assert {key: shown[key] for key in KEYS} == told
        assert shown["step"]["index"] == index
        page.evaluate("window.mapgen.step(1)")
        settle(page)


@pytest.mark.browser
def test_without_javascript_a_short_chronology_stands_in_the_map_itself(
    open_page: Opener, built: Path, fire: mapgen.Subject
) -> None:
    assert not (built / "events.html").exists()
    page = open_page.chronology(folder=built)
    assert page.url.endswith("/index.html")
    assert sorted(page.locator("article h3").all_text_contents()) == sorted(row.title for row in fire.rows)


@pytest.mark.browser
def test_it_has_no_calendar_no_day_count_and_no_choice_of_language(open_page: Opener, built: Path) -> None:
    page = open_page(folder=built)
    assert page.locator(".mg-langs button").count() == 0
    assert page.locator(".mg-calendar").inner_text() == ""
    assert page.locator(".mg-hours").inner_text() == "3 am to 6 am"


@pytest.mark.browser
def test_a_district_without_number_can_be_chosen(open_page: Opener, built: Path, fire: mapgen.Subject) -> None:
    page = open_page(state="date=1906-04-18T12:00&district=n-south-of-market", folder=built)
    shown = state(page)
    assert {key: shown[key] for key in KEYS} == fire.state("1906-04-18T12:00", district="n-south-of-market")
    assert page.locator(".mg-chips").inner_text().strip() == "South of Market"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height", "query"), [(1440, 900, ""), (390, 844, ""), (640, 420, "ui=compact")])
def test_it_fits_every_frame(open_page: Opener, built: Path, width: int, height: int, query: str) -> None:
    page = open_page(query, folder=built, viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height
