"""The base map of a picture, in the order in which the page draws it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from math import asinh, log2, pi, radians, tan
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from mapgen.base import LANDMARKS
from mapgen.picture.pen import colour, element, path, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mapgen.base import Feature
    from mapgen.subject import Subject

FINE = 10
"""Shapes are kept in tenths of a pixel, so that paths are whole numbers."""
SIMPLIFY = 4.0
"""Tolerance of what is drawn, in tenths of a pixel."""
BEND, WATER_SPACING = 3.0, 2.0
"""How far a water may bend away under its name, and the space between the letters, in pixels."""
PAD = 14.0
"""Pixels that are left between what a map must show and its frame."""
WAYS = ("street", "quay", "square", "bridge")


@dataclass(frozen=True)
class Frame:
    """The part of the world that a map shows, fitted into a width and height in pixels (Web Mercator)."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    @cached_property
    def world(self) -> float:
        """Pixels round the whole world."""
        wide, high = (self.east - self.west) / 360, _north(self.north) - _north(self.south)
        return min((self.width - 2 * PAD) / wide, (self.height - 2 * PAD) / high)

    @cached_property
    def zoom(self) -> float:
        """The zoom at which the page shows the same."""
        return log2(self.world / 256)

    def pixels(self, degrees: Any) -> Any:
        """Return points (lon, lat) as pixels from the upper left corner."""
        degrees = np.asarray(degrees, dtype=float).reshape(-1, 2)
        x = (degrees[:, 0] - (self.west + self.east) / 2) / 360 * self.world + self.width / 2
        middle = (_north(self.north) + _north(self.south)) / 2
        y = (middle - np.array([_north(lat) for lat in degrees[:, 1]])) * self.world + self.height / 2
        return np.column_stack([x, y])

    def shape(self, geometry: Any, tolerance: float = SIMPLIFY) -> Any:
        """Return a shape (EPSG:4326) in tenths of a pixel, cut off just beyond the frame and with fewer vertices."""
        drawn = shapely.transform(geometry, lambda degrees: self.pixels(degrees) * FINE)
        if "Polygon" in drawn.geom_type:
            drawn = shapely.make_valid(drawn)
        cut = shapely.clip_by_rect(drawn, -60, -60, self.width * FINE + 60, self.height * FINE + 60)
        return shapely.simplify(cut, tolerance)


def _north(latitude: float) -> float:
    return asinh(tan(radians(latitude))) / (2 * pi)


class Ground:
    """The base map of a subject in a frame: what its drawing and its lettering read."""

    def __init__(self, subject: Subject, frame: Frame) -> None:
        self.subject, self.frame = subject, frame
        self._pixels: dict[str, Any] = {}
        self._marked: dict[tuple[str, ...], list[tuple[Feature, tuple[float, float]]]] = {}
        self.features = [row for rows in subject.district_set.base.values() for row in rows]
        drawn = subject.district_set.drawn()
        limits = [row.geometry for row in self.of("limit")]
        self.has_limit = bool(limits)
        self.whole = shapely.union_all(limits or drawn)
        self.shape = frame.shape(self.whole)
        groups: dict[str, list[Any]] = {}
        for face, polygon in zip(subject.district_set.faces, drawn, strict=True):
            groups.setdefault(subject.district_set.up(face, 0), []).append(polygon)
        self.districts = {key: shapely.coverage_union_all(groups[key]) for key in sorted(groups)}

    def of(self, *kinds: str) -> list[Feature]:
        """Return the features of some kinds."""
        return [row for row in self.features if row.told.kind in kinds]

    def lines(self, rows: Iterable[Feature], tolerance: float = SIMPLIFY) -> str:
        """Return lines as one path."""
        return path(self.frame.shape(row.geometry, tolerance) for row in rows if "Line" in row.geometry.geom_type)

    def areas(self, *kinds: str) -> str:
        """Return all areas of some kinds, joined, as one path."""
        shapes = [row.geometry for row in self.of(*kinds) if "Polygon" in row.geometry.geom_type]
        return path([self.frame.shape(shapely.union_all([shapely.make_valid(s) for s in shapes]))]) if shapes else ""

    # --- Drawing ---

    def below(self) -> str:
        """Return paper, communes, the city with its parks, streets and railways."""
        edge = None if self.has_limit else colour("border")
        size = {"width": self.frame.width * FINE, "height": self.frame.height * FINE}
        return "".join([
            element("rect", **size, fill=colour("paper")),
            stroke(self.lines(self.of("commune-line"), 12), "border2", 0.7, dash=(1, 3)),
            element("path", d=path([self.shape]), fill=colour("ground"), stroke=edge, stroke_width=edge and 22),
            fill(self.areas("park", "square", "cemetery"), "park"),
            fill(self.areas("building"), "building"),
            *self._streets(),
            *self._rails(),
        ])  # fmt: skip

    def _streets(self) -> list[str]:
        lowest = min(2, max((row.told.rank for row in self.of(*WAYS)), default=2))
        ways = {rank: [row for row in self.of(*WAYS) if row.told.rank == rank] for rank in range(lowest, 4)}
        return [stroke(self.lines(rows, 6), "street", self._street(rank), cap="round") for rank, rows in ways.items()]

    def _street(self, rank: int) -> float:
        return (1.0, 1.9, 3.0)[rank - 1] * 2 ** (0.7 * (self.frame.zoom - 13))

    def _rails(self) -> list[str]:
        rails = self.lines(self.of("rail"), 6)
        return [
            stroke(self.lines(self.of("rail-tunnel"), 6), "ink2", 0.8, alpha=0.5, dash=(4, 4)),
            stroke(rails, "ink2", 0.8, alpha=0.6),
            stroke(rails, "ink2", 3.4, alpha=0.45, dash=(0.8, 4.2)),
        ]

    def above(self) -> str:
        """Return borders, water, bridges, wall and forts."""
        borders = shapely.union_all([shape.boundary for shape in self.districts.values()])
        inner = shapely.line_merge(borders.difference(shapely.union_all(list(self.districts.values())).boundary))
        water, trace = self.areas("water"), self.lines(self.of("wall"), 2)
        return "".join([
            stroke(path([self.frame.shape(inner)]), "border", 1.1),
            stroke(self.lines(self.of("stream")), "waterline", 1.6, cap="round"),
            element("path", d=water, fill=colour("water"), stroke=colour("waterline"), stroke_width=8) if water else "",
            *self._bridges(),
            stroke(self.lines(self.of("limit")), "wall", 0.7, alpha=0.45),
            stroke(trace, "paper", 4.4, join="miter"),
            stroke(trace, "wall", 1.7, join="miter"),
        ])  # fmt: skip

    def _bridges(self) -> list[str]:
        found = []
        for rank in (2, 3):
            d = self.lines([row for row in self.of("bridge") if row.told.rank == rank], 6)
            found += [stroke(d, "waterline", self._street(rank) + 1.2), stroke(d, "street", self._street(rank))]
        return found

    def gates(self) -> str:
        """Return gates as rings."""
        at = [(round(x * FINE) - 19, round(y * FINE)) for _, (x, y) in self.marked("gate")]
        d = "".join(f"M{x} {y}a19 19 0 1 0 38 0a19 19 0 1 0-38 0" for x, y in at)
        return element("path", d=d, **_mark(10)) if d else ""

    def forts(self, near: Callable[[float, float], bool]) -> str:
        """Return forts as stars, without those near what is drawn over them."""
        stars = "".join(_star(x, y) for _, (x, y) in self.marked("fort") if not near(x, y))
        return element("path", d=stars, **_mark(13)) if stars else ""

    @cached_property
    def landmarks(self) -> list[tuple[Feature, tuple[float, float]]]:
        """The landmarks with their pixels, the most important first."""
        return self._placed(self.subject.district_set.base.get(LANDMARKS, []))

    @cached_property
    def waters(self) -> list[tuple[str, list[tuple[float, float, float, float]]]]:
        """Names of waters with the stretches of their lines that would hold them (from, to), the straightest first."""
        found = []
        for row in self.of("water-name"):
            for part in shapely.get_parts(self.frame.shape(row.geometry, 1)).tolist():
                if part.geom_type == "LineString":
                    found.append((short(row), _stretches(part, width(short(row), 13, spacing=WATER_SPACING) + 8)))
        return found

    def pixels(self, row: Feature) -> Any:
        """Return the shape of a feature in tenths of a pixel."""
        if row.id not in self._pixels:
            self._pixels[row.id] = self.frame.shape(row.geometry)
        return self._pixels[row.id]

    def marked(self, *kinds: str) -> list[tuple[Feature, tuple[float, float]]]:
        """Return the points of some kinds on the map with their pixels, the most important first."""
        if kinds not in self._marked:
            self._marked[kinds] = self._placed(self.of(*kinds))
        return self._marked[kinds]

    def _placed(self, rows: list[Feature]) -> list[tuple[Feature, tuple[float, float]]]:
        rows = sorted((row for row in rows if row.geometry.geom_type == "Point"), key=lambda row: -row.told.rank)
        at = self.frame.pixels([row.geometry.coords[0] for row in rows]).tolist()
        wide, high = self.frame.width - 6, self.frame.height - 6
        return [(row, (x, y)) for row, (x, y) in zip(rows, at, strict=True) if 6 < x < wide and 6 < y < high]


def short(row: Feature) -> str:
    """Return a name with a typographic apostrophe and without what stands in brackets at its end."""
    return re.sub(r"\s*\([^()]*\)$", "", row.told.name.replace("'", "’"))


def _stretches(line: Any, long: float) -> list[tuple[float, float, float, float]]:
    """Return the nearly straight stretches of a line (tenths of a pixel), as long as told, in pixels from the left."""
    found = []
    for start in np.arange(0, line.length / FINE - long, 8):
        points = [line.interpolate((start + long * t) * FINE) for t in (0, 0.25, 0.5, 0.75, 1)]
        (ax, ay), (bx, by) = sorted((points[0].coords[0], points[-1].coords[0]))
        chord = shapely.LineString([(ax, ay), (bx, by)])
        bend = max(point.distance(chord) for point in points[1:-1])
        if bend < BEND * FINE:
            found.append((round(bend), ax / FINE, ay / FINE, bx / FINE, by / FINE))
    return [stretch for _, *stretch in sorted(found)]  # type: ignore[misc]


def stroke(
    d: str,
    token: str,
    width: float,
    *,
    alpha: float | None = None,
    dash: tuple[float, ...] = (),
    cap: str | None = None,
    join: str | None = None,
) -> str:
    """Return a path as a line; width and dashes in pixels."""
    if not d:
        return ""
    return element(
        "path", d=d, fill="none", stroke=colour(token), stroke_width=width * FINE, stroke_opacity=alpha,
        stroke_dasharray=" ".join(str(round(v * FINE)) for v in dash) or None, stroke_linecap=cap, stroke_linejoin=join,
    )  # fmt: skip


def fill(d: str, token: str, alpha: float | None = None) -> str:
    """Return a path as an area."""
    return element("path", d=d, fill=colour(token), fill_opacity=alpha, fill_rule="evenodd") if d else ""


def _mark(width: float) -> dict[str, Any]:
    return {"fill": colour("paper"), "stroke": colour("wall"), "stroke_width": width, "stroke_linejoin": "miter"}


def _star(x: float, y: float) -> str:
    angle = np.arange(10) * pi / 5 - pi / 2
    reach = np.where(np.arange(10) % 2, 3.4, 6.5)
    corners = np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]) * FINE
    return path([shapely.Polygon(corners)])
