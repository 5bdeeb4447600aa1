"""Packed numbers and texts: what Python writes the page reads."""

from __future__ import annotations

import base64
import bz2
import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.encode import DIGITS, check_sum, delta, pack, squash
from mapgen.ground import line_columns, on_grid
from mapgen.page import SCRIPTS, STYLES, asset, compact

if TYPE_CHECKING:
    from browser import Opener

NUMBERS = st.lists(st.integers(-(2**40), 2**40), max_size=50)


def unpacked(text: str) -> list[int]:
    """Read packed numbers by the rule, written anew: groups of five bits, lowest first; odd numbers are below zero."""
    found: list[int] = []
    bits = ""
    for sign in text:
        value = DIGITS.index(sign)
        bits = f"{value % 32:05b}" + bits
        if value < 32:
            number = int(bits, 2)
            found.append(-(number + 1) // 2 if number % 2 else number // 2)
            bits = ""
    assert bits == ""
    return found


@given(NUMBERS)
def test_packed_numbers_read_back_and_need_no_escape(numbers: list[int]) -> None:
    text = pack(numbers)
    assert unpacked(text) == numbers
    assert json.dumps(text) == f'"{text}"'
    assert not set(text) & set("<>&\"'\\")


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=30))
def test_a_line_comes_back_to_a_metre(points: list[tuple[float, float]]) -> None:
    lon = lat = 0
    found = []
    numbers = unpacked(pack(delta(points)))
    for x, y in zip(numbers[::2], numbers[1::2], strict=True):
        lon, lat = lon + x, lat + y
        found.append((lon, lat))
    rounded = [(round(x * 100_000), round(y * 100_000)) for x, y in points]
    kept = [p for k, p in enumerate(rounded) if k == 0 or p != rounded[k - 1]]
    assert found == kept


@pytest.mark.browser
def test_the_page_reads_the_same_numbers(open_page: Opener) -> None:
    page = open_page()
    numbers = [0, -1, 1, 15, 16, -16, -17, 31, 32, 4885660, -235222, 2**31, -(2**31) - 1, 2**40, 1 - 2**40]
    assert page.evaluate("text => L.CanvasLayer.unpack(text)", pack(numbers)) == numbers


LINES = st.lists(
    st.lists(
        st.lists(st.tuples(st.floats(-1, 1), st.floats(40, 41)), min_size=1, max_size=6), min_size=1, max_size=3
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(LINES)
def test_lines_come_back_from_their_columns_to_a_step_of_the_grid(
    features: list[list[list[tuple[float, float]]]],
) -> None:
    columns = line_columns([[on_grid(line) for line in parts] for parts in features])
    x0, y0, x, y = (unpacked(columns[key]) for key in ("x0", "y0", "x", "y"))
    lon = lat = 0
    for parts, sizes in zip(features, columns["g"], strict=True):
        for line, size in zip(parts, [sizes] if isinstance(sizes, int) else sizes, strict=True):
            found = []
            for k in range(size):
                lon, lat = lon + (x if k else x0).pop(0), lat + (y if k else y0).pop(0)
                found.append((lon, lat))
            rounded = [(round(a * 50_000), round(b * 50_000)) for a, b in line]
            assert found == [p for k, p in enumerate(rounded) if k == 0 or p != rounded[k - 1]]
    assert not (x0 or y0 or x or y)


@pytest.mark.browser
def test_the_page_reads_the_same_lines(open_page: Opener) -> None:
    page = open_page()
    features = [
        [[(2.35, 48.85), (2.36, 48.86), (2.3512, 48.8499)]], [[(-70.5, -33.25)]],
        [[(2.0, 48.0), (2.1, 48.0), (2.1, 48.1), (2.0, 48.0)], [(2.02, 48.01), (2.08, 48.01), (2.08, 48.08)]],
    ]  # fmt: skip
    found = page.evaluate(
        """columns => L.BaseMapData.lines(columns).map(parts => parts.map(part => Array.from(part).map((v, k) =>
            k % 2 ? Math.atan(Math.sinh(Math.PI * (1 - 2 * v))) * 180 / Math.PI : v * 360 - 180)))""",
        line_columns([[on_grid(line) for line in parts] for parts in features]),
    )
    assert [[len(part) for part in parts] for parts in found] == [[6], [2], [8, 6]]
    for parts, read in zip(features, found, strict=True):
        for line, part in zip(parts, read, strict=True):
            assert part == pytest.approx([number for point in line for number in point], abs=1.01e-5)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("form", "numbers", "when", "hour"),
    [
        ("\t March", "18", "18 March", ""),
        ("between \t and \t March", "1 20", "between 1 and 20 March", ""),
        ("\t March, \n\t:\t\n sharp", "18 03 30", "18 March, 03:30 sharp", "03:30"),
        ("\t March\n\n\nat \t", "18 5", "18 March", "at 5"),
        ("Easter", "", "Easter", ""),
    ],
)
def test_the_page_fills_the_forms_of_dates(open_page: Opener, form: str, numbers: str, when: str, hour: str) -> None:
    page = open_page()
    found = page.evaluate(
        """raw => {
            const store = {when: raw};
            L.MapPage.spreadWhen(store, ['en', 'fr']);
            return [store.when, store.hour];
        }""",
        {"forms": [["", ""], [form, f"fr {form}"]], "form": [0, 1], "numbers": [["", numbers], [None, None]]},
    )
    assert found == [{"en": ["", when], "fr": ["", f"fr {when}"]}, {"en": ["", hour], "fr": ["", hour]}]


@given(st.text(max_size=300))
def test_the_check_sum_is_the_one_that_bzip2_writes(text: str) -> None:
    packed = bz2.compress(text.encode())
    assert packed[10:14] == (check_sum(text).to_bytes(4, "big") if text else packed[10:14])


LONG = random.Random(1871)
SQUASHED = [
    "", "a", "aaaa", "the wall and the gate, the WALL" * 9, " ".join(f"{a}{b} {b}" for a in "abcdefg" for b in "etaoi"),
     "aaaaa" * 60, "abcd" * 5000, "é 🙂 \u0000\u2028</script>", "".join(map(chr, range(1, 2000))),
    "".join(LONG.choice("etaoin shrdlu\n") for _ in range(950_000)), "b" * 1_000_000 + "a" * 255 + "b" * 259,
]  # fmt: skip
"""Nothing, runs of every kind, words, signs of every length, and more than one block of bzip2."""


def unsquashed(packed: str) -> str:
    """Read a squashed text by the rule, written anew: words of the first line for the signs 1, 2, 3 ... of the rest."""
    head, _, rest = bz2.decompress(base64.b64decode(packed)).decode().partition("\n")
    for number, word in enumerate(head.split(), start=1):
        rest = rest.replace(chr(number), word)
    return rest


PROSE = st.lists(st.sampled_from(["the", "wall", "é", "mur", "l’an", "a1", "x" * 30, ", ", "\n", '"', "_"])).map(
    " ".join
)


@given(st.text(max_size=300) | PROSE)
def test_a_squashed_text_comes_back_and_stands_in_a_page_as_it_is(text: str) -> None:
    assert unsquashed(squash(text)) == text
    assert not set(squash(text)) & set("<>&\"'\\")


@pytest.mark.browser
@pytest.mark.parametrize("number", range(len(SQUASHED)))
def test_the_page_reads_the_same_texts(open_page: Opener, number: int) -> None:
    page = open_page()
    found = page.evaluate(
        "([packed, text]) => L.Unpack.text(packed) === text", [squash(SQUASHED[number]), SQUASHED[number]]
    )
    assert found is True


@pytest.mark.browser
def test_a_text_damaged_anywhere_is_never_taken_for_a_whole_one(open_page: Opener) -> None:
    page = open_page()
    text = "The ground of 1871, the texts of 1871. " * 40 + "".join(LONG.choice("abcdef") for _ in range(3000))
    whole = base64.b64decode(squash(text))
    damaged = []
    for at in range(0, len(whole), 3):
        damaged.append(whole[:at] + bytes([whole[at] ^ (1 << LONG.randrange(8))]) + whole[at + 1 :])
        damaged.append(whole[:at])
    # What follows the last block, and the name of its size, hold nothing of the text.
    said = page.evaluate(
        """([all, text]) => all.map(packed => { try { return L.Unpack.text(packed) === text ? 'same' : 'other'; }
            catch (e) { return e instanceof Error || e instanceof DOMException ? 'refused' : 'thrown'; } })""",
        [[base64.b64encode(d).decode() for d in damaged], text],
    )
    assert set(said) <= {"refused", "same"}
    assert said.count("same") < 20


@pytest.mark.parametrize("name", [*(f"{s}.js" for s in SCRIPTS), *(f"{s}.css" for s in STYLES)])
def test_what_is_left_out_of_scripts_and_styles_is_comment_and_indent(name: str) -> None:
    whole, short = asset(name), compact(asset(name))
    lines = [line.strip() for line in whole.splitlines()]
    kept = short.splitlines()
    rest = iter(lines)
    assert all(line in rest for line in kept)
    left = [line for line in lines if line and line not in set(kept)]
    assert all(line.startswith(("//", "/*", "*")) or not line.endswith((";", "{", "}", ",")) for line in left)
    assert "`" not in short
