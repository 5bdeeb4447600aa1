"""Hypothesis strategies for dates: texts over the whole grammar of `when`, extents and intervals."""

from __future__ import annotations

from datetime import datetime, timedelta

import oracle
from hypothesis import strategies as st

MINUTE = timedelta(minutes=1)
years = st.integers(1846, 1850)
months = st.integers(1, 12)
qualifiers = st.sampled_from(["", "", "", "?", "~", "%"])
parts_of_day = st.sampled_from(sorted(oracle.HOURS))


@st.composite
def days(draw: st.DrawFn) -> str:
    """Days; half of them in one week, so that intervals meet."""
    if draw(st.booleans()):
        return f"1848-02-{draw(st.integers(22, 28)):02}"
    return draw(st.dates(datetime(1846, 1, 1).date(), datetime(1850, 12, 31).date())).isoformat()


@st.composite
def date_times(draw: st.DrawFn) -> str:
    hour = draw(st.one_of(st.sampled_from([0, 4, 12, 23]), st.integers(0, 23)))
    minute = draw(st.one_of(st.sampled_from([0, 59]), st.integers(0, 59)))
    return f"{draw(days())}T{hour:02}:{minute:02}"


@st.composite
def unknown_digits(draw: st.DrawFn) -> str:
    year, month = draw(years), draw(months)
    tens = draw(st.integers(0, 2 if month == 2 else 3))
    return draw(st.sampled_from(["184X", "185X", f"{year}-0X", f"{year}-1X", f"{year}-{month:02}-{tens}X"]))


@st.composite
def single_dates(draw: st.DrawFn) -> str:
    """Draw one date of any precision, with or without a qualifier."""
    year_months = st.builds(lambda y, m: f"{y}-{m:02}", years, months)
    forms: list[st.SearchStrategy[str]] = [days(), days(), date_times(), date_times(), unknown_digits(), year_months]
    text: str = draw(st.one_of(*forms, years.map(str)))
    return text + draw(qualifiers)


@st.composite
def ordered_dates(draw: st.DrawFn) -> tuple[str, str]:
    """Two dates, the second not wholly before the first; their ranges may overlap."""
    a, b = draw(single_dates()), draw(single_dates())
    if draw(st.booleans()):
        # One of them the day, month or year that holds the other: their ranges narrow each other.
        coarse = oracle.read_date(a).lo.isoformat()[: draw(st.sampled_from([4, 7, 10]))]
        a, b = draw(st.permutations([a, coarse]))
    return (a, b) if oracle.read_date(b).hi >= oracle.read_date(a).lo else (b, a)


@st.composite
def whens(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a `when` and its part of day, over every form."""
    form = draw(st.sampled_from(["one", "one", "part", "a/b", "a/b", "a/..", "a/", "../b", "/b", "[a..b]"]))
    if form == "part":
        return draw(days()) + draw(qualifiers), draw(parts_of_day)
    if form == "one":
        return draw(single_dates()), ""
    a, b = draw(ordered_dates())
    return {
        "a/b": f"{a}/{b}", "a/..": f"{a}/..", "a/": f"{a}/", "../b": f"../{b}", "/b": f"/{b}", "[a..b]": f"[{a}..{b}]"
    }[form], ""  # fmt: skip


@st.composite
def extents(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """First minute of an extent and the minute after its last: a few days, or years."""
    if draw(st.booleans()):
        start = datetime(1848, 2, draw(st.integers(20, 25)))
        return start, start + timedelta(days=draw(st.integers(1, 6)))
    start = draw(st.sampled_from([datetime(1845, 1, 1), datetime(1847, 6, 15), datetime(1848, 2, 22, 18)]))
    return start, start + timedelta(days=draw(st.integers(30, 2500)))


@st.composite
def intervals(draw: st.DrawFn, extent: tuple[datetime, datetime], near: set[datetime]) -> tuple[datetime, datetime]:
    """Draw an interval [s, e) inside an extent; its ends lie often on, just before or just after the minutes `near`."""
    begin, end = extent
    telling = {m + i * MINUTE for m in near | {begin, end} for i in (-1, 0, 1)}
    choice = sorted(m for m in telling if begin <= m <= end)
    length = int((end - begin) / MINUTE)
    minute = st.one_of(st.sampled_from(choice), st.integers(0, length).map(lambda i: begin + i * MINUTE))
    s, e = sorted((draw(minute), draw(minute)))
    if s == e:
        s, e = (s, s + MINUTE) if s < end else (s - MINUTE, s)
    return s, e
