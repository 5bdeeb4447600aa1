"""The ground that sides hold at the end of a phase, and the lines between them on its days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from mapgen import zones
from mapgen.dates import DAY
from mapgen.picture.ground import fill, stroke
from mapgen.picture.pen import element, path

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapgen.contract import Side
    from mapgen.picture.ground import Ground
    from mapgen.rows import Zone
    from mapgen.subject import Subject

SOLID = 0.8
"""Certainty from which a line is solid."""
DOTS = (1.5, 3.5)
DAYS = 8
"""At most so many lines of earlier days are drawn."""


@dataclass(frozen=True)
class Held:
    """What one side holds: its ground and its line, EPSG:4326; either may be empty."""

    id: str
    side: Side
    row: Zone
    ground: Any
    line: Any


def held(subject: Subject, steps: range) -> tuple[int, list[Held]]:
    """Return what each side holds at the last of some steps at which any does, and which step that is."""
    shown = zones.shown(subject)
    step = max((k for k in steps if any(rows[k] >= 0 for rows in shown.values())), default=-1)
    found = []
    for key, rows in shown.items() if step >= 0 else ():
        if rows[step] >= 0:
            found.append(_held(subject, key, subject.zones[rows[step]]))
    return step, found


def _held(subject: Subject, key: str, row: Zone) -> Held:
    assert subject.config.zones is not None
    area = zones.ground(subject, row)
    if zones.beyond(subject, row):
        line = shapely.LineString(zones.line(subject, row))
    else:
        edge = subject.district_set.whole.boundary.buffer(1e-5)
        line = area.boundary.difference(edge) if len(row.line) > 1 else shapely.LineString()
    return Held(key, subject.config.zones.sides[key], row, area, line)


def earlier(subject: Subject, steps: range, sides: list[Held]) -> list[tuple[int, Held]]:
    """Return the lines that parted the ground at the ends of days, each with the last minute of its day.

    Those of sides whose ground is a wash, without the last ones; none where there are too many to be told apart.
    """
    assert subject.config.zones is not None
    shown, last = zones.shown(subject), {(h.id, h.row.id) for h in sides}
    found: dict[tuple[str, str], tuple[int, Zone]] = {}
    for step in steps:
        end = subject.steps.bounds(step)[1]
        for key, rows in shown.items() if end % DAY == 0 else ():
            row = subject.zones[rows[step]] if rows[step] >= 0 else None
            if row is None or len(row.line) < 2 or subject.config.zones.sides[key].draw != "wash":
                continue
            if (key, row.id) not in last:
                found[key, row.id] = (end - 1, row)
    inside = [(end, key, row) for (key, _), (end, row) in found.items() if not zones.beyond(subject, row)]
    return [(end, _held(subject, key, row)) for end, key, row in inside] if len(inside) <= DAYS else []


def washes(ground: Ground, sides: list[Held], name: Callable[[str], str]) -> str:
    """Return washes and edges with the bands along them; `name` makes ids that no other picture has."""
    frame, found = ground.frame, []
    washed = shapely.union_all([h.ground for h in sides if h.side.draw == "wash"])
    fronts = [frame.shape(h.line) for h in sides if not h.line.is_empty and not h.ground.is_empty]
    for h in sides:
        if h.ground.is_empty or h.side.draw == "line":
            continue
        edge = h.side.draw == "edge"
        area = path([frame.shape(ground.whole.difference(washed) if edge else h.ground)])
        clip = element("clipPath", element("path", d=area, clip_rule="evenodd"), id=name(h.id))
        bands = [
            (path(fronts), w, a)
            for w, a in ([(22, 0.07), (11, 0.14)] if edge else [(44, 0.07), (26, 0.08), (12, 0.14)])
        ]
        if edge:
            bands += [(path([ground.shape]), w, a) for w, a in [(22, 0.07), (11, 0.14), (9, 0.8)]]
        strokes = "".join(stroke(d, h.side.hue, w, alpha=a) for d, w, a in bands)
        wash = "" if edge else fill(area, "wash", 0.26)
        found.append(clip + wash + (element("g", strokes, clip_path=f"url(#{name(h.id)})") if strokes else ""))
    return "".join(found)


def fronts(ground: Ground, sides: list[Held], before: list[tuple[int, Held]]) -> str:
    """Return the lines between the sides, solid where they are sure, else dashed, and those of days before as dots."""
    found = [stroke(path([ground.frame.shape(h.line)]), h.side.hue, 1.5, dash=DOTS) for _, h in before]
    for h in sides:
        if h.line.is_empty or (h.side.draw == "edge" and any(other.side.draw == "wash" for other in sides)):
            continue
        d = path([ground.frame.shape(h.line)])
        dash = () if h.row.certainty >= SOLID else (9.0, 4.0)
        found += [stroke(d, "paper", 4.6), stroke(d, h.side.hue, 2.6, dash=dash)]
    return "".join(found)
