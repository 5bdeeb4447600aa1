"""Reading every table of a subject; rows that do not fit their model or each other are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapgen.checks import (
    check_claim,
    check_event,
    check_person,
    check_place,
    check_retired,
    check_source,
    check_statistic,
    check_stop,
    check_translation,
    check_zone,
    same_start,
)  # fmt: skip
from mapgen.dates import DateError, When, parse
from mapgen.geojson import read_geojson
from mapgen.rows import Claim, Event, Person, Place, Retired, Row, Source, Statistic, Stop, Translation, Zone
from mapgen.tables import Table, read, suggest, unique

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mapgen.problems import Problems
    from mapgen.records import Records

TABLES: dict[str, type[Row]] = {
    "events": Event, "places": Place, "sources": Source, "people": Person, "claims": Claim, "statistics": Statistic,
    "zones": Zone, "tour": Stop, "retired": Retired,
}  # fmt: skip
REQUIRED = ("events", "places", "sources")
AREAS = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")


def read_rows(folder: Path, problems: Problems) -> dict[str, Table[Any]]:
    """Read each table by its model alone; a table that is not there is empty.

    Parameters
    ----------
    folder
        The subject's.
    problems
        Where problems are added; they say which rows are refused.
    """
    found: dict[str, Table[Any]] = {}
    for name, model in TABLES.items():
        path = folder / f"{name}.csv"
        missing = name not in REQUIRED and not path.exists() and not path.is_symlink()
        table: Table[Any] = Table(path.name, [], 0) if missing else read(path, model, problems)
        found[name] = table._replace(rows=unique(table, model, problems))
    return found


def read_tables(records: Records) -> None:
    """Read every table of the subject's folder and check them against each other; bad rows are refused."""
    found = read_rows(records.path, records.problems)
    records.written = {
        name: {row.id for row in table.rows if hasattr(row, "id")} | table.refused if table.whole else None
        for name, table in found.items()
    }
    rows: dict[str, list[Any]] = {name: table.rows for name, table in found.items()}
    records.sources = {row.id: row for row in rows["sources"] if check_source(row, records)}
    records.people = {row.id: row for row in rows["people"] if check_person(row, records)}
    records.places = {row.id: row for row in rows["places"] if check_place(row, records)}
    _read_shapes(records)
    events = [row for row in rows["events"] if check_event(row, records)]
    records.rows = [row for row, _ in events_with_times(events, records)]
    records.refused = found["events"].total - len(records.rows)
    if not found["events"].total and found["events"].whole and not records.problems.count("error"):
        records.problems.error("events.csv", None, "", "", "has no rows", "Write one event a line under the header")
    checks: dict[str, Callable[[Any, Records], bool]] = {
        "claims": check_claim, "statistics": check_statistic, "zones": check_zone, "tour": check_stop,
    }  # fmt: skip
    for name, fits in checks.items():
        setattr(records, name, [row for row in rows[name] if fits(row, records)])
    same_start(records)
    records.retired = {row.id: row for row in rows["retired"] if check_retired(row, records)}
    for language in records.config.languages[1:]:
        _read_texts(records, language)


def events_with_times(rows: list[Event], records: Records) -> list[tuple[Event, When]]:
    """Read the times of events; one that cannot be read or lies outside the extent is refused."""
    extent = (int(records.steps.starts[0]), records.steps.end)
    found = []
    for row in rows:
        try:
            when = parse(row.when, extent, row.part_of_day)
            if when.first >= extent[1] or when.last < extent[0]:
                raise DateError("lies wholly outside the subject's extent", "Correct the date or widen the extent")
        except DateError as error:
            records.problems.error("events.csv", row.at_line, "when", row.when, str(error), error.remedy)
            continue
        found.append((row, when))
    records.whens = [when for _, when in found]
    return found


def _read_shapes(records: Records) -> None:
    """Read the stretches and areas of places, keyed by their ids."""
    path, problems = records.path / "places.geojson", records.problems
    if not path.exists() and not path.is_symlink():
        return
    west, south, east, north = records.district_set.bounds
    for feature in read_geojson(path, path.name, problems):
        key, geometry, index = feature["id"], feature["geometry"], feature["index"]
        box = geometry.bounds
        if key not in records.places:
            if key not in (records.written["places"] or {key}):
                problems.error(
                    path.name, None, f"features[{index}].id", key, "is not a place", suggest(key, records.places)
                )
        elif key in records.shapes:
            problems.error(path.name, None, f"features[{index}].id", key, "stands twice", "Keep one shape a place")
        elif geometry.geom_type not in AREAS:
            problems.error(
                path.name, None, key, geometry.geom_type, "is not a line or area", "Points stand in places.csv"
            )
        elif "Polygon" in geometry.geom_type and not geometry.is_valid:
            problems.error(path.name, None, key, "", "is not a valid polygon", "A ring may not cross or touch itself")
        elif (box[2] < west or box[0] > east) and west <= box[1] <= box[3] <= east and south <= box[0] <= north:
            problems.error(
                path.name, None, key, str(box), "has longitude and latitude swapped", "Write [longitude, latitude]"
            )
        else:
            records.shapes[key] = geometry


def _read_texts(records: Records, language: str) -> None:
    path = records.path / f"texts.{language}.csv"
    table = read(path, Translation, records.problems)
    texts = records.texts.setdefault(language, {})
    for row in unique(table, Translation, records.problems):
        if check_translation(row, path.name, TABLES, records):
            texts[row.table, row.id, row.field] = row.text
    for event in records.rows:
        for name in ("title", "text"):
            if getattr(event, name) and ("events", event.id, name) not in texts:
                records.problems.warning(
                    path.name, None, name, event.id, "has no translation", f"Add events,{event.id},{name}"
                )
