"""Reading GeoJSON strictly, by the standard library alone: no other format is ever opened under its name."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape

from mapgen.files import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mapgen.problems import Problems

MAX_VERTICES = 2_000_000
"""Vertices of a file: more would make a page of tens of megabytes; shapes are simplified before they come here."""
DEPTHS = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip
"""How deep the positions of each kind of geometry lie in its lists."""
DEGREES = re.compile(r"(urn:ogc:def:crs:)?(OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)
EXPORT = "Export it as GeoJSON (RFC 7946), for instance with ogr2ogr -f GeoJSON -t_srs EPSG:4326"
OTHERS = {
    "Topology": "is TopoJSON", "Feature": "is a single Feature", "GeometryCollection": "is a bare geometry",
    **{kind: f"is a bare {kind}" for kind in DEPTHS},
}  # fmt: skip


class ShapeError(Exception):
    """A geometry that cannot be used: `value`, what is wrong with it, what to do."""

    def __init__(self, value: str, message: str, remedy: str) -> None:
        self.value, self.remedy = value, remedy
        super().__init__(message)


def read_geojson(path: Path, name: str, problems: Problems) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON FeatureCollection, geometry made into shapely objects, EPSG:4326.

    Whatever cannot be read becomes a problem; a third coordinate is left out with a note.

    Parameters
    ----------
    path
        The file; only its text is read, whatever its name says.
    name
        Its name in messages.
    problems
        Where problems are added.

    Returns
    -------
    list of dict
        With ``properties``, ``geometry``, ``index`` and ``id`` (the feature's or the property of that name, as text).
    """
    text = decode(path, name, problems)
    data = None if text is None else _parse(text, name, problems)
    if data is None or not _check_collection(data, name, problems):
        return []
    found, vertices = [], 0
    for index, feature in enumerate(data["features"]):
        key = feature_id(feature)
        try:
            geometry = _geometry(feature)
            vertices += int(shapely.get_num_coordinates(geometry))
            if vertices > MAX_VERTICES:
                raise ShapeError("", f"is beyond the {MAX_VERTICES} vertices of a file", "Simplify the shapes")
        except ShapeError as error:
            problems.error(name, None, f"features[{index}] {key}".strip(), error.value, str(error), error.remedy)
            if vertices > MAX_VERTICES:
                break
            continue
        found.append({"properties": feature.get("properties") or {}, "geometry": geometry, "index": index, "id": key})
    if heights := sum(bool(feature["geometry"].has_z) for feature in found):
        problems.note(name, None, "", f"{heights} features", "have heights", "They are left out")
    return [{**feature, "geometry": shapely.force_2d(feature["geometry"])} for feature in found]


def feature_id(feature: Any) -> str:
    """Return the id of a feature as text: its property, else its own; empty where there is none."""
    if not isinstance(feature, dict):
        return ""
    properties = feature.get("properties")
    key = properties.get("id") if isinstance(properties, dict) else None
    key = feature.get("id") if key is None else key
    return "" if key is None or isinstance(key, dict | list) else str(key)[:200]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:80]!r} stands twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _whole(digits: str) -> int | float:
    """Return a whole number; one too large to be told apart becomes a float, infinite in the end."""
    return int(digits) if len(digits) < 16 else float(digits)


def _parse(text: str, name: str, problems: Problems) -> Any:
    """Return what a JSON text holds, or None."""
    if not text.strip():
        problems.error(name, None, "", "", "is empty", EXPORT)
        return None
    if text.lstrip().startswith("<"):
        what = next((word for word in ("VRT", "kml", "gml", "html", "svg") if word in text[:500]), "XML")
        problems.error(name, 1, "", text.lstrip()[:40], f"is not GeoJSON but {what.upper()} with another name", EXPORT)
        return None
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        message, remedy = f"is not JSON: {error.msg} (column {error.colno})", "Correct this line"
        if error.msg == "Extra data":
            message, remedy = "holds more than one JSON value", "Write one FeatureCollection, not one feature a line"
        problems.error(name, error.lineno, "", "", message, remedy)
        return None
    except ValueError as error:
        problems.error(name, None, "", "", f"cannot be used: {error}", "Correct the file")
        return None
    except RecursionError:
        problems.error(name, None, "", "", "is nested too deeply", EXPORT)
        return None
    if data is None:
        problems.error(name, None, "", "null", "is not a FeatureCollection", EXPORT)
    return data


def _check_collection(data: Any, name: str, problems: Problems) -> bool:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind != "FeatureCollection":
        what = OTHERS.get(kind, "is not a FeatureCollection") if isinstance(kind, str) else "is not a FeatureCollection"
        if isinstance(data, dict) and {"geometryType", "spatialReference"} & data.keys():
            what = "is Esri JSON"
        problems.error(name, None, "type", kind or "", f"{what}: no GeoJSON FeatureCollection", EXPORT)
        return False
    if not isinstance(data.get("features"), list):
        problems.error(name, None, "features", "", "is not a list of features", EXPORT)
        return False
    crs = data.get("crs")
    if crs is not None:
        properties = crs.get("properties") if isinstance(crs, dict) else None
        given = properties.get("name") if isinstance(properties, dict) else ""
        if not (isinstance(given, str) and DEGREES.fullmatch(given)):
            problems.error(
                name, None, "crs", given or "", "is another reference system than degrees of WGS 84",
                "Reproject to EPSG:4326, for instance with ogr2ogr -t_srs EPSG:4326",
            )  # fmt: skip
            return False
    return True


def _geometry(feature: Any) -> Any:
    """Return the geometry of a feature as a shapely object.

    Raises
    ------
    ShapeError
        If it cannot be used.
    """
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ShapeError("", "is not a Feature", EXPORT)
    if not isinstance(feature.get("properties") or {}, dict):
        raise ShapeError("", "has properties that are not an object", EXPORT)
    geometry = feature.get("geometry")
    if geometry is None:
        raise ShapeError("", "has no geometry", "Draw its shape, or delete the feature")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in DEPTHS:
        raise ShapeError(str(kind or ""), "is not a geometry that is known", "Use " + ", ".join(DEPTHS))
    coordinates = geometry.get("coordinates")
    lines = list(_lines(coordinates, DEPTHS[kind]))
    if not lines or not all(lines):
        raise ShapeError(kind, "is empty", "Draw its shape, or delete the feature")
    for line in lines:
        _check_line(line, kind)
    try:
        found = shape({"type": kind, "coordinates": coordinates})
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise ShapeError(kind, f"has no usable geometry: {error}", "Repair it") from error
    if any(abs(b[0] - a[0]) > 180 for line in lines for a, b in pairwise(line)):
        raise ShapeError(
            kind, "steps over 180 degrees at once: does it cross the 180th meridian?", "Cut it there (RFC 7946, 3.1.9)"
        )
    return found


def _lines(coordinates: Any, depth: int) -> Iterator[list[Any]]:
    """Return the innermost lists of positions; a single point is a list of one."""
    if depth > 1:
        if not isinstance(coordinates, list) or not coordinates:
            raise ShapeError("", "is empty", "Draw its shape, or delete the feature")
        for part in coordinates:
            yield from _lines(part, depth - 1)
        return
    found = [coordinates] if depth == 0 else coordinates
    if not isinstance(found, list):
        raise ShapeError(str(found)[:40], "is not a list of positions", EXPORT)
    yield found


def _check_line(line: list[Any], kind: str) -> None:
    for at in line:
        if not (isinstance(at, list) and 2 <= len(at) <= 3 and all(type(x) in (int, float) for x in at)):
            raise ShapeError(json.dumps(at)[:60], "is not a position", "Write two numbers, [longitude, latitude]")
        x, y = at[:2]
        if not all(math.isfinite(z) for z in at):
            raise ShapeError(str(at), "is not finite", "Write degrees")
        if abs(x) > 180 or abs(y) > 90:
            metres = abs(x) > 360 or abs(y) > 360
            message = "looks like metres, not degrees" if metres else "is outside the degrees of the Earth"
            remedy = "Reproject to EPSG:4326" if metres else "Write [longitude, latitude]; the two may be swapped"
            raise ShapeError(f"{x}, {y}", message, remedy)
        if x == 0 and y == 0:
            raise ShapeError("0, 0", "is the null point", "Give the true point")
    if kind.endswith("Polygon"):
        if line[0] != line[-1]:
            raise ShapeError(str(line[-1]), "has a ring that is not closed", "Repeat its first point at its end")
        if len(line) < 4:
            raise ShapeError(str(line[0]), "has a ring of fewer than four points", "Draw the ring, or delete it")
    elif kind.endswith("LineString") and len({tuple(at) for at in line}) < 2:
        raise ShapeError(str(line[0]), "is a line of one point", "Draw the line, or delete it")
