"""Packed numbers: what Python writes the page reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.encode import DIGITS, delta, pack
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
