"""The events of a picture as marks: symbols and counts, gathered where they stand close, none over another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from math import hypot
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from mapgen.picture.ground import Frame
    from mapgen.steps import Ints
    from mapgen.subject import Subject

Floats = npt.NDArray[np.float64]

REACH = 19.0
"""Events within so many pixels are one mark."""
COUNT = 4
"""From so many events a mark is a count; fewer are the weightiest one's symbol with a number."""
GAP, ROUNDS = 1.5, 12
SIZE = 20.0
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
        """Put the mark where it belongs; a symbol with a number stands to the lower left of the middle of both."""
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
    marks = gathered(np.array(on, dtype=np.int64)[weight], pixels[weight])
    return Told(states, apart(marks, frame), +aside)


def where(subject: Subject, i: int) -> str:
    """Return why an event stands on no point: ``area``, ``city``, ``outside`` or ``none``; nothing where it does."""
    place = subject.places.get(subject.rows[i].place or "")
    if place is None:
        return "none"
    kinds = {"quarter": "area", "district": "area", "city": "city", "region": "outside"}
    return kinds.get(place.precision, "" if place.lon is not None else "area")


def gathered(events: Ints, pixels: Floats) -> list[Mark]:
    """Return events at points, the weightiest first, as marks: each joins the nearest mark whose leader is near."""
    found: list[Mark] = []
    # Of each square of the map the marks that are within reach of any of its points.
    near: dict[tuple[float, float], list[Mark]] = {}
    for event, (x, y) in zip(events.tolist(), pixels.tolist(), strict=True):
        column, row = x // REACH, y // REACH
        least, nearest = REACH**2, None
        for mark in near.get((column, row), ()):
            away = (mark.x - x) ** 2 + (mark.y - y) ** 2
            if away <= least:
                least, nearest = away, mark
        if nearest is not None:
            nearest.events.append(event)
            continue
        found.append(Mark(x, y, [event]))
        for dx, dy in product((-1, 0, 1), repeat=2):
            near.setdefault((column + dx, row + dy), []).append(found[-1])
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
        for column, row in product((-1, 0, 1), repeat=2):
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
