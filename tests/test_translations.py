"""How far a subject is translated: what the check counts, and what the page shows where a text is missing."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pseudo
import pytest
from browser import Opener, set_state, settle
from typer.testing import CliRunner

import mapgen
from mapgen.cli import app

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

BLOODY = "date=1871-05-24T12:00"


def fifth(row: dict[str, str], _english: str) -> str:
    """Return the French of four rows in five, by a rule that the program does not know."""
    return "" if sum(row["id"].encode()) % 5 == 0 else row["text"]


@pytest.fixture(scope="session")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A subject whose French is missing for one event, claim, person and stop in five, with its map in `site`."""
    folder = pseudo.cut_down(tmp_path_factory.mktemp("parted") / "subject", "fr", fifth)
    mapgen.build(mapgen.load(folder), folder.parent / "site")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_check_counts_translated_texts_by_table_and_language(parted: Path) -> None:
    fields = {
        "events": ("title", "text"), "claims": ("value", "note"), "tour": ("title", "text"), "people": ("role",),
        "places": ("note",), "zones": ("note",),
    }  # fmt: skip
    french = {(r["table"], r["id"], r["field"]) for r in rows(parted / "texts.fr.csv")}
    expected = {}
    for table, names in fields.items():
        cells = [(table, r["id"], name) for r in rows(parted / f"{table}.csv") for name in names if r[name]]
        there = len(french.intersection(cells))
        expected[table] = {"texts": len(cells), "translated": there, "fall_back": len(cells) - there}
    ran = CliRunner().invoke(app, ["check", str(parted), "--format", "json"])
    found = json.loads(ran.stdout)["languages"]
    assert found == {"fr": expected}
    assert all(table["translated"] and table["fall_back"] for table in expected.values())
    shown = CliRunner().invoke(app, ["check", str(parted)]).output
    events = expected["events"]
    said = f"fr: events {events['translated']} of {events['texts']} texts ({events['fall_back']} fall back)"
    assert said in shown


def test_a_subject_of_one_language_has_nothing_to_count() -> None:
    ran = CliRunner().invoke(app, ["check", "tests/subjects/san-francisco-1906", "--format", "json"])
    assert json.loads(ran.stdout)["languages"] == {}


# --- The page --------------------------------------------------------------------------------------------------------

LANG = "el => el.closest('[lang]').lang"


def french(parted: Path) -> dict[tuple[str, str, str], str]:
    return {(r["table"], r["id"], r["field"]): r["text"] for r in rows(parted / "texts.fr.csv")}


def spoken(element: Locator) -> str:
    return str(element.evaluate(LANG))


def expect(page: Page, parted: Path, element: Locator, cell: tuple[str, str, str]) -> bool:
    """Check that an element says it is in the language it is in; return whether that is the first one."""
    there = cell in french(parted)
    assert spoken(element) == ("fr" if there else "en"), cell
    return not there


@pytest.mark.browser
def test_a_row_and_a_card_carry_the_language_of_a_text_that_falls_back(open_page: Opener, parted: Path) -> None:
    page = open_page("lang=fr", BLOODY, folder=parted.parent / "site")
    fallen = []
    ids = page.evaluate("JSON.parse(L.MapPage.block('mapgen-data')).events.id")
    for row in page.locator(".mg-row").all():
        cell = ("events", ids[int(row.get_attribute("data-i") or "")], "title")
        fallen.append(expect(page, parted, row.locator(".mg-row-title"), cell))
        assert spoken(row.locator(".mg-row-more")) == "fr"
    assert {True, False} == set(fallen)
    claims = rows(parted / "claims.csv")
    events = [r for r in rows(parted / "events.csv") if r["when"].startswith("1871-05-2")]
    told = []
    for event in events:
        set_state(page, event=event["id"])
        card = page.locator(".mg-card")
        expect(page, parted, card.locator("h2"), ("events", event["id"], "title"))
        expect(page, parted, card.locator(".mg-text").locator("p").first, ("events", event["id"], "text"))
        assert spoken(card.locator(".mg-facts")) == "fr"
        told += [claim for claim in claims if claim["event"] == event["id"]]
        for claim in (c for c in claims if c["event"] == event["id"]):
            for field in ("value", "note"):
                if not claim[field] or ("claims", claim["id"], field) in french(parted):
                    continue
                part = card.locator("dd [lang=en]", has_text=claim[field]).first
                assert part.inner_text().strip() == claim[field]
    assert {("claims", c["id"], "value") in french(parted) for c in told} == {True, False}


@pytest.mark.browser
def test_the_box_of_the_tour_carries_the_language_of_a_text_that_falls_back(open_page: Opener, parted: Path) -> None:
    page = open_page("lang=fr", folder=parted.parent / "site")
    fallen = []
    for stop in rows(parted / "tour.csv"):
        set_state(page, tour=stop["id"])
        settle(page)
        box = page.locator(".mg-tour")
        expect(page, parted, box.locator("h2"), ("tour", stop["id"], "title"))
        fallen.append(expect(page, parted, box.locator(".mg-text p").first, ("tour", stop["id"], "text")))
        assert spoken(box.locator("header")) == "fr"
    assert {True, False} == set(fallen)


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_chronology_carries_the_language_of_each_text(open_page: Opener, parted: Path, *, script: bool) -> None:
    folder = parted.parent / "site"
    page = open_page("lang=fr", folder=folder) if script else open_page.chronology(folder=folder)
    if not script:
        page.locator("#mg-fr").click()
    told = french(parted)
    found = page.evaluate(
        """() => [...document.querySelectorAll('article')].map(el => {
            const own = el.querySelector(':scope > [lang=fr]'), lang = x => x.closest('[lang]').lang;
            return [el.id.replace('event-', ''), lang(own.querySelector('h3')), lang(own.querySelector('.t')),
                lang(own.querySelector('.p')), own.querySelector('.t').checkVisibility()];
        })"""
    )
    titles = {key: (title, text) for key, title, text, _, _ in found}
    assert len(titles) > 80
    for key, pair in titles.items():
        assert pair == tuple("fr" if ("events", key, field) in told else "en" for field in ("title", "text"))
    assert {place for *_, place, _ in found} == {"fr"}
    assert {seen for *_, seen in found} == {not script}
    roles = page.evaluate(
        """() => [...document.querySelectorAll('#mg-people li')].map(li => [li.id.replace('person-', ''),
            li.querySelector('span[lang=fr]').innerHTML])"""
    )
    wrong = []
    for key, html in roles:
        person = next(r for r in rows(parted / "people.csv") if r["id"] == key)
        if person["role"] and ("people", key, "role") not in told and f'<span lang="en">{person["role"]}' not in html:
            wrong.append((key, html))
    assert wrong == []
