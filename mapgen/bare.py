"""District sets that no subject names: what anyone may check before a map is made of them."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

import pyproj

from mapgen.coverage import Level
from mapgen.problems import Problems
from mapgen.sets import load
from mapgen.shapes import read_districts

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.districts import DistrictSet

AREA_SHARE = 0.03
"""Share by which a stated area may differ from that of the shapes before it is noted."""


def is_set(folder: Path) -> bool:
    """Return whether a folder holds districts."""
    return any((folder / name).is_file() for name in ("boundaries.geojson", "districts.geojson", "districts.csv"))


def load_bare(folder: Path, problems: Problems) -> DistrictSet | None:
    """Read a district set that no subject names: its levels are those of its rows; parameters as in `load`.

    Beyond what any set must fulfil, names should be unique on their level, a licence should lie in the folder, and a
    measure ``area`` in hectares should agree with the shapes.
    """
    levels = _levels(folder, problems)
    found = load(folder, levels, None, problems)
    if found is None:
        return None
    if not any(path.is_file() for path in folder.glob("LICEN[CS]E*")):
        problems.warning(folder.name, None, "LICENSE", "", "is missing", "Say in a file LICENSE who may use the shapes")
    for level in levels:
        _same_names(found, level, problems)
    _compare_areas(found, problems)
    return found


def _levels(folder: Path, problems: Problems) -> list[Level]:
    """Return the levels of the rows, coarsest first; a set without rows has one."""
    path = folder / "districts.csv"
    if not path.is_file():
        return [Level("district", "")]
    rows = {row.id: row for row in read_districts(path, f"{folder.name}/districts.csv", Problems())}
    depth: dict[str, int] = {}
    for row in rows.values():
        above, at = 0, row
        while at.parent in rows and above < len(rows):
            at, above = rows[at.parent], above + 1
        depth[row.level] = max(depth.get(row.level, 0), above)
    letters = {name: {_letters(row.id) for row in rows.values() if row.level == name} for name in depth}
    shared = {name: found.pop() if len(found) == 1 else "" for name, found in letters.items()}
    return [Level(name, shared[name]) for name in sorted(depth, key=lambda x: (depth[x], x))]


def _letters(key: str) -> str:
    return key[: len(key) - len(key.lstrip(ascii_lowercase))]


def _same_names(found: DistrictSet, level: Level, problems: Problems) -> None:
    seen: dict[str, str] = {}
    for key, row in sorted(found.rows.items()):
        if row.level == level.id and seen.setdefault(row.name, key) != key:
            message = f"is the name of {seen[row.name]} too"
            problems.warning(
                f"{found.name}/districts.csv", row.at_line, "name", row.name, message, "Tell the two apart by name"
            )


def _compare_areas(found: DistrictSet, problems: Problems) -> None:
    hectares = _hectares(found)
    for row in found.statistics.rows:
        if row.measure != "area" or row.unit != "ha" or not row.value:
            continue
        here = sum(hectares[face] for face in (found.members(row.district) if row.district else hectares))
        if abs(here / row.value - 1) > AREA_SHARE:
            what = (
                f"differs by {here / row.value - 1:+.1%} from the area of {row.district or 'the whole'}, {here:.1f} ha"
            )
            remedy = "Say why in the README, or mend the shapes"
            problems.note(f"{found.name}/statistics.csv", row.at_line, "value", f"{row.value:g}", what, remedy)


def _hectares(found: DistrictSet) -> dict[str, float]:
    """Return the area of each face on the ellipsoid."""
    earth = pyproj.Geod(ellps="WGS84")
    areas = [abs(earth.geometry_area_perimeter(shape)[0]) / 10_000 for shape in found.shapes]
    return dict(zip(found.faces, areas, strict=True))


def describe(found: DistrictSet) -> str:
    """Return what a set holds: districts by level, area in hectares, features of the base map."""
    counts = [sum(row.level == level.id for row in found.rows.values()) for level in found.levels]
    levels = ", ".join(f"{n} of level {level.id}" for n, level in zip(counts, found.levels, strict=True))
    features = sum(len(rows) for rows in found.base.values())
    area = sum(_hectares(found).values())
    return f"{levels}; {area:,.1f} ha; base map of {features:,} features in {len(found.base)} files"
