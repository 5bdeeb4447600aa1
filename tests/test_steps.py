"""Steps of time, the intervals of modes, and the words of a step."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import numpy as np
import oracle
import pytest
import whens
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mapgen import dates, steps

MINUTE = timedelta(minutes=1)
UNEQUAL = [
    ("1848-01-01", "P7D"),
    ("1848-02-20", "P1D"),
    ("1848-02-23", "PT6H"),
    ("1848-02-26", "P1M"),
    ("1849-01-01", "P1Y"),
]
EVERY = ["PT1M", "PT15M", "PT90M", "PT6H", "PT24H", "P1D", "P3D", "P7D", "P1M", "P3M", "P1Y", "P2Y"]


def minute(at: datetime) -> int:
    return dates.minutes(at.date(), at.hour, at.minute)


def build(extent: tuple[datetime, datetime], rules: list[tuple[datetime, str]]) -> steps.Steps:
    return steps.build((minute(extent[0]), minute(extent[1])), [steps.Rule(minute(at), every) for at, every in rules])


def unequal() -> tuple[tuple[datetime, datetime], list[tuple[datetime, str]]]:
    extent = (datetime(1848, 1, 1), datetime(1852, 1, 1))
    return extent, [(datetime.fromisoformat(at), every) for at, every in UNEQUAL]


def starts(found: steps.Steps) -> list[str]:
    return [dates.iso(int(at)) for at in found.starts]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[tuple[datetime, datetime], list[tuple[datetime, str]]]:
    """Draw an extent with up to four rules that begin at any minute; short steps only where they are few."""
    begin = draw(st.datetimes(min_value=datetime(1840, 1, 1), max_value=datetime(1850, 1, 1)))
    at = begin.replace(second=0, microsecond=0)
    rules, begin = [], at
    for _ in range(draw(st.integers(1, 4))):
        every = draw(st.sampled_from(EVERY))
        rules.append((at, every))
        most = 400 if "T" in every else 60_000 if every.endswith("D") else 3_000_000
        at += draw(st.integers(1, most)) * MINUTE
    return (begin, at), rules


@given(calendars())
def test_steps_begin_where_a_walk_through_the_calendar_stops(
    calendar: tuple[tuple[datetime, datetime], list[tuple[datetime, str]]],
) -> None:
    extent, rules = calendar
    assert [int(at) for at in build(extent, rules).starts] == [minute(at) for at in oracle.step_starts(extent, rules)]


@given(calendars())
@settings(max_examples=100)
def test_every_minute_of_an_extent_belongs_to_exactly_one_step(
    calendar: tuple[tuple[datetime, datetime], list[tuple[datetime, str]]],
) -> None:
    extent, rules = calendar
    found = build(extent, rules)
    bounds = [found.bounds(i) for i in range(len(found))]
    assert bounds[0][0] == minute(extent[0])
    assert bounds[-1][1] == minute(extent[1])
    assert all(a < b for a, b in bounds)
    assert all(left[1] == right[0] for left, right in itertools.pairwise(bounds))
    length = bounds[-1][1] - bounds[0][0]
    tried = range(bounds[0][0], bounds[-1][1]) if length < 3000 else {m for b in bounds for m in (b[0], b[1] - 1)}
    for at in tried:
        index = found.at(at)
        assert index is not None
        assert found.bounds(index)[0] <= at < found.bounds(index)[1]
    assert found.at(bounds[0][0] - 1) is None
    assert found.at(bounds[-1][1]) is None


def test_unequal_rules_each_run_until_the_next_begins() -> None:
    found = build(*unequal())
    assert starts(found)[:14] == [
        "1848-01-01T00:00", "1848-01-08T00:00", "1848-01-15T00:00", "1848-01-22T00:00", "1848-01-29T00:00",
        "1848-02-05T00:00", "1848-02-12T00:00", "1848-02-19T00:00", "1848-02-20T00:00", "1848-02-21T00:00",
        "1848-02-22T00:00", "1848-02-23T00:00", "1848-02-23T06:00", "1848-02-23T12:00",
    ]  # fmt: skip
    assert list(found.rule[:12]) == [0] * 8 + [1] * 3 + [2]


def test_months_and_years_follow_the_calendar_and_the_first_may_be_short() -> None:
    found = build(*unequal())
    assert starts(found)[23:] == [
        "1848-02-26T00:00", "1848-03-01T00:00", "1848-04-01T00:00", "1848-05-01T00:00", "1848-06-01T00:00",
        "1848-07-01T00:00", "1848-08-01T00:00", "1848-09-01T00:00", "1848-10-01T00:00", "1848-11-01T00:00",
        "1848-12-01T00:00", "1849-01-01T00:00", "1850-01-01T00:00", "1851-01-01T00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "every", ["", "1D", "P0D", "P1W", "PT1D", "P1H", "P1.5D", "P1DT6H", "p1d", "P-1D", "PT", "P٣D"]
)
def test_a_length_that_cannot_be_read_is_refused_with_the_lengths_that_can(every: str) -> None:
    extent, _ = unequal()
    with pytest.raises(dates.DateError) as caught:
        build(extent, [(extent[0], every)])
    assert "P1D" in caught.value.remedy


def test_rules_that_do_not_rise_or_do_not_begin_with_the_extent_are_refused() -> None:
    extent, rules = unequal()
    for bad in (rules[::-1], rules[1:], [], [*rules, (extent[1], "P1D")], [*rules, rules[-1]]):
        with pytest.raises(dates.DateError) as caught:
            build(extent, bad)
        assert caught.value.remedy


@pytest.mark.parametrize("every", ["P1M", "P1Y", "P1D", "P9999Y", "P99999999D"])
def test_steps_at_the_end_of_the_calendar_do_not_run_over_it(every: str) -> None:
    extent = (datetime(9998, 6, 1), datetime(9999, 12, 31))
    found = build(extent, [(extent[0], every)])
    assert found.bounds(len(found) - 1)[1] == minute(extent[1])


# --- Intervals ---------------------------------------------------------------------------------------------------


@given(calendars(), st.sampled_from(["step", "sofar", "window-1", "window-2", "window-3", "window-999"]), st.data())
@settings(max_examples=150)
def test_a_mode_looks_at_the_interval_that_design_gives_it(
    calendar: tuple[tuple[datetime, datetime], list[tuple[datetime, str]]], mode: str, data: st.DataObject
) -> None:
    extent, rules = calendar
    found, walked = build(extent, rules), oracle.step_starts(extent, rules)
    index = data.draw(st.integers(0, len(found) - 1))
    s, e = oracle.interval(walked, extent[1], index, mode)
    assert found.interval(index, mode) == (minute(s), minute(e))


@pytest.mark.parametrize("mode", ["", "steps", "window", "window-", "window-0", "window-x", "window-1000", "so far"])
def test_an_unknown_mode_is_refused_with_the_known_ones(mode: str) -> None:
    with pytest.raises(dates.DateError) as caught:
        build(*unequal()).interval(0, mode)
    assert all(known in caught.value.remedy for known in ("step", "sofar", "window-N"))


@given(st.lists(whens.whens(), min_size=1, max_size=8), st.data())
@settings(max_examples=150)
def test_columns_of_times_have_the_state_of_each_time_and_so_far_never_forgets(
    texts: list[tuple[str, str]], data: st.DataObject
) -> None:
    extent, rules = unequal()
    found = build(extent, rules)
    times = steps.Times.of([dates.parse(t, (minute(extent[0]), minute(extent[1])), part) for t, part in texts])
    names = ["absent", "possible", "certain"]
    index = data.draw(st.integers(0, len(found) - 1))
    s, e = oracle.interval(oracle.step_starts(extent, rules), extent[1], index, "sofar")
    now = times.states(*found.interval(index, "sofar"))
    assert [names[i] for i in now] == [oracle.state(oracle.read(t, extent, part), s, e) for t, part in texts]
    later = times.states(*found.interval(min(index + 1, len(found) - 1), "sofar"))
    assert np.all(later >= now)


# --- The step of a date ------------------------------------------------------------------------------------------


@given(calendars(), st.data())
@settings(max_examples=150)
def test_the_step_of_a_day_is_the_first_that_overlaps_it_and_of_a_minute_the_one_that_holds_it(
    calendar: tuple[tuple[datetime, datetime], list[tuple[datetime, str]]], data: st.DataObject
) -> None:
    extent, rules = calendar
    found, walked = build(extent, rules), oracle.step_starts(extent, rules)
    at = extent[0] + data.draw(st.integers(0, int((extent[1] - extent[0]) / MINUTE) - 1)) * MINUTE
    ends = [*walked[1:], extent[1]]
    holding = [i for i, (s, e) in enumerate(zip(walked, ends, strict=True)) if s <= at < e]
    assert [steps.step_of(at.isoformat(timespec="minutes"), found)] == holding
    day = datetime(at.year, at.month, at.day)
    overlapping = [
        i for i, (s, e) in enumerate(zip(walked, ends, strict=True)) if s < day + timedelta(days=1) and e > day
    ]
    assert steps.step_of(day.date().isoformat(), found) == overlapping[0]


@pytest.mark.parametrize("text", ["1847-12-31", "1852-01-01", "1847-12-31T23:59", "1852-01-01T00:00"])
def test_a_date_outside_the_extent_has_no_step(text: str) -> None:
    with pytest.raises(dates.DateError, match="outside"):
        steps.step_of(text, build(*unequal()))


@pytest.mark.parametrize("text", ["1848", "1848-02", "1848-02-2X", "1848-02-24?", "1848-02-24/", "", "24/02/1848"])
def test_only_a_day_or_a_minute_has_a_step(text: str) -> None:
    with pytest.raises(dates.DateError) as caught:
        steps.step_of(text, build(*unequal()))
    assert caught.value.remedy


@given(whens.whens())
def test_an_event_is_counted_at_the_first_step_on_which_it_is_not_absent(when: tuple[str, str]) -> None:
    extent, rules = unequal()
    found, walked = build(extent, rules), oracle.step_starts(extent, rules)
    reading = oracle.read(when[0], extent, when[1])
    assume(not oracle.is_outside(reading, extent))
    times = steps.Times.of([dates.parse(when[0], (minute(extent[0]), minute(extent[1])), when[1])])
    shown = [oracle.state(reading, *oracle.interval(walked, extent[1], i, "step")) for i in range(len(walked))]
    assert int(times.first_steps(found)[0]) == next(i for i, state in enumerate(shown) if state != "absent")


# --- Words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "english", "french"),
    [
        ("1848-04-01", "1848-04-02", ("Saturday 1 April 1848", ""), ("Samedi 1er avril 1848", "")),
        (
            "1848-02-24T06:00", "1848-02-24T12:00",
            ("Thursday 24 February 1848", "6 am to noon"), ("Jeudi 24 février 1848", "De 6\u00a0h à midi"),
        ),
        (
            "1848-02-24T18:00", "1848-02-25T00:00",
            ("Thursday 24 February 1848", "6 pm to midnight"), ("Jeudi 24 février 1848", "De 18\u00a0h à minuit"),
        ),
        ("1848-02-01", "1848-02-08", ("1 to 7 February 1848", ""), ("1er au 7 février 1848", "")),
        ("1848-02-26", "1848-03-04", ("26 February to 3 March 1848", ""), ("26 février au 3 mars 1848", "")),
        (
            "1847-12-29", "1848-01-05",
            ("29 December 1847 to 4 January 1848", ""), ("29 décembre 1847 au 4 janvier 1848", ""),
        ),
        ("1848-02-01", "1848-03-01", ("February 1848", ""), ("Février 1848", "")),
        ("1848-01-01", "1849-01-01", ("1848", ""), ("1848", "")),
        ("1848-01-01", "1850-01-01", ("1848–1849", ""), ("1848–1849", "")),
    ],
)  # fmt: skip
def test_a_step_is_said_in_english_and_in_french(
    start: str, end: str, english: tuple[str, str], french: tuple[str, str]
) -> None:
    a, b = (minute(datetime.fromisoformat(text)) for text in (start, end))
    for language, said in (("en", english), ("fr", french)):
        found = steps.step_words(a, b, dates.words(language))
        assert (found.date, found.hours) == said


@given(calendars(), st.sampled_from(["en", "fr"]))
@settings(max_examples=100)
def test_steps_that_follow_each_other_are_never_said_alike(
    calendar: tuple[tuple[datetime, datetime], list[tuple[datetime, str]]], language: str
) -> None:
    found = build(*calendar)
    said = [steps.step_words(*found.bounds(i), dates.words(language)) for i in range(min(len(found), 60))]
    assert all((a.date, a.hours) != (b.date, b.hours) for a, b in itertools.pairwise(said))
    assert all(words.date and words.short for words in said)
