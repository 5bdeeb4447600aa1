"""Events and districts as GeoJSON (RFC 7946), with times as in the Linked Places format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from mapgen.dates import DAY, When, iso, moment, words
from mapgen.export.package import attribution, licences

if TYPE_CHECKING:
    from mapgen.export.columns import Record, Sheet
    from mapgen.subject import Subject

DECIMALS = 6
"""Of degrees: 0.1 m, as RFC 7946 section 11.2 advises."""
_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
Json = dict[str, Any]
Drawn = tuple[Json | None, list[float]]


def collections(subject: Subject, sheets: dict[str, Sheet]) -> dict[str, bytes]:
    """Return the events and each level of the districts as feature collections, by file name.

    Parameters
    ----------
    subject
        The subject.
    sheets
        Its tables by name; properties are the columns of ``events`` and ``districts``.
    """
    w = words(subject.language)
    drawn = {key: _drawn(subject.geometry(key)) for key in sorted({row.place for row in subject.rows}, key=str)}
    events = []
    for i, record in enumerate(sheets["events"].records):
        shape = drawn[subject.rows[i].place]
        events.append(_feature(_properties(sheets["events"], record), shape) | {"when": when(subject, i, w)})
    boxes = [box for _, box in drawn.values() if box]
    found = {"events.geojson": _collection(subject, "events.geojson", "places", events, boxes)}
    districts = {record["id"]: record for record in sheets["districts"].records}
    levels = [level.id for level in subject.district_set.levels]
    for level in levels:
        name = "districts.geojson" if level == levels[-1] else f"districts-{level}.geojson"
        frame = subject.level(level)
        shapes = [_drawn(geometry) for geometry in frame.geometry]
        features = [
            _feature(_properties(sheets["districts"], districts[key]), shape)
            for key, shape in zip(frame["id"], shapes, strict=True)
        ]
        found[name] = _collection(subject, name, "districts", features, [box for _, box in shapes])
    return found


def _properties(sheet: Sheet, record: Record) -> Json:
    """Return the cells of a record as in the CSV table: texts, numbers, true or false; null where empty."""
    found: Json = {}
    for column in sheet.columns:
        value = record[column.name]
        if isinstance(value, list):
            value = ("; " if column.name == "source_ids" else ";").join(str(item) for item in value)
        found[column.name] = round(value, DECIMALS) if isinstance(value, float) else None if value == "" else value
    return found


def _feature(properties: Json, drawn: Drawn) -> Json:
    shape, box = drawn
    feature: Json = {"type": "Feature", "id": properties["id"]}
    if shape is not None and shape["type"] != "Point":
        feature["bbox"] = box
    return feature | {"geometry": shape, "properties": properties}


def _drawn(geometry: Any) -> Drawn:
    """Return geometry as GeoJSON and the box around it: west, south, east, north."""
    if geometry is None or geometry.is_empty:
        return None, []
    shape = rounded(geometry)
    return shapely.geometry.mapping(shape), [round(float(x), DECIMALS) for x in shape.bounds]


def rounded(geometry: Any) -> Any:
    """Return geometry in two dimensions at 6 decimals, outer rings counter-clockwise, holes clockwise."""
    flat = shapely.transform(shapely.force_2d(geometry), lambda xy: np.round(xy, DECIMALS))
    return shapely.orient_polygons(flat, exterior_cw=False)


def _collection(subject: Subject, name: str, holds: str, features: list[Json], boxes: list[list[float]]) -> bytes:
    """Return a feature collection, one feature a line; licence and credits are foreign members."""
    head: Json = {
        "type": "FeatureCollection", "title": subject.config.title[subject.language],
        "version": subject.config.version, "data_hash": f"sha256:{subject.data_hash}",
    }  # fmt: skip
    if found := licences(subject, holds, name):
        head["licenses"] = found
    head["attribution"] = attribution(subject, holds, name)
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        head["bbox"] = [min(west), min(south), max(east), max(north)]
    lines = ",\n".join(_json(feature) for feature in features)
    return f'{_json(head)[:-1]},"features":[\n{lines}\n]}}\n'.encode()


# --- Time ------------------------------------------------------------------------------------------------------------


def when(subject: Subject, i: int, w: Json) -> Json:
    """Return the time of an event as the ``when`` of Linked Places: one timespan, and a label in words."""
    return {"timespans": [timespan(subject.whens[i])], "label": subject.when_words(i, w)}


def timespan(time: When) -> Json:
    """Return start and end of a `when`, each ``in`` or between ``earliest`` and ``latest``; open ends are left out.

    Days are written where the limits are whole days, else minutes; a qualifier follows as in the table.
    """
    left = time.a.qualifier if time.a else ""
    right = time.b.qualifier if time.b else left
    span: Json = {}
    if time.kind == "unknown-start" and time.b is not None:
        span["start"] = {"latest": _edge(time.b.last, time.b.unit == "minute") + right}
    elif time.kind != "since-start":
        span["start"] = _limits(time.first, time.first_latest, left)
    if time.kind == "unknown-end" and time.a is not None:
        span["end"] = {"earliest": _edge(time.a.first, time.a.unit == "minute") + left}
    elif time.kind != "open":
        span["end"] = _limits(time.last_earliest, time.last, right)
    return span


def _edge(minute: int, exact: bool) -> str:
    return iso(minute) if exact else moment(minute)[0].isoformat()


def _limits(low: int, high: int, qualifier: str) -> Json:
    exact = low % DAY != 0 or high % DAY != DAY - 1
    early, late = _edge(low, exact) + qualifier, _edge(high, exact) + qualifier
    return {"in": early} if early == late else {"earliest": early, "latest": late}
