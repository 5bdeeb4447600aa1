"""Somebody's own polygons, or the box around the points, made into a district set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from mapgen.geojson import read_geojson
from mapgen.new.intake import plain, slug

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.problems import Problems

LEVEL, PREFIX = "district", "d"
KEYS = {
    "id": "id; code; district id; number; nr; no; num; key; geoid; iso; insee; gid; objectid; fid; ogc fid",
    "name": "name; district; nom; nombre; nome; label; title; bezeichnung; bezirk; quartier; barrio; ward;"
    "neighborhood; neighbourhood; borough; name en; gemeinde name; namelsad",
}  # fmt: skip
GAP_DEGREES = 2e-4
"""Gaps narrower than this are closed: drawing errors of about 20 m."""
WIDE_DEGREES = 6.0
"""A set wider than a UTM zone is measured in an equal-area projection of the whole world."""
MARGIN = 0.1
SMALLEST_DEGREES = 0.01
Box = tuple[float, float, float, float]


class Shapes(NamedTuple):
    """A district set: its GeoJSON, its metric CRS (empty: the UTM zone of the centre) and what is said of it."""

    geojson: str
    crs: str
    lines: list[str]


def box(points: list[tuple[float, float]]) -> Box:
    """Return west, south, east, north of points (lon, lat), a tenth wider and higher than they lie."""
    xy = np.array(points, dtype=float)
    (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    least = SMALLEST_DEGREES
    x, y = (size * MARGIN / 2 if size > least else least / 2 for size in (east - west, north - south))
    return (
        round(max(-180.0, west - x), 5), round(max(-89.0, south - y), 5),
        round(min(180.0, east + x), 5), round(min(89.0, north + y), 5),
    )  # fmt: skip


def around(points: list[tuple[float, float]]) -> Shapes:
    """Return a set of one district: the box around the points."""
    bounds = box(points)
    features = [_feature(f"{PREFIX}-all", "The whole area", shapely.segmentize(shapely.box(*bounds, ccw=True), 90))]
    said = "districts: none were given, so one was made: the box around the points, 10 % larger"
    return Shapes(_collection(features), _crs(bounds), [said])


def read_shapes(path: Path, problems: Problems) -> Shapes | None:
    """Read polygons from a GeoJSON file; small overlaps and gaps are mended, larger gaps get a district of their own.

    Returns
    -------
    Shapes or None
        None when they cannot be used; `problems` then says why.
    """
    errors = problems.count("error")
    features = read_geojson(path, path.name, problems)
    if not features and problems.count("error") == errors:
        problems.error(path.name, None, "features", "", "holds no polygons", "Export the areas as polygons")
    for feature in features:
        geometry = feature["geometry"]
        if geometry.geom_type not in ("Polygon", "MultiPolygon"):
            where = f"features[{feature['index']}]"
            problems.error(path.name, None, where, geometry.geom_type, "is not a polygon", "Leave lines and points out")
    if problems.count("error") > errors:
        return None
    names = {key: _key(features, words) for key, words in KEYS.items()}
    said = [f"{path.name}: {len(features)} polygons"]
    said += [f"  {key:<10} is your property {name!r}" for key, name in names.items() if name]
    rows = _named(features, names)
    shapes, mended = _mend([feature["geometry"] for feature in features])
    for (key, name), shape in zip(rows, shapes, strict=True):
        if shape.is_empty:
            problems.error(path.name, None, key, name, "is covered by other polygons", "Leave one of them out")
    if problems.count("error") > errors:
        return None
    gaps = _gaps(shapes)
    rows += [(f"{PREFIX}-gap-{i}", f"Gap {i}") for i in range(1, len(gaps) + 1)]
    said += [f"  mended     {mended}"] if mended else []
    if gaps:
        said.append(f"  gaps       {len(gaps)} between the polygons became districts of their own: {PREFIX}-gap-1 ...")
    parts = [_feature(*row, shape) for row, shape in zip(rows, [*shapes, *gaps], strict=True)]
    bounds = shapely.total_bounds(shapes).tolist()
    return Shapes(_collection(parts), _crs(bounds), said)


def _key(features: list[dict[str, Any]], words: str) -> str:
    """Return the property that is known by its name, filled everywhere; an empty text if there is none."""
    first = features[0]["properties"]
    for word in (w.strip() for w in words.split(";")):
        for name in first:
            if plain(name) == word and all(f["properties"].get(name) not in (None, "") for f in features):
                return str(name)
    return ""


def _named(features: list[dict[str, Any]], names: dict[str, str]) -> list[tuple[str, str]]:
    """Return id and name of each polygon; ids begin with the letter of the level."""
    rows: list[tuple[str, str]] = []
    for number, feature in enumerate(features, 1):
        known = {key: str(feature["properties"][name]).strip() for key, name in names.items() if name}
        text = known.get("id") or known.get("name") or str(number)
        part = slug(text, otherwise=str(number))
        mark = part if part.startswith(f"{PREFIX}-") else f"{PREFIX}{'' if part[0].isdigit() else '-'}{part}"
        taken = {key for key, _ in rows}
        rows.append((slug(mark, taken), " ".join((known.get("name") or text).split())[:200]))
    return rows


def _mend(shapes: list[Any]) -> tuple[list[Any], str]:
    """Return the polygons as a coverage: valid, without overlaps, with the same vertices along common borders.

    What two polygons claim goes to the smaller one.
    """
    valid = [
        s if s.is_valid else shapely.make_valid(s, method="structure", keep_collapsed=False)
        for s in map(shapely.force_2d, shapes)
    ]
    rounded = [shapely.set_precision(s, 1e-6) for s in valid]
    if shapely.coverage_is_valid(rounded) and not _gaps(rounded):
        return rounded, ""
    clean = list(shapely.coverage_clean(rounded, gap_width=GAP_DEGREES, merge_strategy="min_area"))
    clean = [shapely.set_precision(s, 1e-6) for s in clean]
    if not shapely.coverage_is_valid(clean):
        clean = list(shapely.coverage_clean(clean, merge_strategy="min_area"))
    return clean, "borders that overlapped or did not meet were joined"


def _gaps(shapes: list[Any]) -> list[Any]:
    union = shapely.union_all(shapes)
    parts = getattr(union, "geoms", [union])
    return [shapely.Polygon(ring) for part in parts for ring in part.interiors]


def _crs(bounds: Box | list[float]) -> str:
    west, _, east, _ = bounds
    return "EPSG:6933" if east - west > WIDE_DEGREES else ""


def _feature(key: str, name: str, shape: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": {"id": key, "name": name}, "geometry": geometry}


def _collection(features: list[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n"
