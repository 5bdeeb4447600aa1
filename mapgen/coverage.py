"""What a set of districts must fulfil: rows that fit its levels, faces that share their borders and leave no gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from mapgen.tables import suggest

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mapgen.problems import Problems
    from mapgen.rows import District

SMALLEST_M2 = 100.0
"""A face below this area is a drawing error, not a district."""
GAP_DEGREES = 1e-6
"""Borders that run apart by less than this, a tenth of a metre, were meant to be one."""
BINS = ("city", "outside", "unplaced")
"""Names of the bins beside the districts; no district may have them."""


@dataclass(frozen=True)
class Level:
    """A level of districts: its name, and the letters with which its ids begin."""

    id: str
    prefix: str


def metric_crs(crs: str, problems: Problems) -> str | None:
    """Return a CRS whose unit is the metre, or None when it is none; `problems` then says why."""
    try:
        found = pyproj.CRS.from_user_input(crs)
        metric = found.is_projected and all(axis.unit_name == "metre" for axis in found.axis_info)
    except pyproj.exceptions.CRSError:
        metric = False
    if not metric:
        problems.error(
            "subject.toml", None, "district_sets.0.crs", crs, "is not a projection in metres",
            'Write a code such as "EPSG:25832", or leave it out: the UTM zone of the centre is taken',
        )  # fmt: skip
    return crs if metric else None


def check_rows(rows: dict[str, District], levels: list[Level], name: str, problems: Problems) -> None:
    """Check that each district stands on a level, under one of the level above, in an order of time."""
    known = {level.id: index for index, level in enumerate(levels)}
    for row in rows.values():
        if row.level not in known:
            problems.error(
                name, row.at_line, "level", row.level, "is not a level of the set", suggest(row.level, known)
            )
            continue
        index = known[row.level]
        if not row.id.startswith(levels[index].prefix) or row.id in BINS:
            message = "is the name of a bin" if row.id in BINS else "does not name its level"
            problems.error(name, row.at_line, "id", row.id, message, f"Begin with {levels[index].prefix!r}")
        parent = rows.get(row.parent or "")
        if index and (parent is None or known.get(parent.level) != index - 1):
            above = [key for key, other in rows.items() if known.get(other.level) == index - 1]
            remedy = f"Name a district of level {levels[index - 1].id!r}. {suggest(row.parent or '', above)}"
            problems.error(
                name, row.at_line, "parent", row.parent or "", "is not a district of the level above", remedy
            )
        if not index and row.parent:
            problems.error(name, row.at_line, "parent", row.parent, "stands on the top level", "Leave the cell empty")


def check_faces(
    faces: list[str],
    shapes: npt.NDArray[np.object_],
    metres: npt.NDArray[np.object_],
    name: str,
    problems: Problems,
) -> None:
    """Check that faces (EPSG:4326, and the same in a metric CRS) are large enough and cover their ground once."""
    small = [(face, area) for face, area in zip(faces, shapely.area(metres), strict=True) if area < SMALLEST_M2]
    for face, area in small:
        problems.error(name, None, face, f"{area:.0f} m2", "is too small", "Delete the sliver")
    if small:
        return
    if not shapely.coverage_is_valid(shapes, gap_width=GAP_DEGREES):
        if not _overlaps(faces, shapes, metres, name, problems):
            edges = shapely.coverage_invalid_edges(shapes, gap_width=GAP_DEGREES)
            bad = [(f, e.representative_point()) for f, e in zip(faces, edges, strict=True) if not e.is_empty]
            at = f"{bad[0][1].x:.6f}, {bad[0][1].y:.6f}" if bad else ""
            problems.error(
                name, None, ", ".join(face for face, _ in bad), at, "overlap or do not share their border",
                "Snap the borders together: both need the same vertices",
            )  # fmt: skip
        return
    union = shapely.union_all(shapes)
    for part in getattr(union, "geoms", [union]):
        for ring in part.interiors:
            at = shapely.Polygon(ring).representative_point()
            problems.error(
                name, None, "", f"{at.x:.6f}, {at.y:.6f}", "lies in a hole between the districts",
                "Close the gap; a ground without districts needs a district of its own",
            )  # fmt: skip


def _overlaps(
    faces: list[str], shapes: npt.NDArray[np.object_], metres: npt.NDArray[np.object_], name: str, problems: Problems
) -> bool:
    """Say which faces overlap by how much; return whether any do by a square metre."""
    tree = shapely.STRtree(metres)
    found = False
    for i, j in sorted(zip(*(side.tolist() for side in tree.query(metres, predicate="intersects")), strict=True)):
        if i >= j:
            continue
        area = shapely.area(shapely.intersection(metres[i], metres[j]))
        if area >= 1:
            at: Any = shapely.intersection(shapes[i], shapes[j]).representative_point()
            problems.error(
                name, None, f"{faces[i]}, {faces[j]}", f"{at.x:.6f}, {at.y:.6f}", f"overlap by {area:.0f} m2",
                "Snap the borders together, or cut the ground from one of them",
            )  # fmt: skip
            found = True
    return found
