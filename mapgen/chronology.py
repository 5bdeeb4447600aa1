"""The texts of events: the chronology as the templates read it, and the columns that the page makes cards from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mapgen.cells import NOT_SEEN, Ref
from mapgen.dates import hour_words, moment, words
from mapgen.steps import step_words
from mapgen.subject import Subject, interface_words
from mapgen.texts import fold, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mapgen.rows import Claim, Event, Source


def chronology(subject: Subject) -> dict[str, Any]:
    """Return what the chronology is made of: ``days`` with events, ``tour``, ``places``, ``people`` and sources."""
    return {
        "days": list(days(subject)), "places": [subject.places[key] for key in subject.placed()],
        "people": _people(subject), "tour": _tour(subject),
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
        for about, claims in _accounts(subject, row).items()
    ]


def _accounts(subject: Subject, row: Event) -> dict[str, list[Claim]]:
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


# --- Columns for the page ---------------------------------------------------------------------------------------------


def text_columns(subject: Subject) -> dict[str, Any]:
    """Return the texts that the page shows of events, in the order of `Subject.rows`.

    ``title, text`` (HTML without anything but the marks of the texts), ``when, hour`` by language, None where the
    language has none and the first one stands for it; ``tour``: ``title, text`` of its stops; ``disputed``: whose
    accounts differ; ``claims`` by event: what they are about and ``[values, notes, references]`` of each account;
    ``refs``: references of each event, places of ``sources`` and locators, None for one that was not seen; ``sources,
    ground``: author, title, publisher, year (and address) of those of the events and of the districts; ``anchors``:
    which of them figures name; ``places`` and ``people`` in the order of the data's ``events.places, events.people``.
    """
    order = {key: k for k, key in enumerate(subject.sources)}
    all_words = {code: words(code) for code in subject.config.languages}
    keys, stops = [row.id for row in subject.rows], [stop.id for stop in subject.stops()]
    return {
        "title": _each(subject, "events", keys, "title", str),
        "text": _each(subject, "events", keys, "text", lambda text: str(markdown(text))),
        "tour": {
            "title": _each(subject, "tour", stops, "title", str),
            "text": _each(subject, "tour", stops, "text", lambda text: str(markdown(text))),
        },
        "when": {k: [subject.when_words(i, w) for i in range(len(subject.rows))] for k, w in all_words.items()},
        "hour": {k: [hour_words(when, w) for when in subject.whens] for k, w in all_words.items()},
        "disputed": [i for i, row in enumerate(subject.rows) if subject.disputed.get(row.id)],
        "claims": {
            str(i): claims
            for i, row in enumerate(subject.rows)
            if (claims := _claim_columns(subject, row, order))
        },
        "refs": [_refs(row.sources, order) for row in subject.rows],
        "sources": [_source_columns(source) for source in subject.sources.values()],
        "ground": [_source_columns(source)[:4] for source in subject.district_set.sources.values()],
        "anchors": _anchors(subject),
        "places": [
            [place.name, place.name_today if fold(place.name_today) != fold(place.name) else "", place.commune or "",
             place.certainty]
            for place in (subject.places[key] for key in subject.placed())
        ],
        "people": [
            [subject.text("people", key, "name", code)[0] for code in subject.config.languages]
            for key in sorted(subject.people)
        ],
    }  # fmt: skip


def _each(
    subject: Subject, table: str, keys: list[str], field: str, make: Callable[[str], str]
) -> dict[str, list[str | None]]:
    def one(key: str, code: str) -> str | None:
        text, written = subject.text(table, key, field, code)
        return make(text) if written == code else None

    return {code: [one(key, code) for key in keys] for code in subject.config.languages}


def _claim_columns(subject: Subject, row: Event, order: dict[str, int]) -> list[Any]:
    def each(claim: Claim, field: str) -> list[str | None]:
        return [column[0] for column in _each(subject, "claims", [claim.id], field, str).values()]

    return [
        [about, [[each(c, "value"), each(c, "note") if c.note else 0, _refs(c.source, order)] for c in claims]]
        for about, claims in _accounts(subject, row).items()
    ]


def _refs(refs: Iterable[Ref], order: dict[str, int]) -> list[Any]:
    return [[order[ref.source], None if ref.locator == NOT_SEEN else ref.locator] for ref in refs]


def _source_columns(source: Source) -> list[str]:
    return [source.author, source.title, source.publisher, source.year, source.url]


def _anchors(subject: Subject) -> dict[str, list[int]]:
    """Return where the sources of figures stand, by anchor: 0 for ``sources`` or 1 for ``ground``, and the row."""
    found: dict[str, list[int]] = {}
    tables = [
        ("s-", subject.statistics, subject.sources),
        ("b-", subject.district_set.statistics.rows, subject.district_set.sources),
    ]
    for number, (prefix, rows, sources) in enumerate(tables):
        order = list(sources)
        cited = {ref.source for row in rows for ref in row.source}
        found |= {prefix + key: [number, order.index(key)] for key in sorted(cited)}
    return found
