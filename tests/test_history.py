"""The history of the Commune: what the tables promise to whoever reads or corrects them."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from small import COMMUNE

if TYPE_CHECKING:
    import mapgen

FIRST, LAST = date(1871, 3, 18), date(1871, 5, 28)
DAYS = [FIRST + timedelta(days=k) for k in range((LAST - FIRST).days + 1)]
CIVIL = {"politics", "elections", "decrees", "work", "women", "schools", "clubs", "press", "ceremonies"}


def table(name: str) -> list[dict[str, str]]:
    with (COMMUNE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_are_read_without_a_warning(commune: mapgen.Subject) -> None:
    assert [p for p in commune.problems.items if p.level in ("error", "warning")] == []


def test_there_are_events_enough_and_no_kind_drowns_the_others() -> None:
    layers = [row["layer"] for row in table("events.csv")]
    assert len(layers) >= 520
    assert len(set(layers)) == 19
    assert layers.count("executions") <= len(layers) / 5
    assert sum(layer in CIVIL for layer in layers) >= len(layers) / 3


def test_every_arrondissement_has_six_events_from_18_march_to_28_may(commune: mapgen.Subject) -> None:
    events = commune.events
    during = events[(events.first_day <= str(LAST)) & (events.last_day >= str(FIRST))]
    counts = during.arrondissement.value_counts()
    assert {n: int(counts.get(n, 0)) for n in range(1, 21) if counts.get(n, 0) < 6} == {}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_day_of_the_commune_has_an_event_to_be_seen(commune: mapgen.Subject, day: date) -> None:
    shown = commune.state(str(day), "step")
    assert shown["certain"] or shown["possible"]
    # Not only what lasted for weeks: something that is known to four days at most.
    first, last = (day - timedelta(days=3)).isoformat(), (day + timedelta(days=3)).isoformat()
    events = commune.events
    near = events[(events.first_day >= first) & (events.last_day <= last)]
    assert ((near.first_day <= str(day)) & (near.last_day >= str(day))).any()


def test_every_event_rests_on_a_source_that_was_seen_and_most_on_two(commune: mapgen.Subject) -> None:
    rows = table("events.csv")
    unseen = re.compile(r"[a-z0-9-]+\[n\. v\.\]")
    assert [row["id"] for row in rows if all(unseen.fullmatch(ref) for ref in row["sources"].split("; "))] == []
    assert commune.independent() >= 0.6 * len(rows)


def test_every_text_stands_in_french_too() -> None:
    french = {(row["table"], row["id"], row["field"]) for row in table("texts.fr.csv")}
    wanted = [("events", row["id"], field) for row in table("events.csv") for field in ("title", "text")]
    wanted += [("claims", row["id"], "value") for row in table("claims.csv") if re.search("[a-z]{3}", row["value"])]
    wanted += [("tour", row["id"], field) for row in table("tour.csv") for field in ("title", "text")]
    assert [key for key in wanted if key not in french and key[0] != "claims"] == []
    lacking = [key for key in wanted if key not in french]
    assert len(lacking) <= 0.02 * len(wanted), lacking[:20]


@pytest.mark.parametrize("name", ["events.csv", "tour.csv"])
def test_titles_are_short_and_texts_hold_two_to_five_sentences(name: str) -> None:
    for row in table(name):
        assert len(row["title"]) < 80 and not row["title"].endswith("."), row["id"]
        assert 80 <= len(row["text"]) <= 900, row["id"]


def test_nothing_is_set_with_typewriter_signs() -> None:
    for row in table("texts.fr.csv"):
        if row["field"] in ("title", "text"):
            assert not re.search(
                r"[\w]'[\w]|\u2014|«[^\u00a0]|[^\u00a0]»|(?<![\u00a0\d]) ?[;!?](?= |$)", row["text"]
            ), row
    for row in table("events.csv"):
        assert not re.search(r"[\w]'[\w]|\u2014", row["title"] + row["text"]), row["id"]


def test_the_tour_goes_forward_in_time_and_leads_to_living_events(commune: mapgen.Subject) -> None:
    stops = sorted(commune.tour, key=lambda stop: stop.order)
    assert 12 <= len(stops) <= 16
    days = [commune.events.first_day[commune.index[stop.event]] if stop.event else stop.when[:10] for stop in stops]
    assert days[0] < "1871-03-18" and days[-1] >= "1879"
    assert [day for day, before in zip(days[1:], days, strict=False) if day < before] == []


def test_no_retired_id_is_used_again() -> None:
    living = {row["id"] for name in ("events", "places", "people", "sources", "claims") for row in table(f"{name}.csv")}
    retired = table("retired.csv")
    assert len(retired) > 50
    assert not living & {row["id"] for row in retired}
    assert {row["replaced_by"] for row in retired if row["replaced_by"]} <= living
