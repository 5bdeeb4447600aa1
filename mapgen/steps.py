"""Steps of time and what an interval shows: certain, possible or absent. All times are minutes, see `mapgen.dates`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from mapgen.dates import DAY, DateError, When, Words, day_words, minutes, moment, parse_part, time_words

Ints = npt.NDArray[np.int64]
States = npt.NDArray[np.uint8]

ABSENT, POSSIBLE, CERTAIN = 0, 1, 2
MODES = ("step", "sofar", "window")
_EVERY = re.compile(r"P(?:(\d+)(D|M|Y)|T(\d+)(H|M))", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """Steps of one length: `every` is an ISO 8601 duration (``PT15M``, ``PT6H``, ``P1D``, ``P1M``, ``P1Y``)."""

    start: int
    every: str


@dataclass(frozen=True)
class Steps:
    """The steps of a subject: step i runs from ``starts[i]`` to ``starts[i + 1]``, the last one to `end`.

    Attributes
    ----------
    starts
        First minute of each step, rising; shape (n,).
    end
        The minute after the last step.
    rule
        Index of the rule that made each step; shape (n,).
    """

    starts: Ints
    end: int
    rule: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def bounds(self, index: int) -> tuple[int, int]:
        """Return first minute and the minute after the last of one step."""
        return int(self.starts[index]), int(self.starts[index + 1]) if index + 1 < len(self) else self.end

    def at(self, minute: int) -> int | None:
        """Return the step that holds a minute, or None outside the extent."""
        if not int(self.starts[0]) <= minute < self.end:
            return None
        return int(np.searchsorted(self.starts, minute, side="right")) - 1

    def interval(self, index: int, mode: str) -> tuple[int, int]:
        """Return the interval on which `mode` (``step``, ``sofar``, ``window-N``) looks at a step."""
        _, end = self.bounds(index)
        if mode == "sofar":
            return int(self.starts[0]), end
        return int(self.starts[max(0, index - mode_width(mode) + 1)]), end


def mode_width(mode: str) -> int:
    """Return over how many steps a mode looks: 1 for ``step``, N for ``window-N``.

    Raises
    ------
    DateError
        If there is no such mode.
    """
    if mode == "step":
        return 1
    match = re.fullmatch(r"window-([1-9]\d{0,2})", mode, re.ASCII)
    if match is None:
        raise DateError(f"mode {mode!r} is not known", "Use step, sofar or window-N, N from 1 to 999")
    return int(match[1])


def build(extent: tuple[int, int], rules: list[Rule], most: int | None = None) -> Steps:
    """Divide an extent into steps.

    Each rule runs until the next begins. Steps of months and years follow the calendar: the first one may be short.

    Raises
    ------
    DateError
        If a duration cannot be read, the rules do not begin at the extent's start or do not rise, or there would be
        more than `most` steps.
    """
    starts: list[int] = []
    owner: list[int] = []
    for k, rule in enumerate(rules):
        end = rules[k + 1].start if k + 1 < len(rules) else extent[1]
        if end <= rule.start:
            raise DateError("steps begin after their end", "Put the rules in rising order inside the extent")
        at = rule.start
        while at < end:
            if len(starts) == most:
                raise DateError(f"makes more than {most} steps", "Write longer steps, or a shorter extent")
            starts.append(at)
            owner.append(k)
            at = _next(at, rule.every)
    if not starts or starts[0] != extent[0]:
        raise DateError("the first rule does not begin at the extent's start", "Give both the same date")
    return Steps(np.array(starts, dtype=np.int64), extent[1], np.array(owner, dtype=np.int64))


def _next(at: int, every: str) -> int:
    match = _EVERY.fullmatch(every)
    if match is None or int(match[1] or match[3]) == 0:
        raise DateError(f"{every!r} is not a length of steps", "Use PT15M, PT6H, P1D, P7D, P1M or P1Y")
    if match[3]:
        return at + int(match[3]) * (60 if match[4] == "H" else 1)
    count, unit = int(match[1]), match[2]
    if unit == "D":
        return at + count * DAY
    day = moment(at)[0]
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "Y" else 1)
    if months // 12 > date.max.year:
        return minutes(date.max) + DAY
    return minutes(date(months // 12, 1 if unit == "Y" else months % 12 + 1, 1))


@dataclass(frozen=True)
class Times:
    """The `When` of many events as columns, each of shape (n,); `capped` is boolean."""

    first: Ints
    first_latest: Ints
    last_earliest: Ints
    last: Ints
    capped: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, whens: list[When]) -> Times:
        """Gather the columns."""
        fields = ("first", "first_latest", "last_earliest", "last")
        first, first_latest, last_earliest, last = (
            np.array([getattr(w, name) for w in whens], dtype=np.int64) for name in fields
        )
        return cls(first, first_latest, last_earliest, last, np.array([w.capped for w in whens], dtype=bool))

    def states(self, start: int, end: int) -> States:
        """Return the state of each event on the interval [start, end).

        An event is *certain* when it overlaps the interval whatever its true times, *possible* when some of its times
        make it overlap (or a qualifier caps it), else absent.
        """
        certain = (self.first_latest < end) & (self.last_earliest >= start) & ~self.capped
        possible = (self.first < end) & (self.last >= start)
        return np.where(certain, CERTAIN, np.where(possible, POSSIBLE, ABSENT)).astype(np.uint8)

    def first_steps(self, steps: Steps) -> Ints:
        """Return for each event its first possible step, where the strip counts it; shape (n,)."""
        return np.clip(np.searchsorted(steps.starts, self.first, side="right") - 1, 0, len(steps) - 1)


def step_of(text: str, steps: Steps) -> int:
    """Return the step that a date or date-time means: without an hour, the first step that overlaps that day.

    Raises
    ------
    DateError
        If the text is no date or lies outside the extent.
    """
    part = parse_part(text)
    if part.unit not in ("day", "minute") or part.qualifier:
        raise DateError("is not a day or a minute", "Write 1848-02-24 or 1848-02-24T12:00")
    index = steps.at(max(part.first, int(steps.starts[0])) if part.last >= steps.starts[0] else part.first)
    if index is None:
        raise DateError("lies outside the subject", "Choose a date inside the extent")
    return index


# --- Words -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepWords:
    """What is said of a step: large date, hours under it, and the short name that begins its sentence."""

    date: str
    hours: str
    short: str


def step_words(start: int, end: int, w: Words) -> StepWords:
    """Return a step in words.

    A day is written in full, hours of a day below the day, several days, months and years as a range.
    """
    (day, hour, minute), last = moment(start), moment(end - 1)[0]
    whole = hour == minute == 0 and end % DAY == 0
    if day == last:
        full = w["date"]["sentence_case"].format(day_words(day, w, weekday=True))
        name = day_words(day, w, year=False)
        if whole:
            return StepWords(_capital(full), "", name)
        hours = w["step"]["hours"].format(a=_clock(start, w), b=_clock(end, w))
        return StepWords(_capital(full), _capital(hours), f"{name}, {_part_name(start, end, w)}")
    text = _range_words(day, last, w) if whole else _minute_range(start, end, w)
    return StepWords(_capital(text), "", text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clock(at: int, w: Words) -> str:
    """Return an hour of the clock, midnight and noon by name."""
    _, hour, minute = moment(at)
    names = w["step"]["clock"]
    if minute == 0 and str(hour) in names:
        return str(names[str(hour)])
    if minute == 0 and "am" in names:
        return f"{hour % 12 or 12} {names['am' if hour < 12 else 'pm']}"
    return time_words(hour, minute, w)


def _part_name(start: int, end: int, w: Words) -> str:
    """Return the name of a quarter of a day, else the hour at which the step begins."""
    _, hour, minute = moment(start)
    if end - start == 360 and minute == 0 and str(hour) in w["step"]["quarters"]:
        return str(w["step"]["quarters"][str(hour)])
    return time_words(hour, minute, w)


def _range_words(first: date, last: date, w: Words) -> str:
    d = w["date"]
    tomorrow = date.fromordinal(last.toordinal() + 1)
    if first.day == first.month == 1 and tomorrow.day == tomorrow.month == 1:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first.day == 1 and tomorrow.day == 1 and first.month == last.month and first.year == last.year:
        return str(d["month_year"].format(month=d["months"][first.month - 1], year=first.year))
    if (first.year, first.month) == (last.year, last.month):
        left = d["first"] if first.day == 1 else str(first.day)
    else:
        left = day_words(first, w, year=first.year != last.year)
    return str(d["range"].format(a=left, b=day_words(last, w)))


def _minute_range(start: int, end: int, w: Words) -> str:
    ends = [moment(start), moment(end)]
    texts = [w["date"]["at_time"].format(day=day_words(d, w), time=time_words(h, m, w)) for d, h, m in ends]
    return str(w["date"]["range"].format(a=texts[0], b=texts[1]))


# --- Columns for the page ---------------------------------------------------------------------------------------------


def step_columns(steps: Steps, w: Words) -> dict[str, list[Any]]:
    """Return what is said of each step, as columns of one text a step, and the axis of the strip.

    ``date`` is the large date, ``hours`` what stands below it, ``typed`` the day as a reader types it, ``brief`` the
    date for narrow frames, ``short`` the name that begins a sentence (empty where it is the date); ``ticks`` are
    [step, text], ``days`` the same for the days between them where steps are shorter than a day, ``units`` are
    [first step, last step, text, short text].
    """
    bounds = [steps.bounds(i) for i in range(len(steps))]
    words = [step_words(start, end, w) for start, end in bounds]
    ticks, days, units = _axis(steps, bounds, w)
    return {
        "date": [x.date for x in words],
        "hours": [x.hours for x in words],
        "typed": [day_words(moment(start)[0], w) for start, _ in bounds],
        "brief": [_brief(start, w) if end - start <= DAY else "" for start, end in bounds],
        "short": [x.short if _capital(x.short) != x.date else "" for x in words],
        "ticks": ticks,
        "days": days,
        "units": units,
    }


def _brief(start: int, w: Words) -> str:
    return _capital(day_words(moment(start)[0], w, weekday=True, short=True))


def _axis(steps: Steps, bounds: list[tuple[int, int]], w: Words) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the axis of the strip: ticks and days [step, text], stretches of one length [first, last, long, short]."""
    ticks: dict[int, str] = {}
    days: list[Any] = []
    units: list[Any] = []
    rule = steps.rule
    for i, (start, end) in enumerate(bounds):
        day, before = moment(start)[0], moment(bounds[max(i - 1, 0)][0])[0]
        fresh = i == 0 or rule[i] != rule[i - 1]
        if fresh:
            units.append([i, i, *_unit_words(end - start, w)])
        units[-1][1] = i
        month = before.month != day.month and end - start <= 7 * DAY
        year = before.year != day.year
        if (fresh and (i == 0 or before != day)) or month or year:
            ticks[i] = _tick(day, end - start, w, year=year)
        elif end - start < DAY and before != day:
            days.append([i, _tick(day, DAY, w, year=False)])
    return [[i, text] for i, text in sorted(ticks.items())], days, units


def _tick(day: date, length: int, w: Words, *, year: bool) -> str:
    if length > 40 * DAY or (year and length > 7 * DAY):
        return str(day.year)
    if length > 7 * DAY:
        return str(w["date"]["months_short"][day.month - 1])
    return day_words(day, w, year=False, short=True)


_MEAN = {"year": 365.2425 * DAY, "month": 30.436875 * DAY}


def _unit_words(length: int, w: Words) -> tuple[str, str]:
    """Return the length of a bar in words, long and short."""
    units = w["step"]["units"]
    for name, size in (("year", 360 * DAY), ("month", 20 * DAY), ("week", 7 * DAY), ("day", DAY), ("hour", 60)):
        if length >= size:
            count = max(1, round(length / _MEAN[name])) if name in _MEAN else length // size
            if count == 1:
                return units[name], units[name + "_short"]
            return units["many_" + name].format(count), units["many_" + name + "_short"].format(count)
    return units["many_minute"].format(length), units["many_minute_short"].format(length)
