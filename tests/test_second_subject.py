"""Another city and century: one language, one level of polygons, steps of hours; nothing of the first subject shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import settle, state

import mapgen

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
def test_it_has_no_calendar_no_day_count_and_no_choice_of_language(open_page: Opener, built: Path) -> None:
    page = open_page(folder=built)
    assert page.locator(".mg-langs button").count() == 0
    assert page.locator(".mg-calendar").inner_text() == ""
    assert page.locator(".mg-hours").inner_text() == "3 am to 6 am"
