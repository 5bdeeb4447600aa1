"""Symbols, numbers and counts as SVG, drawn as the page draws them."""

from __future__ import annotations

from collections import Counter
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

from mapgen.layers import symbols
from mapgen.picture.marks import COUNT, SHIFT, SIZE
from mapgen.picture.pen import colour, element, number, stack, text
from mapgen.steps import CERTAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapgen.picture.marks import Mark, Told
    from mapgen.subject import Subject

OUTLINE, CASING, GRID = 1.35, 1.8, 24


def drawing(subject: Subject, what: Told, name: Callable[[str], str]) -> str:
    """Return all marks: single symbols first, counts above them."""
    order = sorted(what.marks, key=lambda mark: (len(mark.events) >= COUNT, mark.y, mark.x))
    return "".join(_mark(subject, mark, what.states, name) for mark in order)


def _mark(subject: Subject, mark: Mark, states: Any, name: Callable[[str], str]) -> str:
    n = len(mark.events)
    if n >= COUNT:
        return count(subject, mark)
    lead = min(mark.events, key=lambda i: (-subject.rows[i].importance, i))
    sure, aside = states[lead] == CERTAIN, SHIFT if n > 1 else 0.0
    found = element(
        "use", href=f"#{name(subject.rows[lead].layer + ('' if sure else '-p'))}", x=mark.x - aside, y=mark.y + aside
    )
    return element("g", found + (badge(mark.x + 5.5, mark.y - 5, n) if n > 1 else ""), class_="mark")


def badge(x: float, y: float, n: int) -> str:
    """Return a number on a disc of ink."""
    disc = element("circle", cx=x, cy=y, r=6.8, fill=colour("ink"), stroke=colour("paper"), stroke_width=0.9)
    return disc + text(
        x, y + 3.5, str(n), 10, "panel", text_anchor="middle", font_weight=700, font_family=stack("sans")
    )


def count(subject: Subject, mark: Mark) -> str:
    """Return a count in a ring whose parts are the shares of the groups."""
    group_of = {layer.id: layer.group for layer in subject.config.layers}
    shares = Counter(group_of[subject.rows[i].layer] for i in mark.events)
    hues = [(group.hue, shares[group.id]) for group in subject.config.groups if shares[group.id]]
    return element("g", ring(mark.x, mark.y, mark.radius - 1.6, hues), class_="mark")


def ring(x: float, y: float, radius: float, hues: Sequence[tuple[str, int]]) -> str:
    """Return a disc with a number, in a ring of hues by their numbers."""
    n = sum(share for _, share in hues)
    inner = radius - 1.6
    found = [element("circle", cx=x, cy=y, r=radius, fill=colour("panel"), stroke=colour("paper"), stroke_width=3.2)]
    if len(hues) == 1:
        found.append(element("circle", cx=x, cy=y, r=inner, fill="none", stroke=colour(hues[0][0]), stroke_width=3.2))
    at = 0
    for hue, share in hues if len(hues) > 1 else ():
        a, b = (2 * pi * k / n - pi / 2 for k in (at, at + share))
        ends = [number(v) for t in (a, b) for v in (x + inner * cos(t), y + inner * sin(t))]
        d = f"M{ends[0]} {ends[1]}A{number(inner)} {number(inner)} 0 {int(share * 2 > n)} 1 {ends[2]} {ends[3]}"
        found.append(element("path", d=d, fill="none", stroke=colour(hue), stroke_width=3.2))
        at += share
    size = 12.5 if n < 100 else 11
    found.append(
        text(x, y + size * 0.35, str(n), size, text_anchor="middle", font_weight=650, font_family=stack("sans"))
    )
    return "".join(found)


def definitions(subject: Subject, what: Told, name: Callable[[str], str]) -> str:
    """Return the symbols of the layers that are told, certain and possible, each once and round the point 0, 0."""
    used = {(subject.rows[i].layer, bool(what.states[i] == CERTAIN)) for i in what.events}
    used |= {(layer, True) for layer, _ in used}
    found = []
    for layer in subject.config.layers:
        for sure in (True, False):
            if (layer.id, sure) in used:
                drawn = symbol(layer.symbol, colour(layer.hue), sure=sure)
                found.append(element("g", drawn, id=name(layer.id + ("" if sure else "-p")), stroke_linejoin="round"))
    return element("defs", *found)


def symbol(key: str, hue: str, *, sure: bool) -> str:
    """Return a symbol in its casing round the point 0, 0: filled, or outlined when it is only possible."""
    part = symbols().get(key) or {
        "d": "M12 5a7 7 0 1 1 0 14a7 7 0 1 1 0-14z",
        "cut": "",
        "line": "",
        "over": "",
        "lw": 1.7,
    }
    scale = SIZE / GRID * (1.0 if sure else 1 - OUTLINE / SIZE)
    line, ground = OUTLINE / scale, colour("panel")
    wide = 2 * (CASING + (0 if sure else OUTLINE)) / scale
    found = [
        element("path", d=part[k], fill=colour("paper"), stroke=colour("paper"), stroke_width=wide)
        for k in ("d", "over") if part[k]
    ]  # fmt: skip
    if not sure:
        found.append(element("path", d=part["d"], fill=hue, stroke=hue, stroke_width=2 * line))
    found.append(element("path", d=part["d"], fill=hue if sure else ground))
    if part["cut"]:
        if not sure and not part["over"]:
            found.append(element("path", d=part["cut"], fill="none", stroke=hue, stroke_width=1.5 * line))
        found.append(element("path", d=part["cut"], fill=ground))
    if part["line"]:
        wide = part["lw"] if sure else min(part["lw"], line)
        found.append(element("path", d=part["line"], fill="none", stroke=ground if sure else hue, stroke_width=wide))
    if part["over"]:
        found.append(element("path", d=part["over"], fill=hue))
    return element("g", *found, transform=f"scale({number(scale)})translate(-12 -12)")
