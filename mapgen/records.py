"""The tables of a subject, read, checked against each other and joined to its districts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mapgen.cells import NOT_SEEN
from mapgen.dates import DateError, When, parse, parse_part
from mapgen.districts import BORDER_M, LIMIT_M, DistrictSet
from mapgen.geojson import read_geojson
from mapgen.rows import Claim, Event, Person, Place, Row, Source, Statistic, Translation
from mapgen.tables import Table, read, suggest, unique

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.contract import Config
    from mapgen.problems import Problems
    from mapgen.steps import Steps

TABLES: dict[str, type[Row]] = {
    "events": Event, "places": Place, "sources": Source, "people": Person, "claims": Claim, "statistics": Statistic,
}  # fmt: skip
OPTIONAL = ("people", "claims", "statistics")


@dataclass
class Records:
    """The tables of a subject; the columns of events run in the order of `rows`.

    Attributes
    ----------
    path
        The folder.
    config
        Its contract.
    problems
        Everything found while reading.
    steps
        The steps of time.
    phase_starts
        First step of each phase.
    district_set
        The districts with their rows and the join.
    rows
        Events by id.
    whens
        Their times, one an event.
    bins
        Where each is counted: a district id, ``city``, ``outside`` or ``unplaced``.
    refused
        How many rows of events could not be used.
    """

    path: Path
    config: Config
    problems: Problems
    steps: Steps
    phase_starts: list[int]
    district_set: DistrictSet
    rows: list[Event] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)
    shapes: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, dict[tuple[str, str, str], str]] = field(default_factory=dict)
    whens: list[When] = field(default_factory=list)
    bins: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def language(self) -> str:
        """The subject's first language, in which its tables are written."""
        return self.config.languages[0]

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each event in the columns."""
        return {row.id: i for i, row in enumerate(self.rows)}

    def text(self, table: str, key: str, name: str, language: str) -> tuple[str, str]:
        """Return a text and the language it is in: `language`, or the first one where a translation is missing."""
        if language != self.language:
            found = self.texts.get(language, {}).get((table, key, name))
            if found:
                return found, language
        rows: dict[str, Any] = {"places": self.places, "sources": self.sources, "people": self.people}
        if table == "events":
            row: Any = self.rows[self.index[key]]
        elif table == "claims":
            row = next(c for c in self.claims if c.id == key)
        else:
            row = rows[table][key]
        return str(getattr(row, name)), self.language


def read_tables(records: Records) -> None:
    """Read every table of the subject's folder and check them against each other; bad rows are refused."""
    problems, folder = records.problems, records.path
    found: dict[str, Table[Any]] = {}
    for name, model in TABLES.items():
        path = folder / f"{name}.csv"
        missing = name in OPTIONAL and not path.exists()
        found[name] = Table(path.name, [], 0) if missing else read(path, model, problems)
        found[name] = found[name]._replace(rows=unique(found[name], model, problems))
    records.places = {row.id: row for row in found["places"].rows}
    records.sources = {row.id: row for row in found["sources"].rows}
    records.people = {row.id: row for row in found["people"].rows}
    records.statistics = found["statistics"].rows
    _read_shapes(records)
    _check_places(records)
    events = [row for row in found["events"].rows if _check_event(row, records)]
    records.rows = [row for row, _ in events_with_times(events, records)]
    records.refused = found["events"].total - len(records.rows)
    written = {name: {row.id for row in table.rows} | table.refused for name, table in found.items()}
    records.claims = [row for row in found["claims"].rows if _check_claim(row, records, written["events"])]
    for owner in ("people", "places"):
        for row in found[owner].rows:
            _check_refs(row.sources, f"{owner}.csv", row.at_line, records)
    for language in records.config.languages[1:]:
        _read_texts(records, language, written)


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
    path = records.path / "places.geojson"
    if not path.exists():
        return
    for feature in read_geojson(path, path.name, records.problems):
        key = str(feature["properties"].get("id", ""))
        if key not in records.places:
            records.problems.error(
                path.name, None, f"features[{feature['index']}].id", key, "is not a place", suggest(key, records.places)
            )
            continue
        records.shapes[key] = feature["geometry"]


def _check_places(records: Records) -> None:
    problems, districts = records.problems, records.district_set
    for row in records.places.values():
        if (row.lon is None) != (row.lat is None) or (
            row.lon is None and row.precision not in ("city", "region", "district")
        ):
            problems.error(
                "places.csv", row.at_line, "lon", row.lon or "", "has no complete point", "Give lon and lat in degrees"
            )
        if row.lon == 0 and row.lat == 0:
            problems.error("places.csv", row.at_line, "lon", "0, 0", "is the null point", "Give the true point")
        if row.district and row.district not in districts.rows:
            problems.error(
                "places.csv",
                row.at_line,
                "district",
                row.district,
                "is not a district",
                suggest(row.district, districts.rows),
            )
        if row.precision == "district" and not row.district and row.lon is None:
            problems.error(
                "places.csv",
                row.at_line,
                "district",
                "",
                "is empty for a place known to a district",
                "Name the district",
            )


def _check_event(row: Event, records: Records) -> bool:
    before = records.problems.count("error")
    known = {layer.id for layer in records.config.layers}

    def bad(column: str, value: str, what: str, choice: Any) -> None:
        records.problems.error("events.csv", row.at_line, column, value, what, suggest(value, choice))

    if row.layer not in known:
        bad("layer", row.layer, "is not a layer of subject.toml", known)
    for column, keys in (("place", [row.place] if row.place else []), ("also_at", row.also_at)):
        for key in keys:
            if key not in records.places:
                bad(column, key, "is not in places.csv", records.places)
    for key in row.actors:
        if key not in records.people:
            bad("actors", key, "is not in people.csv", records.people)
    _check_refs(row.sources, "events.csv", row.at_line, records)
    if not row.sources:
        records.problems.error(
            "events.csv", row.at_line, "sources", "", "is empty", "Name the source that supports date and place"
        )
    return records.problems.count("error") == before


def _check_claim(row: Claim, records: Records, written: set[str]) -> bool:
    """Return whether a claim can be used; one on an event that was itself refused is no error of its own."""
    before = records.problems.count("error")
    if row.event not in records.index and row.event in written:
        return False
    if row.event not in records.index:
        records.problems.error(
            "claims.csv", row.at_line, "event", row.event, "is not in events.csv", suggest(row.event, records.index)
        )
    _check_refs(row.source, "claims.csv", row.at_line, records)
    return records.problems.count("error") == before


def _check_refs(refs: list[Any], file: str, line: int, records: Records) -> None:
    for ref in refs:
        if ref.source not in records.sources:
            records.problems.error(
                file, line, "sources", str(ref), "is not in sources.csv", suggest(ref.source, records.sources)
            )


def _read_texts(records: Records, language: str, written: dict[str, set[str]]) -> None:
    path = records.path / f"texts.{language}.csv"
    table = read(path, Translation, records.problems)
    keys = {
        "events": set(records.index), "places": set(records.places), "people": set(records.people),
        "sources": set(records.sources), "claims": {c.id for c in records.claims},
    }  # fmt: skip
    texts = records.texts.setdefault(language, {})
    for row in unique(table, Translation, records.problems):
        if row.table not in keys:
            records.problems.error(
                path.name, row.at_line, "table", row.table, "is not a table", suggest(row.table, keys)
            )
        elif row.id not in keys[row.table] and row.id in written[row.table]:
            continue  # the row it translates was refused, which was said there
        elif row.id not in keys[row.table]:
            records.problems.error(
                path.name, row.at_line, "id", row.id, f"is not in {row.table}.csv", suggest(row.id, keys[row.table])
            )
        elif row.field not in TABLES[row.table].model_fields:
            records.problems.error(
                path.name,
                row.at_line,
                "field",
                row.field,
                "is not a column",
                suggest(row.field, TABLES[row.table].model_fields),
            )
        else:
            texts[row.table, row.id, row.field] = row.text
    for event in records.rows:
        for name in ("title", "text"):
            if getattr(event, name) and ("events", event.id, name) not in texts:
                records.problems.warning(
                    path.name, None, name, event.id, "has no translation", f"Add events,{event.id},{name}"
                )


# --- Joining ---------------------------------------------------------------------------------------------------------


def join(records: Records) -> None:
    """Give each event its bin."""
    placed = [p for p in records.places.values() if p.lon is not None and p.lat is not None]
    lon, lat = (np.array([getattr(p, name) for p in placed], dtype=float) for name in ("lon", "lat"))
    found = records.district_set.join(lon, lat)
    where = {p.id: _bin(p, int(face), records) for p, face in zip(placed, found, strict=True)}
    where |= {key: _bin(place, -1, records) for key, place in records.places.items() if key not in where}
    records.bins = [where[row.place] if row.place else "unplaced" for row in records.rows]
    for i, row in enumerate(records.rows):
        _check_validity(records, i)
        if all(ref.locator == NOT_SEEN for ref in row.sources):
            records.problems.note("events.csv", row.at_line, "sources", row.id, "has no source that was seen", "See it")
        if len({ref.source for ref in row.sources}) == 1:
            records.problems.note(
                "events.csv", row.at_line, "sources", row.id, "has one source only", "Find a second one"
            )


def _bin(place: Place, face: int, records: Records) -> str:
    """Return where events of a place are counted; the bins are those of `Records.bins`."""
    districts = records.district_set
    if place.precision in ("city", "region"):
        return "city" if place.precision == "city" and not place.commune else "outside"
    computed = districts.faces[face] if face >= 0 else ""
    stated = place.district if place.district in districts.rows else ""
    if place.precision == "district":
        computed, stated = (districts.up(key, 0) if key else "" for key in (computed, stated))
    if place.lon is None or place.lat is None:
        return stated or "outside"
    inside = stated and computed and districts.up(computed, districts.level_of(stated)) == stated
    if inside or stated == computed or not (stated or place.commune):
        return computed or "outside"
    return _settle(place, computed, stated, records) or "outside"


def _settle(place: Place, computed: str, stated: str, records: Records) -> str:
    """Choose between the stated and the computed district of a place; say so as a note or warning."""
    assert place.lon is not None
    assert place.lat is not None
    districts = records.district_set
    faces = districts.members(stated) if stated else None
    distance = districts.distance_m(place.lon, place.lat, faces)
    where = stated or "the outer limit"
    text = f"lies {distance:.0f} m from {where}, in {computed or 'no district'}"
    if distance <= (BORDER_M if computed and stated else LIMIT_M):
        message = f"{text}; what is stated counts"
        records.problems.note("places.csv", place.at_line, "district", stated, message, "Nothing to do")
        return stated
    add = records.problems.note if place.note else records.problems.warning
    remedy = "Correct the point or the district, or explain it in note"
    add("places.csv", place.at_line, "district", stated, text, remedy)
    return computed


def _check_validity(records: Records, i: int) -> None:
    row = records.district_set.rows.get(records.bins[i])
    if row is None:
        return
    when = records.whens[i]
    early = row.valid_from and parse_part(row.valid_from).first > when.last
    late = row.valid_to and parse_part(row.valid_to).last < when.first
    if early or late:
        records.problems.warning(
            "events.csv",
            records.rows[i].at_line,
            "when",
            records.rows[i].when,
            f"is outside the life of {row.id}",
            "Check both",
        )
