"""Packed numbers and texts: what Python writes the page reads."""

from __future__ import annotations

import base64
import bz2
import json
import random
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.encode import DIGITS, delta, pack, squash
from mapgen.page import SCRIPTS, STYLES, asset, compact

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.browser
@pytest.mark.parametrize("block", ["mapgen-data", "mapgen-texts"])
def test_a_page_with_a_damaged_block_says_so_and_leads_to_the_chronology(
    open_page: Opener, site: Path, tmp_path: Path, block: str
) -> None:
    shutil.copy(site / "events.html", tmp_path)
    html = (site / "index.html").read_text(encoding="utf-8")
    at = html.index(f'id="{block}">') + 5000
    (tmp_path / "index.html").write_text(html[:at] + html[at + 8 :], encoding="utf-8")
    open_page.ear.documents.add((tmp_path / "events.html").as_uri())
    page = open_page.visit((tmp_path / "index.html").as_uri())
    page.wait_for_timeout(800)
    assert page.locator("#mg-failed").is_visible() and not page.locator("#mg-app").is_visible()
    page.locator('a[href^="events.html"]:visible').first.click()
    assert page.locator("article").count() > 300
    assert [text for text in open_page.ear.heard if "damaged" not in text] == []
    open_page.ear.heard.clear()


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
