"""Shapes of districts: faces between boundary lines, polygons of a file. EPSG:4326 throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pydantic import ValidationError

from mapgen.cells import ID
from mapgen.geojson import read_geojson
from mapgen.rows import District
from mapgen.tables import read, unique

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry import Polygon

    from mapgen.problems import Problems


def faces_between(path: Path, name: str, problems: Problems) -> list[Polygon]:
    """Return the faces between boundary lines; dangles, cuts and invalid rings are problems that name the line."""
    features = read_geojson(path, name, problems)
    lines = [feature["geometry"] for feature in features]
    names = [feature["id"] or f"features[{feature['index']}]" for feature in features]
    for label in sorted({n for n in names if names.count(n) > 1}):
        problems.error(name, None, label, label, "stands twice", "Give each line its own id")
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
        geometry = feature["geometry"]
        key = feature["id"]
        if not ID.fullmatch(key) or key in shapes:
            remedy = "Give each its own id of lower-case letters, digits and single hyphens"
            problems.error(name, None, f"features[{feature['index']}].id", key, "is not an id of its own", remedy)
            continue
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or not geometry.is_valid:
            why = shapely.is_valid_reason(geometry)
            remedy = "Repair the shape there; a ring may not cross or touch itself"
            problems.error(name, None, key, geometry.geom_type, f"is not a valid polygon: {why}", remedy)
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
