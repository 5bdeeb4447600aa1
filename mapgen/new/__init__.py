"""A new subject: the template, or somebody's own table and polygons made into one."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from mapgen.folders import replace
from mapgen.layers import symbols
from mapgen.new import shapes as new_shapes
from mapgen.new.intake import Sheet, read_sheet
from mapgen.new.layers import HUES
from mapgen.new.rows import Made, Maker
from mapgen.new.time import Time, choose
from mapgen.problems import DataError, Problems, UsageError
from mapgen.rows import Claim, Event, Person, Place, Row, Source
from mapgen.subject import load
from mapgen.tables import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.resources.abc import Traversable

    from mapgen.new.shapes import Shapes

Contents = dict[str, bytes]


def create(
    folder: str | Path,
    events: str | Path | None = None,
    districts: str | Path | None = None,
    say: Callable[[str], object] = print,
) -> list[str]:
    """Write the folder of a new subject, as a whole or not at all.

    Parameters
    ----------
    folder
        Where it goes: not there yet, or empty.
    events
        A CSV table of dated, placed events; without it the folder holds a small subject to change.
    districts
        GeoJSON polygons in which the events are counted; without it one district is the box around the points.
    say
        What is done with each line that tells what was taken for what.

    Returns
    -------
    list of str
        Names of the files written, sorted.

    Raises
    ------
    UsageError
        If the folder holds something, or a file is not there.
    DataError
        If a row cannot be used; nothing is written.
    """
    target = Path(folder).resolve()
    _check_paths(target, folder, events, districts)
    if events is None:
        contents = _template()
    else:
        contents = _from_table(Path(events), None if districts is None else Path(districts), say)
    replace(target, contents)
    return sorted(contents)


def _check_paths(target: Path, folder: str | Path, events: str | Path | None, districts: str | Path | None) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder that is not there yet")
    if target.is_dir() and any(target.iterdir()):
        raise UsageError(f"{folder} is not empty. Name a folder that is not there yet, or empty it")
    if districts is not None and events is None:
        raise UsageError("--districts goes with --events. Name the table of events too")
    for option, path in (("--events", events), ("--districts", districts)):
        if path is not None and not Path(path).is_file():
            raise UsageError(f"{path} is not a file. Name the file of {option}")


def _template() -> Contents:
    """Return the files of the small subject that ships."""

    def walk(at: Traversable, before: str) -> Iterable[tuple[str, bytes]]:
        for entry in at.iterdir():
            if entry.is_dir():
                yield from walk(entry, f"{before}{entry.name}/")
            else:
                yield before + entry.name, entry.read_bytes()

    return dict(sorted(walk(files("mapgen") / "assets" / "new", "")))


# --- From a table ----------------------------------------------------------------------------------------------------


def _from_table(events: Path, districts: Path | None, say: Callable[[str], object]) -> Contents:
    problems = Problems()
    sheet = read_sheet(events, problems)
    made = Made()
    if sheet is not None:
        maker = Maker(sheet, problems)
        _say_all(sheet.lines() + maker.dates.lines(), say)
        if sheet.columns.keys() & {"when", "start", "year"} and "title" in sheet.columns:
            made = maker.make()
    points = sorted(made.places)
    shapes = new_shapes.read_shapes(districts, problems) if districts is not None else None
    if shapes is None and districts is None and points:
        shapes = new_shapes.around(points)
    if sheet is not None and not points and not problems.count("error"):
        problems.error(events.name, None, "", "", "has no row with a point", "Give latitude and longitude in degrees")
    if problems.count("error") or sheet is None or shapes is None:
        raise DataError(problems)
    time = choose(event.when for event in made.events)
    contents = _contents(events, made, shapes, time)
    _try(contents)
    _say_all([*shapes.lines, *_summary(sheet, made, time)], say)
    return contents


def _say_all(lines: Iterable[str], say: Callable[[str], object]) -> None:
    for line in lines:
        say(line)


def _title(path: Path) -> str:
    words = " ".join(path.stem.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:] or "Events"


def _summary(sheet: Sheet, made: Made, time: Time) -> list[str]:
    rows, events = len(sheet.rows), len(made.events)
    unplaced = sum(event.place is None for event in made.events)
    return [
        f"{events} of {rows} rows became events: {len(made.places)} places, {len(made.layers)} layers, "
        f"{len(made.sources)} sources, {unplaced} without a point",
        f"from {time.start} to {time.end} in about {time.length} steps ({time.every})",
    ]  # fmt: skip


def _contents(events: Path, made: Made, shapes: Shapes, time: Time) -> Contents:
    tables: dict[str, tuple[type[Row], Iterable[Row]]] = {
        "events": (Event, made.events), "places": (Place, made.places.values()),
        "sources": (Source, made.sources.values()), "people": (Person, []), "claims": (Claim, []),
    }  # fmt: skip
    texts = {f"{name}.csv": write(model, sorted(rows, key=_id)) for name, (model, rows) in tables.items()}
    texts["districts/districts.geojson"] = shapes.geojson
    texts["subject.toml"] = _contract(events, made, shapes, time)
    return {name: text.encode("utf-8") for name, text in sorted(texts.items())}


def _id(row: Any) -> str:
    return str(row.id)


def _contract(events: Path, made: Made, shapes: Shapes, time: Time) -> str:
    west, south, east, north = new_shapes.box(sorted(made.places))
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )  # fmt: skip
    environment.filters["toml"] = lambda text: json.dumps(text, ensure_ascii=False)
    source = (files("mapgen") / "assets" / "new-table" / "subject.toml.jinja").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        file=json.dumps(events.name), title=_title(events), phase="All", **time._asdict(), groups=made.groups,
        layers=made.layers, crs=shapes.crs, level=new_shapes.LEVEL, prefix=new_shapes.PREFIX,
        bounds=[[south, west], [north, east]], hues=", ".join(HUES), symbols=", ".join(symbols()),
    )  # fmt: skip


def _try(contents: Contents) -> None:
    """Read the subject as `mapgen build` will, so that what is written builds.

    Raises
    ------
    DataError
        With what would be refused.
    """
    with tempfile.TemporaryDirectory() as folder:
        replace(Path(folder) / "subject", contents)
        problems = load(Path(folder) / "subject").problems
    if problems.count("error"):
        raise DataError(problems)
