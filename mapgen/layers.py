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
from mapgen.ground import TYPES, base_layer, line_columns, on_grid
from mapgen.measures import measures
from mapgen.rows import PRECISIONS
from mapgen.snippets import IFRAME
from mapgen.steps import step_columns
from mapgen.subject import Subject, interface_words
from mapgen.zones import zone_columns

if TYPE_CHECKING:
    from mapgen.districts import DistrictSet
    from mapgen.rows import Stop


@cache
def symbols() -> dict[str, dict[str, Any]]:
    """Return the symbol family: paths on a grid of 24 by symbol id."""
    data = json.loads((files("mapgen") / "assets" / "symbols.json").read_text(encoding="utf-8"))
    return dict(data.get("symbols", data))


def page_data(subject: Subject) -> dict[str, Any]:
    """Return everything the page reads besides its texts, as JSON types.

    Keys: ``languages, title, version, hash, authors, report, snippets, tagNames, retired, words, months, steps, phases,
    groups, layers, events, districts, measures, zones, tour, base, symbols, view, openAt``. Times are minutes from the
    subject's first one, coordinates integers of 1e-5 degrees, the lines of ``base`` of 2e-5.
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
        "retired": _retired(subject),
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
        "base": {
            "layers": {key: base_layer(rows) for key, rows in subject.district_set.base.items() if rows},
            **_levels(subject),
        },
        "symbols": {key: value for key, value in symbols().items() if key in used},
        "view": config.view.bounds,
        "openAt": config.extent.open_at,
    }


def _retired(subject: Subject) -> dict[str, str]:
    """Return the events that tell what events tell no more, by the ids that still stand in links."""
    found = {}
    for key, row in sorted(subject.retired.items()):
        at = row.replaced_by
        while at in subject.retired:
            at = subject.retired[at].replaced_by
        if at in subject.index:
            found[key] = at
    return found


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
    """Return the events as columns, what is the same at a place once a place (``at``): ``page-data.js`` spreads it.

    ``first`` counts from the start of ``firstStep``, ``firstLatest`` and ``lastEarliest`` from ``first``, and ``last``
    from ``lastEarliest``, because most of these differences are alike.
    """
    times, starts = subject.times, subject.steps.starts
    layers = [layer.id for layer in subject.config.layers]
    first = times.first_steps(subject.steps)
    tags = sorted({tag for row in subject.rows for tag in row.tags})
    people = sorted(subject.people)
    placed = subject.placed()
    return {
        "id": [row.id for row in subject.rows],
        "firstStep": first.tolist(),
        "first": (times.first - starts[first]).tolist(),
        "firstLatest": (times.first_latest - times.first).tolist(),
        "lastEarliest": (times.last_earliest - times.first).tolist(),
        "last": (times.last - times.last_earliest).tolist(),
        "capped": np.flatnonzero(times.capped).tolist(),
        "layer": [layers.index(row.layer) for row in subject.rows],
        "importance": [row.importance for row in subject.rows],
        "place": [placed.index(row.place) if row.place else -1 for row in subject.rows],
        "actors": [[people.index(key) for key in row.actors] for row in subject.rows],
        "tags": tags,
        "tag": [[tags.index(key) for key in row.tags] for row in subject.rows],
        "also": {str(i): [placed.index(k) for k in row.also_at] for i, row in enumerate(subject.rows) if row.also_at},
        "at": _places(subject, placed),
    }


def _places(subject: Subject, placed: list[str]) -> dict[str, Any]:
    """Return the places of events as columns: ``lon, lat`` from that of ``zero``, ``shape`` by place."""
    rows = [subject.places[key] for key in placed]
    bins = sorted({subject.place_bins[key] for key in placed} | {"unplaced"})
    zero = [_int(x) for x in subject.district_set.bounds[:2]]

    def away(value: float | None, k: int) -> int | None:
        number = _int(value)
        return None if number is None else number - (zero[k] or 0)

    return {
        "bins": bins,
        "bin": [bins.index(subject.place_bins[key]) for key in placed],
        "zero": zero,
        "lon": [away(row.lon, 0) for row in rows],
        "lat": [away(row.lat, 1) for row in rows],
        "radius": [row.radius_m for row in rows],
        "precision": [PRECISIONS.index(row.precision) for row in rows],
        "shape": {str(k): _shape(subject.shapes[key]) for k, key in enumerate(placed) if key in subject.shapes},
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


def _shape(geometry: Any) -> dict[str, Any]:
    """Return the parts of a line or area: ``t`` is 0 for points, 1 for lines, 2 for areas (outer ring, then holes)."""
    kind = geometry.geom_type
    if kind.startswith("Multi") or kind == "GeometryCollection":
        parts = [_shape(part) for part in geometry.geoms]
        return {"t": parts[0]["t"], "g": [ring for part in parts for ring in part["g"]]}
    lines = [geometry] if kind in ("Point", "LineString") else [geometry.exterior, *geometry.interiors]
    return {"t": TYPES.index(kind), "g": [pack(delta(line.coords)) for line in lines]}


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
    return {"arcs": line_columns([[on_grid(line)] for line in arcs.lines]), "levels": result}


def _level_between(districts: DistrictSet, sides: tuple[int, ...]) -> int:
    """Return the coarsest level on which two faces differ; -1 at the outer edge."""
    if len(sides) < 2:
        return -1
    one, two = (districts.faces[index] for index in sides)
    return next(k for k in range(len(districts.levels)) if districts.up(one, k) != districts.up(two, k))
