"""Dates as sources give them: a documented subset of EDTF (ISO 8601-2), read into minutes.

Minutes are integers of the proleptic Gregorian calendar, local time of the place; 0001-01-01T00:00 is minute 1440.
No time zone is known anywhere: a date of 1848 is that date for every reader.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import cos, radians
from typing import Any, Literal

DAY = 1440
Unit = Literal["minute", "part", "day", "month", "year", "digit"]
Kind = Literal["moment", "span", "open", "unknown-end", "since-start", "unknown-start", "one-of"]
Words = dict[str, Any]

PARTS: dict[str, tuple[int, int]] = {
    "small-hours": (0, 4), "dawn": (4, 7), "morning": (6, 12), "noon": (11, 13),
    "afternoon": (12, 18), "evening": (18, 22), "night": (22, 24),
}  # fmt: skip
"""Hours of the parts of a day, first included, last excluded."""

_DATE = re.compile(r"(\d{4}|\d{3}X)(?:-(\d\d|\dX)(?:-(\d\d|\dX)(?:T(\d\d):(\d\d))?)?)?([?~%])?", re.ASCII)


class DateError(ValueError):
    """A `when` that cannot be read; the message says what is wrong, `remedy` what was meant."""

    def __init__(self, message: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Part:
    """One date of a `when`: the minutes `first` to `last` (both included) that it may mean."""

    text: str
    first: int
    last: int
    unit: Unit
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """The times an event may have covered.

    The event covers the minutes *start* to *end*, both included, with *start* in [`first`, `first_latest`] and *end* in
    [`last_earliest`, `last`]. `capped` is true when a qualifier (``?``, ``~``, ``%``) keeps it from ever being certain.
    """

    text: str
    kind: Kind
    first: int
    first_latest: int
    last_earliest: int
    last: int
    capped: bool
    a: Part | None
    b: Part | None
    part_of_day: str = ""


def minutes(day: date, hour: int = 0, minute: int = 0) -> int:
    """Return the minute at which a day, hour and minute stand."""
    return day.toordinal() * DAY + hour * 60 + minute


def moment(minute: int) -> tuple[date, int, int]:
    """Return day, hour and minute of a minute, the inverse of `minutes`."""
    days, rest = divmod(minute, DAY)
    return date.fromordinal(days), rest // 60, rest % 60


def iso(minute: int) -> str:
    """Return a minute as ``YYYY-MM-DDTHH:MM``."""
    day, hour, rest = moment(minute)
    return f"{day.isoformat()}T{hour:02}:{rest:02}"


def parse_part(text: str) -> Part:
    """Read one date: a year, month, day or minute, ``X`` for the last digit, with or without a qualifier.

    Raises
    ------
    DateError
        With the form that was probably meant.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise DateError("is not a date that can be read", _meant(text))
    year, month, day, hour, minute, qualifier = match.groups()
    if (month and "X" in year) or (day and month and "X" in month) or (hour and day and "X" in day):
        raise DateError("X stands only for the last digit of the whole date", "Write 184X, 1848-0X or 1848-02-2X")
    days = _days(year, month, day)
    if not days:
        raise DateError("is not a day, month or year of the calendar", _real(year, month, day))
    first, last = minutes(days[0]), minutes(days[-1]) + DAY - 1
    unit: Unit = "day" if day else "month" if month else "year"
    if hour is not None:
        if int(hour) > 23 or int(minute) > 59:
            raise DateError("is not a time of day", "Hours go from 00 to 23, minutes from 00 to 59")
        first = last = minutes(days[0], int(hour), int(minute))
        unit = "minute"
    return Part(text, first, last, "digit" if "X" in text else unit, qualifier or "")


def parse(text: str, extent: tuple[int, int], part_of_day: str = "") -> When:
    """Read a `when` cell.

    Parameters
    ----------
    text
        The cell.
    extent
        First minute of the subject and the minute after its last; open ends reach to them.
    part_of_day
        A key of `PARTS`, with a single day only.

    Returns
    -------
    When
        The times the event may have covered.

    Raises
    ------
    DateError
        If the text is outside the subset or ends before it starts.
    """
    start, stop = extent[0], extent[1] - 1
    if not text:
        raise DateError("is empty", "Write when it happened, such as 1848-02-24")
    if part_of_day:
        return _parse_day_part(text, part_of_day)
    if text.startswith("[") or text.endswith("]"):
        return _parse_one_of(text)
    if "/" not in text or re.fullmatch(r"\d+/\d+/\d+", text):
        a = parse_part(text)
        return When(text, "moment", a.first, a.last, a.first, a.last, bool(a.qualifier), a, None)
    left, right = _split(text, "/")
    if left in ("", "..") and right in ("", ".."):
        raise DateError("has neither a start nor an end", "Give at least one of the two dates")
    if left in ("", ".."):
        b = parse_part(right)
        kind: Kind = "since-start" if left else "unknown-start"
        latest = start if left else b.last
        return When(text, kind, min(start, b.last), min(latest, b.last), b.first, b.last, bool(b.qualifier), None, b)
    a = parse_part(left)
    if right in ("", ".."):
        kind = "open" if right else "unknown-end"
        last = max(stop, a.last)
        return When(text, kind, a.first, a.last, last if right else a.first, last, bool(a.qualifier), a, None)
    b = parse_part(right)
    _check_order(a, b)
    # A start after the end is impossible, so the two ranges narrow each other.
    return When(
        text, "span", a.first, min(a.last, b.last), max(b.first, a.first), b.last, bool(a.qualifier + b.qualifier), a, b
    )


def _parse_day_part(text: str, part_of_day: str) -> When:
    if part_of_day not in PARTS:
        raise DateError(f"part of day {part_of_day!r} is not known", "Use one of " + ", ".join(PARTS))
    a = parse_part(text) if "/" not in text and "[" not in text else None
    if a is None or a.unit != "day":
        raise DateError("a part of day goes with a single day only", "Give one day, or leave part_of_day empty")
    hours = PARTS[part_of_day]
    first, last = a.first + hours[0] * 60, a.first + hours[1] * 60 - 1
    part = Part(text, first, last, "part", a.qualifier)
    return When(text, "moment", first, last, first, last, bool(a.qualifier), part, None, part_of_day)


def _parse_one_of(text: str) -> When:
    if re.fullmatch(r"\[.*\][?~%]", text):
        raise DateError("has a qualifier after the bracket", "Put it after the date it belongs to, inside the brackets")
    if not (text.startswith("[") and text.endswith("]")):
        raise DateError("has one square bracket only", "Write [a..b], for instance [1848-02-22..1848-02-24]")
    left, right = _split(text[1:-1], "..")
    a, b = parse_part(left), parse_part(right)
    _check_order(a, b)
    return When(text, "one-of", a.first, b.last, a.first, b.last, bool(a.qualifier + b.qualifier), a, b)


def _split(text: str, mark: str) -> tuple[str, str]:
    pieces = text.split(mark)
    if len(pieces) != 2:
        raise DateError(f"needs exactly one {mark!r}", f"Write two dates with {mark} between them")
    return pieces[0], pieces[1]


def _check_order(a: Part, b: Part) -> None:
    if b.last < a.first:
        raise DateError("ends before it starts", f"Swap the dates or correct one: {b.text} lies before {a.text}")


def _days(year: str, month: str | None, day: str | None) -> list[date]:
    """Return the first and last day that the digits may mean, or nothing."""
    found = []
    for y in _digits(year):
        for m in _digits(month) if month else (1, 12):
            if not (1 <= y <= 9999 and 1 <= m <= 12):
                continue
            length = monthrange(y, m)[1]
            found += [date(y, m, d) for d in (_digits(day) if day else (1, length)) if 1 <= d <= length]
    return [min(found), max(found)] if found else []


def _digits(text: str) -> range | tuple[int]:
    return range(int(text[:-1] + "0"), int(text[:-1] + "0") + 10) if text.endswith("X") else (int(text),)


def _real(year: str, month: str | None, day: str | None) -> str:
    if day and month and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12 and int(year):
        length = monthrange(int(year), int(month))[1]
        return f"{year}-{month} has the days 01 to {length}"
    return "Months go from 01 to 12, days from 01; years from 0001 to 9999"


def _meant(text: str) -> str:
    """Say which form was probably meant by a text that is not a date."""
    bare = text.strip()
    rules: tuple[tuple[str, str], ...] = (
        (r"(.+?)(?:Z|[+-]\d\d:?\d\d)", "No time zones: write the local time of the place, such as 1848-02-24T03:30"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", "No seconds: write 1848-02-24T03:30"),
        (r"\d{4}-\d\d-\d\d \d\d?:\d\d", "Put a T between day and time: " + bare.replace(" ", "T")),
        (r".+\.\..+", "Write [a..b] for a moment between two dates, a/b for what went on from one to the other"),
        (r"-\d+.*|.*\bB\.?C.*", "Years before 0001 are not supported"),
    )
    for pattern, remedy in rules:
        if re.fullmatch(pattern, bare, re.IGNORECASE):
            return remedy
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
        return f"Write {match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    if match := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2,4})", bare):
        day, month, year = int(match[1]), int(match[2]), match[3]
        if len(year) < 4:
            return "Write the year with four digits, as in 1848-02-24"
        if day <= 12 and month <= 12 and day != month:
            return f"Day and month are ambiguous: write {year}-{month:02}-{day:02} or {year}-{day:02}-{month:02}"
        return f"Write {year}-{min(day, month) if day > 12 else day:02}-{max(day, month) if day > 12 else month:02}"
    if bare != text:
        return f"Take away the spaces: {bare}"
    return "Write 1848, 1848-02, 1848-02-24, 1848-02-24T03:30, 1848-02-2X, a/b, a/.., a/, ../b, /b or [a..b]"


# --- Words -----------------------------------------------------------------------------------------------------------


@cache
def words(language: str) -> Words:
    """Return the words of the interface in one language (``mapgen/locale/xx.toml``).

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    return tomllib.loads((files("mapgen") / "locale" / f"{language}.toml").read_text(encoding="utf-8"))


def languages() -> list[str]:
    """Return the languages that the interface speaks, sorted."""
    found = (files("mapgen") / "locale").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in found if entry.name.endswith(".toml"))


def day_words(day: date, w: Words, *, weekday: bool = False, year: bool = True, short: bool = False) -> str:
    """Return a day in words, such as « samedi 1er avril 1848 »."""
    months = w["date"]["months_short" if short else "months"]
    number = w["date"]["first"] if day.day == 1 else str(day.day)
    text = w["date"]["day_month"].format(day=number, month=months[day.month - 1])
    if year:
        text = w["date"]["with_year"].format(day=text, year=day.year)
    names = w["date"]["weekdays_short" if short else "weekdays"]
    return str(w["date"]["with_weekday"].format(weekday=names[day.weekday()], day=text) if weekday else text)


def time_words(hour: int, minute: int, w: Words) -> str:
    """Return a time of day in words, such as ``15:00`` or « 15 h »."""
    pattern = w["date"]["hour" if minute == 0 else "time"]
    return str(pattern).format(hour=hour, hour2=f"{hour:02}", minute=f"{minute:02}")


def label(when: When, w: Words) -> str:
    """Return a `when` in words, with its certainty."""
    d = w["date"]
    if when.kind == "moment":
        assert when.a is not None
        return _qualified(_part_words(when.a, w, when.part_of_day), when.a.qualifier, w, when.a.unit)
    if when.kind in ("span", "one-of"):
        assert when.a is not None
        assert when.b is not None
        if _same_day(when.a, when.b):
            text = str(d["at_time"].format(day=day_words(moment(when.a.first)[0], w), time=_hours(when, w)))
            doubt = "?" if {when.a.qualifier, when.b.qualifier} & {"?", "%"} else ""
            return _qualified(text, doubt, w, "minute")
        left = _end(when.a, w, "from" if when.kind == "span" else "between", short=_same_year(when.a, when.b))
        return f"{left} {_end(when.b, w, 'to' if when.kind == 'span' else 'and')}"
    if when.a is not None:
        text = _end(when.a, w, "since")
        return text if when.kind == "open" else d["end_unknown"].format(text)
    assert when.b is not None
    text = _end(when.b, w, "until")
    return text if when.kind == "since-start" else d["start_unknown"].format(text)


def hour_words(when: When, w: Words) -> str:
    """Return the hour or part of day of an event, empty where only the day or less is known."""
    if when.a is not None and when.b is not None and _same_day(when.a, when.b):
        return _hours(when, w)
    if when.a is None or when.kind != "moment":
        return ""
    if when.part_of_day:
        return str(w["date"]["parts"][when.part_of_day])
    return _about(time_words(*moment(when.first)[1:], w), when.a.qualifier, w) if when.a.unit == "minute" else ""


def _same_year(a: Part, b: Part) -> bool:
    return moment(a.first)[0].year == moment(b.first)[0].year and {a.unit, b.unit} <= {"day", "minute", "month"}


def _same_day(a: Part, b: Part) -> bool:
    return a.unit == "minute" and b.unit in ("minute", "day") and a.first // DAY == b.first // DAY


def _hours(when: When, w: Words) -> str:
    """Return the hours of an interval inside one day: its two ends, or its start where the end is the day's."""
    assert when.a is not None
    assert when.b is not None
    left, right = (_about(time_words(*moment(p.first)[1:], w), p.qualifier, w) for p in (when.a, when.b))
    if when.b.unit == "day":
        return str(w["date"]["from_time"].format(left))
    return str(w["date"]["from_to_time" if when.kind == "span" else "between_times"].format(a=left, b=right))


def _end(part: Part, w: Words, role: str, *, short: bool = False) -> str:
    """Return one end of an interval with its preposition, which some languages choose by what follows."""
    d = w["date"]
    text = _part_words(part, w, short=short)
    kind = "day" if part.unit in ("day", "minute") or (text[0].isdigit() and part.unit == "digit") else "other"
    if part.unit == "digit" and moment(part.first)[0].year != moment(part.last)[0].year:
        kind = "decade"
    elif kind == "other" and text[0].lower() in "aeiouy":
        kind = "vowel"
    text = str(d.get(f"{role}_{kind}", d[role])).format(text)
    if part.qualifier in ("~", "%") and part.unit != "minute":
        text = d["about_end"].format(text)
    return str(d["uncertain"].format(text)) if part.qualifier in ("?", "%") else text


def _part_words(part: Part, w: Words, part_of_day: str = "", *, short: bool = False) -> str:
    d = w["date"]
    day, hour, minute = moment(part.first)
    if part.unit == "year":
        return str(day.year)
    if part.unit == "month":
        month = d["months"][day.month - 1]
        return month if short else str(d["month_year"].format(month=month, year=day.year))
    if part.unit == "digit":
        return _digit_words(part, w)
    text = day_words(day, w, year=not short)
    if part.unit == "minute":
        return str(d["at_time"].format(day=text, time=_about(time_words(hour, minute, w), part.qualifier, w)))
    if part.unit == "part":
        return str(d["at_time"].format(day=text, time=d["parts"][part_of_day]))
    return text


def _digit_words(part: Part, w: Words) -> str:
    d = w["date"]
    first, last = moment(part.first)[0], moment(part.last)[0]
    if first.year != last.year:
        return str(d["decade"].format(first.year))
    if first.month != last.month:
        months = d["months"]
        month = d["range_months"].format(a=months[first.month - 1], b=months[last.month - 1])
        return str(d["month_year"].format(month=month, year=first.year))
    left = d["first"] if first.day == 1 else str(first.day)
    return str(d["range"].format(a=left, b=day_words(last, w)))


def _about(text: str, qualifier: str, w: Words) -> str:
    return str(w["date"]["about_time"].format(text)) if qualifier in ("~", "%") else text


def _qualified(text: str, qualifier: str, w: Words, unit: Unit) -> str:
    if qualifier in ("~", "%") and unit != "minute":
        text = w["date"].get("about_day" if unit in ("day", "part") else "about", w["date"]["about"]).format(text)
    return w["date"]["uncertain"].format(text) if qualifier in ("?", "%") else text


# --- The republican calendar -----------------------------------------------------------------------------------------

FIRST_REPUBLICAN = date(1792, 9, 22)
# Terms of the September equinox: J. Meeus, Astronomical Algorithms (2nd ed. 1998), chapter 27, tables 27.B and 27.C.
_EQUINOX = (2451810.21715, 365242.01767, -0.11575, 0.00337, 0.00078)
_TERMS = (
    (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186), (182, 27.85, 445267.112),
    (156, 73.14, 45036.886), (136, 171.52, 22518.443), (77, 222.54, 65928.934), (74, 296.72, 3034.906),
    (70, 243.58, 9037.513), (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226),
    (45, 247.54, 29929.562), (44, 325.15, 31555.956), (29, 60.93, 4443.417), (18, 155.12, 67555.328),
    (17, 288.79, 4562.452), (16, 198.04, 62894.029), (14, 199.76, 31436.921), (12, 95.39, 14577.848),
    (12, 287.11, 31931.756), (12, 320.81, 34777.259), (9, 227.73, 1222.114), (8, 15.45, 16859.074),
)  # fmt: skip
_OBSERVATORY = (
    2 + 20 / 60 + 14 / 3600
) / 360  # days by which the meridian of the calendar's decree is ahead of Greenwich
_DELTA_T = 8 / 86400  # terrestrial minus universal time in days; within 15 s for the whole of 1790-1900


def republican(day: date) -> str:
    """Return a day in the French republican calendar, such as « 27 ventôse an 79 ».

    The year begins on the day of the true autumn equinox at the observatory named by the decree of 4 frimaire an II
    (24 November 1793), article 3; the names are those of that decree.

    Raises
    ------
    DateError
        Before 22 September 1792, the calendar's first day.
    """
    if day < FIRST_REPUBLICAN:
        raise DateError("lies before the republican calendar", "It begins on 1792-09-22")
    year = day.year - 1791 if day >= _equinox_day(day.year) else day.year - 1792
    elapsed = (day - _equinox_day(year + 1791)).days
    w = words("fr")["republican"]
    month, rest = divmod(elapsed, 30)
    number = words("fr")["date"]["first"] if rest == 0 else rest + 1
    return str(w["year"].format(day=f"{number} {w['months'][month]}" if month < 12 else w["extra"][rest], year=year))


@cache
def _equinox_day(year: int) -> date:
    y = (year - 2000) / 1000
    mean = sum(c * y**k for k, c in enumerate(_EQUINOX))
    t = (mean - 2451545.0) / 36525
    w = radians(35999.373 * t - 2.47)
    stretch = 1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w)
    shift = sum(a * cos(radians(b + c * t)) for a, b, c in _TERMS)
    julian = mean + 0.00001 * shift / stretch - _DELTA_T + _OBSERVATORY
    return date.fromordinal(int(julian + 0.5) - 1721425)
