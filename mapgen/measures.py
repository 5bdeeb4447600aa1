"""What can be shown on the districts: figures by measure and date, their changes, and the classes of their colours."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mapgen.dates import label, parse
from mapgen.subject import interface_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapgen.rows import Statistic
    from mapgen.subject import Subject

CLASSES = 5
"""Colours of a choropleth: as many as an eye tells apart in one hue (Brewer 1994, Color use guidelines for mapping)."""
CHANGES = ((1, 3), (2, 6), (5, 15), (10, 30), (20, 60), (50, 150))
"""Limits in per cent of a change: within the first it is called level, beyond the second large."""
ALL_CHANGES = 4
"""Up to so many dates each pair of them is offered; of more only neighbours, and the first with the last."""


def measures(subject: Subject) -> list[dict[str, Any]]:
    """Return the measures of the contract that have figures, in its order.

    Each has ``id``, ``name`` and ``series``: one entry a date with ``when`` (as written), ``words`` (by language),
    ``level`` (index of the finest level with figures), ``values`` (one a district in the order of their ids, None where
    absent), ``whole``, ``limits`` (where the second to the last class begin) and ``sources`` (anchors of the page); and
    ``changes``: entries with ``from``, ``to`` (indices of series), ``level``, ``limits`` (per cent). Figures of places
    are added up in the districts that hold them, where these have none of their own.
    """
    districts = sorted(subject.district_set.rows)
    rows = [("b-", row) for row in subject.district_set.statistics.rows]
    rows += [("s-", row) for row in subject.statistics]
    found = []
    for measure in subject.config.measures:
        mine = [(prefix, row) for prefix, row in rows if row.measure == measure.id]
        dates = sorted({row.when for _, row in mine}, key=lambda when: (_moment(subject, when), when))
        series = [_series(subject, districts, [pair for pair in mine if pair[1].when == when], when) for when in dates]
        series = [entry for entry in series if any(value is not None for value in entry["values"])]
        if series:
            found.append({"id": measure.id, "name": measure.name, "series": series, "changes": _changes(series)})
    return found


def _moment(subject: Subject, when: str) -> int:
    return _parse(subject, when).first if when else 0


def _parse(subject: Subject, when: str) -> Any:
    return parse(when, (0, subject.steps.end))


def _series(subject: Subject, districts: list[str], pairs: list[tuple[str, Statistic]], when: str) -> dict[str, Any]:
    rows = [row for _, row in pairs]
    values = {row.district: row.value for row in rows if row.district}
    sums: dict[str, float] = {}
    for row in rows:
        for key in subject.bins_above(subject.place_bins[row.place]) if row.place else ():
            sums[key] = sums.get(key, 0) + row.value
    values = {**sums, **values}
    columns = [_plain(values.get(key)) for key in districts]
    level, shown = _finest(subject, districts, columns)
    whole = [row.value for row in rows if not row.district and not row.place]
    sources = {prefix + ref.source for prefix, row in pairs for ref in row.source}
    words = {k: label(_parse(subject, when), w) if when else "" for k, w in interface_words(subject).items()}
    return {
        "when": when, "words": words, "level": level, "values": columns, "whole": _plain(whole[0] if whole else None),
        "limits": class_limits(shown), "sources": sorted(sources),
    }  # fmt: skip


def _finest(subject: Subject, districts: list[str], values: list[float | None]) -> tuple[int, list[float]]:
    """Return the finest level that has figures, and these."""
    levels = [level.id for level in subject.district_set.levels]
    for index in reversed(range(len(levels))):
        at = [subject.district_set.rows[key].level == levels[index] for key in districts]
        shown = [v for v, here in zip(values, at, strict=True) if here and v is not None]
        if shown:
            return index, shown
    return 0, []


def _plain(value: float | None) -> float | int | None:
    return value if value is None or value != int(value) else int(value)


def class_limits(values: Iterable[float], classes: int = CLASSES) -> list[float | int]:
    """Return where the second to the last class begin: round numbers that part the values into classes of like size.

    Where there are no more values than classes each gets its own.
    """
    unique = sorted(set(values))
    if len(unique) <= classes:
        return [number for value in unique[1:] if (number := _plain(value)) is not None]
    unit = 10.0 ** math.floor(math.log10((unique[-1] - unique[0]) / classes)) / 2
    limits = sorted({round(float(q) / unit) * unit for q in np.quantile(list(values), np.arange(1, classes) / classes)})
    whole = all(value == int(value) for value in unique)
    inner = [math.ceil(limit) if whole else round(limit, 10) for limit in limits if unique[0] < limit <= unique[-1]]
    return [number for limit in inner if (number := _plain(limit)) is not None]


def _changes(series: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = range(len(series))
    pairs = list(combinations(numbers, 2))
    if len(series) > ALL_CHANGES:
        pairs = [*pairwise(numbers), (0, len(series) - 1)]
    found = []
    for a, b in pairs:
        limits = _change_limits(series[a]["values"], series[b]["values"])
        if limits and series[a]["level"] == series[b]["level"]:
            found.append({"from": a, "to": b, "level": series[a]["level"], "limits": limits})
    return found


def _change_limits(before: list[float | None], after: list[float | None]) -> list[int]:
    """Return the limits of a change in per cent that part the large from the small ones best; none without a pair."""
    sizes = [abs(b - a) / a * 100 for a, b in zip(before, after, strict=True) if a and b is not None]
    if not sizes:
        return []
    large = max(float(np.quantile(sizes, 0.8)), 0.1)
    small, big = min(CHANGES, key=lambda pair: abs(math.log(pair[1] / large)))
    return [-big, -small, small, big]
