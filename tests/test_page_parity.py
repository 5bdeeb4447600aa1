"""The page shows what `Subject.state` says and what a slow second reading of the tables finds, whatever is asked."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from browser import Opener, set_state
from engines import IN_BOTH
from shown import SMALL, dates, some, told, walk

from mapgen.texts import fold

if TYPE_CHECKING:
    import random

    import oracle

    from mapgen import Subject

pytestmark = pytest.mark.browser

MODES = ["step", "window-2", "window-3", "window-7", "window-50", "sofar"]

# --- Every step in every mode ----------------------------------------------------------------------------------------


def by_oracle(world: oracle.World, index: int, mode: str) -> dict[str, Any]:
    """Return what of a state can be found in the tables without mapgen."""
    found = world.shown(index, mode)
    after = [*world.starts[1:], world.extent[1]]
    start, end = (at.isoformat(timespec="minutes") for at in (world.starts[index], after[index]))
    lists = {name: sorted(k for k, state in found.items() if state == name) for name in ("certain", "possible")}
    return {"at": start, "mode": mode, "step": {"index": index, "start": start, "end": end}, **lists}


def test_every_step_in_every_mode_shows_what_python_and_the_tables_say(
    open_page: Opener, commune: Subject, commune_world: oracle.World
) -> None:
    page = open_page(**SMALL)
    top = {key for key, row in commune.district_set.rows.items() if not row.parent}
    for mode in MODES:
        found = walk(page, [{"date": at, "mode": mode} for at in dates(commune)])
        assert len(found) == len(commune.steps)
        for index, (at, seen) in enumerate(zip(dates(commune), found, strict=True)):
            assert told(seen) == commune.state(at, mode), (at, mode)
            slow = by_oracle(commune_world, index, mode)
            assert {key: seen[key] for key in slow} == slow, (at, mode)
            bins = [count for key, count in seen["districts"].items() if key in top]
            bins += [seen[key] for key in ("city", "outside", "unplaced")]
            for name in ("certain", "possible"):
                assert sum(count[name] for count in bins) == len(seen[name]), (at, mode)


@pytest.mark.parametrize(
    ("engine", "zone"),
    [
        ("chromium", "UTC"),
        ("chromium", "America/New_York"),
        ("chromium", "Pacific/Kiritimati"),
        ("firefox", "America/New_York"),
    ],
    indirect=["engine"],
)
def test_every_step_shows_what_python_says_in_every_zone(open_page: Opener, commune: Subject, zone: str) -> None:
    page = open_page(timezone_id=zone, **SMALL)
    found = walk(page, [{"date": at} for at in dates(commune)])
    for at, seen in zip(dates(commune), found, strict=True):
        assert told(seen) == commune.state(at), at
        assert seen["date"] == at


@IN_BOTH
def test_walking_by_one_step_reaches_every_step_once(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    set_state(page, date=dates(commune)[0])
    walk = "async n => { const out = []; for (let k = 0; k < n; k++) out.push((await mapgen.step(1)).at); return out; }"
    assert page.evaluate(walk, len(commune.steps) - 1) == dates(commune)[1:]
    assert page.evaluate(walk.replace("step(1)", "step(-1)"), len(commune.steps) - 1) == dates(commune)[-2::-1]


FILTERS: list[dict[str, Any]] = [
    {"layers": ["fires"]},
    {"layers": ["barricades", "executions", "clubs", "base-water"]},
    {"layers": []},
    {"district": "a04"},
    {"district": "q70"},
    {"district": "a17", "layers": ["clashes", "barricades"]},
    {"tags": ["bloody-week"]},
    {"tags": ["women", "guns"]},
    {"tags": ["hostages"], "district": "a11"},
    {"q": "montmartre"},
    {"q": "Hotel DE ville"},
    {"q": "  rue   lissagaray "},
    {"q": "élection"},
    {"q": "nothing-like-it"},
    {"q": "louise michel", "tags": ["women"], "layers": ["women", "clubs", "clashes"]},
]


@pytest.mark.parametrize(("engine", "count"), [("chromium", 6), ("firefox", 2)], indirect=["engine"])
def test_filters_hide_what_python_hides(open_page: Opener, commune: Subject, count: int) -> None:
    page = open_page(**SMALL)
    every = ",".join(layer.id for layer in commune.config.layers)
    none = {"layers": every, "district": "", "tags": [], "q": ""}
    cases = [
        (at, mode, filters)
        for filters in FILTERS
        for at in [*some(commune, count), "1871-05-24T12:00"]
        for mode in ("window-3", "sofar")
    ]
    found = walk(page, [none | {"date": at, "mode": mode} | filters for at, mode, filters in cases])
    for (at, mode, filters), seen in zip(cases, found, strict=True):
        assert told(seen) == commune.state(at, mode, **filters), (at, mode, filters)


@IN_BOTH
def test_a_date_without_an_hour_means_the_same_step_as_in_python(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    days = sorted({at[:10] for at in dates(commune)} | {"1871-01-03", "1871-09-30", "1872-12-31", "1875-06-15"})
    found = walk(page, [{"date": day} for day in days])
    assert [seen["at"] for seen in found] == [commune.state(day)["at"] for day in days]


def test_a_date_beyond_the_extent_is_clamped(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    assert set_state(page, date="1789-07-14")["at"] == dates(commune)[0]
    assert set_state(page, date="2024-01-01")["at"] == dates(commune)[-1]


# --- Anything that can be asked --------------------------------------------------------------------------------------


def texts_of(subject: Subject) -> list[str]:
    """Return titles, texts, names of places, people and sources in all languages."""
    found = []
    for language in subject.config.languages:
        found += [
            subject.text("events", row.id, name, language)[0] for row in subject.rows for name in ("title", "text")
        ]
        found += [subject.text("people", key, "name", language)[0] for key in subject.people]
    found += [name for place in subject.places.values() for name in (place.name, place.name_today)]
    found += [name for source in subject.sources.values() for name in (source.author, source.title)]
    return [text for text in found if text]


def asked(dice: random.Random, texts: list[str]) -> str:
    """Return words to search for: a piece of a real text, changed as readers change it, or nonsense."""
    if dice.random() < 0.1:
        return "".join(dice.choice("qxzwké’'-. 1") for _ in range(dice.randint(1, 12)))
    words = dice.choice(texts).split()
    begin = dice.randrange(len(words))
    words = words[begin : begin + dice.randint(1, 3)]
    if dice.random() < 0.4:
        word = words.pop(dice.randrange(len(words)))
        cut = dice.randrange(len(word))
        words.append(word[cut : cut + dice.randint(1, 5)])
    dice.shuffle(words)
    piece = dice.choice([" ", "  ", "\t", "\u00a0", "\u202f", "\n"]).join(words)[:60]
    bare = "".join(c for c in unicodedata.normalize("NFD", piece) if not unicodedata.combining(c))
    changed = [piece, piece, piece.upper(), piece.title(), piece.swapcase(), bare, unicodedata.normalize("NFD", piece)]
    return dice.choice([*changed, piece.replace("'", "’"), piece.replace("’", "'"), f" {piece} "])


def any_filter(dice: random.Random, subject: Subject, texts: list[str]) -> dict[str, Any]:
    layers = [layer.id for layer in subject.config.layers]
    tags = sorted({tag for row in subject.rows for tag in row.tags})
    found: dict[str, Any] = {
        "date": dice.choice(dates(subject)),
        "mode": dice.choice([*MODES, "sofar", "sofar", "window-1", "window-999", f"window-{dice.randint(4, 170)}"]),
        "layers": dice.sample(layers, dice.choice([len(layers), len(layers), dice.randint(0, len(layers))])),
        "district": dice.choice(["", "", "", dice.choice(sorted(subject.district_set.rows))]),
        "tags": dice.sample(tags, dice.choice([0, 0, 0, 0, 1, 3])),
        "q": asked(dice, texts) if dice.random() < 0.5 else "",
    }
    return found


def passing(world: oracle.World, layers: list[str], tags: list[str]) -> set[str]:
    """Return the ids of the events of some layers that carry one of some tags, where any are asked for."""
    rows = [row for row in world.events if row["layer"] in layers]
    return {row["id"] for row in rows if not tags or set(tags) & set(row["tags"].split(";"))}


def test_three_hundred_random_filters_hide_what_python_hides(
    open_page: Opener, commune: Subject, commune_world: oracle.World, dice: random.Random
) -> None:
    page = open_page(**SMALL)
    texts = texts_of(commune)
    cases = [any_filter(dice, commune, texts) for _ in range(300)]
    shown = {"all": 0, "some": 0, "none": 0}
    for case, seen in zip(cases, walk(page, cases), strict=True):
        at, mode, *_ = case.values()
        assert told(seen) == commune.state(at, **{key: case[key] for key in case if key != "date"}), case
        slow = by_oracle(commune_world, seen["step"]["index"], mode)
        ids = {*seen["certain"], *seen["possible"]}
        pool = passing(commune_world, case["layers"], case["tags"])
        for name in ("certain", "possible"):
            expected = [key for key in slow[name] if key in pool]
            # What district and words hide, the tables alone do not tell; they never show more.
            if not case["district"] and not case["q"]:
                assert seen[name] == expected, case
            assert set(seen[name]) <= set(expected), case
        everything = len(slow["certain"]) + len(slow["possible"])
        shown["none" if not ids else "all" if len(ids) == everything else "some"] += 1
    assert shown["some"] > 60, shown
    assert shown["none"] > 20, shown


def test_words_are_parted_and_folded_as_in_python(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    spaces = [chr(n) for n in range(sys.maxunicode + 1) if chr(n).isspace()] + ["\ufeff", "\u200b", "\u180e"]
    cases = [{"q": f"montmartre{space}rue", "date": dates(commune)[-1], "mode": "sofar"} for space in spaces]
    for case, seen in zip(cases, walk(page, cases), strict=True):
        assert told(seen) == commune.state(case["date"], "sofar", q=case["q"]), ascii(case["q"])
    assert commune.state(dates(commune)[-1], "sofar", q="montmartre rue")["certain"]
    letters = [chr(n) for n in [*range(0x530), *range(0x1E00, 0x2000), 0x2019, 0xFB01]]
    found = page.evaluate("letters => letters.map(c => L.Texts.fold('A' + c + 'b ' + c))", letters)
    for letter, folded in zip(letters, found, strict=True):
        assert folded == fold(f"A{letter}b {letter}"), ascii(letter)
