"""The lettering of a picture: numerals and names, each where it is free, or left out."""

from __future__ import annotations

from math import atan2, degrees
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from mapgen.picture.ground import FINE, WATER_SPACING, short
from mapgen.picture.pen import colour, element, rows, text, tokens, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapgen.base import Feature
    from mapgen.picture.ground import Ground
    from mapgen.picture.marks import Mark
    from mapgen.picture.sides import Held

Box = tuple[float, float, float, float]
PLACES = {"c": (0, 0), "b": (0, 1), "a": (0, -1), "r": (1, 0), "l": (-1, 0), "B": (0, 1.7), "A": (0, -1.7)}
"""Where words stand to their point: to the right and down, in gaps."""
EDGE = 6
LARGEST, LARGE = 3, 0.012
"""Class of the waters that words keep off; share of the ground from which a park is named."""


class Boxes:
    """Boxes in pixels in a grid, so that a new one is compared with its neighbours only."""

    CELL = 48

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[Box]] = {}

    def add(self, boxes: Iterable[Box]) -> None:
        """Take boxes."""
        for box in boxes:
            for cell in self._cells(box):
                self.cells.setdefault(cell, []).append(box)

    def meet(self, box: Box) -> bool:
        """Return whether a box meets one that is taken."""
        return any(
            box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1]
            for cell in self._cells(box)
            for b in self.cells.get(cell, ())
        )

    def _cells(self, box: Box) -> Iterator[tuple[int, int]]:
        left, top, right, bottom = (int(v // self.CELL) for v in box)
        return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


class Names:
    """Words on a map: `taken` boxes in pixels that no more words may meet, and what was written."""

    def __init__(self, ground: Ground, marks: Iterable[Mark], sides: list[Held]) -> None:
        self.ground, self.frame = ground, ground.frame
        self.taken, self.pale = Boxes(), Boxes()
        self.written: list[str] = []
        washed = shapely.union_all([h.ground for h in sides if h.side.draw == "wash"])
        self.washed = self.frame.shape(washed)
        for area in (ground.shape, self.washed):
            shapely.prepare(area)
        lines = [h.line for h in sides]
        for geometry, half in [*((row.geometry, 3) for row in ground.of("wall")), *((line, 4) for line in lines)]:
            self.taken.add(self._along(geometry, half))
        self.taken.add((x - 7, y - 7, x + 7, y + 7) for _, (x, y) in ground.marked("fort"))
        self.taken.add(mark.box() for mark in marks)
        for row in ground.of("water"):
            if row.told.rank == LARGEST:
                self.pale.add(self._along(row.geometry, 3))

    def _along(self, geometry: Any, half: float) -> Iterator[Box]:
        shape = shapely.segmentize(self.frame.shape(geometry, 1), 7 * FINE)
        for x, y in (shapely.get_coordinates(shape) / FINE).tolist():
            yield x - half, y - half, x + half, y + half

    # --- Writing ---

    def place(
        self, words: str, at: tuple[float, float], size: float, *, places: str = "cbarl", gap: float = 11,
        side: int = 0, firm: bool = False, room: float = 0, spacing: float = 0, fill: str = "ink", halo: str = "",
        italic: bool = True, weight: int | None = None,
    ) -> bool:  # fmt: skip
        """Write words at the first place round a point that is free; return whether there is one."""
        lines = rows(words, size, room) if room else [words]
        half = max(width(line, size, bold=bool(weight), spacing=spacing) for line in lines) / 2 + 2
        high = size * (len(lines) * 1.15 - 0.15) / 2 + 1
        for key in places:
            x, y = (at[k] + PLACES[key][k] * (gap + (half, high)[k]) for k in (0, 1))
            box = (x - half, y - high, x + half, y + high)
            if self._free(box, firm=firm) and self._on_side(box, side):
                self.taken.add([box])
                cover = halo or self._halo(x, y)
                look = {
                    "font_style": "italic" if italic else None, "font_weight": weight,
                    "letter_spacing": spacing or None,
                    "stroke": cover, "stroke_width": 3, "paint_order": "stroke", "stroke_linejoin": "round",
                    "text_anchor": "middle",
                }  # fmt: skip
                ink = "ink2" if fill == "ink3" and cover == tokens()["washed"] else fill
                top = y - high + 1
                for k, line in enumerate(lines):
                    self.written.append(text(x + spacing / 2, top + size * (0.82 + 1.15 * k), line, size, ink, **look))
                return True
        return False

    def _free(self, box: Box, *, firm: bool) -> bool:
        if box[0] < EDGE or box[1] < EDGE or box[2] > self.frame.width - EDGE or box[3] > self.frame.height - EDGE:
            return False
        return not self.taken.meet(box) and (firm or not self.pale.meet(box))

    def _on_side(self, box: Box, side: int) -> bool:
        """Return whether a box lies within the ground (1), clear of it (-1), or need not (0)."""
        area = shapely.box(*(v * FINE for v in box))
        return not side or bool(self.ground.shape.contains(area) if side > 0 else self.ground.shape.disjoint(area))

    def _halo(self, x: float, y: float) -> str:
        if not self.ground.shape.contains(shapely.Point(x * FINE, y * FINE)):
            return colour("paper")
        return colour("washed" if self.washed.contains(shapely.Point(x * FINE, y * FINE)) else "ground")

    # --- What is written ---

    def numerals(self) -> str:
        """Return the numbers of the coarsest districts, pale; where they have none their names."""
        found, districts = [], self.ground.districts
        areas = {key: self.frame.shape(shape).area / FINE**2 for key, shape in districts.items()}
        mean = sum(areas.values()) / len(areas)
        for key, shape in districts.items():
            row = self.ground.subject.district_set.rows[key]
            inner = shape.representative_point().coords[0]
            ((x, y),) = self.frame.pixels([inner if row.lon is None else (row.lon, row.lat)]).tolist()
            if row.number is None:
                left, _, right, _ = (v / FINE for v in self.frame.shape(shape).bounds)
                room = (right - left) * 0.86
                words, small = row.name.upper(), 10.5
                if max(width(line, small, spacing=0.8) for line in rows(words, small * 1.12, room)) <= room:
                    self.place(words, (x, y), small, places="cbaBA", room=room, spacing=0.8, fill="ink3", italic=False)
                continue
            size = max(18.0, min(54.0, 46 * (mean**0.5 / 138) ** 0.8 * (0.78 if areas[key] < 1.08 * mean else 1)))
            half = width(str(row.number), size) / 2
            self.pale.add([(x - half, y - size * 0.36, x + half, y + size * 0.36)])
            found.append(
                text(
                    x, y + size * 0.34, str(row.number), round(size, 1), text_anchor="middle", font_weight=700,
                    fill_opacity=tokens()["numeral"],
                )
            )  # fmt: skip
        return "".join(found)

    def sides(self, sides: list[Held], language: str) -> None:
        """Name the sides on their ground, as near as can be to where it is widest."""
        for h in sides:
            parts = [part for part in shapely.get_parts(h.ground).tolist() if part.geom_type == "Polygon" and part.area]
            if not parts or h.side.draw == "line":
                continue
            inner = shapely.maximum_inscribed_circle(max(parts, key=lambda part: float(part.area)), tolerance=1e-3)
            ((x, y),) = self.frame.pixels(inner.coords[:1]).tolist()
            words = h.side.name.get(language) or next(iter(h.side.name.values()))
            area = self.frame.shape(h.ground)
            net = sorted((dx * dx + 9 * dy * dy, dx, dy) for dx in range(-240, 241, 12) for dy in range(-240, 241, 12))
            look: dict[str, Any] = {"fill": h.side.hue, "weight": 700, "spacing": 0.5, "side": 1, "places": "c"}
            for _, dx, dy in net:
                at = (x + dx, y + dy)
                if area.contains(shapely.Point(at[0] * FINE, at[1] * FINE)) and self.place(
                    words, at, 17, firm=True, **look
                ):
                    break

    def days(self, lines: list[tuple[str, Held]]) -> None:
        """Write dates on lines, each where its line is free, as near to the middle as can be."""
        for words, h in lines:
            line = self.frame.shape(h.line)
            parts = [part for part in shapely.get_parts(line).tolist() if part.geom_type == "LineString"]
            along = max(parts, key=lambda part: float(part.length), default=shapely.LineString())
            for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9) if parts else ():
                x, y = (v / FINE for v in along.interpolate(t, normalized=True).coords[0])
                if self.place(words, (x, y), 11.5, places="c", side=1, firm=True, fill=h.side.hue):
                    break

    def features(self) -> None:
        """Write the names of places, communes, waters, parks, forts and landmarks, the most important first."""
        marked = self.ground.marked
        for row, at in marked("place-name"):
            if row.told.rank == 3:
                self._point(row, at, side=1, places="cbarlBA", firm=True)
        self._waters()
        for row, at in marked("commune"):
            if row.told.rank == 3:
                self._point(row, at, side=-1, spacing=1.2, fill="ink2")
        self._parks()
        for row, at in marked("fort"):
            self._point(row, at, size=11.5, places="rlba", gap=9, side=-1, fill="ink2")
        for row, at in marked("place-name"):
            if row.told.rank == 2:
                self._point(row, at, side=1, places="cbar")
        named = " ".join(row.told.name.lower() for row, _ in marked("place-name"))
        for row, at in self.ground.landmarks:
            if row.told.rank == 3 and not any(word in named for word in short(row).lower().split() if len(word) > 4):
                self._point(row, at, size=11.5, places="cbar", side=1, fill="ink2")

    def _point(self, row: Feature, at: tuple[float, float], size: float = 12.5, **how: Any) -> None:
        if row.told.name:
            self.place(short(row), at, size, **how)

    def _parks(self) -> None:
        for row in self.ground.of("park", "cemetery", "square"):
            shape = self.ground.pixels(row)
            if row.told.name and "Polygon" in shape.geom_type and shape.area > LARGE * self.ground.shape.area:
                x, y = (v / FINE for v in shapely.point_on_surface(shape).coords[0])
                self.place(short(row), (x, y), 12.5, places="cbaBA", fill="parktext", halo=colour("park"), firm=True)

    def _waters(self) -> None:
        """Write each water's name on the straightest free stretch of its line, far from where it stands already."""
        done: list[tuple[str, float, float]] = []
        for words, stretches in self.ground.waters:
            for ax, ay, bx, by in stretches:
                x, y = (ax + bx) / 2, (ay + by) / 2
                near = any(name == words and abs(x - p) < 300 and abs(y - q) < 300 for name, p, q in done)
                boxes = [(px - 7, py - 7, px + 7, py + 7) for px, py in np.linspace((ax, ay), (bx, by), 12).tolist()]
                if not near and all(self._free(box, firm=True) for box in boxes):
                    done.append((words, x, y))
                    self.taken.add(boxes)
                    self.written.append(_turned(words, x, y, degrees(atan2(by - ay, bx - ax))))
                    break

    def drawing(self) -> str:
        """Return all names that were written."""
        return element("g", *self.written)


def _turned(words: str, x: float, y: float, turn: float) -> str:
    return text(
        0, 4.2, words, 13, "watertext", font_style="italic", letter_spacing=WATER_SPACING, text_anchor="middle",
        stroke=colour("water"), stroke_width=3, paint_order="stroke", stroke_linejoin="round",
        transform=f"translate({x:.1f} {y:.1f})rotate({turn:.1f})",
    )  # fmt: skip
