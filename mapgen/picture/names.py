"""The lettering of a picture: numerals and names, each where it is free, or left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from mapgen.base import LANDMARKS
from mapgen.picture.ground import FINE
from mapgen.picture.pen import colour, element, rows, text, tokens, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapgen.base import Feature
    from mapgen.picture.ground import Ground, Held
    from mapgen.picture.marks import Mark

Box = tuple[float, float, float, float]
PLACES = {"c": (0, 0), "b": (0, 1), "a": (0, -1), "r": (1, 0), "l": (-1, 0), "B": (0, 1.7), "A": (0, -1.7)}
"""Where words stand to their point: to the right and down, in gaps."""
EDGE = 6
LARGE = 0.012
"""Share of the ground from which a park is named."""


class Names:
    """Words on a map: `taken` boxes in pixels that no more words may meet, and what was written."""

    def __init__(self, ground: Ground, marks: Iterable[Mark], sides: list[Held]) -> None:
        self.ground, self.frame = ground, ground.frame
        self.taken: list[Box] = [mark.box() for mark in marks]
        self.pale: list[Box] = []
        self.written: list[str] = []
        self.washed = shapely.union_all([h.ground for h in sides if h.side.draw == "wash"])
        shapely.prepare(ground.shape)
        for d in ("wall", "fort"):
            self._block(ground.of(d), 7 if d == "fort" else 3)
        self.taken += [box for h in sides for box in self._along(h.line, 4)]

    def _block(self, features: list[Feature], half: float) -> None:
        for row in features:
            self.taken += self._along(row.geometry, half)

    def _along(self, geometry: Any, half: float) -> Iterator[Box]:
        if geometry.is_empty:
            return
        for part in shapely.get_parts(geometry):
            points = self.frame.pixels(shapely.get_coordinates(part))
            line = shapely.segmentize(shapely.LineString(points), 7) if len(points) > 1 else shapely.Point(points[0])
            for x, y in shapely.get_coordinates(line).tolist():
                yield x - half, y - half, x + half, y + half

    # --- Writing ---

    def place(
        self, words: str, at: tuple[float, float], size: float, *, places: str = "cbarl", gap: float = 11, side: int = 0,
        firm: bool = False, room: float = 0, spacing: float = 0, fill: str = "ink", halo: str = "", italic: bool = True,
        weight: int | None = None,
    ) -> bool:  # fmt: skip
        """Write words at the first place round a point that is free; return whether there is one."""
        lines = rows(words, size, room) if room else [words]
        half = max(width(line, size, bold=bool(weight), spacing=spacing) for line in lines) / 2 + 2
        high = size * (len(lines) * 1.15 - 0.15) / 2 + 1
        for key in places:
            x, y = (at[k] + PLACES[key][k] * (gap + (half, high)[k]) for k in (0, 1))
            box = (x - half, y - high, x + half, y + high)
            if self._free(box, firm=firm) and self._on_side(box, side):
                self.taken.append(box)
                cover = halo or self._halo(x, y)
                look = {
                    "font_style": "italic" if italic else None, "font_weight": weight, "letter_spacing": spacing or None,
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
        return not any(
            box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1]
            for b in (self.taken if firm else [*self.taken, *self.pale])
        )

    def _on_side(self, box: Box, side: int) -> bool:
        """Return whether a box lies within the ground (1), clear of it (-1), or need not (0)."""
        area = shapely.box(*(v * FINE for v in box))
        return not side or bool(self.ground.shape.contains(area) if side > 0 else self.ground.shape.disjoint(area))

    def _halo(self, x: float, y: float) -> str:
        if not self.ground.shape.contains(shapely.Point(x * FINE, y * FINE)):
            return colour("paper")
        return colour("washed") if self._is_washed(x, y) else colour("ground")

    def _is_washed(self, x: float, y: float) -> bool:
        return not self.washed.is_empty and bool(self._washed_pixels.contains(shapely.Point(x * FINE, y * FINE)))

    @property
    def _washed_pixels(self) -> Any:
        if not hasattr(self, "_kept"):
            self._kept = self.frame.shape(self.washed)
        return self._kept

    # --- What is written ---

    def numerals(self) -> str:
        """Return the numbers of the coarsest districts, pale; where they have none their names."""
        found, districts = [], self.ground.districts
        areas = {key: self.frame.shape(shape).area / FINE**2 for key, shape in districts.items()}
        mean = sum(areas.values()) / len(areas)
        for key, shape in districts.items():
            row = self.ground.subject.district_set.rows[key]
            ((x, y),) = self.frame.pixels([(row.lon, row.lat)]).tolist()
            if row.number is None or row.lon is None:
                left, _, right, _ = (v / FINE for v in self.frame.shape(shape).bounds)
                room = (right - left) * 0.95
                words, small = row.name.upper(), 10.5
                if max(width(line, small, spacing=0.8) for line in rows(words, small * 1.12, room)) <= room:
                    self.place(words, (x, y), small, places="cbaBA", room=room, spacing=0.8, fill="ink3", italic=False)
                continue
            size = max(18.0, min(54.0, 46 * (mean**0.5 / 138) ** 0.8 * (0.78 if areas[key] < 1.08 * mean else 1)))
            half = width(str(row.number), size) / 2
            self.pale.append((x - half, y - size * 0.36, x + half, y + size * 0.36))
            found.append(
                text(
                    x, y + size * 0.34, str(row.number), round(size, 1), text_anchor="middle", font_weight=700,
                    fill_opacity=tokens()["numeral"],
                )
            )  # fmt: skip
        return "".join(found)

    def sides(self, sides: list[Held], language: str) -> None:
        """Name the sides on the largest part of their ground."""
        for h in sides:
            parts = [part for part in shapely.get_parts(h.ground).tolist() if part.geom_type == "Polygon" and part.area]
            if parts and h.side.draw != "line":
                inner = shapely.maximum_inscribed_circle(max(parts, key=lambda part: float(part.area)), tolerance=1e-3)
                ((x, y),) = self.frame.pixels(inner.coords[:1]).tolist()
                words = h.side.name.get(language) or next(iter(h.side.name.values()))
                self.place(words, (x, y), 17, places="cbaBArl", gap=14, side=1, firm=True, fill=h.side.hue, weight=700, spacing=0.5)

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
        named = {row.told.name for row, _ in marked("place-name")}
        landmarks = {id(row) for row in self.ground.subject.district_set.base.get(LANDMARKS, ())}
        for row, at in marked(*{row.told.kind for row in self.ground.features}):
            if id(row) in landmarks and row.told.rank == 3 and not any(_short(row).lower() in n.lower() for n in named):
                self._point(row, at, size=11.5, places="cbar", fill="ink2")

    def _point(self, row: Feature, at: tuple[float, float], size: float = 12.5, **how: Any) -> None:
        if row.told.name:
            self.place(_short(row), at, size, **how)

    def _parks(self) -> None:
        for row in self.ground.of("park", "cemetery", "square"):
            shape = self.frame.shape(row.geometry)
            if row.told.name and "Polygon" in shape.geom_type and shape.area > LARGE * self.ground.shape.area:
                x, y = (v / FINE for v in shapely.point_on_surface(shape).coords[0])
                self.place(_short(row), (x, y), 12.5, places="cbaBA", fill="parktext", halo=colour("park"), firm=True)

    def _waters(self) -> None:
        done: list[tuple[str, float, float]] = []
        for row in self.ground.of("water-name"):
            line = self.frame.shape(row.geometry, 1)
            for part in shapely.get_parts(line).tolist():
                if part.geom_type == "LineString":
                    self._along_water(_short(row), part, done)

    def _along_water(self, words: str, line: Any, done: list[tuple[str, float, float]]) -> None:
        """Write a name on the straightest free stretch of a line, not near where the same was written."""
        long = width(words, 13, spacing=2) + 8
        best: tuple[float, float, float, float, float] | None = None
        for start in np.arange(0, line.length / FINE - long, 8).tolist():
            a, b = (line.interpolate((start + d) * FINE).coords[0] for d in (0, long))
            chord = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5 / FINE
            bend = max(line.interpolate((start + long * t) * FINE).distance(shapely.LineString([a, b])) for t in (0.25, 0.5, 0.75))
            if bend < 25 and (best is None or bend - chord * 0.01 < best[0]) and self._water_free(a, b, words, done):
                best = (bend - chord * 0.01, *a, *b)
        if best is None:
            return
        _, ax, ay, bx, by = (v / FINE if k else v for k, v in enumerate(best))
        if ax > bx:
            ax, ay, bx, by = bx, by, ax, ay
        x, y, turn = (ax + bx) / 2, (ay + by) / 2, np.degrees(np.arctan2(by - ay, bx - ax))
        done.append((words, x, y))
        self.taken += list(self._boxes(ax, ay, bx, by))
        self.written.append(
            text(
                0, 4.2, words, 13, "watertext", font_style="italic", letter_spacing=2, text_anchor="middle",
                stroke=colour("water"), stroke_width=3, paint_order="stroke", stroke_linejoin="round",
                transform=f"translate({x:.1f} {y:.1f})rotate({turn:.1f})",
            )
        )  # fmt: skip

    def _boxes(self, ax: float, ay: float, bx: float, by: float) -> Iterator[Box]:
        for t in np.linspace(0, 1, 12).tolist():
            x, y = ax + (bx - ax) * t, ay + (by - ay) * t
            yield x - 7, y - 7, x + 7, y + 7

    def _water_free(self, a: Any, b: Any, words: str, done: list[tuple[str, float, float]]) -> bool:
        ends = [v / FINE for v in (*a, *b)]
        x, y = (ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2
        if any(name == words and abs(x - p) < 300 and abs(y - q) < 300 for name, p, q in done):
            return False
        return all(self._free(box, firm=True) for box in self._boxes(*ends))

    def drawing(self) -> str:
        """Return all names that were written."""
        return element("g", *self.written)


def _short(row: Feature) -> str:
    """Return a name with a typographic apostrophe and without what stands in brackets at its end."""
    return re.sub(r"\s*\([^()]*\)$", "", row.told.name.replace("'", "’"))
