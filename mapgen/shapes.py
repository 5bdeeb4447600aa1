"""Reading shapes: GeoJSON features, faces between boundary lines, polygons of districts. EPSG:4326 throughout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pydantic import ValidationError
from shapely.geometry import Polygon, shape

from mapgen.rows import ID, District
from mapgen.tables import read, unique

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.problems import Problems


def read_geojson(path: Path, name: str, problems: Problems) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON FeatureCollection, geometry made into shapely objects, EPSG:4326.

    Whatever cannot be read becomes a problem.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        if not isinstance(features, list):
            raise TypeError("features is not a list")
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems.error(name, None, "", "", f"is not a GeoJSON FeatureCollection: {error}", "Export it as GeoJSON")
        return []
    found = []
    for index, feature in enumerate(features):
        try:
            geometry = shape(feature["geometry"])
            bounds = geometry.bounds
        except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
            problems.error(name, None, f"features[{index}]", "", f"has no usable geometry: {error}", "Repair it")
            continue
        if geometry.is_empty or not (bounds[0] >= -180 and bounds[2] <= 180 and bounds[1] >= -90 and bounds[3] <= 90):
            problems.error(
                name,
                None,
                f"features[{index}]",
                str(bounds),
                "is empty or not in degrees",
                "Use EPSG:4326, lon then lat",
            )
            continue
        found.append({"properties": feature.get("properties") or {}, "geometry": geometry, "index": index})
    return found


def faces_between(path: Path, name: str, problems: Problems) -> list[Polygon]:
    """Return the faces between boundary lines; dangles, cuts and invalid rings are problems that name the line."""
    features = read_geojson(path, name, problems)
    lines = [feature["geometry"] for feature in features]
    names = [str(feature["properties"].get("id", f"features[{feature['index']}]")) for feature in features]
    for line, label in zip(lines, names, strict=True):
        if line.geom_type != "LineString":
            problems.error(name, None, label, line.geom_type, "is not a LineString", "Split it into single lines")
    polygons, *left = shapely.polygonize_full(lines)
    for kind, rest in zip(("a cut", "a dangling line", "an invalid ring"), (left[0], left[1], left[2]), strict=True):
        for part in rest.geoms:
            shared = [line.intersection(part).length for line in lines]
            at = part.representative_point()
            problems.error(
                name, None, names[int(np.argmax(shared))], f"{at.x:.6f}, {at.y:.6f}", f"is {kind}",
                "Join its ends exactly to other lines, or delete it",
            )  # fmt: skip
    return list(polygons.geoms)


def match(
    polygons: list[Polygon], rows: dict[str, District], level: str, name: str, problems: Problems
) -> dict[str, Polygon]:
    """Give each face the district whose label point it holds."""
    wanted = [row for row in rows.values() if row.level == level]
    found: dict[str, Polygon] = {}
    for polygon in polygons:
        inside = [
            r for r in wanted if r.lon is not None and r.lat is not None and shapely.contains_xy(polygon, r.lon, r.lat)
        ]
        at = polygon.representative_point()
        if len(inside) != 1:
            ids = ", ".join(row.id for row in inside)
            problems.error(
                name, None, "", f"{at.x:.6f}, {at.y:.6f}", f"face with {len(inside)} label points {ids}".rstrip(),
                "Each face holds the label point of exactly one district",
            )  # fmt: skip
        elif inside[0].id in found:
            problems.error(name, None, inside[0].id, "", "has two faces", "Delete the line between them")
        else:
            found[inside[0].id] = polygon
    for row in wanted:
        if row.id not in found and row.lon is not None:
            problems.error(name, None, row.id, row.name, "has no face of its own", "Close its boundary lines")
    return found


def from_polygons(path: Path, level: str, name: str, problems: Problems) -> tuple[dict[str, District], dict[str, Any]]:
    """Return the districts of a file of polygons and their shapes; names are those of ``districts.csv``."""
    rows: dict[str, District] = {}
    shapes: dict[str, Any] = {}
    table = path.with_name("districts.csv")
    if table.exists():
        rows = {row.id: row for row in read_districts(table, f"{path.parent.name}/districts.csv", problems)}
    for feature in read_geojson(path, name, problems):
        properties, geometry = feature["properties"], feature["geometry"]
        key = str(properties.get("id", ""))
        if not ID.fullmatch(key) or key in shapes:
            remedy = "Give each its own id of lower-case letters, digits and single hyphens"
            problems.error(name, None, f"features[{feature['index']}].id", key, "is not an id of its own", remedy)
            continue
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or not geometry.is_valid:
            why = shapely.is_valid_reason(geometry)
            problems.error(name, None, key, geometry.geom_type, f"is not a valid polygon: {why}", "Repair the shape")
            continue
        shapes[key] = geometry
        if key not in rows:
            row = _polygon_row(feature, key, level, name, problems)
            if row is not None:
                rows[key] = row
    for key, row in rows.items():
        if row.level == level and key not in shapes:
            problems.error(name, None, key, row.name, "has no polygon", "Add its shape, or delete its row")
    return rows, shapes


def _polygon_row(feature: dict[str, Any], key: str, level: str, name: str, problems: Problems) -> District | None:
    """Return the row of a district that only its polygon tells of."""
    properties, at = feature["properties"], shapely.point_on_surface(feature["geometry"])
    try:
        return District(
            id=key, level=level, number=properties.get("number"), name=str(properties.get("name", key)), name_today="",
            parent=None, lon=at.x, lat=at.y, valid_from="", valid_to="", sources=[],
        )  # fmt: skip
    except ValidationError as error:
        column = str(error.errors()[0]["loc"][0])
        problems.error(
            name, None, f"{key}.{column}", properties.get(column, ""), "cannot be used", "Correct the property"
        )
        return None


def read_districts(path: Path, name: str, problems: Problems) -> list[District]:
    """Return the rows of ``districts.csv``; one whose id stands twice is a problem."""
    return unique(read(path, District, problems, name), District, problems)
