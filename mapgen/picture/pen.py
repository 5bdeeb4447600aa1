"""Marks of SVG as text: elements, paths, lettering, and the colours and type of the page's light theme."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

NARROW, WIDE, CAPITAL = 0.33, 0.88, 0.72
"""Widths of letters in ems, on the wide side: each reader's machine has another serif."""


@cache
def tokens() -> dict[str, str]:
    """Return the tokens of the light theme by name, as they stand in the page's style."""
    style = (files("mapgen") / "assets" / "map.css").read_text(encoding="utf-8")
    blocks = re.findall(r"^\.mg \{(.*?)\}", style, re.DOTALL | re.MULTILINE)
    return {key: value.strip() for block in blocks for key, value in re.findall(r"--mg-([\w-]+):([^;]*);", block)}


def colour(name: str) -> str:
    """Return the colour of a token."""
    return tokens()[name]


def stack(name: str) -> str:
    """Return the faces of ``serif`` or ``sans``, quoted so that they fit into an attribute."""
    return tokens()[name].replace('"', "'")


def number(value: float) -> str:
    """Return a number with at most two decimals and nothing to spare."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def element(name: str, /, *children: str, **attributes: Any) -> str:
    """Return an element; ``_`` in the names of attributes is ``-``, those that are None are left out."""
    found = [
        f'{key.rstrip("_").replace("_", "-")}="{number(v) if isinstance(v, float | int) else _quoted(str(v))}"'
        for key, v in attributes.items()
        if v is not None
    ]
    inside = "".join(children)
    return f"<{' '.join([name, *found])}>{inside}</{name}>" if inside else f"<{' '.join([name, *found])}/>"


def _quoted(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")


def text(x: float, y: float, words: str, size: float, fill: str = "ink", **attributes: Any) -> str:
    """Return words whose base line begins at a point; `fill` is a token."""
    return element("text", escape(words, quote=False), x=x, y=y, font_size=size, fill=colour(fill), **attributes)


def width(words: str, size: float, *, bold: bool = False, spacing: float = 0) -> float:
    """Return about how wide words are."""
    ems = sum(
        NARROW if c in "ijltfrI.,;:'’ -·()" else WIDE if c in "mwMW—" else CAPITAL if c.isupper() else 0.51
        for c in words
    )
    return ems * size * (1.06 if bold else 1) + spacing * len(words)


def rows(words: str, size: float, room: float) -> list[str]:
    """Return words as rows that are no wider than a room, where words are not."""
    found: list[str] = []
    for word in words.split(" "):
        if found and width(f"{found[-1]} {word}", size) <= room:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def path(geometries: Iterable[Any]) -> str:
    """Return lines and areas in tenths of a pixel as one path; whole numbers, each point counted from the last."""
    found = []
    for part in shapely.get_parts(list(geometries)).tolist():
        closed = part.geom_type == "Polygon"
        for line in [part.exterior, *part.interiors] if closed else [part] if "Line" in part.geom_type else []:
            found.append(_line(shapely.get_coordinates(line), closed=closed))
    return "".join(found)


def _line(points: Any, *, closed: bool) -> str:
    at = np.round(points).astype(int)
    at = at[np.append(True, (np.diff(at, axis=0) != 0).any(axis=1))]
    if closed and len(at) > 1:
        at = at[:-1]
    if len(at) < (3 if closed else 2):
        return ""
    steps = " ".join(str(n) for n in np.diff(at, axis=0).ravel().tolist()).replace(" -", "-")
    return f"M{at[0][0]} {at[0][1]}l{steps}{'z' if closed else ''}".replace(" -", "-")
