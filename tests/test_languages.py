"""Languages: words, dates, numbers and quotes as each language writes them, in the interface and in the tables."""

from __future__ import annotations

import csv
import re
import string
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from small import COMMUNE, ROOT

from mapgen.chronology import ordinal
from mapgen.dates import DAY, label, minutes, parse, republican, words
from mapgen.steps import step_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from browser import Opener

LOCALE = ROOT / "mapgen" / "locale"
LANGUAGES = ("en", "fr")
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"


def locale(code: str) -> dict[str, Any]:
    return tomllib.loads((LOCALE / f"{code}.toml").read_text(encoding="utf-8"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a locale file with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{number}")


# --- The files of words ----------------------------------------------------------------------------------------------

OWN = (
    r"date\.(from|to|between|and|since|until|about)_(day|vowel|decade)|republican\..*|ui\.ordinals\..*|step\.clock\..m"
)
"""What a language may have or lack: forms that it alone needs."""


def test_the_languages_have_the_same_words() -> None:
    first, second = ({path for path, _ in leaves(locale(code)) if not re.fullmatch(OWN, path)} for code in LANGUAGES)
    assert first == second


def test_the_same_word_has_the_same_places_for_other_words() -> None:
    def places(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)

    first, second = (
        {path: places(text) for path, text in leaves(locale(code)) if not re.fullmatch(OWN, path)} for code in LANGUAGES
    )
    # Hours are written with two digits or as many as they need, minutes may be left out.
    for path in ("date.hour", "date.time"):
        allowed = {"hour", "hour2", "minute"}
        assert set(first.pop(path)) <= allowed
        assert set(second.pop(path)) <= allowed
    assert first == second


BY_DATA = ("ui.about.", "ui.base_layers.", "step.clock.", "step.quarters.", "ui.ordinals.", "republican.")
"""Words whose keys are told by data or counted, not written in the program."""


def test_every_word_is_used() -> None:
    files = [p for p in (ROOT / "mapgen").rglob("*") if p.suffix in (".py", ".js", ".html") and "vendor" not in p.parts]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    paths = {re.sub(r"\.\d+$", "", path) for code in LANGUAGES for path, _ in leaves(locale(code))}
    unused = set()
    for path in paths:
        group, _, key = path.rpartition(".")
        if path.startswith(BY_DATA):
            continue
        for end in ("_short", "_day", "_vowel", "_decade", "many_"):
            key = key.removesuffix(end).removeprefix(end)
        whole = re.escape(path.removeprefix("ui."))
        named = rf"""['"]({whole}|{re.escape(key)})['"]|\b(w|words\[language\])\.{whole}\b|\[["']{re.escape(key)}"""
        parts = rf"""['"]{re.escape(group.removeprefix("ui."))}\.['"] \+ .*"""
        if not re.search(named, source) and not re.search(parts, source) and key not in ("one", "other"):
            unused.add(path)
    assert unused == set()


def test_words_for_what_claims_are_about_and_for_base_layers_are_needed_by_data() -> None:
    claims = [COMMUNE / "claims.csv", *(ROOT / "tests" / "subjects").glob("*/claims.csv")]
    about = {row["about"] for path in claims for row in table(path)}
    base = {path.stem for path in (ROOT / "geodata").glob("*/base/*.geojson")} | {"zones"}
    for code in LANGUAGES:
        assert set(locale(code)["ui"]["about"]) <= about
        assert set(locale(code)["ui"]["base_layers"]) == base


# --- Dates and numbers -----------------------------------------------------------------------------------------------

DATES = [
    # when, part of day, English, French
    ("1871-05-01", "", "1 May 1871", "1er mai 1871"),
    ("1871-03-28", "", "28 March 1871", "28 mars 1871"),
    ("1871-08", "", "August 1871", "août 1871"),
    ("1871", "", "1871", "1871"),
    ("187X", "", "the 1870s", "années 1870"),
    ("1871-05-0X", "", "1 to 9 May 1871", "1er au 9 mai 1871"),
    ("1871-05-2X", "", "20 to 29 May 1871", "20 au 29 mai 1871"),
    ("1871-03-28T16:00", "", "28 March 1871, 16:00", "28 mars 1871, 16\u00a0h"),
    ("1871-03-28T16:05", "", "28 March 1871, 16:05", "28 mars 1871, 16\u00a0h\u00a005"),
    ("1871-05-24T03:30~", "", "24 May 1871, about 03:30", "24 mai 1871, vers 3\u00a0h\u00a030"),
    ("1871-05-24?", "", "24 May 1871 (uncertain)", "24 mai 1871 (incertain)"),
    ("1871-05-24~", "", "about 24 May 1871", "vers le 24 mai 1871"),
    ("1871-05~", "", "about May 1871", "vers mai 1871"),
    ("1871-04-01/1871-04-11", "", "from 1 April to 11 April 1871", "du 1er avril au 11 avril 1871"),
    ("1871-04/1871-08", "", "from April to August 1871", "d’avril à août 1871"),
    ("1870-10/1871-01", "", "from October 1870 to January 1871", "d’octobre 1870 à janvier 1871"),
    ("1871-05-23/..", "", "from 23 May 1871", "à partir du 23 mai 1871"),
    ("1871-10/..", "", "from October 1871", "à partir d’octobre 1871"),
    ("1871-05-23/", "", "from 23 May 1871, end not known", "à partir du 23 mai 1871, fin inconnue"),
    ("../1871-04-01", "", "until 1 April 1871", "jusqu’au 1er avril 1871"),
    ("../1871-04", "", "until April 1871", "jusqu’à avril 1871"),
    ("[1871-05-21..1871-05-22]", "", "between 21 May and 22 May 1871", "entre le 21 mai et le 22 mai 1871"),
    ("1871-05-24T18:00/1871-05-24T21:30", "", "24 May 1871, 18:00 to 21:30",
     "24 mai 1871, de 18\u00a0h à 21\u00a0h\u00a030"),
    ("1871-05-01", "morning", "1 May 1871, morning", "1er mai 1871, le matin"),
    ("1871-05-24", "small-hours", "24 May 1871, small hours", "24 mai 1871, après minuit"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "part", "english", "french"), DATES)
def test_dates_read_as_each_language_writes_them(when: str, part: str, english: str, french: str) -> None:
    extent = (minutes(date(1870, 1, 1)), minutes(date(1881, 1, 1)))
    read = parse(when, extent, part)
    assert label(read, words("en")) == english
    assert label(read, words("fr")) == french


STEPS = [
    # first day and hour, hours, English date, hours and short name, French ones
    ((1871, 3, 1), 0, 24, ("Wednesday 1 March 1871", "", "1 March"), ("Mercredi 1er mars 1871", "", "1er mars")),
    ((1871, 5, 24), 0, 6, ("Wednesday 24 May 1871", "Midnight to 6 am", "24 May, small hours"),
     ("Mercredi 24 mai 1871", "De minuit à 6\u00a0h", "24 mai, nuit")),
    ((1871, 5, 24), 6, 6, ("Wednesday 24 May 1871", "6 am to noon", "24 May, morning"),
     ("Mercredi 24 mai 1871", "De 6\u00a0h à midi", "24 mai, matin")),
    ((1871, 5, 24), 18, 6, ("Wednesday 24 May 1871", "6 pm to midnight", "24 May, evening"),
     ("Mercredi 24 mai 1871", "De 18\u00a0h à minuit", "24 mai, soir")),
    ((1871, 5, 1), 0, 7 * 24, ("1 to 7 May 1871", "", "1 to 7 May 1871"),
     ("1er au 7 mai 1871", "", "1er au 7 mai 1871")),
    ((1871, 6, 26), 0, 7 * 24, ("26 June to 2 July 1871", "", "26 June to 2 July 1871"),
     ("26 juin au 2 juillet 1871", "", "26 juin au 2 juillet 1871")),
    ((1871, 10, 1), 0, 31 * 24, ("October 1871", "", "October 1871"), ("Octobre 1871", "", "octobre 1871")),
]  # fmt: skip


@pytest.mark.parametrize(("day", "hour", "hours", "english", "french"), STEPS)
def test_steps_read_as_each_language_writes_them(
    day: tuple[int, int, int], hour: int, hours: int, english: tuple[str, ...], french: tuple[str, ...]
) -> None:
    start = minutes(date(*day)) + hour * 60
    for code, expected in (("en", english), ("fr", french)):
        found = step_words(start, start + hours * 60, words(code))
        assert (found.date, found.hours, found.short) == expected
    assert hours * 60 <= 31 * DAY


def test_the_first_day_of_a_republican_month_is_an_ordinal() -> None:
    assert republican(date(1871, 4, 20)) == "30 germinal an 79"
    assert republican(date(1871, 4, 21)) == "1er floréal an 79"
    assert republican(date(1871, 9, 22)) == "jour des récompenses an 79"


ORDINALS = {
    "en": "1st 2nd 3rd 4th 10th 11th 12th 13th 14th 20th 21st 22nd 23rd 24th 61st 101st 111th 112th 113th 121st",
    "fr": "1er 2e 3e 4e 10e 11e 12e 13e 14e 20e 21e 22e 23e 24e 61e 101e 111e 112e 113e 121e",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_ordinals_of_districts(code: str) -> None:
    for expected in ORDINALS[code].split():
        number = int(re.match(r"\d+", expected)[0])  # type: ignore[index]
        assert ordinal(number, words(code)) == expected


PAGE = [
    # what is asked of L.Texts, English, French
    ("t.count('news.new', 0)", "0 new", "0 nouveau"),
    ("t.count('news.new', 1)", "1 new", "1 nouveau"),
    ("t.count('news.new', 2)", "2 new", "2 nouveaux"),
    ("t.count('news.ended', 0)", "0 ended", "0 terminé"),
    ("t.count('news.ended', 12)", "12 ended", "12 terminés"),
    ("t.count('measure.here', 0)", "0 events shown", "0 événement affiché"),
    ("t.count('measure.here', 1)", "1 event shown", "1 événement affiché"),
    ("t.count('measure.here', 2)", "2 events shown", "2 événements affichés"),
    ("t.count('measure.here', 1234)", "1,234 events shown", "1\u00a0234 événements affichés"),
    ("t.count('tour.start', 1)", "Tour: the story in 1 stop", "Visite guidée en 1 étape"),
    ("t.count('tour.start', 16)", "Tour: the story in 16 stops", "Visite guidée en 16 étapes"),
    ("t.number(49159)", "49,159", "49\u00a0159"),
    ("t.number(1871000.5)", "1,871,000.5", "1\u00a0871\u00a0000,5"),
    ("t.number(0.119, {style: 'percent', minimumFractionDigits: 1})", "11.9%", "11,9\u00a0%"),
    ("t.word('lead', {date: '24 mai'})", "24 mai:", "24 mai\u00a0:"),
    ("t.word('quoted', {text: 'rue'})", "“rue”", "«\u00a0rue\u00a0»"),
    ("t.word('km', {n: 2})", "2\u00a0km", "2\u00a0km"),
    ("t.word('zones.share', {side: 'A', share: 40})", "A holds about 40% of the city.",
     "A tient environ 40\u00a0% de la ville."),
    ("t.word('aside', {a: 'A', b: t.join(['b', '', 'c'])})", "A (b, c)", "A (b, c)"),
    ("t.word('sentence', {new: t.count('news.new', 1), ended: t.count('news.ended', 2), on: t.count('news.on', 0)})",
     "1 new, 2 ended, 0 going on.", "1 nouveau, 2 terminés, 0 en cours."),
    ("t.readDate('1er mai 1871')", "", "1871-05-01"),
    ("t.readDate('21st March 1871')", "1871-03-21", ""),
    ("t.readDate('28 août')", "", "1871-08-28"),
]  # fmt: skip


@pytest.mark.browser
def test_the_page_writes_numbers_plurals_ordinals_and_sentences_as_python_and_each_language_do(
    open_page: Opener,
) -> None:
    page = open_page()
    data = {code: locale(code) for code in LANGUAGES}
    words_of, months = ({c: w["ui"] for c, w in data.items()}, {c: w["date"]["months"] for c, w in data.items()})
    for at, code in enumerate(LANGUAGES):
        asked = ", ".join(expression for expression, *_ in PAGE)
        found = page.evaluate(
            """([words, months, code, PAIRS]) => {
            const t = new L.Texts({languages: ['en', 'fr'], words, months, openAt: '1871-03-18'}, null, code);
            return [[ASKED], PAIRS.map(n => t.ordinal(n))];
        }""".replace("ASKED", asked),
            [words_of, months, code, [int(re.sub(r"\D", "", text)) for text in ORDINALS[code].split()]],
        )
        assert found[0] == [row[1 + at] for row in PAGE]
        assert found[1] == ORDINALS[code].split()


# --- Typography ------------------------------------------------------------------------------------------------------


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


FRENCH = {
    "a straight quote": r"['\"]",
    "an English quote": r"[“”„]",
    "no no-break space before double punctuation": r"(?<![\u00a0?!])[;!?%»]|(?<!\u00a0):(?=\s|$)",
    "no no-break space after an opening quote": r"«(?!\u00a0)",
    "a narrow space": "\u202f",
    "thousands that a line may part": r"\d \d{3}\b",
    "an hour or unit that a line may part": r"[\d}] (?:h|min|km|m|kg)\b|\bh (?:\d|\{)",
    "a comma in a number of thousands": r"\b\d{1,3},\d{3}\b",
    "an ordinal of another form": rf"\b1e\b|\d(?:ème|ième|eme|nd|nde|ère)\b|\b1 (?:{MONTHS})\b",
    "an abbreviation that a line may part": r"\bn° |\bM\. [A-Z]",
    "three dots": r"\.\.\.",
    "a double space": "  ",
    "letters that are one": r"\b(?i:c|s)oeur|\b(?i:oeuvre|voeu|noeud|boeuf|oeil)",
}
ENGLISH = {
    "a straight quote": r"['\"]",
    "another language’s quote": r"[«»„]",
    "a space before punctuation": r"[ \u00a0][;:!?%]",
    "a quote that turns the wrong way": r"\w“|(?:^|\s)”|“(?:\s|$)|‘",
    "an ordinal of another form": r"1[123](?:st|nd|rd)\b|(?<!1)(?:1th|2th|3th)\b",
    "three dots": r"\.\.\.",
    "a double space": "  ",
}
RULES = {"en": ENGLISH, "fr": FRENCH}


def faults(text: str, code: str) -> list[str]:
    return [what for what, pattern in RULES[code].items() if re.search(pattern, text)]


def told(row: dict[str, str], fields: tuple[str, ...]) -> Iterator[str]:
    return (row[field] for field in fields if row.get(field))


def test_typography_of_the_french_tables() -> None:
    rows = table(COMMUNE / "texts.fr.csv")
    assert [(row["id"], row["field"], found) for row in rows if (found := faults(row["text"], "fr"))] == []


@pytest.mark.parametrize("name", ["events", "claims", "tour", "people", "zones", "statistics"])
def test_typography_of_the_english_tables(name: str) -> None:
    rows = table(COMMUNE / f"{name}.csv")
    fields = ("title", "text", "value", "note", "role")
    assert [(row["id"], text) for row in rows for text in told(row, fields) if faults(text, "en")] == []


def test_titles_of_sources_and_names_have_curly_apostrophes_and_spaces_that_stay() -> None:
    wrong = re.compile(r"'| [;:!?»]|« ")
    for name in ("sources", "places", "people"):
        for row in table(COMMUNE / f"{name}.csv"):
            assert [text for text in told(row, ("author", "title", "publisher", "name")) if wrong.search(text)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_typography_of_the_words_of_the_interface_and_the_names_of_the_contract(code: str) -> None:
    contract = tomllib.loads((COMMUNE / "subject.toml").read_text(encoding="utf-8"))
    texts = [text for _, text in leaves(locale(code)) if text.strip()]
    texts += [text for path, text in leaves(contract) if path.endswith(f".{code}")]
    assert [(text, found) for text in texts if (found := faults(text, code))] == []


@pytest.mark.parametrize(
    ("code", "text", "fault"),
    [
        ("fr", "l'armée", 0), ("fr", "dit “oui”", 1), ("fr", "Lieu : ici", 2), ("fr", "Quoi?", 2), ("fr", "12%", 2),
        ("fr", "«oui\u00a0»", 3), ("fr", "oui\u202f!", 4), ("fr", "49 159 hommes", 5), ("fr", "à 16 h", 6),
        ("fr", "à 25 km", 6), ("fr", "49,159 hommes", 7), ("fr", "le 2ème", 8), ("fr", "le 1 mai", 8),
        ("fr", "n° 4", 9), ("fr", "et...", 10), ("fr", "un  deux", 11), ("fr", "le coeur", 12),
        ("en", "the army's", 0), ("en", "«oui»", 1), ("en", "who ?", 2), ("en", "he said ”no", 3),
        ("en", "the 11st", 4), ("en", "the 22th", 4), ("en", "and...", 5), ("en", "one  two", 6),
    ],
)  # fmt: skip
def test_the_lint_finds(code: str, text: str, fault: int) -> None:
    assert list(RULES[code])[fault] in faults(text, code)
