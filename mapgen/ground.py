"""The base map as the page draws it: features in an order that is short to write, their lines as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from mapgen.encode import pack

if TYPE_CHECKING:
    from mapgen.base import Feature

SCALE = 50_000
"""Coordinates of base map and borders are integers of 2e-5 degrees, about two metres: finer than old maps are."""
SIMPLIFY_M = 2.0
"""Tolerance of lines and areas, in metres (Douglas-Peucker)."""
COARSE_M = 6.0
"""The same for lines whose own error is larger: a tenth of it, up to this."""

TYPES = ("Point", "LineString", "Polygon")
Part = npt.NDArray[np.int64]


def base_layer(rows: list[Feature]) -> dict[str, Any]:
    """Return the features of one file as columns.

    ``n`` are their names, ``k`` their kinds (places in ``kinds``), ``c`` their classes, ``t`` is 0 for points, 1 for
    lines, 2 for areas (outer ring, then holes); the others are those of `line_columns`.
    """
    kinds = sorted({row.told.kind for row in rows})
    types = [_type(row.geometry) for row in rows]
    found = [_parts(_generalised(row)) for row in rows]
    order = _order([(types[i], row.told.kind, row.told.rank) for i, row in enumerate(rows)], found)
    return {
        "kinds": kinds,
        "n": [rows[i].told.name for i in order],
        "k": [kinds.index(rows[i].told.kind) for i in order],
        "c": [rows[i].told.rank for i in order],
        "t": [types[i] for i in order],
        **line_columns([found[i] for i in order]),
    }


def line_columns(features: list[list[Part]]) -> dict[str, Any]:
    """Return the lines of features as columns.

    ``g`` is the number of vertices of each feature, or of each of its parts; ``x0, y0`` are the starts of all parts,
    packed, each counted from the end of the part before; ``x, y`` the steps from vertex to vertex. lon and lat stand
    apart because like stands then next to like.
    """
    parts = [part for feature in features for part in feature]
    starts = np.array([part[0] for part in parts])
    starts[1:] -= np.array([part[-1] for part in parts])[:-1]
    steps = np.concatenate([np.diff(part, axis=0) for part in parts])
    sizes = [[len(part) for part in feature] for feature in features]
    return {
        "g": [size[0] if len(size) == 1 else size for size in sizes],
        **{key: pack(column) for key, column in zip(("x0", "y0"), starts.T.tolist(), strict=True)},
        **{key: pack(column) for key, column in zip(("x", "y"), steps.T.tolist(), strict=True)},
    }


def on_grid(coordinates: Any) -> Part:
    """Return the vertices of a line as integers, without those that fall on the one before."""
    points: Part = np.round(np.asarray(coordinates)[:, :2] * SCALE).astype(np.int64)
    moves: npt.NDArray[np.bool_] = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    found: Part = points[moves]
    return found


def _type(geometry: Any) -> int:
    return TYPES.index(geometry.geom_type.removeprefix("Multi"))


def _parts(geometry: Any) -> list[Part]:
    """Return points, lines or rings on the grid."""
    parts = getattr(geometry, "geoms", [geometry])
    rings = [[part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part] for part in parts]
    return [on_grid(shapely.get_coordinates(line)) for lines in rings for line in lines]


def _order(groups: list[tuple[int, str, int]], features: list[list[Part]]) -> list[int]:
    """Return an order group by group, in which each feature begins near the end of the one before.

    A line of which the other end is nearer is turned round in place: no line of a base map has a direction.
    """
    ends = np.array([[parts[0][0], parts[-1][-1]] for parts in features])
    turns = [TYPES[group[0]] == "LineString" and len(parts) == 1 for group, parts in zip(groups, features, strict=True)]
    found: list[int] = []
    at = ends[0, 0]
    for group in sorted(set(groups)):
        left = np.array([other == group for other in groups])
        while left.any():
            away = np.abs(ends - at).sum(axis=2)
            away[np.logical_not(turns), 1] = away[~left] = np.iinfo(np.int64).max
            best, end = divmod(int(away.argmin()), 2)
            if end:
                features[best][0] = features[best][0][::-1]
            at = ends[best, 1 - end]
            found.append(best)
            left[best] = False
    return found


def _generalised(row: Feature) -> Any:
    """Return a line or area with fewer vertices; one so small that nothing would be left stays as it is.

    A line that is only good to tens of metres needs no bends of two.
    """
    geometry = row.geometry
    if geometry.geom_type in ("Point", "MultiPoint"):
        return geometry
    tolerance = SIMPLIFY_M
    if "Line" in geometry.geom_type and row.told.precision_m:
        tolerance = min(max(tolerance, row.told.precision_m / 10), COARSE_M)
    simple = shapely.simplify(geometry, tolerance / 90_000)
    return geometry if simple.is_empty else simple
