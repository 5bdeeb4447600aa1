"""The events of a picture as marks: symbols and counts, gathered where they stand close, none over another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from mapgen.layers import symbols
from mapgen.picture.pen import colour, element, number, stack, text
from mapgen.steps import CERTAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapgen.picture.ground import Frame
    from mapgen.subject import Subject

REACH = 19.0
"""Events within so many pixels are one mark."""
COUNT = 4
"""From so many events a mark is a count; fewer are the weightiest one's symbol with a number."""
GAP, ROUNDS = 1.5, 12
SIZE, OUTLINE, CASING = 20.0, 1.35, 1.8
GRID = 24
SHIFT = 3.0
"""How far a symbol with a number stands from the middle of both."""


@dataclass
class Mark:
    """Events that stand close: their numbers, the weightiest first, and where they are drawn, in pixels."""

    x: float
    y: float
    events: list[int]
    home: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.x, self.y

    @property
    def radius(self) -> float:
        """Reach of the mark."""
        n = len(self.events)
        return 10.0 if n == 1 else 14.0 if n < COUNT else (11.0 if n < 10 else 13.5 if n < 30 else 16.0) + 1.6

    def go_home(self) -> None:
        """Put the mark where it belongs: a symbol with a number to its upper right stands to the lower left of its middle."""
        aside = SHIFT if 1 < len(self.events) < COUNT else 0.0
        self.x, self.y = self.home[0] + aside, self.home[1] - aside

    def box(self) -> tuple[float, float, float, float]:
        """Return the box that words keep clear of."""
        r = self.radius + 1
        return self.x - r, self.y - r, self.x + r, self.y + r


@dataclass
class Told:
    """The events of a time: their state, their marks, and how many of each kind stand on no point of the map."""

    states: Any
    marks: list[Mark]
    aside: Counter[str]

    @property
    def events(self) -> list[int]:
        """The events that the picture tells."""
        found: list[int] = np.flatnonzero(self.states).tolist()
        return found


def told(subject: Subject, frame: Frame, start: int, end: int) -> Told:
    """Return the events of an interval as a picture tells them."""
    states = subject.times.states(start, end)
    on, aside = [], Counter[str]()
    for i in np.flatnonzero(states).tolist():
        kind = where(subject, i)
        if kind:
            aside[kind] += 1
        else:
            on.append(i)
    places = [subject.places[subject.rows[i].place or ""] for i in on]
    pixels = frame.pixels([(p.lon, p.lat) for p in places]) if on else np.empty((0, 2))
    inside = (pixels > 0).all(axis=1) & (pixels < [frame.width, frame.height]).all(axis=1)
    aside["outside"] += int((~inside).sum())
    edge = SIZE * 0.75
    pixels = np.clip(pixels, edge, [frame.width - edge, frame.height - edge])
    weight = sorted(np.flatnonzero(inside).tolist(), key=lambda k: (-subject.rows[on[k]].importance, on[k]))
    marks = gathered([(on[k], float(pixels[k, 0]), float(pixels[k, 1])) for k in weight])
    return Told(states, apart(marks, frame), +aside)


def where(subject: Subject, i: int) -> str:
    """Return why an event stands on no point: known to an ``area``, the ``city``, ``outside``, ``none``; else nothing."""
    place = subject.places.get(subject.rows[i].place or "")
    if place is None:
        return "none"
    kinds = {"quarter": "area", "district": "area", "city": "city", "region": "outside"}
    return kinds.get(place.precision, "" if place.lon is not None else "area")


def gathered(points: list[tuple[int, float, float]]) -> list[Mark]:
    """Return points (event, x, y), the weightiest first, as marks: each joins the nearest mark whose leader is near."""
    found: list[Mark] = []
    cells: dict[tuple[int, int], list[Mark]] = {}
    for event, x, y in points:
        cell = int(x // REACH), int(y // REACH)
        near = [
            (hypot(mark.x - x, mark.y - y), k, mark)
            for row in (-1, 0, 1)
            for column in (-1, 0, 1)
            for k, mark in enumerate(cells.get((cell[0] + column, cell[1] + row), ()))
        ]
        away, _, mark = min(near, default=(REACH + 1, 0, None), key=lambda one: one[:2])
        if mark is not None and away <= REACH:
            mark.events.append(event)
        else:
            found.append(Mark(x, y, [event]))
            cells.setdefault(cell, []).append(found[-1])
    return found


def apart(marks: list[Mark], frame: Frame) -> list[Mark]:
    """Return marks of which none lies over another: pushed by at most their radius, joined where that is not enough."""
    while True:
        for mark in marks:
            mark.go_home()
        for _ in range(ROUNDS):
            if not _push(marks, frame):
                return marks
        pairs = _touching(marks, slack=GAP)
        if not pairs:
            return marks
        gone = set()
        for a, b in pairs:
            if a not in gone and b not in gone:
                keep, lose = (b, a) if len(marks[b].events) > len(marks[a].events) else (a, b)
                # In the order in which they came: the weightiest leads.
                marks[keep].events += marks[lose].events
                gone.add(lose)
        marks = [mark for k, mark in enumerate(marks) if k not in gone]


def _touching(marks: list[Mark], slack: float = 0.0) -> list[tuple[int, int]]:
    """Return pairs of marks with less than a gap between them, and more overlap than a slack, the closest first."""
    if len(marks) < 2:
        return []
    at = np.array([(mark.x, mark.y) for mark in marks])
    radius = np.array([mark.radius for mark in marks])
    cells: dict[tuple[int, int], list[int]] = {}
    side = 2 * float(radius.max()) + GAP
    found = []
    for k, (x, y) in enumerate(at.tolist()):
        cell = int(x // side), int(y // side)
        for row in (-1, 0, 1):
            for column in (-1, 0, 1):
                for other in cells.get((cell[0] + column, cell[1] + row), ()):
                    room = float(radius[k] + radius[other]) + GAP - slack
                    away = hypot(x - float(at[other, 0]), y - float(at[other, 1]))
                    if away < room - 0.05:
                        found.append((away - room, other, k))
        cells.setdefault(cell, []).append(k)
    return [(a, b) for _, a, b in sorted(found)]


def _push(marks: list[Mark], frame: Frame) -> bool:
    """Move marks that touch apart, half each, none further than its radius from home; return whether any touched."""
    pairs = _touching(marks)
    for a, b in ((marks[a], marks[b]) for a, b in pairs):
        away = hypot(b.x - a.x, b.y - a.y)
        dx, dy = ((b.x - a.x) / away, (b.y - a.y) / away) if away > 0.01 else (1.0, 0.0)
        move = max(0.0, a.radius + b.radius + GAP - away) / 2
        for mark, sign in ((a, -1), (b, 1)):
            x, y = mark.x + sign * dx * move - mark.home[0], mark.y + sign * dy * move - mark.home[1]
            far = min(1.0, mark.radius / max(hypot(x, y), 1e-9))
            edge = mark.radius + 2
            mark.x = min(max(mark.home[0] + x * far, edge), frame.width - edge)
            mark.y = min(max(mark.home[1] + y * far, edge), frame.height - edge)
    return bool(pairs)


# --- Drawing ---------------------------------------------------------------------------------------------------------


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


def ring(x: float, y: float, radius: float, hues: list[tuple[str, int]]) -> str:
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
