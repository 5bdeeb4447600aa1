"""A slow second reading of dates, steps and bins, written from DESIGN.md alone; it imports nothing of mapgen.

Times are naive `datetime` objects, one a minute. Nothing here is clever: a date is found by looking at every day of
its year, a state by trying pairs of start and end, a step by counting days.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOURS = {
    "small-hours": (0, 4), "dawn": (4, 7), "morning": (6, 12), "noon": (11, 13),
    "afternoon": (12, 18), "evening": (18, 22), "night": (22, 24),
}  # fmt: skip


class RefusedError(Exception):
    """The text is no `when` of DESIGN.md section 4."""


# --- Reading -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Range:
    """Minutes `lo` to `hi`, both included, one of which is meant."""

    lo: datetime
    hi: datetime
    qualified: bool
    is_day: bool


@dataclass(frozen=True)
class Reading:
    """What a `when` allows: a start and an end, each in its range.

    `same`: start and end are one moment. `to_stop`: the end is the extent's last minute, or the start if that is later.
    `from_begin`: the start is the extent's first minute, or the end if that is earlier.
    """

    starts: tuple[datetime, datetime]
    ends: tuple[datetime, datetime]
    same: bool = False
    to_stop: bool = False
    from_begin: bool = False
    capped: bool = False

    @property
    def bounds(self) -> set[datetime]:
        return {*self.starts, *self.ends}


def matches(text: str, day: str) -> bool:
    """Say whether a day (YYYY-MM-DD) may be meant by a pattern whose X is any digit."""
    return all(a in (b, "X") for a, b in zip(text, day[: len(text)], strict=True))


@cache
def days_of(text: str) -> tuple[date, date] | None:
    """Return the first and last day that fit a year, month or day by looking at every day of the years it may mean."""
    lowest, highest = int(text[:4].replace("X", "0")), int(text[:4].replace("X", "9"))
    found = []
    for year in range(max(1, lowest), min(9999, highest) + 1):
        if not matches(text[:4], f"{year:04}"):
            continue
        day = date(year, 1, 1)
        while day.year == year:
            if matches(text, day.isoformat()):
                found.append(day)
            if day == date.max:
                break
            day += DAY
    return (found[0], found[-1]) if found else None


def read_date(text: str) -> Range:
    qualified = text[-1:] in ("?", "~", "%")
    bare = text[:-1] if qualified else text
    day_text, has_time, time_text = bare.partition("T")
    shape = "".join("9" if c in "0123456789" else c for c in day_text)
    if shape not in ("9999", "999X", "9999-99", "9999-9X", "9999-99-99", "9999-99-9X"):
        raise RefusedError(text)
    days = days_of(day_text)
    if days is None:
        raise RefusedError(text)
    if not has_time:
        lo, hi = (datetime(d.year, d.month, d.day) for d in days)
        return Range(lo, hi + timedelta(hours=23, minutes=59), qualified, shape == "9999-99-99")
    if shape != "9999-99-99" or time_text not in {f"{h:02}:{m:02}" for h in range(24) for m in range(60)}:
        raise RefusedError(text)
    at = datetime.combine(days[0], datetime.min.time()) + timedelta(
        hours=int(time_text[:2]), minutes=int(time_text[3:])
    )
    return Range(at, at, qualified, False)


def read(text: str, extent: tuple[datetime, datetime], part_of_day: str = "") -> Reading:
    """Read a `when`; `extent` is its first minute and the minute after its last."""
    begin, stop = extent[0], extent[1] - MINUTE
    if part_of_day:
        day = read_date(text)
        if part_of_day not in HOURS or not day.is_day:
            raise RefusedError(text)
        first, after = (day.lo + timedelta(hours=h) for h in HOURS[part_of_day])
        return moment((first, after - MINUTE), day.qualified)
    if text[:1] == "[" or text[-1:] == "]":
        sides = text[1:-1].split("..")
        if text[:1] != "[" or text[-1:] != "]" or len(sides) != 2:
            raise RefusedError(text)
        a, b = (read_date(side) for side in sides)
        ordered(a, b)
        return moment((a.lo, b.hi), a.qualified or b.qualified)
    if text.count("/") == 0:
        a = read_date(text)
        return moment((a.lo, a.hi), a.qualified)
    if text.count("/") > 1:
        raise RefusedError(text)
    left, right = text.split("/")
    if left in ("", "..") and right in ("", ".."):
        raise RefusedError(text)
    if left == "..":
        b = read_date(right)
        return Reading((begin, begin), (b.lo, b.hi), from_begin=True, capped=b.qualified)
    if left == "":
        b = read_date(right)
        return Reading((min(begin, b.lo), b.hi), (b.lo, b.hi), capped=b.qualified)
    a = read_date(left)
    if right == "..":
        return Reading((a.lo, a.hi), (stop, stop), to_stop=True, capped=a.qualified)
    if right == "":
        return Reading((a.lo, a.hi), (a.lo, max(stop, a.hi)), capped=a.qualified)
    b = read_date(right)
    ordered(a, b)
    return Reading((a.lo, a.hi), (b.lo, b.hi), capped=a.qualified or b.qualified)


def moment(inside: tuple[datetime, datetime], qualified: bool) -> Reading:
    return Reading(inside, inside, same=True, capped=qualified)


def ordered(a: Range, b: Range) -> None:
    if b.hi < a.lo:
        raise RefusedError("ends before it starts")


# --- States ------------------------------------------------------------------------------------------------------


def every_minute(lo: datetime, hi: datetime) -> list[datetime]:
    return [lo + i * MINUTE for i in range(int((hi - lo) / MINUTE) + 1)]


def telling_minutes(lo: datetime, hi: datetime, cuts: tuple[datetime, ...]) -> list[datetime]:
    """Return the ends of a range and the minutes on both sides of each cut.

    On an interval [s, e) a pair of start and end is judged by three comparisons only: start < e, end >= s, and start
    <= end. Take any pair that is allowed. Move its start down to the lowest minute of its range on the same side of
    e (the range's first minute, or e), and its end up to the highest minute of its range on the same side of s (the
    range's last minute, or s - 1): start <= end still holds, the other two are unchanged. So a pair made of these
    minutes is judged alike, and trying only these decides *every* and *some* as trying all minutes does.
    `test_trying_the_telling_minutes_is_as_good_as_trying_every_minute` tries all minutes.
    """
    near = {m for cut in cuts for m in (cut - MINUTE, cut)}
    return sorted({lo, hi} | {m for m in near if lo <= m <= hi})


def pairs(reading: Reading, cuts: tuple[datetime, ...] | None) -> Iterator[tuple[datetime, datetime]]:
    """Return the starts and ends that a reading allows: every minute if `cuts` is None."""

    def minutes(lo: datetime, hi: datetime) -> list[datetime]:
        return every_minute(lo, hi) if cuts is None else telling_minutes(lo, hi, cuts)

    if reading.from_begin:
        yield from ((min(end, reading.starts[0]), end) for end in minutes(*reading.ends))
        return
    for start in minutes(*reading.starts):
        if reading.same:
            yield start, start
        elif reading.to_stop:
            yield start, max(start, reading.ends[0])
        else:
            yield from ((start, end) for end in minutes(*reading.ends) if start <= end)


def state(reading: Reading, s: datetime, e: datetime, *, slowly: bool = False) -> str:
    """Return certain, possible or absent on the interval [s, e)."""
    hits = [start < e and end >= s for start, end in pairs(reading, None if slowly else (s, e))]
    assert hits
    if all(hits) and not reading.capped:
        return "certain"
    return "possible" if any(hits) else "absent"


def is_outside(reading: Reading, extent: tuple[datetime, datetime]) -> bool:
    return state(reading, *extent) == "absent"


# --- Steps -------------------------------------------------------------------------------------------------------


def step_starts(extent: tuple[datetime, datetime], rules: list[tuple[datetime, str]]) -> list[datetime]:
    """Return where steps begin, by walking: minutes and days are added, months and years looked for day by day."""
    found = []
    for k, (begin, every) in enumerate(rules):
        until = rules[k + 1][0] if k + 1 < len(rules) else extent[1]
        at = begin
        while at < until:
            found.append(at)
            at = walk(at, every)
    return found


def walk(at: datetime, every: str) -> datetime:
    count, unit = int(every.strip("PTDMYH")), every[-1]
    if "T" in every:
        return at + timedelta(**{"hours" if unit == "H" else "minutes": count})
    if unit == "D":
        return at + timedelta(days=count)
    day = datetime(at.year, at.month, at.day)
    for _ in range(count):
        day += DAY
        while day.day != 1 or (unit == "Y" and day.month != 1):
            day += DAY
    return day


def interval(starts: list[datetime], end: datetime, index: int, mode: str) -> tuple[datetime, datetime]:
    after = starts[index + 1] if index + 1 < len(starts) else end
    if mode == "step":
        return starts[index], after
    if mode == "sofar":
        return starts[0], after
    first = index
    for _ in range(int(mode.removeprefix("window-")) - 1):
        first = max(0, first - 1)
    return starts[first], after


# --- A subject ---------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A subject's files, read plainly."""

    extent: tuple[datetime, datetime]
    starts: list[datetime]
    events: list[dict[str, str]]
    places: dict[str, dict[str, str]]
    readings: dict[str, Reading]
    config: dict[str, Any]

    def shown(self, index: int, mode: str) -> dict[str, str]:
        """Return the state of each event on a step."""
        s, e = interval(self.starts, self.extent[1], index, mode)
        return {key: state(reading, s, e) for key, reading in self.readings.items()}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def world(folder: Path) -> World:
    config = tomllib.loads((folder / "subject.toml").read_text(encoding="utf-8"))
    extent = (read_date(config["extent"]["start"]).lo, read_date(config["extent"]["end"]).lo)
    starts = step_starts(extent, [(read_date(r["from"]).lo, r["every"]) for r in config["steps"]])
    events = rows_of(folder / "events.csv")
    places = {row["id"]: row for row in rows_of(folder / "places.csv")}
    readings = {row["id"]: read(row["when"], extent, row["part_of_day"]) for row in events}
    return World(extent, starts, events, places, readings, config)
