"""The dates of somebody's own table, put into the language of `when`; one that can mean two days is refused."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mapgen.dates import DateError, languages, minutes, parse, parse_part, words
from mapgen.new.intake import plain

if TYPE_CHECKING:
    from collections.abc import Iterable


ALWAYS = (minutes(date(1, 1, 1)), minutes(date(9999, 12, 31)))
"""The widest extent."""
MORE_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
)
"""Months in languages that the interface does not speak."""
_CLOCK = r"(\d{1,2})(?:[:h.](\d\d))?(?::(\d\d)(?:\.\d+)?)?\s*([ap]\.?m\.?|h|Uhr)?"
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T,]+(.+))?", re.ASCII)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T,]+(.+))?", re.ASCII)


class Order(NamedTuple):
    """What the other cells of a column say of their numbers: which comes first, and the line that shows it."""

    first: str
    line: int
    midnight: bool


@cache
def _months() -> dict[str, int]:
    """Return the number of each month by its name and by its first three or four letters."""
    found: dict[str, int] = {}
    lists = [words(language)["date"][key] for language in languages() for key in ("months", "months_short")]
    for names in [*lists, *(line.split() for line in MORE_MONTHS)]:
        for number, name in enumerate(names, 1):
            for key in (plain(name), plain(name)[:4], plain(name)[:3]):
                found.setdefault(key, number)
    found.pop("jui", None)
    return found


def month_number(text: str) -> int | None:
    """Return the number of a month named in any known language, else None."""
    return _months().get(plain(text))


def learn(cells: Iterable[tuple[int, str]]) -> Order:
    """Look through a column for dates that can be read in one way only, such as 25/12/1999."""
    seen: dict[str, int] = {}
    clocks = []
    for line, text in cells:
        if match := _NUMBERS.fullmatch(text):
            if int(match[1]) > 12:
                seen.setdefault("day", line)
            elif int(match[3]) > 12:
                seen.setdefault("month", line)
        match = match or _ISO.fullmatch(text)
        clocks += [match[5]] if match and match[5] else []
    midnight = bool(clocks) and all(re.fullmatch(r"0?0:00(:00(\.0+)?)?", clock) for clock in clocks)
    (first, line) = next(iter(seen.items())) if len(seen) == 1 else ("", 0)
    return Order(first, line, midnight)


def to_when(text: str, order: Order) -> str:
    """Return a date in the language of `when`.

    Raises
    ------
    DateError
        If it cannot be read or can mean two days.
    """
    if order.midnight and (day := re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]0?0:00.*", text)):
        text = day[1]
    for attempt in (text, *_simple(text)):
        try:
            parse(attempt, ALWAYS)
        except DateError:
            continue
        return attempt
    if match := _ISO.fullmatch(text):
        return _join(match[1], match[3], match[4], match[5], order)
    if match := _NUMBERS.fullmatch(text):
        return _numbers(match, order)
    if found := _named(text):
        return found
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        raise DateError("is a spreadsheet's number of a day", "Format the column as a date and export it again")
    parse(text, ALWAYS)  # says what is wrong
    raise AssertionError(text)


def _simple(text: str) -> list[str]:
    """Return what a text may mean that needs no look at its day: years, decades, spans of years, about."""
    found = []
    if match := re.fullmatch(r"(\d{1,4})(?:\.0+)?", text):
        found.append(match[1].zfill(4))
    if match := re.fullmatch(r"(\d{3})0'?s", text):
        found.append(match[1] + "X")
    if match := re.fullmatch(r"(\d{4})\s*[-–—]\s*(\d{4})", text):
        found.append(f"{match[1]}/{match[2]}")
    if match := re.fullmatch(r"(?:c\.?|ca\.?|circa|about|um|vers|hacia)\s*(\d{4}(?:-\d\d(?:-\d\d)?)?)", text, re.I):
        found.append(match[1] + "~")
    if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        found.append("-".join(match.groups()))
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", text):
        found.append(f"{match[1]}-{match[2]:0>2}")
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{4})", text):
        found.append(f"{match[2]}-{match[1]:0>2}")
    return found


def _join(year: str, month: str, day: str, clock: str | None, order: Order) -> str:
    when = f"{year}-{int(month):02}-{int(day):02}"
    parse_part(when)
    return when if clock is None or order.midnight else f"{when}T{to_clock(clock)}"


def _numbers(match: re.Match[str], order: Order) -> str:
    a, sign, b, year, clock = match.groups()
    day_first = int(a) > 12 or a == b or (int(b) <= 12 and (sign == "." or order.first == "day"))
    if not day_first and int(b) <= 12 and order.first != "month":
        parse_part(match[0].split()[0].rstrip(","))  # says that day and month are ambiguous
    return _join(year, *((b, a) if day_first else (a, b)), clock, order)


def _named(text: str) -> str:
    """Return a date whose month is a word, such as 9 November 1989, November 9th, 1989 or Nov 1989; else nothing."""
    clean = re.sub(r"\b(\d{1,2})(st|nd|rd|th|er|o|º|\.)(?=\W|$)", r"\1", text)
    parts = [p for p in re.split(r"[\s,.\-/]+", clean) if p and p.lower() not in ("of", "de", "del", "the", "le")]
    names = [p for p in parts if plain(p) in _months()]
    numbers = [p for p in parts if p.isdecimal()]
    years, days = [n for n in numbers if len(n) == 4], [n for n in numbers if len(n) < 3]
    if len(names) != 1 or len(years) != 1 or len(days) > 1 or len(parts) != 2 + len(days):
        return ""
    when = f"{years[0]}-{_months()[plain(names[0])]:02}" + "".join(f"-{int(n):02}" for n in days)
    parse_part(when)
    return when


def to_clock(text: str) -> str:
    """Return a time of day as ``HH:MM``; seconds are left out.

    Raises
    ------
    DateError
        If it is none, or in a time zone.
    """
    if re.search(r"\d\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)$", text):
        raise DateError("has a time zone", "Write the local time of the place, such as 18:30")
    match = re.fullmatch(_CLOCK, text.strip(), re.IGNORECASE)
    if match is None or (match[2] is None and match[4] is None):
        raise DateError("is not a time of day that can be read", "Write 18:30")
    hour, half = int(match[1]), (match[4] or "").lower().replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise DateError("is not a time of day", "Hours before am and pm go from 1 to 12")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or int(match[2] or 0) > 59:
        raise DateError("is not a time of day", "Hours go from 00 to 23, minutes from 00 to 59")
    return f"{hour:02}:{match[2] or '00'}"
