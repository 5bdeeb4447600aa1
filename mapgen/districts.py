"""District sets: polygons made from named boundary lines, levels dissolved, points joined to faces."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

if TYPE_CHECKING:
    from mapgen.base import Feature
    from mapgen.coverage import Level
    from mapgen.rows import District, Source, Statistic
    from mapgen.tables import Table

WGS84 = "EPSG:4326"
BORDER_M = 10.0
"""Within this distance of a border, in metres, the stated district of a place wins over the computed one."""
LIMIT_M = 25.0
"""The same at the outer limit of the set."""
SIMPLIFY_M = 7.0
"""Tolerance of the drawn shapes: square root of the largest triangle left out, in metres (Visvalingam-Whyatt)."""


@dataclass
class DistrictSet:
    """The districts of one place and time.

    Attributes
    ----------
    name
        Name of the folder.
    levels
        Levels, coarsest first.
    rows
        All districts of all levels by id.
    faces
        Ids of the finest districts in order of number, then id.
    shapes
        Their polygons, EPSG:4326, full detail; shape (n,).
    crs
        Metric CRS in which distances are measured and shapes simplified.
    statistics
        Figures of the districts whatever the subject.
    sources
        The set's own sources by id.
    base
        Features of the base map by file.
    """

    name: str
    levels: list[Level]
    rows: dict[str, District]
    faces: list[str]
    shapes: npt.NDArray[np.object_]
    crs: str
    statistics: Table[Statistic]
    sources: dict[str, Source] = field(default_factory=dict)
    base: dict[str, list[Feature]] = field(default_factory=dict)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the set, degrees."""
        west, south, east, north = (float(x) for x in shapely.total_bounds(self.shapes))
        return west, south, east, north

    @cached_property
    def whole(self) -> Any:
        """All districts as one shape, EPSG:4326, full detail."""
        return shapely.union_all(self.shapes)

    def level_of(self, district: str) -> int:
        """Return the index of a district's level."""
        return [level.id for level in self.levels].index(self.rows[district].level)

    def up(self, district: str, level: int) -> str:
        """Return the district of a level that holds a district; the district itself where it is not finer."""
        at = district
        while self.level_of(at) > level:
            at = self.rows[at].parent or at
        return at

    def members(self, district: str) -> set[str]:
        """Return the finest districts inside a district, itself included."""
        level = self.level_of(district)
        return {face for face in self.faces if self.up(face, level) == district}

    def join(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return for each point the index of the face that holds it, -1 outside.

        A point exactly on a border belongs to the face with the lowest number.

        Parameters
        ----------
        lon, lat
            Degrees, EPSG:4326, shape (n,).
        """
        found = np.full(len(lon), -1, dtype=np.int64)
        for index, polygon in enumerate(self.shapes):
            west, south, east, north = polygon.bounds
            near = np.flatnonzero((found < 0) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
            shapely.prepare(polygon)
            found[near[shapely.intersects_xy(polygon, lon[near], lat[near])]] = index
        return found

    def to_metres(self, geometry: Any) -> Any:
        """Return geometry (EPSG:4326) in the metric CRS; units metres."""
        turn = _transformer(WGS84, self.crs)
        return shapely.transform(geometry, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])))

    def distance_m(self, lon: float, lat: float, faces: set[str] | None) -> float:
        """Return the distance in metres from a point to the union of some faces, or to the outer limit if None."""
        point = self.to_metres(shapely.Point(lon, lat))
        chosen = [s for f, s in zip(self.faces, self.shapes, strict=True) if faces is None or f in faces]
        area = shapely.union_all([self.to_metres(s) for s in chosen])
        return float(point.distance(area.boundary if faces is None else area))

    def frame(self, level: str | None = None) -> gpd.GeoDataFrame:
        """Return the districts of one level (the finest if None), EPSG:4326.

        Columns: ``id, level, number, name, name_today, parent``, one per level holding the number of the district of
        that level (its id where districts have no numbers), ``geometry``.

        Raises
        ------
        KeyError
            If there is no such level.
        """
        names = [item.id for item in self.levels]
        wanted = len(names) - 1 if level is None else names.index(level) if level in names else None
        if wanted is None:
            raise KeyError(f"level {level!r} is not known; use one of {names}")
        groups: dict[str, list[Any]] = {}
        for face, polygon in zip(self.faces, self.shapes, strict=True):
            groups.setdefault(self.up(face, wanted), []).append(polygon)
        records = [self._record(self.rows[key], wanted) for key in sorted(groups, key=self._order)]
        merged = [shapely.union_all(groups[record["id"]]) for record in records]
        return gpd.GeoDataFrame(records, geometry=merged, crs=WGS84)

    def _order(self, district: str) -> tuple[int, str]:
        number = self.rows[district].number
        return (number if number is not None else 0, district)

    def _record(self, row: District, level: int) -> dict[str, Any]:
        record: dict[str, Any] = {
            "id": row.id, "level": row.level, "number": row.number, "name": row.name,
            "name_today": row.name_today, "parent": row.parent,
        }  # fmt: skip
        for index in range(level + 1):
            record[self.levels[index].id] = self.number_or_id(self.up(row.id, index))
        return record

    def number_or_id(self, district: str) -> int | str:
        """Return a district's number, or its id where it has none."""
        number = self.rows[district].number
        return district if number is None else number

    def drawn(self) -> npt.NDArray[np.object_]:
        """Return the polygons as they are drawn: simplified with shared borders intact, 5 decimals, EPSG:4326."""
        metres = np.array([self.to_metres(s) for s in self.shapes])
        simple = shapely.coverage_simplify(metres, SIMPLIFY_M)
        back = _transformer(self.crs, WGS84)
        degrees = shapely.transform(simple, lambda xy: np.round(np.column_stack(back.transform(xy[:, 0], xy[:, 1])), 5))
        if not shapely.coverage_is_valid(degrees) or not shapely.is_valid(degrees).all():
            raise ValueError(f"{self.name}: the simplified districts overlap or leave gaps")
        return np.asarray(degrees)


def utm(shapes: npt.NDArray[np.object_]) -> str:
    """Return the UTM zone of the centre of shapes (EPSG:4326)."""
    return str(gpd.GeoSeries(shapes, crs=WGS84).estimate_utm_crs())


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
