"""The texts of events as columns, from which the page makes its cards: ``page-data.js`` reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mapgen.cells import NOT_SEEN, Ref
from mapgen.chronology import accounts
from mapgen.dates import hour_words, words
from mapgen.texts import fold, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mapgen.subject import Subject


SOURCE = ("author", "title", "publisher", "year", "url")
"""What is told of a source, in the order in which the page reads it."""
SHORT_NUMBER = re.compile(r"\b\d\d?\b")
"""A day, an hour or a minute in words."""


def text_columns(subject: Subject) -> dict[str, Any]:
    """Return the texts that the page shows of events, in the order of `Subject.rows`.

    ``title, text`` (HTML without anything but the marks of the texts) by language, None where the language has none and
    the first one stands for it; ``tour``: those of its stops; ``when``: see `_when_columns`; ``claims``: see
    `_claim_columns`; ``refs``: references of each event, places of ``sources`` and locators, None for one not seen;
    ``sources, ground``: columns of author, title, publisher, year (and address) of those of the events and of the
    districts; ``anchors``: which of them figures name; ``places, people``: columns of their names, in the order in
    which the events' columns number them; a name is None in another language where it is the same.
    """
    order = {key: k for k, key in enumerate(subject.sources)}
    keys, stops = [row.id for row in subject.rows], [stop.id for stop in subject.stops()]
    sources, ground = subject.sources.values(), subject.district_set.sources.values()
    return {
        "title": _each(subject, "events", keys, "title", str),
        "text": _each(subject, "events", keys, "text", lambda text: str(markdown(text))),
        "tour": {
            "title": _each(subject, "tour", stops, "title", str),
            "text": _each(subject, "tour", stops, "text", lambda text: str(markdown(text))),
        },
        "when": _when_columns(subject),
        "claims": _claim_columns(subject, order),
        "refs": [_refs(row.sources, order) for row in subject.rows],
        "sources": [[getattr(row, name) for row in sources] for name in SOURCE],
        "ground": [[getattr(row, name) for row in ground] for name in SOURCE[:4]],
        "anchors": _anchors(subject),
        "places": _place_columns(subject),
        "people": _people_columns(subject),
    }


def _each(
    subject: Subject, table: str, keys: list[str], field: str, make: Callable[[str], str]
) -> dict[str, list[str | None]]:
    def one(key: str, code: str) -> str | None:
        text, written = subject.text(table, key, field, code)
        return make(text) if written == code else None

    return {code: [one(key, code) for key in keys] for code in subject.config.languages}


def _when_columns(subject: Subject) -> dict[str, Any]:
    """Return when events happened, in words: which of ``forms`` each fills with its ``numbers``.

    A form has a text for each language, with a tab for each number and line feeds around the hour. The numbers are a
    column a language, None where they are those of the first one; years stay in the forms, as there are few.
    """
    all_words = [words(code) for code in subject.config.languages]
    forms: dict[tuple[str, ...], int] = {}
    column: list[int] = []
    numbers: list[list[str | None]] = [[] for _ in all_words]
    for i, when in enumerate(subject.whens):
        said = [_said(subject.when_words(i, w), hour_words(when, w)) for w in all_words]
        form = tuple(SHORT_NUMBER.sub("\t", text) for text in said)
        column.append(forms.setdefault(form, len(forms)))
        mine = [" ".join(SHORT_NUMBER.findall(text)) for text in said]
        for k, own in enumerate(mine):
            numbers[k].append(None if k and own == mine[0] else own)
    return {"forms": list(forms), "form": column, "numbers": numbers}


def _said(when: str, hour: str) -> str:
    """Return both as one text: what is before the hour, the hour, what is after; the hour last where it is not part."""
    if not hour:
        return when
    before, found, after = when.partition(hour)
    return "\n".join((before, found, after) if found else (when, "", "", hour))


def _claim_columns(subject: Subject, order: dict[str, int]) -> dict[str, Any]:
    """Return the accounts of all events as columns.

    ``events``: for each that has any what they are about and how many; then a row an account: ``value, note`` by
    language, the note empty in the first one where there is none, and its ``refs``. ``agreed``: the events whose
    accounts say the same.
    """
    groups = {i: found for i, row in enumerate(subject.rows) if (found := accounts(subject, row))}
    claims = [claim for found in groups.values() for rows in found.values() for claim in rows]
    keys = [claim.id for claim in claims]
    return {
        "events": {str(i): [[about, len(rows)] for about, rows in found.items()] for i, found in groups.items()},
        "agreed": [i for i in groups if not subject.disputed.get(subject.rows[i].id)],
        "value": _each(subject, "claims", keys, "value", str),
        "note": _each(subject, "claims", keys, "note", str),
        "refs": [_refs(claim.source, order) for claim in claims],
    }


def _place_columns(subject: Subject) -> list[list[str]]:
    rows = [subject.places[key] for key in subject.placed()]
    return [
        [row.name for row in rows],
        [row.name_today if fold(row.name_today) != fold(row.name) else "" for row in rows],
        [row.commune or "" for row in rows],
        [row.certainty for row in rows],
    ]


def _people_columns(subject: Subject) -> list[Sequence[str | None]]:
    names = [
        [subject.text("people", key, "name", code)[0] for key in sorted(subject.people)]
        for code in subject.config.languages
    ]
    return [names[0], *([None if a == b else b for a, b in zip(names[0], own, strict=True)] for own in names[1:])]


def _refs(refs: Iterable[Ref], order: dict[str, int]) -> list[Any]:
    return [[order[ref.source], None if ref.locator == NOT_SEEN else ref.locator] for ref in refs]


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
