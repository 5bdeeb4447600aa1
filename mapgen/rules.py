"""Reading `subject.toml` and checking what its model alone cannot: languages, ids, dates, steps and phases."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ValidationError

from mapgen import steps as st
from mapgen.contract import Config, model_in
from mapgen.dates import FIRST_REPUBLICAN, DateError, languages, minutes, parse_part
from mapgen.files import decode
from mapgen.rows import Event, columns
from mapgen.tables import say, suggest

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.problems import Problems

FILE = "subject.toml"
MAX_STEPS = 20_000
"""Steps of a subject: the time strip and the chronology hold one entry each."""
TAKEN = {"first_day", "last_day", "bin", "commune", "geometry", "level", "number", "name", "name_today", "parent"}
"""Columns of events and districts beside those of the tables; no level of districts may have their names."""
TYPES = {
    "string_type": ("is not text", 'Put it in quotes: "..."'),
    "list_type": ("is not a list", "Put it in square brackets: [...]"),
    "dict_type": ("is not a table", 'Write { en = "..." }'),
    "model_type": ("is not a table", "Write its keys under a heading in brackets"),
    "float_type": ("is not a number", "Write digits with a point, without quotes"),
    "missing": ("is missing", "Add the key; events/SUBJECT.md tells every key"),
    "string_pattern_mismatch": ("does not have the right form", "Write lower-case letters only"),
}
Bad = Callable[[str, object, str, str], None]


def read_config(path: Path, problems: Problems) -> Config | None:
    """Return the contract of a subject, or None when it cannot be used; `problems` then says why."""
    text = decode(path, FILE, problems)
    if text is None:
        return None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        message = f"is not TOML: {error}".splitlines()[0]
        problems.error(FILE, int(line[1]) if line else None, "", "", message, "Correct the line named")
        return None
    errors = problems.count("error")
    config = None
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        for item in error.errors():
            _tell(dict(item), text, problems)
    if config is not None:
        _check(config, lambda *what: problems.error(FILE, line_of(text, what[0].split(".")), *what))
    return config if problems.count("error") == errors else None


def _tell(item: dict[str, Any], text: str, problems: Problems) -> None:
    """Put an error of the model into words, with the line on which its key stands."""
    where = tuple(part for part in item["loc"] if part != "[key]")
    key, value = ".".join(str(part) for part in where), item["input"]
    if item["type"] == "extra_forbidden":
        message, remedy = "is not a key", _known_keys(where)
    elif item["type"] in TYPES:
        message, remedy = TYPES[item["type"]]
        if item["type"] == "string_type" and hasattr(value, "isoformat"):
            message, remedy = "is a date without quotes", f'Put it in quotes: "{value.isoformat()}"'
    else:
        message, remedy = say({**item, "loc": where or ("",)})
    shown = "" if item["type"] in ("missing", "extra_forbidden") or isinstance(value, dict) else value
    problems.error(FILE, line_of(text, [str(part) for part in where]), key, shown, message, remedy)


def line_of(text: str, path: list[str]) -> int | None:
    """Return the line on which a key of a TOML text stands, or that of the nearest table above it.

    Parameters
    ----------
    text
        The file.
    path
        Names of tables, positions in lists, then the key: ``["layers", "2", "hue"]``.
    """
    found: int | None = None
    heading, counts = [""], dict[str, int]()
    names = [part for part in path if not part.isdigit()]
    position = next((int(part) for part in path if part.isdigit()), 0)
    for number, line in enumerate(text.split("\n"), 1):
        if match := re.match(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]", line):
            heading = match[2].split(".")
            counts[match[2]] = counts.get(match[2], -1) + (len(match[1]) - 1)
            at_home = counts[match[2]] in (position, -1)
            if names[: len(heading)] == heading and at_home:
                found = number
        elif match := re.match(r"\s*[\"']?([\w\-]+)[\"']?\s*(?:\.[^=]*)?=", line):
            depth = 0 if heading == [""] else len(heading)
            fits = depth == 0 or (names[:depth] == heading and counts[".".join(heading)] in (position, -1))
            if fits and len(names) > depth and names[depth] == match[1]:
                return number
    return found


def _known_keys(where: tuple[int | str, ...]) -> str:
    """Return a remedy that names the known keys of the table in which an unknown one stands."""
    model: Any = Config
    for part in where[:-1]:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            fields = {f.alias or n: f for n, f in model.model_fields.items()}
            model = model_in(fields[part].annotation) if part in fields else None
    if isinstance(model, type) and issubclass(model, BaseModel):
        return suggest(str(where[-1]), [f.alias or n for n, f in model.model_fields.items()])
    return "Delete it"


def symbols() -> list[str]:
    """Return the ids of the symbols that ship, sorted."""
    data = json.loads((files("mapgen") / "assets" / "symbols.json").read_text(encoding="utf-8"))
    return sorted(data.get("symbols", data))


# --- Checks ----------------------------------------------------------------------------------------------------------


def _check(config: Config, bad: Bad) -> None:
    for language in config.languages:
        if language not in languages():
            bad("languages", language, "has no words of the interface", suggest(language, languages()))
        if config.languages.count(language) > 1:
            bad("languages", language, "stands twice", "Name each language once")
    _check_ids(config, bad)
    named: list[tuple[str, dict[str, str]]] = [("title", config.title)]
    for kind in ("phases", "groups", "layers", "measures"):
        named += [(f"{kind}.{i}.name", item.name) for i, item in enumerate(getattr(config, kind))]
    named += [(f"zones.sides.{k}.name", side.name) for k, side in (config.zones.sides if config.zones else {}).items()]
    named += [(f"tags.{tag}", names) for tag, names in config.tags.items()]
    named += [("district_sets.0.levels.name", x.name) for x in config.district_sets[0].levels if x.name]
    for key, names in named:
        for language in config.languages:
            if not names.get(language) and language in languages():
                bad(key, language, "has no name in this language", f'Write {{ {language} = "..." }}')
    (south, west), (north, east) = config.view.bounds
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        remedy = "Write [[south, west], [north, east]], latitude then longitude in degrees"
        bad("view.bounds", config.view.bounds, "is not a box", remedy)


def _check_ids(config: Config, bad: Bad) -> None:
    groups = {group.id for group in config.groups}
    for i, layer in enumerate(config.layers):
        if layer.group not in groups:
            bad(f"layers.{i}.group", layer.group, "is not a group", suggest(layer.group, groups))
        if layer.symbol not in symbols():
            bad(f"layers.{i}.symbol", layer.symbol, "is not a symbol that ships", suggest(layer.symbol, symbols()))
        if layer.id.startswith("base-"):
            bad(f"layers.{i}.id", layer.id, "begins like a layer of the base map", "Choose another id")
    lists: dict[str, list[Any]] = {kind: getattr(config, kind) for kind in ("groups", "layers", "measures")}
    lists["district_sets.0.levels"] = config.district_sets[0].levels
    for kind, items in lists.items():
        ids = [item.id for item in items]
        for i, key in enumerate(ids):
            if key in ids[:i]:
                bad(f"{kind}.{i}.id", key, "stands twice", "Give each its own id")
    for level in config.district_sets[0].levels:
        if level.id in TAKEN | set(columns(Event)):
            bad("district_sets.0.levels", level.id, "is the name of a column of events", "Choose another id")


def _minute(text: str, key: str, problems: Problems) -> int:
    try:
        part = parse_part(text)
        if part.qualifier or part.unit == "digit":
            raise DateError("is not a certain date", "Write a day or minute, such as 1989-11-09T18:00")
        return part.first
    except DateError as error:
        problems.error(FILE, None, key, text, str(error), error.remedy)
        return 0


def read_steps(config: Config, problems: Problems) -> tuple[st.Steps, list[int]] | None:
    """Return the steps of a subject and the first step of each phase; None when they cannot be made."""
    errors = problems.count("error")
    ends = {name: _minute(getattr(config.extent, name), f"extent.{name}", problems) for name in ("start", "end")}
    rules = [st.Rule(_minute(r.start, f"steps.{i}.from", problems), r.every) for i, r in enumerate(config.steps)]
    opens = _minute(config.extent.open_at, "extent.open_at", problems)
    phases = [_minute(p.start, f"phases.{i}.from", problems) for i, p in enumerate(config.phases)]
    if config.day_count:
        first = _minute(config.day_count.start, "day_count.from", problems)
        if _minute(config.day_count.to, "day_count.to", problems) < first:
            problems.error(FILE, None, "day_count.to", config.day_count.to, "lies before from", "Swap the two")
    if problems.count("error") == errors and ends["end"] <= ends["start"]:
        problems.error(FILE, None, "extent.end", config.extent.end, "is not after start", "Correct one of them")
    if problems.count("error") > errors:
        return None
    try:
        steps = st.build((ends["start"], ends["end"]), rules, MAX_STEPS)
    except DateError as error:
        problems.error(FILE, None, "steps", "", str(error), error.remedy)
        return None
    if config.extent.calendar and ends["start"] < minutes(FIRST_REPUBLICAN):
        value = config.extent.calendar
        problems.error(FILE, None, "extent.calendar", value, "begins on 1792-09-22", "Leave it out, or begin later")
    if steps.at(opens) is None:
        problems.error(FILE, None, "extent.open_at", config.extent.open_at, "is outside", "Put it inside the extent")
    found = _phase_starts(config, steps, phases, problems)
    return None if problems.count("error") > errors else (steps, found)


def _phase_starts(config: Config, steps: st.Steps, phases: list[int], problems: Problems) -> list[int]:
    found = []
    for i, at in enumerate(phases):
        index = int(np.searchsorted(steps.starts, at))
        begins = index < len(steps) and int(steps.starts[index]) == at
        if not begins or (i == 0 and index) or (i and at <= phases[i - 1]):
            problems.error(
                FILE, None, f"phases.{i}.from", config.phases[i].start, "does not begin where a step begins",
                "Let the first phase begin at the extent's start, the others at rising steps",
            )  # fmt: skip
        found.append(index)
    return found


def check_view(config: Config, box: tuple[float, float, float, float], problems: Problems) -> None:
    """Check that what the map shows at first meets the districts.

    Parameters
    ----------
    config
        The contract.
    box
        West, south, east and north of the districts, degrees.
    problems
        Where problems are added.
    """
    west, south, east, north = box
    (low, left), (high, right) = config.view.bounds
    if low <= north and high >= south and left <= east and right >= west:
        return
    swapped = low <= east and high >= west and left <= north and right >= south
    remedy = "Latitude stands first here, longitude first in GeoJSON" if swapped else "Correct one of the two"
    message = "meets the districts only with longitude and latitude swapped" if swapped else "misses all districts"
    problems.error(FILE, None, "view.bounds", config.view.bounds, message, remedy)
