"""The time of a subject made from somebody's own table: extent and length of steps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from mapgen.dates import DAY, iso, minutes, moment, parse
from mapgen.new.dates import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapgen.dates import Part

FEWEST, MOST, BEST = 20, 200, 60
HOUR, MONTH, YEAR = 60, 43_830, 525_960
LENGTHS = {
    "PT1H": HOUR, "PT3H": 3 * HOUR, "PT6H": 6 * HOUR, "P1D": DAY, "P7D": 7 * DAY, "P1M": MONTH, "P3M": 3 * MONTH,
    "P1Y": YEAR, "P5Y": 5 * YEAR, "P10Y": 10 * YEAR, "P50Y": 50 * YEAR, "P100Y": 100 * YEAR,
}  # fmt: skip
"""Lengths of steps and their minutes, those of months and years on average."""
UNITS = {"minute": 0, "part": HOUR, "day": DAY, "month": MONTH, "year": YEAR, "digit": YEAR}


class Time(NamedTuple):
    """Extent of a subject, where it opens, the step that repeats and about how many of them (`length`) there are."""

    start: str
    end: str
    open_at: str
    every: str
    length: int


def choose(whens: Iterable[str]) -> Time:
    """Return an extent from the first to the day after the last date, rounded outwards, and steps that fit it.

    There are between about 20 and 200 steps, none finer than the finest date where that is possible.

    Parameters
    ----------
    whens
        At least one `when`.
    """
    read = [parse(when, ALWAYS) for when in whens]
    parts: list[Part] = [part for when in read for part in (when.a, when.b) if part is not None]
    first, last = min(part.first for part in parts), max(part.last for part in parts)
    opens = min((part.first for part in parts if part.unit in ("minute", "day")), default=first)
    finest = min(UNITS[part.unit] for part in parts)
    spans = {every: _round(first, last, every) for every in LENGTHS}
    counts = {every: max(1, round((end - start) / LENGTHS[every])) for every, (start, end) in spans.items()}

    def rank(every: str) -> tuple[bool, bool, float]:
        count = counts[every]
        fits = FEWEST <= count <= MOST
        return not fits, fits and LENGTHS[every] < finest, max(count / BEST, BEST / count)

    every = min(LENGTHS, key=rank)
    start, end = spans[every]
    return Time(_short(start), _short(end), _short(max(start, opens)), every, counts[every])


def _round(first: int, last: int, every: str) -> tuple[int, int]:
    """Return first minute and the one after the last, moved outwards to whole days, months or years."""
    day, after = moment(first)[0], moment(last)[0].toordinal() + 1
    end = date.fromordinal(min(after, date.max.toordinal()))
    if every.endswith("M"):
        day = day.replace(day=1)
        if end.day != 1 and (end.year, end.month) < (9999, 12):
            end = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    elif every.endswith("Y"):
        size = int(every[1:-1])
        day = date(max(1, day.year // size * size), 1, 1)
        if (end.month, end.day) != (1, 1) or end.year % size:
            year = (end.year // size + 1) * size
            end = date(year, 1, 1) if year <= 9999 else date.max
    return minutes(day), minutes(end)


def _short(minute: int) -> str:
    text = iso(minute)
    return text.removesuffix("T00:00")
