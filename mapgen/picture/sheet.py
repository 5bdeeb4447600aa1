"""The sheet of a picture: title, map, legend and credits, as a newspaper prints them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mapgen.dates import day_words, moment, words
from mapgen.picture.ground import FINE, Frame, Ground
from mapgen.picture.legend import Legend, imprint
from mapgen.picture.marks import Told, told
from mapgen.picture.names import Names
from mapgen.picture.pen import colour, element, stack, text, width
from mapgen.picture.sides import Held, earlier, fronts, held, washes
from mapgen.picture.symbols import definitions, drawing
from mapgen.steps import step_words

if TYPE_CHECKING:
    from mapgen.subject import Subject

WIDTH, HEIGHT = 1200, 900
MARGIN, HEAD, FOOT = 28, 92, 52
COLUMN, BETWEEN = 236, 22
"""Width of the legend, and the space between map and legend."""
NARROWEST = 520


class Sheet:
    """Draws the pictures of one subject; the base map is made once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        (south, west), (north, east) = subject.config.view.bounds
        high = HEIGHT - HEAD - FOOT
        fits = Frame(west, south, east, north, 1e9, high)
        wide = max(NARROWEST, min(WIDTH - 2 * MARGIN - BETWEEN - COLUMN, round((east - west) / 360 * fits.world) + 40))
        # A narrow map makes a narrow sheet, which is shown as wide as the others.
        self.width = wide + 2 * MARGIN + BETWEEN + COLUMN
        self.frame = Frame(west, south, east, north, wide, high)
        self.ground = Ground(subject, self.frame)
        self.below, self.above, self.points = self.ground.below(), self.ground.above(), self.ground.points()
        self.told = cache(self._told)

    def steps(self, phase: int | None) -> range:
        """Return the steps of a phase; None is the whole period."""
        starts = [*self.subject.phase_starts, len(self.subject.steps)]
        return range(len(self.subject.steps)) if phase is None else range(starts[phase], starts[phase + 1])

    def _told(self, phase: int | None) -> tuple[int, int, Told, int, list[Held], list[tuple[int, Held]]]:
        steps = self.steps(phase)
        start, end = self.subject.steps.bounds(steps[0])[0], self.subject.steps.bounds(steps[-1])[1]
        # Over the whole period ground changed hands: no one moment's would be true of it.
        step, sides = held(self.subject, steps) if phase is not None else (-1, [])
        before = earlier(self.subject, steps, sides) if sides else []
        return start, end, told(self.subject, self.frame, start, end), step, sides, before

    def draw(self, phase: int | None, language: str) -> str:
        """Return one picture; `phase` is None for the whole period."""
        w = words(language)
        start, end, what, step, sides, before = self.told(phase)
        s = w["still"]
        title = self.subject.config.title[language]
        name = s["whole"] if phase is None else self.subject.config.phases[phase].name[language]
        dates = step_words(start, end, w).date
        n = len(what.events)
        number = s["events"]["one" if n == 1 else "other"].format(n=n)
        spoken = s["alt"].format(title=title, name=name, dates=dates, events=number)
        prefix = f"still-{'all' if phase is None else phase + 1}-{language}-"
        parts = [
            element("title", _plain(spoken)),
            definitions(self.subject, what, lambda key: prefix + key),
            element("rect", width=self.width, height=HEIGHT, fill=colour("panel")),
            self._head(title, name, f"{dates} · {number}"),
            self._map(what, sides, before, language, prefix),
            Legend(self.subject, what, w, lambda key: prefix + key).draw(
                MARGIN + self.frame.width + BETWEEN,
                HEAD,
                self.width - MARGIN,
                HEIGHT - FOOT,
                step,
                sides,
                days=bool(before),
            ),
            imprint(self.subject, w, MARGIN, HEIGHT - FOOT + 20, self.width - 2 * MARGIN),
        ]
        return element(
            "svg", *parts, xmlns="http://www.w3.org/2000/svg", width=WIDTH,
            height=round(HEIGHT * WIDTH / self.width), viewBox=f"0 0 {self.width} {HEIGHT}",
            role="img", lang=language, font_family=stack("serif"),
        ) + "\n"  # fmt: skip

    def _head(self, title: str, name: str, dates: str) -> str:
        size = 30.0
        while width(title, size, bold=True) > self.width - 2 * MARGIN:
            size -= 1
        bold = element("tspan", _plain(name), font_weight=700, fill=colour("ink"))
        line = f'{bold}<tspan dx="10" font-family="{stack("sans")}" font-size="15">{_plain(dates)}</tspan>'
        return (
            text(MARGIN, 44, title, size, font_weight=700)
            + element("text", line, x=MARGIN, y=74, font_size=20, fill=colour("ink2"))
        )  # fmt: skip

    def _map(self, what: Told, sides: list[Held], before: list[tuple[int, Held]], language: str, prefix: str) -> str:
        frame = self.frame
        names = Names(self.ground, what.marks, sides)
        numerals = names.numerals()
        w = words(language)
        names.days([(day_words(moment(end)[0], w, year=False), h) for end, h in before])
        names.sides(sides, language)
        names.features()
        zone = washes(self.ground, sides, lambda key: prefix + "zone-" + key)
        fine = {"transform": f"scale({1 / FINE})", "stroke_linejoin": "round"}
        base = element("g", self.below, zone, self.above, self.points, **fine)
        lines = element("g", fronts(self.ground, sides, before), **fine)
        marks = drawing(self.subject, what, lambda key: prefix + key)
        box = {"x": MARGIN, "y": HEAD, "width": frame.width, "height": frame.height}
        inner = element("svg", base, numerals, lines, names.drawing(), marks, **box)
        return inner + element("rect", **box, fill="none", stroke=colour("rule2"))


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
