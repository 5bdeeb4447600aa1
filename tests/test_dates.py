"""Dates as sources give them: what a `when` means, what is refused, and how it is said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import oracle
import pytest
import whens
from convertdate import french_republican, gregorian
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mapgen import dates, steps

MINUTE = timedelta(minutes=1)
EXTENT = (datetime(1848, 1, 1), datetime(1850, 1, 1))
STATES = {steps.ABSENT: "absent", steps.POSSIBLE: "possible", steps.CERTAIN: "certain"}


def minute(at: datetime) -> int:
    return dates.minutes(at.date(), at.hour, at.minute)


def parse(text: str, part_of_day: str = "", extent: tuple[datetime, datetime] = EXTENT) -> dates.When:
    return dates.parse(text, (minute(extent[0]), minute(extent[1])), part_of_day)


def state(text: str, s: str, e: str, part_of_day: str = "") -> str:
    """Return the state on [s, e), given as ISO texts."""
    times = steps.Times.of([parse(text, part_of_day)])
    found = times.states(minute(datetime.fromisoformat(s)), minute(datetime.fromisoformat(e)))
    return STATES[int(found[0])]


# --- Minutes -----------------------------------------------------------------------------------------------------


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 30)))
def test_minutes_count_without_gap_and_turn_back_into_the_moment_they_came_from(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    assert minute(at + MINUTE) == minute(at) + 1
    assert dates.moment(minute(at)) == (at.date(), at.hour, at.minute)
    assert dates.iso(minute(at)) == at.isoformat(timespec="minutes")


# --- Meaning -----------------------------------------------------------------------------------------------------


@given(st.data())
def test_every_when_has_the_state_that_brute_force_finds(data: st.DataObject) -> None:
    extent = data.draw(whens.extents(), "extent")
    text, part = data.draw(whens.whens(), "when")
    reading = oracle.read(text, extent, part)
    assume(not oracle.is_outside(reading, extent))
    times = steps.Times.of([parse(text, part, extent)])
    for _ in range(6):
        s, e = data.draw(whens.intervals(extent, reading.bounds), "interval")
        found = STATES[int(times.states(minute(s), minute(e))[0])]
        assert found == oracle.state(reading, s, e), f"{text} on {s}, {e}"


@given(st.data())
def test_a_when_is_outside_an_extent_exactly_if_brute_force_finds_no_minute_inside(data: st.DataObject) -> None:
    extent = data.draw(whens.extents(), "extent")
    text, part = data.draw(whens.whens(), "when")
    times = steps.Times.of([parse(text, part, extent)])
    found = STATES[int(times.states(minute(extent[0]), minute(extent[1]))[0])]
    assert (found == "absent") == oracle.is_outside(oracle.read(text, extent, part), extent)


@st.composite
def short_whens(draw: st.DrawFn) -> str:
    """Draw times within three hours of a short extent, so that every minute can be tried."""
    a, b = sorted(draw(st.tuples(st.integers(0, 179), st.integers(0, 179))))
    x, y = (f"1848-02-24T{m // 60:02}:{m % 60:02}" for m in (a, b))
    form = draw(st.sampled_from(["{x}", "[{x}..{y}]", "{x}/{y}", "{x}/", "{x}/..", "../{y}", "/{y}"]))
    return form.format(x=x, y=y)


@given(st.data())
@settings(max_examples=60)
def test_trying_the_telling_minutes_is_as_good_as_trying_every_minute(data: st.DataObject) -> None:
    extent = (datetime(1848, 2, 24), datetime(1848, 2, 24, 3))
    part = data.draw(st.sampled_from(["", "", "", "small-hours"]))
    text = "1848-02-24" if part else data.draw(short_whens())
    reading = oracle.read(text, extent, part)
    s, e = data.draw(whens.intervals(extent, reading.bounds))
    slow = oracle.state(reading, s, e, slowly=True)
    assert slow == oracle.state(reading, s, e)
    times = steps.Times.of([parse(text, part, extent)])
    assert STATES[int(times.states(minute(s), minute(e))[0])] == slow


@given(st.data())
@settings(max_examples=25)
def test_every_minute_of_whole_days_tried_gives_the_same_states(data: st.DataObject) -> None:
    extent = (datetime(1848, 2, 23), datetime(1848, 2, 25))
    days = ["1848-02-23", "1848-02-24"]
    forms = [*days, "1848-02-23T10:00/1848-02-23", "1848-02-23T22:00/1848-02-24T04:00", "[1848-02-23..1848-02-24]"]
    text = data.draw(st.sampled_from([*forms, "1848-02-24/", "1848-02-24/..", "../1848-02-23", "1848-02-2X"]))
    reading = oracle.read(text, extent)
    s, e = data.draw(whens.intervals(extent, reading.bounds))
    times = steps.Times.of([parse(text, "", extent)])
    found = STATES[int(times.states(minute(s), minute(e))[0])]
    assert found == oracle.state(reading, s, e, slowly=True)


@given(st.data())
def test_a_qualifier_never_widens_a_when_and_only_caps_it(data: st.DataObject) -> None:
    a, b = data.draw(whens.ordered_dates())
    a, b = a.rstrip("?~%"), b.rstrip("?~%")
    mark = data.draw(st.sampled_from("?~%"))
    for plain, marked in (
        (a, a + mark), (f"{a}/{b}", f"{a}{mark}/{b}"), (f"{a}/{b}", f"{a}/{b}{mark}"), (f"{a}/..", f"{a}{mark}/.."),
        (f"../{b}", f"../{b}{mark}"), (f"[{a}..{b}]", f"[{a}..{b}{mark}]"),
    ):  # fmt: skip
        sure, capped = parse(plain), parse(marked)
        assert not sure.capped
        assert capped.capped
        assert (sure.first, sure.first_latest, sure.last_earliest, sure.last) == (
            capped.first, capped.first_latest, capped.last_earliest, capped.last,
        )  # fmt: skip


def test_a_day_alone_is_certain_on_a_step_that_holds_it() -> None:
    assert state("1848-02-24", "1848-02-24", "1848-02-25") == "certain"
    assert state("1848-02-24", "1848-02-21", "1848-02-28") == "certain"


def test_a_day_alone_is_possible_on_each_quarter_of_it_and_absent_elsewhere() -> None:
    assert state("1848-02-24", "1848-02-24T06:00", "1848-02-24T12:00") == "possible"
    assert state("1848-02-24", "1848-02-25", "1848-02-26") == "absent"
    assert state("1848-02-24", "1848-02-23", "1848-02-24") == "absent"


def test_a_duration_is_certain_on_the_days_between_its_ends_whatever_their_hours() -> None:
    assert state("1848-02-22/1848-02-24", "1848-02-23", "1848-02-24") == "certain"
    assert state("1848-02-22/1848-02-24", "1848-02-22T00:00", "1848-02-22T06:00") == "possible"
    assert state("1848-02-22/1848-02-24", "1848-02-22T18:00", "1848-02-23T00:00") == "certain"


def test_a_start_known_to_the_month_lies_before_an_end_known_to_the_day() -> None:
    assert state("1848-02/1848-02-24", "1848-02-01", "1848-02-26") == "certain"
    assert state("1848-02/1848-02-24", "1848-02-01", "1848-02-24") == "possible"
    assert state("1848-02-24/1848-02", "1848-02-24", "1848-03-01") == "certain"
    assert state("1848-02-24/1848-02", "1848-02-25", "1848-03-01") == "possible"


def test_what_goes_on_is_certain_to_the_end_of_the_extent_and_an_unknown_end_is_possible_after_its_start() -> None:
    assert state("1848-02-24/..", "1849-12-31", "1850-01-01") == "certain"
    assert state("1848-02-24/", "1848-02-24", "1848-02-25") == "certain"
    assert state("1848-02-24/", "1849-12-31", "1850-01-01") == "possible"


def test_what_went_on_before_is_certain_from_the_start_of_the_extent_and_an_unknown_start_is_possible() -> None:
    assert state("../1848-02-24", "1848-01-01", "1848-01-02") == "certain"
    assert state("/1848-02-24", "1848-01-01", "1848-01-02") == "possible"
    assert state("/1848-02-24", "1848-02-24", "1848-02-25") == "certain"


def test_a_night_of_two_dates_is_one_moment_between_its_hours() -> None:
    night = "[1848-02-23T22:00..1848-02-24T04:00]"
    assert state(night, "1848-02-23T18:00", "1848-02-24T00:00") == "possible"
    assert state(night, "1848-02-23T18:00", "1848-02-24T06:00") == "certain"
    assert state(night, "1848-02-24T06:00", "1848-02-24T12:00") == "absent"


@pytest.mark.parametrize(("part", "hours"), sorted(oracle.HOURS.items()))
def test_a_part_of_a_day_fills_its_hours_and_no_minute_more(part: str, hours: tuple[int, int]) -> None:
    day = datetime(1848, 2, 24)
    first, after = (day + timedelta(hours=h) for h in hours)
    found = parse("1848-02-24", part)
    assert (found.first, found.last + 1) == (minute(first), minute(after))
    assert state("1848-02-24", first.isoformat(), after.isoformat(), part) == "certain"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1848-02", "1848-02-01", "1848-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("1848-02-2X", "1848-02-20", "1848-02-29"),
        ("1847-02-2X", "1847-02-20", "1847-02-28"),
        ("1848-04-3X", "1848-04-30", "1848-04-30"),
        ("1848-05-0X", "1848-05-01", "1848-05-09"),
        ("1848-1X", "1848-10-01", "1848-12-31"),
        ("184X", "1840-01-01", "1849-12-31"),
        ("000X", "0001-01-01", "0009-12-31"),
    ],
)
def test_a_month_and_an_unknown_digit_mean_the_days_of_the_calendar(text: str, first: str, last: str) -> None:
    part = dates.parse_part(text)
    assert dates.iso(part.first) == first + "T00:00"
    assert dates.iso(part.last) == last + "T23:59"


# --- What is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("24/02/1848", "1848-02-24"),
        ("24.2.1848", "1848-02-24"),
        ("2/24/1848", "1848-02-24"),
        ("04/02/1848", "1848-02-04 or 1848-04-02"),
        ("1848/02/24", "1848-02-24"),
        ("1848-2-4", "1848-02-04"),
        ("1848-02-30", "1848-02 has the days 01 to 29"),
        ("1847-02-29", "1847-02 has the days 01 to 28"),
        ("1848-13-01", "01 to 12"),
        ("1848-00", "01 to 12"),
        ("0000-01-01", "0001"),
        ("1848-02-24T03:30Z", "time zone"),
        ("1848-02-24T03:30+01:00", "time zone"),
        ("1848-02-24T03:30-0100", "time zone"),
        ("1848-02-24T03:30:00", "No seconds"),
        ("1848-02-24T24:00", "00 to 23"),
        ("1848-02-24T12:60", "00 to 59"),
        ("1848-02-24 03:30", "1848-02-24T03:30"),
        ("24/02/48", "four digits"),
        ("24-2-48", "four digits"),
        (" 1848-02-24", "Write 1848-02-24"),
        ("1848-02-24 ", "Write 1848-02-24"),
        (" 1848-02", "spaces: 1848-02"),
        ("1848-02-24 / 1848-02-25", "Write 1848-02-24"),
        ("18X8", "X"),
        ("1848-0X-24", "last digit"),
        ("184X-02", "last digit"),
        ("1848-02-2XT03:30", "last digit"),
        ("1848-02-26/1848-02-24", "1848-02-24 lies before 1848-02-26"),
        ("[1848-02-26..1848-02-24]", "1848-02-24 lies before 1848-02-26"),
        ("1848-02-24..1848-02-26", "Write [a..b]"),
        ("[1848-02-24..1848-02-26]?", "inside the brackets"),
        ("[1848-02-24..1848-02-26", "[a..b]"),
        ("1848-02-24/1848-02-25/1848-02-26", "two dates"),
        ("../..", "one of the two"),
        ("/", "one of the two"),
        ("", "when it happened"),
        ("February 1848", "1848|a/b"),
        ("-44-03-15", "0001"),
        ("44 BC", "0001"),
    ],
)
def test_a_form_outside_the_subset_is_refused_with_the_form_that_was_meant(text: str, meant: str) -> None:
    with pytest.raises(dates.DateError) as caught:
        parse(text)
    said = f"{caught.value} {caught.value.remedy}"
    assert any(choice in said for choice in meant.split("|")), said


@pytest.mark.parametrize(
    "text", ["1848-02-24/1848-02-25", "[1848-02-24..1848-02-25]", "1848-02", "1848", "1848-02-2X", "1848-02-24T03:30"]
)
def test_a_part_of_day_goes_with_a_single_day_only(text: str) -> None:
    with pytest.raises(dates.DateError, match="single day") as caught:
        parse(text, "morning")
    assert "part_of_day" in caught.value.remedy


def test_an_unknown_part_of_day_is_refused_with_the_known_ones() -> None:
    with pytest.raises(dates.DateError) as caught:
        parse("1848-02-24", "breakfast")
    assert all(part in caught.value.remedy for part in oracle.HOURS)


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    """Draw a good text with one character changed, left out or added, or any text of the characters of dates."""
    alphabet = "0123456789-/:.TXZ?~%[] é٣"
    if draw(st.integers(0, 3)) == 0:
        return draw(st.text(alphabet, max_size=24))
    text, _ = draw(whens.whens())
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.text(alphabet, max_size=2)) + text[at + draw(st.integers(0, 1)) :]


@given(broken_texts(), st.sampled_from(["", "", "", "morning", "breakfast"]))
@example("1848-02-24\n", "")
@example("٣848", "")
@example("[]", "")
@example("[", "")
@example("[..]", "")
@example("9999-12-31", "")
@example("999X", "")
def test_exactly_what_the_grammar_holds_is_read_and_the_rest_has_a_remedy(text: str, part: str) -> None:
    try:
        oracle.read(text, EXTENT, part)
        good = True
    except oracle.RefusedError:
        good = False
    try:
        parse(text, part)
    except dates.DateError as error:
        assert not good, f"{text!r} is good"
        assert str(error)
        assert error.remedy
    else:
        assert good, f"{text!r} is not of the grammar"


# --- Words -------------------------------------------------------------------------------------------------------


def say(text: str, language: str, part_of_day: str = "") -> str:
    return dates.label(parse(text, part_of_day), dates.words(language))


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("1848", "1848", "1848"),
        ("1848-04", "April 1848", "avril 1848"),
        ("1848-04-01", "1 April 1848", "1er avril 1848"),
        ("1848-04-02", "2 April 1848", "2 avril 1848"),
        ("1848-04-01T15:00", "1 April 1848, 15:00", "1er avril 1848, 15\u00a0h"),
        ("1848-04-01T03:30~", "1 April 1848, about 03:30", "1er avril 1848, vers 3\u00a0h\u00a030"),
        ("1848-04-01?", "1 April 1848 (uncertain)", "1er avril 1848 (incertain)"),
        ("1848-04-01~", "about 1 April 1848", "vers le 1er avril 1848"),
        ("1848-05-2X", "20 to 29 May 1848", "20 au 29 mai 1848"),
        ("1848-05-0X", "1 to 9 May 1848", "1er au 9 mai 1848"),
        ("184X", "the 1840s", "années 1840"),
        ("1848-05-24/1848-05-26", "from 24 May to 26 May 1848", "du 24 mai au 26 mai 1848"),
        ("1848-04-01/1848-05-01", "from 1 April to 1 May 1848", "du 1er avril au 1er mai 1848"),
        (
            "1848-12-24/1849-01-02",
            "from 24 December 1848 to 2 January 1849",
            "du 24 décembre 1848 au 2 janvier 1849",
        ),
        ("1848-05/1848-06", "from May to June 1848", "de mai à juin 1848"),
        ("1848/1849", "from 1848 to 1849", "de 1848 à 1849"),
        (
            "1848-05-24T03:00/1848-05-24T05:15",
            "24 May 1848, 03:00 to 05:15",
            "24 mai 1848, de 3\u00a0h à 5\u00a0h\u00a015",
        ),
        ("[1848-05-24..1848-05-26]", "between 24 May and 26 May 1848", "entre le 24 mai et le 26 mai 1848"),
        ("[1848..1849]", "between 1848 and 1849", "entre 1848 et 1849"),
        (
            "[1848-05-24T03:00..1848-05-24T05:15?]",
            "24 May 1848, between 03:00 and 05:15 (uncertain)",
            "24 mai 1848, entre 3\u00a0h et 5\u00a0h\u00a015 (incertain)",
        ),
        ("1848-05-24T03:00/1848-05-24", "24 May 1848, from 03:00", "24 mai 1848, à partir de 3\u00a0h"),
        ("1848-05-24/..", "from 24 May 1848", "à partir du 24 mai 1848"),
        ("1848-05-24/", "from 24 May 1848, end not known", "à partir du 24 mai 1848, fin inconnue"),
        ("../1848-05-24", "until 24 May 1848", "jusqu’au 24 mai 1848"),
        ("/1848-05-24", "until 24 May 1848, start not known", "jusqu’au 24 mai 1848, début inconnu"),
    ],
)
def test_a_when_is_said_in_english_and_in_french(text: str, english: str, french: str) -> None:
    assert say(text, "en") == english
    assert say(text, "fr") == french


def test_a_part_of_a_day_is_said_in_english_and_in_french() -> None:
    assert say("1848-04-01", "en", "dawn") == "1 April 1848, dawn"
    assert say("1848-04-01", "fr", "dawn") == "1er avril 1848, à l’aube"


@pytest.mark.parametrize(
    ("text", "part", "hours"),
    [
        ("1848-04-01T15:00", "", "15\u00a0h"), ("1848-04-01T03:30~", "", "vers 3\u00a0h\u00a030"),
        ("1848-04-01", "dawn", "à l’aube"),
        ("1848-04-01", "", ""), ("1848-04", "", ""), ("1848-04-01/1848-04-02", "", ""), ("1848-04-01T15:00/", "", ""),
    ],
)  # fmt: skip
def test_only_an_hour_or_a_part_of_a_day_is_said_as_hours(text: str, part: str, hours: str) -> None:
    assert dates.hour_words(parse(text, part), dates.words("fr")) == hours


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("1848~", "vers 1848"),
        ("1848-05~", "vers mai 1848"),
        ("1848-04/1848-05", "d’avril à mai 1848"),
        ("1848-10/..", "à partir d’octobre 1848"),
    ],
)
def test_months_and_years_are_said_in_good_french(text: str, french: str) -> None:
    assert say(text, "fr") == french


@pytest.mark.parametrize("text", ["1848-04-06~/1848-04-25", "184X/", "1848-0X/", "[184X..1850]"])
def test_no_two_prepositions_or_wrong_articles_stand_together_in_french(text: str) -> None:
    said = say(text, "fr")
    assert not any(bad in said for bad in ("du vers", "le vers", "du années", "le années", "du janvier"))


@given(whens.whens(), st.sampled_from(["en", "fr"]))
def test_every_when_can_be_said_and_no_pattern_is_left_unfilled(when: tuple[str, str], language: str) -> None:
    said = say(when[0], language, when[1])
    assert said == said.strip()
    assert said
    assert not set("{}") & set(said)
    assert ("(uncertain)" in said or "(incertain)" in said) == ("?" in when[0] or "%" in when[0])


# --- The republican calendar -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(1871, 3, 18), "27 ventôse an 79"),
        (date(1871, 5, 6), "16 floréal an 79"),
        (date(1792, 9, 22), "1er vendémiaire an 1"),
        (date(1799, 11, 9), "18 brumaire an 8"),
        (date(1794, 7, 27), "9 thermidor an 2"),
    ],
)
def test_known_days_have_the_republican_date_that_history_gives_them(day: date, said: str) -> None:
    assert dates.republican(day) == said


def test_there_is_no_republican_date_before_the_calendar_began() -> None:
    with pytest.raises(dates.DateError):
        dates.republican(date(1792, 9, 21))


def test_every_day_of_90_years_has_the_republican_date_of_convertdate(monkeypatch: pytest.MonkeyPatch) -> None:
    # convertdate asks its ephemeris again for each day (4 ms). Its answer, the first day of the republican year, can
    # change only around the equinox: from 18 to 27 September it is asked each day, else once a year.
    asked = french_republican.premier_da_la_annee
    known: dict[int, float] = {}

    def first_day(jd: float) -> float:
        year, month, day = gregorian.from_jd(jd)
        if month == 9 and 18 <= day <= 27:
            return float(asked(jd))
        autumn = year if (month, day) > (9, 27) else year - 1
        if autumn not in known:
            known[autumn] = float(asked(jd))
        return known[autumn]

    monkeypatch.setattr(french_republican, "premier_da_la_annee", first_day)
    names = dates.words("fr")["republican"]
    day, different = date(1792, 9, 22), []
    while day <= date(1881, 1, 1):
        if republican_of_convertdate(day, names) != dates.republican(day):
            different.append(day)
        day += timedelta(days=1)
    # The year 49: the equinox of autumn 1840 falls two minutes after midnight on 23 September by the clock of the
    # decree's observatory; convertdate puts it on the day before, and so each day of that year one on.
    assert different == [date(1840, 9, 22) + timedelta(days=i) for i in range(366)]


def republican_of_convertdate(day: date, names: dict[str, Any]) -> str:
    year, month, number = french_republican.from_gregorian(day.year, day.month, day.day, method="equinox")
    if month == 13:
        return f"{names['extra'][number - 1]} an {year}"
    return f"{'1er' if number == 1 else number} {names['months'][month - 1]} an {year}"
