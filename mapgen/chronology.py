"""The texts of events: the chronology as the templates read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mapgen.cells import NOT_SEEN, Ref
from mapgen.dates import hour_words, moment, words
from mapgen.figures import tables
from mapgen.steps import step_words
from mapgen.subject import Subject, interface_words
from mapgen.texts import fold, markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapgen.rows import Claim, Event


def chronology(subject: Subject) -> dict[str, Any]:
    """Return what the chronology is made of: days with events, tour, tables of districts, places, people, sources."""
    return {
        "days": list(days(subject)), "places": [subject.places[key] for key in subject.placed()],
        "people": _people(subject), "tour": _tour(subject),
        "districts": tables(subject),
        "sources": list(subject.sources.values()), "base_sources": list(subject.district_set.sources.values()),
    }  # fmt: skip


def days(subject: Subject) -> Iterator[dict[str, Any]]:
    """Yield the days of the chronology in order, each with its headings and events."""
    order = sorted(range(len(subject.rows)), key=lambda i: (subject.whens[i].first, subject.whens[i].last, i))
    found: dict[int, list[int]] = {}
    start = int(subject.steps.starts[0])
    for i in order:
        step = subject.steps.at(max(subject.whens[i].first, start))
        assert step is not None
        found.setdefault(_first_step_of_day(subject, step), []).append(i)
    all_words = interface_words(subject)
    for step, events in found.items():
        yield {
            "names": {k: _day_name(subject, step, w) for k, w in all_words.items()},
            "events": [_article(subject, i) for i in events],
        }


def _first_step_of_day(subject: Subject, step: int) -> int:
    day = moment(subject.steps.bounds(step)[0])[0]
    while step and moment(subject.steps.bounds(step - 1)[0])[0] == day:
        step -= 1
    return step


def _day_name(subject: Subject, step: int, w: dict[str, Any]) -> str:
    return step_words(*subject.steps.bounds(step), w).date


def _article(subject: Subject, i: int) -> dict[str, Any]:
    row = subject.rows[i]
    return {
        "id": row.id,
        "texts": {language: _texts(subject, i, row, language) for language in subject.config.languages},
        "claims": _claims(subject, row),
        "sources": [_source(subject, ref) for ref in row.sources],
    }


def _texts(subject: Subject, i: int, row: Event, language: str) -> dict[str, Any]:
    w = words(language)
    title, title_in = subject.text("events", row.id, "title", language)
    text, text_in = subject.text("events", row.id, "text", language)
    return {
        "title": title, "title_in": title_in, "text": markdown(text), "text_in": text_in,
        "when": subject.when_words(i, w), "where": where_words(subject, i, w),
        "hour": hour_words(subject.whens[i], w), "disputed": bool(subject.disputed.get(row.id)),
    }  # fmt: skip


def where_words(subject: Subject, i: int, w: dict[str, Any]) -> str:
    """Return the place of an event in words: name of the time, of today, district, precision."""
    key = subject.rows[i].place
    if key is None:
        return str(w["ui"]["no_place"])
    place = subject.places[key]
    u = w["ui"]
    text = place.name
    if place.name_today and fold(place.name_today) != fold(place.name):
        text = u["today"].format(then=text, today=place.name_today)
    area = district_words(subject, subject.bins[i], w) or place.commune
    sure = [u["precision"][place.precision].format(radius=place.radius_m), u["certainty"].get(place.certainty, "")]
    return str(u["aside"].format(a=_joined([text, area], w), b=_joined(sure, w)))


def _joined(parts: Iterable[str], w: dict[str, Any]) -> str:
    return str(w["ui"]["comma"]).join(filter(None, parts))


def district_words(subject: Subject, where: str, w: dict[str, Any]) -> str:
    """Return a district and the ones above it in words, such as « quartier Saint-Merri, 4e arrondissement »."""
    rows = subject.district_set.rows
    names = {level.id: level.name for level in subject.config.district_sets[0].levels}
    parts = []
    at: str | None = where
    while at in rows:
        row = rows[at]
        level = names[row.level].get(w["code"], row.level)
        numbered = row.number is not None and not row.parent
        parts.append(
            w["ui"]["district_number"].format(number=ordinal(row.number or 0, w), level=level)
            if numbered
            else w["ui"]["district_name"].format(name=row.name, level=level)
        )
        at = row.parent
    return _joined(parts, w)


def ordinal(number: int, w: dict[str, Any]) -> str:
    """Return a number as an ordinal: 1st, 2nd, 11th, 21st; 1er, 2e."""
    endings = w["ui"]["ordinals"]
    last = number % 100 if number % 100 in (11, 12, 13) else number % 10
    return f"{number}{endings.get(f'only_{number}') or endings.get(str(last), endings['other'])}"


def _claims(subject: Subject, row: Event) -> list[dict[str, Any]]:
    return [
        {
            "names": {k: w["ui"]["about"].get(about, about) for k, w in interface_words(subject).items()},
            "rows": [
                {
                    "values": {k: subject.text("claims", c.id, "value", k) for k in subject.config.languages},
                    "notes": {k: subject.text("claims", c.id, "note", k) for k in subject.config.languages if c.note},
                    "sources": [_source(subject, ref) for ref in c.source],
                }
                for c in claims
            ],
        }
        for about, claims in accounts(subject, row).items()
    ]


def accounts(subject: Subject, row: Event) -> dict[str, list[Claim]]:
    """Return the claims on an event by what they are about, in the order of the table."""
    groups: dict[str, list[Claim]] = {}
    for claim in subject.claims:
        if claim.event == row.id:
            groups.setdefault(claim.about, []).append(claim)
    return groups


def _source(subject: Subject, ref: Ref) -> dict[str, Any]:
    source = subject.sources[ref.source]
    name = source.author.split(";")[0].split(",")[0].strip() or source.title
    # A title that ends with its date is not given it once more.
    year = "" if re.search(rf"\b{re.escape(source.year)}$", name) else source.year
    return {
        "id": ref.source,
        "name": " ".join(part for part in (name, year) if part),
        "locator": "" if ref.locator == NOT_SEEN else ref.locator,
        "seen": ref.locator != NOT_SEEN,
    }


def _tour(subject: Subject) -> list[dict[str, Any]]:
    return [
        {
            "event": stop.event,
            "titles": {k: subject.text("tour", stop.id, "title", k) for k in subject.config.languages},
            "texts": {
                k: (markdown(text), written)
                for k in subject.config.languages
                for text, written in [subject.text("tour", stop.id, "text", k)]
            },
        }
        for stop in subject.stops()
    ]


def _people(subject: Subject) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "names": {k: subject.text("people", key, "name", k) for k in subject.config.languages},
            "roles": {k: subject.text("people", key, "role", k) for k in subject.config.languages},
            "life": f"{row.born}–{row.died}".strip("–"),
        }
        for key, row in sorted(subject.people.items())
    ]
