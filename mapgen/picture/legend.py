"""The legend of a picture, with the count of each layer, and its credits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mapgen.picture.ground import FINE, stroke
from mapgen.picture.marks import COUNT, Told
from mapgen.picture.pen import colour, element, number, rows, stack, text
from mapgen.picture.sides import DOTS, SOLID, Held
from mapgen.picture.symbols import badge, ring
from mapgen.steps import step_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapgen.dates import Words
    from mapgen.subject import Subject

ASIDE = ("area", "city", "none", "outside")
ROW, TEXT, SMALL = 19.0, 13.0, 10.5


class Legend:
    """Rows of symbol, words and number, smaller where there are too many."""

    def __init__(self, subject: Subject, what: Told, w: Words, name: Callable[[str], str]) -> None:
        self.subject, self.what, self.w, self.name = subject, what, w, name
        self.found: list[str] = []

    def draw(
        self, left: float, top: float, wide: float, high: float, step: int, sides: list[Held], *, days: bool
    ) -> str:
        """Return the legend in a box."""
        self.wide, self.y = wide, 4.0
        self._layers()
        self._key()
        if sides:
            self._sides(step, sides, days=days)
        scale = f"scale({number(high / self.y)})" if self.y > high else ""
        return element(
            "g", *self.found, font_family=stack("sans"), transform=f"translate({number(left)} {number(top)}){scale}"
        )

    def _rule(self) -> None:
        self.y += 8
        d = f"M0 {number(self.y)}h{number(self.wide)}"
        self.found.append(element("path", d=d, stroke=colour("rule"), stroke_width=1))
        self.y += 4

    def _row(
        self, words: str, count: int | None = None, mark: str = "", *, bold: bool = False, indent: float = 26
    ) -> None:
        lines = rows(words, TEXT, self.wide - indent - 34)
        fill, weight = "ink" if bold or indent else "ink2", 650 if bold else None
        base = self.y + 13.5
        self.found += [
            text(indent, base + 16 * k, line, TEXT, fill, font_weight=weight) for k, line in enumerate(lines)
        ]
        if count is not None:
            self.found.append(text(self.wide, base, str(count), TEXT, "ink2", text_anchor="end", class_="count"))
        if mark:
            self.found.append(element("g", mark, transform=f"translate(10 {number(self.y + 9)})"))
        self.y += ROW + 16 * (len(lines) - 1)

    def _layers(self) -> None:
        counts = Counter(self.subject.rows[i].layer for i in self.what.events)
        language = self.w["code"]
        for group in self.subject.config.groups:
            layers = [x for x in self.subject.config.layers if x.group == group.id and counts[x.id]]
            if not layers:
                continue
            self._row(group.name[language], bold=True, indent=0)
            for layer in layers:
                mark = element("use", href=f"#{self.name(layer.id)}", transform="scale(.8)")
                self._row(layer.name[language], counts[layer.id], mark)
            self.y += 5

    def _key(self) -> None:
        """Write how events are drawn, and how many stand on no point of the map."""
        ui = self.w["ui"]
        aside = [(key, self.what.aside[key]) for key in ASIDE if self.what.aside[key]]
        self._rule()
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
        for key, n in aside:
            self._row(ui["tray"][key].format(n=n), indent=0)

    def _sides(self, step: int, sides: list[Held], *, days: bool) -> None:
        ui, language = self.w["ui"]["zones"], self.w["code"]
        self._rule()
        date = step_words(*self.subject.steps.bounds(step), self.w)
        self._row(self.w["still"]["held"].format(date=date.short), bold=True, indent=0)
        for h in sides:
            name = (h.side.told or h.side.name)[language]
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


def imprint(subject: Subject, room: float) -> list[str]:
    """Return who made map and data, and under which licences, in rows of small type as wide as a room."""
    config = subject.config
    licences = "; ".join(f"{'' if name == '*' else name + ' '}{licence}" for name, licence in config.licences.items())
    parts = [", ".join(config.authors), *config.credits, licences, config.version]
    return rows(" · ".join(part for part in parts if part), SMALL, room)
