"""What the page draws: events, steps, districts and base map as columns of small integers."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from mapgen.arcs import arcs_of
from mapgen.dates import DAY, iso, moment, parse_part, republican
from mapgen.encode import SCALE, delta, pack
from mapgen.measures import measures
from mapgen.rows import PRECISIONS
from mapgen.snippets import IFRAME
from mapgen.steps import step_columns
from mapgen.subject import Subject, interface_words
from mapgen.zones import zone_columns

if TYPE_CHECKING:
    from mapgen.base import Feature
    from mapgen.districts import DistrictSet
    from mapgen.rows import Stop

BASE_SIMPLIFY_M = 2.0
"""Tolerance of base map lines and areas, in metres (Douglas-Peucker)."""
BASE_COARSE_M = 6.0
"""The same for lines whose own error is larger: a tenth of it, up to this."""


@cache
def symbols() -> dict[str, dict[str, Any]]:
    """Return the symbol family: paths on a grid of 24 by symbol id."""
    data = json.loads((files("mapgen") / "assets" / "symbols.json").read_text(encoding="utf-8"))
    return dict(data.get("symbols", data))


def page_data(subject: Subject) -> dict[str, Any]:
    """Return everything the page reads besides its texts, as JSON types.

    Keys: ``languages, title, version, hash, authors, report, snippets, tagNames, words, months, steps, phases, groups,
    layers, events, districts, measures, zones, tour, base, symbols, view, openAt``. Times are minutes from the
    subject's first one, coordinates integers of 1e-5 degrees.
    """
    config = subject.config
    groups = [group.id for group in config.groups]
    used = {layer.symbol for layer in config.layers}
    return {
        "languages": config.languages,
        "title": config.title,
        "version": config.version,
        "hash": subject.data_hash[:12],
        "authors": config.authors,
        "report": config.report_error,
        "snippets": {"iframe": IFRAME},
        "tagNames": config.tags,
        "words": {language: w["ui"] for language, w in interface_words(subject).items()},
        "months": {language: w["date"]["months"] for language, w in interface_words(subject).items()},
        "steps": _steps(subject),
        "phases": [{"start": s, "name": p.name} for s, p in zip(subject.phase_starts, config.phases, strict=True)],
        "groups": [{"id": g.id, "hue": g.hue, "name": g.name} for g in config.groups],
        "layers": [
            {"id": x.id, "group": groups.index(x.group), "symbol": x.symbol, "hue": x.hue, "name": x.name}
            for x in config.layers
        ],
        "events": _events(subject),
        "districts": _districts(subject),
        "measures": measures(subject),
        "zones": zone_columns(subject),
        "tour": [_stop(subject, stop) for stop in subject.stops()],
        "base": {"layers": _base(subject), **_levels(subject)},
        "symbols": {key: value for key, value in symbols().items() if key in used},
        "view": config.view.bounds,
        "openAt": config.extent.open_at,
    }


# --- Time ------------------------------------------------------------------------------------------------------------


def _steps(subject: Subject) -> dict[str, Any]:
    steps, origin = subject.steps, int(subject.steps.starts[0])
    bounds = [steps.bounds(i) for i in range(len(steps))]
    result: dict[str, Any] = {
        "start": [int(s) - origin for s in steps.starts],
        "end": steps.end - origin,
        "at": [iso(start) for start, _ in bounds] + [iso(steps.end)],
        "rule": steps.rule.tolist(),
    }
    if subject.config.extent.calendar == "republican":
        result["calendar"] = [republican(moment(s)[0]) if e - s <= DAY else "" for s, e in bounds]
    if subject.config.day_count:
        result["day"], result["days"] = _day_count(subject, bounds)
    result["words"] = {k: step_columns(steps, w) for k, w in interface_words(subject).items()}
    return result


def _day_count(subject: Subject, bounds: list[tuple[int, int]]) -> tuple[list[int], int]:
    """Return for each step which of the counted days it is (0 for none) and how many are counted."""
    count = subject.config.day_count
    assert count is not None
    first, last = (parse_part(text).first // DAY for text in (count.start, count.to))
    days = [s // DAY - first + 1 if e - s <= DAY and first <= s // DAY <= last else 0 for s, e in bounds]
    return days, last - first + 1


def _events(subject: Subject) -> dict[str, Any]:
    times, origin = subject.times, int(subject.steps.starts[0])
    layers = [layer.id for layer in subject.config.layers]
    first = times.first_steps(subject.steps)
    places = [subject.places.get(row.place or "") for row in subject.rows]
    people = sorted(subject.people)
    tags = sorted({tag for row in subject.rows for tag in row.tags})
    bins = sorted(set(subject.bins))
    ends = np.append(subject.steps.starts[1:], subject.steps.end)
    placed = subject.placed()
    return {
        "id": [row.id for row in subject.rows],
        "first": (times.first - origin).tolist(),
        "firstLatest": (times.first_latest - origin).tolist(),
        "lastEarliest": (times.last_earliest - origin).tolist(),
        "last": (times.last - origin).tolist(),
        "capped": np.flatnonzero(times.capped).tolist(),
        "firstStep": first.tolist(),
        # The hour is not known where the start may fall after the first step: the strip draws these thin.
        "vague": np.flatnonzero(
            (times.first_latest >= ends[first]) & (times.first_latest - times.first < DAY)
        ).tolist(),
        "layer": [layers.index(row.layer) for row in subject.rows],
        "importance": [row.importance for row in subject.rows],
        "place": [placed.index(row.place) if row.place else -1 for row in subject.rows],
        "bins": bins,
        "bin": [bins.index(where) for where in subject.bins],
        "people": people,
        "actors": [[people.index(key) for key in row.actors] for row in subject.rows],
        "tags": tags,
        "tag": [[tags.index(key) for key in row.tags] for row in subject.rows],
        "lon": [_int(p.lon) if p is not None else None for p in places],
        "lat": [_int(p.lat) if p is not None else None for p in places],
        "radius": [p.radius_m if p is not None else 0 for p in places],
        "precision": [PRECISIONS.index(p.precision) if p is not None else -1 for p in places],
        "shape": [_shape(subject.shapes[row.place]) if row.place in subject.shapes else None for row in subject.rows],
        "places": placed,
        "also": {str(i): [placed.index(k) for k in row.also_at] for i, row in enumerate(subject.rows) if row.also_at},
    }


def _stop(subject: Subject, stop: Stop) -> dict[str, str]:
    """Return a stop of the tour as the address tells it: the step in which its event begins or its date falls."""
    if stop.event:
        step = int(subject.times.first_steps(subject.steps)[subject.index[stop.event]])
    else:
        step = subject.steps.at(parse_part(stop.when).first) or 0
    date = iso(subject.steps.bounds(step)[0])
    return {"id": stop.id, "event": stop.event or "", "date": date, "view": stop.view, "layers": ",".join(stop.layers)}


# --- Space -----------------------------------------------------------------------------------------------------------


def _int(value: float | None) -> int | None:
    return None if value is None else round(value * SCALE)


def _shape(geometry: Any, at: Any = None) -> dict[str, Any]:
    """Return the parts of a line or area: ``t`` is 0 for points, 1 for lines, 2 for areas (outer ring, then holes).

    Each part counts from `at`, which is moved to its end; without it from zero.
    """
    kind = geometry.geom_type
    if kind.startswith("Multi") or kind == "GeometryCollection":
        parts = [_shape(part, at) for part in geometry.geoms]
        return {"t": parts[0]["t"], "g": [ring for part in parts for ring in part["g"]]}
    lines = [geometry] if kind in ("Point", "LineString") else [geometry.exterior, *geometry.interiors]
    return {
        "t": ("Point", "LineString", "Polygon").index(kind),
        "g": [pack(_onward(line.coords, at)) for line in lines],
    }


def _onward(coordinates: Any, at: Any) -> list[int]:
    numbers = delta(coordinates)
    if at is not None:
        start = at.copy()
        at[:] = np.reshape(numbers, (-1, 2)).sum(axis=0)
        numbers[:2] = (numbers[:2] - start).tolist()
    return numbers


def _near(geometries: list[Any]) -> list[int]:
    """Return an order in which each begins near the end of the one before: small differences are short to write."""
    points = [shapely.get_coordinates(geometry) for geometry in geometries]
    starts, ends = np.array([p[0] for p in points]), np.array([p[-1] for p in points])
    left = np.ones(len(points), dtype=bool)
    order = [0]
    left[0] = False
    while left.any():
        away = np.abs(starts - ends[order[-1]]).sum(axis=1)
        order.append(int(np.where(left, away, np.inf).argmin()))
        left[order[-1]] = False
    return order


def _districts(subject: Subject) -> dict[str, Any]:
    """Return ids, names, numbers and parents of all districts of all levels."""
    districts = subject.district_set
    rows = [districts.rows[key] for key in sorted(districts.rows)]
    levels = [level.id for level in districts.levels]
    return {
        "id": [row.id for row in rows],
        "level": [levels.index(row.level) for row in rows],
        "number": [row.number for row in rows],
        "name": [row.name for row in rows],
        "today": {str(i): row.name_today for i, row in enumerate(rows) if row.name_today not in ("", row.name)},
        "parent": [[r.id for r in rows].index(row.parent) if row.parent else -1 for row in rows],
        "levels": [{"id": x.id, "name": x.name} for x in subject.config.district_sets[0].levels],
    }


def _levels(subject: Subject) -> dict[str, Any]:
    """Return the borders of the drawn shapes, each once, and the districts of each level as rings of them."""
    districts = subject.district_set
    shapes = districts.drawn()
    arcs = arcs_of(shapes)
    result = []
    for k, level in enumerate(districts.levels):
        groups: dict[str, list[Any]] = {}
        for face, polygon in zip(districts.faces, shapes, strict=True):
            groups.setdefault(districts.up(face, k), []).append(polygon)
        keys = sorted(groups)
        result.append({
            "id": level.id, "ids": keys, "numbers": [districts.rows[key].number for key in keys],
            "names": [districts.rows[key].name for key in keys],
            "points": [[_int(districts.rows[key].lon), _int(districts.rows[key].lat)] for key in keys],
            "rings": [arcs.rings(shapely.coverage_union_all(groups[key])) for key in keys],
            "lines": [n for n, sides in enumerate(arcs.sides) if _level_between(districts, sides) == k],
        })  # fmt: skip
    return {"arcs": [pack(delta(line)) for line in arcs.lines], "levels": result}


def _level_between(districts: DistrictSet, sides: tuple[int, ...]) -> int:
    """Return the coarsest level on which two faces differ; -1 at the outer edge."""
    if len(sides) < 2:
        return -1
    one, two = (districts.faces[index] for index in sides)
    return next(k for k in range(len(districts.levels)) if districts.up(one, k) != districts.up(two, k))


def _base(subject: Subject) -> dict[str, dict[str, Any]]:
    """Return the base map, a file a layer: names and kinds once, then columns in the order of the features."""
    return {name: _base_layer(rows) for name, rows in subject.district_set.base.items()}


def _base_layer(rows: list[Feature]) -> dict[str, Any]:
    geometries = [_generalised(row) for row in rows]
    order = _near(geometries)
    rows = [rows[i] for i in order]
    at = np.zeros(2, dtype=int)
    shapes = [_shape(geometries[i], at) for i in order]
    names = sorted({row.told.name for row in rows})
    kinds = sorted({row.told.kind for row in rows})
    return {
        "names": names, "kinds": kinds,
        "n": [names.index(row.told.name) for row in rows],
        "k": [kinds.index(row.told.kind) for row in rows],
        "c": [row.told.rank for row in rows],
        "t": [shape["t"] for shape in shapes],
        "g": [shape["g"] for shape in shapes],
    }  # fmt: skip


def _generalised(row: Feature) -> Any:
    """Return a line or area with fewer vertices; one so small that nothing would be left stays as it is.

    A line that is only good to tens of metres needs no bends of two.
    """
    geometry = row.geometry
    if geometry.geom_type in ("Point", "MultiPoint"):
        return geometry
    tolerance = BASE_SIMPLIFY_M
    if "Line" in geometry.geom_type and row.told.precision_m:
        tolerance = min(max(tolerance, row.told.precision_m / 10), BASE_COARSE_M)
    simple = shapely.simplify(geometry, tolerance / 90_000)
    return geometry if simple.is_empty else simple
