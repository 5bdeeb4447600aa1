"""Shared borders as arcs: each stretch between two corners once, districts as rings of arcs.

What is drawn with fewer vertices on a small map keeps its borders in common, because each arc is thinned once for both
sides (the topology of Bostock's TopoJSON, https://github.com/topojson/topojson-specification).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Vertex = tuple[float, float]


@dataclass(frozen=True)
class Arcs:
    """The borders of a coverage.

    Attributes
    ----------
    lines
        Vertices of each arc, both ends included.
    sides
        Indices of the polygons on its sides: two, or one at the outer edge.
    """

    lines: list[list[Vertex]]
    sides: list[tuple[int, ...]]

    def rings(self, geometry: Any) -> list[list[int]]:
        """Return the rings of a polygon or multipolygon bound by arcs, outer ring first: numbers, ``~n`` backwards."""
        starts: dict[tuple[Vertex, Vertex], int] = {}
        for number, line in enumerate(self.lines):
            starts[line[0], line[1]] = number
            starts[line[-1], line[-2]] = ~number
        return [self._ring(ring, starts) for ring in rings_of(geometry)]

    def _ring(self, ring: list[Vertex], starts: dict[tuple[Vertex, Vertex], int]) -> list[int]:
        steps = list(pairwise(ring))
        first = next(k for k, step in enumerate(steps) if step in starts)
        found, at = [], 0
        while at < len(steps):
            number = starts[steps[(first + at) % len(steps)]]
            found.append(number)
            at += len(self.lines[number if number >= 0 else ~number]) - 1
        return found


def rings_of(geometry: Any) -> Iterator[list[Vertex]]:
    """Return the rings of a polygon or multipolygon, each outer ring before its holes."""
    for polygon in getattr(geometry, "geoms", [geometry]):
        for ring in (polygon.exterior, *polygon.interiors):
            yield list(ring.coords)


def arcs_of(polygons: Iterable[Any]) -> Arcs:
    """Return the arcs of polygons that share their vertices along common borders."""
    owners: dict[tuple[Vertex, Vertex], list[int]] = {}
    for index, polygon in enumerate(polygons):
        for ring in rings_of(polygon):
            for a, b in pairwise(ring):
                owners.setdefault((min(a, b), max(a, b)), []).append(index)
    around: dict[Vertex, list[Vertex]] = {}
    for a, b in owners:
        around.setdefault(a, []).append(b)
        around.setdefault(b, []).append(a)

    def sides(a: Vertex, b: Vertex) -> tuple[int, ...]:
        return tuple(sorted(owners[min(a, b), max(a, b)]))

    corners = {at for at, near in around.items() if len(near) != 2 or sides(at, near[0]) != sides(at, near[1])}
    left = set(owners)
    found = Arcs([], [])
    # From the corners first; what is left then are rings without a corner.
    for start in (*sorted(corners), *sorted(around)):
        for second in sorted(around[start]):
            if (min(start, second), max(start, second)) in left:
                line = _walk(start, second, around, corners, left)
                found.lines.append(line)
                found.sides.append(sides(line[0], line[1]))
    return found


def _walk(
    start: Vertex,
    second: Vertex,
    around: dict[Vertex, list[Vertex]],
    corners: set[Vertex],
    left: set[tuple[Vertex, Vertex]],
) -> list[Vertex]:
    """Return the vertices from a start to the next corner, or round to the start; what was walked is no longer left."""
    line = [start, second]
    left.discard((min(start, second), max(start, second)))
    while line[-1] not in corners and line[-1] != start:
        a, b = around[line[-1]]
        line.append(b if a == line[-2] else a)
        left.discard((min(line[-2:]), max(line[-2:])))
    return line
