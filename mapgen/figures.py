"""The tables of the chronology: events and newest figures of the districts, a table a level."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from mapgen.measures import measures
from mapgen.subject import interface_words

if TYPE_CHECKING:
    from mapgen.dates import Words
    from mapgen.subject import Subject

Texts = dict[str, str]
REST = ("city", "outside", "unplaced")
"""Where events are counted that are in no district."""


def tables(subject: Subject) -> dict[str, Any]:
    """Return a table for each level of districts: events of the whole period and the newest figure of each measure.

    ``title``, and ``tables`` with ``caption``, ``numbered`` (whether districts have numbers), ``heads`` (of columns),
    ``rows`` (``number, name, today, values``) and ``sums`` (``name, values``), the last of which is all events.
    Texts are by language.
    """
    words, found = interface_words(subject), measures(subject)
    counts = Counter(key for where in subject.bins for key in subject.bins_above(where))
    levels = range(len(subject.district_set.levels))
    return {
        "title": {k: w["ui"]["districts"] for k, w in words.items()},
        "tables": [_table(subject, level, counts, found, words) for level in levels],
    }


def _table(
    subject: Subject, level: int, counts: Counter[str], found: list[dict[str, Any]], words: dict[str, Words]
) -> dict[str, Any]:
    districts = subject.district_set
    ids, order = sorted(districts.rows), {level.id: level.name for level in subject.config.district_sets[0].levels}
    rows = [districts.rows[key] for key in ids if districts.level_of(key) == level]
    rows.sort(key=lambda row: (row.number if row.number is not None else 0, row.id))
    places = [ids.index(row.id) for row in rows]
    newest = [(m, series) for m in found if (series := _newest(m, places))]
    numbered = any(row.number is not None for row in rows)
    names = {k: order[districts.levels[level].id].get(k, districts.levels[level].id) for k in words}
    heads = [
        {k: w["tables"][key] for k, w in words.items()} for key in (*["number"][: int(numbered)], "name", "events")
    ]
    return {
        "caption": {k: w["tables"]["caption"].format(level=names[k]) for k, w in words.items()},
        "numbered": numbered,
        "heads": heads + [{k: _measure(m, series, w, k) for k, w in words.items()} for m, series in newest],
        "rows": [
            {
                "number": "" if row.number is None else row.number,
                "name": row.name,
                "today": row.name_today if row.name_today != row.name else "",
                "values": [_told(value, words) for value in (counts[row.id], *(s["values"][at] for _, s in newest))],
            }
            for row, at in zip(rows, places, strict=True)
        ],
        "sums": _sums(subject, level, counts, [series for _, series in newest], words),
    }


def _newest(measure: dict[str, Any], places: list[int]) -> dict[str, Any] | None:
    """Return the last figures of a measure that any of some districts has."""
    series = [entry for entry in measure["series"] if any(entry["values"][at] is not None for at in places)]
    return series[-1] if series else None


def _measure(measure: dict[str, Any], series: dict[str, Any], w: Words, language: str) -> str:
    name, when = measure["name"][language], series["words"][language]
    return str(w["ui"]["measure"]["title"].format(name=name, when=when)) if when else str(name)


def _sums(
    subject: Subject, level: int, counts: Counter[str], newest: list[dict[str, Any]], words: dict[str, Words]
) -> list[dict[str, Any]]:
    """Return the events that are in no district of a level, and all."""
    districts, names = subject.district_set, subject.config.district_sets[0].levels
    bins = Counter(subject.bins)
    none: list[Any] = [None] * len(newest)
    found = []
    for k in range(level):
        only = sum(bins[key] for key in districts.rows if districts.level_of(key) == k)
        told = {c: w["tables"]["only"].format(level=names[k].name.get(c, names[k].id)) for c, w in words.items()}
        found.append((told, [only, *none], only))
    found += [({c: w["tables"][key] for c, w in words.items()}, [counts[key], *none], counts[key]) for key in REST]
    shown = [(told, values) for told, values, number in found if number]
    whole = [series["whole"] for series in newest]
    shown.append(({c: w["tables"]["total"] for c, w in words.items()}, [len(subject.rows), *whole]))
    return [{"name": told, "values": [_told(value, words) for value in values]} for told, values in shown]


def _told(value: float | None, words: dict[str, Words]) -> Texts:
    """Return a number as each language writes it; nothing where there is none."""
    return {k: "" if value is None else _number(value, w["tables"]) for k, w in words.items()}


def _number(value: float, w: dict[str, str]) -> str:
    whole, _, rest = f"{value:,}".partition(".")
    return whole.replace(",", w["thousands"]) + (w["decimal"] + rest if rest else "")
