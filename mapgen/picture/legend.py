"""The legend of a picture, with the count of each layer, and its credits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mapgen.picture.ground import FINE, stroke
from mapgen.picture.marks import COUNT, Told
from mapgen.picture.pen import colour, element, rows, stack, text
from mapgen.picture.sides import DOTS, SOLID, Held
from mapgen.picture.symbols import badge, ring
from mapgen.steps import step_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapgen.dates import Words
    from mapgen.subject import Subject

ASIDE = ("area", "city", "none", "outside")
ROW, TEXT = 19.0, 13.0


class Legend:
    """Rows of symbol, words and number in columns."""

    def __init__(self, subject: Subject, what: Told, w: Words, name: Callable[[str], str]) -> None:
        self.subject, self.what, self.w, self.name = subject, what, w, name
        self.found: list[str] = []

    def draw(
        self, left: float, top: float, right: float, bottom: float, step: int, sides: list[Held], *, days: bool
    ) -> str:
        """Return the legend within a box."""
        self.left, self.top, self.right, self.bottom = left, top, right, bottom
        self.columns = max(1, int((right - left + 30) // 220))
        self.wide = (right - left - 30 * (self.columns - 1)) / self.columns
        self.y = top + 4
        self._layers()
        self._key()
        if sides:
            self._sides(step, sides, days=days)
        return element("g", *self.found, font_family=stack("sans"))

    def _room(self, high: float) -> None:
        """Go on in the next column where the rest of this one is too low."""
        if self.y + high > self.bottom and self.left + 2 * self.wide + 30 <= self.right:
            self.left += self.wide + 30
            self.y = self.top + 4

    def _rule(self, high: float) -> None:
        self.y += 8
        self._room(high)
        self.found.append(
            element("path", d=f"M{self.left:g} {self.y:g}h{self.wide:g}", stroke=colour("rule"), stroke_width=1)
        )
        self.y += 4

    def _row(
        self, words: str, number: int | None = None, mark: str = "", *, bold: bool = False, indent: float = 26
    ) -> None:
        lines = rows(words, TEXT, self.wide - indent - 34)
        for k, line in enumerate(lines):
            at = self.y + 13.5 + 16 * k
            self.found.append(
                text(
                    self.left + indent,
                    at,
                    line,
                    TEXT,
                    "ink" if bold or indent else "ink2",
                    font_weight=650 if bold else None,
                )
            )
        if number is not None:
            self.found.append(
                text(self.left + self.wide, self.y + 13.5, str(number), TEXT, "ink2", text_anchor="end", class_="count")
            )
        if mark:
            self.found.append(element("g", mark, transform=f"translate({self.left + 10:g} {self.y + 9:g})"))
        self.y += ROW + 16 * (len(lines) - 1)

    def _layers(self) -> None:
        counts = Counter(self.subject.rows[i].layer for i in self.what.events)
        language = self.w["code"]
        for group in self.subject.config.groups:
            layers = [x for x in self.subject.config.layers if x.group == group.id and counts[x.id]]
            if not layers:
                continue
            self._room(ROW * (len(layers) + 1))
            self._row(group.name[language], bold=True, indent=0)
            for layer in layers:
                mark = element("use", href=f"#{self.name(layer.id)}", transform="scale(.8)")
                self._row(layer.name[language], counts[layer.id], mark)
            self.y += 5

    def _key(self) -> None:
        """Write how events are drawn, and how many stand on no point of the map."""
        ui = self.w["ui"]
        aside = [(key, self.what.aside[key]) for key in ASIDE if self.what.aside[key]]
        self._rule(ROW * (3 + len(aside)))
        possible = next((self.subject.rows[i].layer for i in self.what.events if self.what.states[i] == 1), "")
        if possible:
            self._row(
                _capital(ui["possible"]),
                mark=element("use", href=f"#{self.name(possible + '-p')}", transform="scale(.8)"),
            )
        most = max((len(mark.events) for mark in self.what.marks), default=1)
        if most > 1:
            hues = [group.hue for group in self.subject.config.groups[:2]]
            disc = ring(0, 0, 11, [(h, COUNT // len(hues)) for h in hues]) if most >= COUNT else badge(0, 0, most)
            self._row(_capital(ui["several"]), mark=element("g", disc, transform="scale(.8)"))
        for key, number in aside:
            self._row(ui["tray"][key].format(n=number), indent=0)

    def _sides(self, step: int, sides: list[Held], *, days: bool) -> None:
        ui, language = self.w["ui"]["zones"], self.w["code"]
        self._rule(ROW * (2 + 2 * len(sides)))
        date = step_words(*self.subject.steps.bounds(step), self.w)
        self._row(self.w["still"]["held"].format(date=date.short), bold=True, indent=0)
        for h in sides:
            name = h.side.name[language]
            if not h.ground.is_empty and h.side.draw != "line":
                self._row(ui["held"].format(side=name), mark=_swatch(h))
            if h.side.draw != "edge" and not h.line.is_empty:
                sure = h.row.certainty >= SOLID
                d = stroke(f"M-{9 * FINE} 0h{18 * FINE}", h.side.hue, 2.6, dash=() if sure else (6, 3))
                self._row(
                    ui["line" if sure else "line_unsure"].format(side=name), mark=element("g", d, transform="scale(.1)")
                )
            if days and h.side.draw == "wash":
                dots = stroke(f"M-{9 * FINE} 0h{18 * FINE}", h.side.hue, 1.5, dash=DOTS)
                self._row(self.w["still"]["days"], mark=element("g", dots, transform="scale(.1)"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _swatch(h: Held) -> str:
    wash = h.side.draw == "wash"
    return element(
        "rect", x=-9, y=-6, width=18, height=12, fill=colour("washed" if wash else "ground"),
        stroke=None if wash else colour(h.side.hue), stroke_width=None if wash else 2,
    )  # fmt: skip


def imprint(subject: Subject, w: Words, x: float, y: float, room: float) -> str:
    """Return who made map and data, and under which licences, in rows of small type."""
    config = subject.config
    licences = "; ".join(f"{'' if name == '*' else name + ' '}{licence}" for name, licence in config.licences.items())
    parts = [", ".join(config.authors), *config.credits, licences, config.version]
    lines = rows(" · ".join(part for part in parts if part), 10.5, room)
    found = [text(x, y + 14 * k, line, 10.5, "ink2") for k, line in enumerate(lines)]
    return element("g", *found, font_family=stack("sans"), class_="credits")
