"""Ground held by each side at each step: which row of zones.csv is shown, and the shape of its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
import shapely.ops
from shapely.geometry import LineString, Point, Polygon

from mapgen.dates import parse
from mapgen.encode import SCALE, delta, pack

if TYPE_CHECKING:
    from mapgen.rows import Zone
    from mapgen.subject import Subject

POCKET_M = 900.0
"""A line both of whose ends lie further than this from the outer edge of the districts runs round a pocket, metres."""
FAR = 1.0
"""How far the ends of a line are carried on beyond the districts, in widths of the set."""


def shown(subject: Subject) -> dict[str, list[int]]:
    """Return for each side the index of the row of `Subject.zones` that each step shows, -1 for none.

    It is the row with the latest start not after the step's last minute, unless that row has ended by then.
    """
    steps = subject.steps
    extent = (int(steps.starts[0]), steps.end)
    times = [parse(row.when, extent) for row in subject.zones]
    found: dict[str, list[int]] = {}
    for side in subject.config.zones.sides if subject.config.zones else {}:
        rows = [i for i, row in enumerate(subject.zones) if row.side == side]
        found[side] = []
        for k in range(len(steps)):
            last = steps.bounds(k)[1] - 1
            begun = [i for i in rows if times[i].first <= last]
            at = max(begun, key=lambda i: (times[i].first, i), default=-1)
            ended = at >= 0 and times[at].kind == "span" and times[at].last < last
            found[side].append(-1 if ended else at)
    return found


def ground(subject: Subject, row: Zone) -> Any:
    """Return the ground of a row, EPSG:4326: what its line parts from the rest around its districts, else these."""
    if beyond(subject, row):
        return Polygon()
    cut, inside = _cut(subject, row)
    if cut is None:
        return _held(subject, row)
    whole = subject.district_set.whole
    return whole.intersection(cut) if inside else whole.difference(cut)


def beyond(subject: Subject, row: Zone) -> bool:
    """Return whether a row is a line that runs outside the districts and holds none: such a line parts no ground."""
    points = line(subject, row)
    return not row.districts and len(points) > 1 and bool(LineString(points).disjoint(subject.district_set.whole))


def zone_columns(subject: Subject) -> dict[str, Any] | None:
    """Return what the page draws of the zones, None without sides.

    ``sides`` (``id, hue, draw, name, told``); ``rows``: ``districts`` (ids), or where there is a line ``cut`` (a ring
    that the line bounds and that reaches beyond the map) and ``inside`` (whether the ground lies in it), or only
    ``line`` where it runs outside the districts; ``sure``, ``share`` (of the whole ground, in steps of 5 %, since
    lines are inferred; 100 only for all of it), ``at`` (a point well inside); ``steps``: for each side the row of each
    step, -1 for none.
    """
    zones = subject.config.zones
    if zones is None:
        return None
    return {
        "sides": [
            {"id": k, "hue": v.hue, "draw": v.draw, "name": v.name, "told": v.told or v.name}
            for k, v in zones.sides.items()
        ],
        "rows": [_columns(subject, row) for row in subject.zones],
        "steps": list(shown(subject).values()),
    }


def _columns(subject: Subject, row: Zone) -> dict[str, Any]:
    if beyond(subject, row):
        return {"sure": row.certainty, "share": 0, "line": pack(delta(line(subject, row)))}
    cut, inside = _cut(subject, row)
    area = ground(subject, row)
    parts = [part for part in getattr(area, "geoms", [area]) if part.geom_type == "Polygon" and part.area]
    share = area.area / subject.district_set.whole.area
    found = {"sure": row.certainty, "share": 100 if share > 0.9999 else min(95, round(share * 20) * 5)}
    if parts:
        largest = max(parts, key=lambda part: float(part.area))
        at = shapely.maximum_inscribed_circle(largest, tolerance=1e-4).coords[0]
        found["at"] = [round(value * SCALE) for value in at]
    if cut is None:
        return {**found, "districts": row.districts}
    return {**found, "cut": pack(delta(cut.exterior.coords)), "inside": inside}


def _held(subject: Subject, row: Zone) -> Any:
    districts = subject.district_set
    faces = sorted({face for key in row.districts for face in districts.members(key)})
    return shapely.union_all([districts.shapes[districts.faces.index(face)] for face in faces])


def _cut(subject: Subject, row: Zone) -> tuple[Any, bool]:
    """Return the ring that a row's line bounds and whether its ground lies inside it; None without a line."""
    if len(row.line) < 2:
        return None, True
    held, whole, cut = _held(subject, row), subject.district_set.whole, _side(subject, row, subject.district_set.whole)
    inside, outside = whole.intersection(cut), whole.difference(cut)
    # Of a line without districts the smaller ground is meant: where a side has only come in.
    if held.is_empty:
        return cut, bool(inside.area <= outside.area)

    def share(part: Any) -> float:
        return float(part.intersection(held).area / part.area) if part.area else 0.0

    return cut, share(inside) >= share(outside)


def line(subject: Subject, row: Zone) -> list[tuple[float, float]]:
    """Return the points of a row's line, degrees; no line of a row without one."""
    return [(p.lon, p.lat) for key in row.line if (p := subject.places[key]).lon is not None and p.lat is not None]


def _side(subject: Subject, row: Zone, whole: Any) -> Any:
    """Return an area that the line bounds: a pocket, or one side of the line carried on beyond the districts."""
    points = line(subject, row)
    edge = subject.district_set.to_metres(whole).boundary
    ends = [subject.district_set.to_metres(Point(points[k])).distance(edge) for k in (0, -1)]
    inside = [whole.contains(Point(points[k])) for k in (0, -1)]
    if all(far > POCKET_M and within for far, within in zip(ends, inside, strict=True)) and len(points) > 2:
        return Polygon(points).buffer(0)
    west, south, east, north = whole.bounds
    reach = FAR * max(east - west, north - south)
    centre = whole.centroid
    first, last = (_outward(points[k], centre, reach) for k in (0, -1))
    box = shapely.box(centre.x - 9 * reach, centre.y - 9 * reach, centre.x + 9 * reach, centre.y + 9 * reach)
    far_first, far_last = (_outward(end, centre, 30 * reach) for end in (first, last))
    parts = shapely.ops.split(box, LineString([far_first, first, *points, last, far_last])).geoms
    return parts[0] if len(parts) > 1 else box


def _outward(at: tuple[float, float], centre: Point, reach: float) -> tuple[float, float]:
    """Return the point that lies further out from a centre by a reach, degrees."""
    x, y = at[0] - centre.x, at[1] - centre.y
    length = (x * x + y * y) ** 0.5 or 1.0
    return at[0] + x / length * reach, at[1] + y / length * reach
