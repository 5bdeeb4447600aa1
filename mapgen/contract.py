"""The contract of a subject, `subject.toml`: its model and its errors."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapgen import steps as st
from mapgen.dates import DateError, languages, parse_part
from mapgen.tables import suggest

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.problems import Problems

Hue = Literal["red", "slate", "kill", "flame", "teal", "ochre", "violet", "blue"]
Names = dict[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DayCount(_Part):
    """Days that are counted, such as day 68 of 72: `from` and `to` are the first and the last."""

    start: str = Field(alias="from")
    to: str


class Extent(_Part):
    """From when to when the subject runs (`end` excluded) and where it opens."""

    start: str
    end: str
    open_at: str
    calendar: Literal["", "republican"] = ""


class StepRule(_Part):
    """Steps of one length, until the next rule begins."""

    start: str = Field(alias="from")
    every: str


class Phase(_Part):
    """A named stretch of time, until the next one begins."""

    start: str = Field(alias="from")
    name: Names


class Group(_Part):
    """Layers of one theme; `hue` colours strip and counts."""

    id: str
    hue: Hue
    name: Names


class Layer(_Part):
    """One kind of event with its symbol."""

    id: str
    group: str
    symbol: str
    hue: Hue
    name: Names


class LevelConfig(_Part):
    """A level of districts and the letters its ids begin with."""

    id: str
    prefix: str
    name: Names = {}


class DistrictSetConfig(_Part):
    """Where the district shapes lie; `crs` is metric, else the UTM zone of the centre."""

    path: str
    crs: str = ""
    levels: list[LevelConfig]


class Measure(_Part):
    """A figure of the statistics tables that can be shown on the districts."""

    id: str
    name: Names


class View(_Part):
    """What the map shows at first: [[south, west], [north, east]] in degrees."""

    bounds: Annotated[
        list[Annotated[list[float], Field(min_length=2, max_length=2)]], Field(min_length=2, max_length=2)
    ]


class Side(_Part):
    """A side that holds ground."""

    hue: str
    draw: Literal["wash", "edge", "line"]
    name: Names


class Zones(_Part):
    """The sides of the zones table."""

    sides: dict[str, Side]


class Config(_Part):
    """The contract of a subject, one key of `subject.toml` a field."""

    version: str
    title: Names
    languages: list[str]
    authors: list[str] = []
    report_error: str = ""
    credits: list[str] = []
    licences: dict[str, str] = {}
    day_count: DayCount | None = None
    extent: Extent
    steps: list[StepRule]
    phases: list[Phase]
    groups: list[Group]
    layers: list[Layer]
    district_sets: list[DistrictSetConfig] = Field(min_length=1, max_length=1)
    measures: list[Measure] = []
    view: View
    zones: Zones | None = None


def read_config(path: Path, problems: Problems) -> Config | None:
    """Return the contract of a subject, or None when it cannot be used; `problems` then says why."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.error("subject.toml", None, "", "", f"is not TOML: {error}", "Correct the line named")
        return None
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        for item in error.errors():
            key = ".".join(str(part) for part in item["loc"])
            if item["type"] == "extra_forbidden":
                problems.error("subject.toml", None, key, "", "is not a key", _known_keys(item["loc"]))
            else:
                value = "" if item["type"] == "missing" else str(item["input"])
                problems.error("subject.toml", None, key, value, item["msg"], "See the example in the documentation")
        return None
    _check_config(config, problems)
    return config if not problems.count("error") else None


def _known_keys(location: tuple[int | str, ...]) -> str:
    model: Any = Config
    for part in location[:-1]:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            names = {f.alias or n: f for n, f in model.model_fields.items()}
            found = re.findall(r"mapgen\.contract\.(\w+)", str(names[part].annotation)) if part in names else []
            model = globals().get(found[0]) if found else model
    if isinstance(model, type) and issubclass(model, BaseModel):
        return suggest(str(location[-1]), [f.alias or n for n, f in model.model_fields.items()])
    return "Delete it"


def _check_config(config: Config, problems: Problems) -> None:
    def bad(key: str, value: object, message: str, remedy: str) -> None:
        problems.error("subject.toml", None, key, value, message, remedy)

    for language in config.languages:
        if language not in languages():
            bad("languages", language, "has no words of the interface", suggest(language, languages()))
    groups = {group.id for group in config.groups}
    for layer in config.layers:
        if layer.group not in groups:
            bad(f"layers.{layer.id}.group", layer.group, "is not a group", suggest(layer.group, groups))
    for kind in ("groups", "layers"):
        ids = [item.id for item in getattr(config, kind)]
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            bad(kind, name, "stands twice", "Give each its own id")
    named: list[Any] = [*config.groups, *config.layers, *config.phases, *config.measures]
    for owner, names in [("title", config.title)] + [(str(getattr(x, "id", x)), x.name) for x in named]:
        for language in config.languages:
            if not names.get(language):
                bad(owner, language, "has no name in this language", f'Write name = {{ {language} = "..." }}')


def _minute(text: str, key: str, problems: Problems) -> int:
    try:
        return parse_part(text).first
    except DateError as error:
        problems.error("subject.toml", None, key, text, str(error), error.remedy)
        return 0


def read_steps(config: Config, problems: Problems) -> tuple[st.Steps, list[int]] | None:
    """Return the steps of a subject and the first step of each phase; None when they cannot be made."""
    extent = (
        _minute(config.extent.start, "extent.start", problems),
        _minute(config.extent.end, "extent.end", problems),
    )
    rules = [st.Rule(_minute(r.start, f"steps.{i}.from", problems), r.every) for i, r in enumerate(config.steps)]
    opens = _minute(config.extent.open_at, "extent.open_at", problems)
    phases = [_minute(p.start, f"phases.{i}.from", problems) for i, p in enumerate(config.phases)]
    if problems.count("error"):
        return None
    try:
        steps = st.build(extent, rules)
    except DateError as error:
        problems.error("subject.toml", None, "steps", "", str(error), error.remedy)
        return None
    found = []
    if steps.at(opens) is None:
        problems.error("subject.toml", None, "extent.open_at", config.extent.open_at, "is outside", "Put it inside")
    starts = steps.starts
    for i, at in enumerate(phases):
        index = int(np.searchsorted(starts, at))
        if index >= len(starts) or int(starts[index]) != at or (i == 0 and index) or (i and at <= phases[i - 1]):
            problems.error(
                "subject.toml", None, f"phases.{i}.from", config.phases[i].start, "does not begin where a step begins",
                "Let the first phase begin at the extent's start, the others at rising steps",
            )  # fmt: skip
        found.append(index)
    return None if problems.count("error") else (steps, found)
