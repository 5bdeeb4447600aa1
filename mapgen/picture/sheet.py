"""The sheet of a picture: title, map, legend and credits, as a newspaper prints them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from math import hypot
from typing import TYPE_CHECKING

from mapgen.dates import day_words, moment, words
from mapgen.picture.ground import FINE, Frame, Ground
from mapgen.picture.legend import SMALL, Legend, imprint
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
NARROWEST, SMALL_LINE = 520, 14


@dataclass(frozen=True)
class Time:
    """What a picture shows: first minute and the minute after the last, events, ground and the step it is held at."""

    start: int
    end: int
    told: Told
    step: int
    sides: list[Held]
    before: list[tuple[int, Held]]


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
        self.below, self.above = self.ground.below(), self.ground.above() + self.ground.gates()
        self.imprint = imprint(subject, self.width - 2 * MARGIN)
        self.height = HEIGHT + SMALL_LINE * max(0, len(self.imprint) - 2)
        self.time = cache(self._time)

    def steps(self, phase: int | None) -> range:
        """Return the steps of a phase; None is the whole period."""
        starts = [*self.subject.phase_starts, len(self.subject.steps)]
        return range(len(self.subject.steps)) if phase is None else range(starts[phase], starts[phase + 1])

    def _time(self, phase: int | None) -> Time:
        steps = self.steps(phase)
        start, end = self.subject.steps.bounds(steps[0])[0], self.subject.steps.bounds(steps[-1])[1]
        # Over the whole period ground changed hands: no one moment's would be true of it.
        step, sides = held(self.subject, steps) if phase is not None else (-1, [])
        before = earlier(self.subject, steps, sides) if sides else []
        return Time(start, end, told(self.subject, self.frame, start, end), step, sides, before)

    def draw(self, phase: int | None, language: str) -> str:
        """Return one picture; `phase` is None for the whole period."""
        w = words(language)
        time, s = self.time(phase), w["still"]
        title = self.subject.config.title[language]
        name = s["whole"] if phase is None else self.subject.config.phases[phase].name[language]
        dates = step_words(time.start, time.end, w).date
        n = len(time.told.events)
        number = s["events"]["one" if n == 1 else "other"].format(n=n)
        spoken = s["alt"].format(title=title, name=name, dates=dates, events=number)
        prefix = f"still-{'all' if phase is None else phase + 1}-{language}-"
        legend = Legend(self.subject, time.told, w, lambda key: prefix + key)
        parts = [
            element("title", escape(spoken, quote=False)),
            definitions(self.subject, time.told, lambda key: prefix + key),
            element("rect", width=self.width, height=self.height, fill=colour("panel")),
            self._head(title, name, f"{dates} · {number}"),
            self._map(time, language, prefix),
            legend.draw(
                MARGIN + self.frame.width + BETWEEN,
                HEAD,
                COLUMN,
                self.frame.height,
                time.step,
                time.sides,
                days=bool(time.before),
            ),
            self._foot(),
        ]
        return element(
            "svg", *parts, xmlns="http://www.w3.org/2000/svg", width=WIDTH,
            height=round(self.height * WIDTH / self.width), viewBox=f"0 0 {self.width} {self.height}",
            role="img", lang=language, font_family=stack("serif"),
        ) + "\n"  # fmt: skip

    def _head(self, title: str, name: str, dates: str) -> str:
        size = 30.0
        while width(title, size, bold=True) > self.width - 2 * MARGIN:
            size -= 1
        bold = element("tspan", escape(name, quote=False), font_weight=700, fill=colour("ink"))
        line = f'{bold}<tspan dx="10" font-family="{stack("sans")}" font-size="15">{escape(dates, quote=False)}</tspan>'
        return (
            text(MARGIN, 44, title, size, font_weight=700)
            + element("text", line, x=MARGIN, y=74, font_size=20, fill=colour("ink2"))
        )  # fmt: skip

    def _foot(self) -> str:
        top = HEIGHT - FOOT + 20
        lines = [text(MARGIN, top + SMALL_LINE * k, line, SMALL, "ink2") for k, line in enumerate(self.imprint)]
        return element("g", *lines, font_family=stack("sans"), class_="credits")

    def _map(self, time: Time, language: str, prefix: str) -> str:
        frame, sides = self.frame, time.sides
        names = Names(self.ground, time.told.marks, sides)
        numerals = names.numerals()
        w = words(language)
        names.days([(day_words(moment(end)[0], w, year=False), h) for end, h in time.before])
        names.sides(sides, language)
        names.features()
        zone = washes(self.ground, sides, lambda key: prefix + "zone-" + key)
        fine = {"transform": f"scale({1 / FINE})", "stroke_linejoin": "round"}
        forts = self.ground.forts(lambda x, y: any(hypot(m.x - x, m.y - y) < m.radius + 7 for m in time.told.marks))
        base = element("g", self.below, zone, self.above, forts, **fine)
        lines = element("g", fronts(self.ground, sides, time.before), **fine)
        marks = drawing(self.subject, time.told, lambda key: prefix + key)
        box = {"x": MARGIN, "y": HEAD, "width": frame.width, "height": frame.height}
        inner = element("svg", base, numerals, lines, names.drawing(), marks, **box)
        return inner + element("rect", **box, fill="none", stroke=colour("rule2"))
