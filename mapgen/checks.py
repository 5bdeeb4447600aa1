"""What the rows of a subject's tables must fulfil besides their models: keys that exist, numbers that agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapgen.checking import Check
from mapgen.dates import DateError, parse, parse_part
from mapgen.tables import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapgen.records import Records
    from mapgen.rows import Claim, Event, Person, Place, Retired, Row, Source, Statistic, Stop, Translation, Zone

FAR = 10
"""A place further from the districts than this many times their width is a warning."""


def check_source(row: Source, records: Records) -> bool:
    """Return whether a source can be used."""
    check = Check(records, "sources.csv", row)
    check.texts(row, "author", "title")
    return check.fine


def check_person(row: Person, records: Records) -> bool:
    """Return whether a person can be used."""
    check = Check(records, "people.csv", row)
    check.sources("sources", row.sources)
    check.texts(row, "name", "role")
    return check.fine


def check_place(row: Place, records: Records) -> bool:
    """Return whether a place can be used: a point where one is needed, in degrees, not swapped, in known districts."""
    check, districts = Check(records, "places.csv", row), records.district_set
    check.texts(row, "name", "name_today")
    check.sources("sources", row.sources)
    if row.lon is None and row.lat is None:
        if row.precision not in ("city", "region", "district"):
            check.bad("lon", "", "has no complete point", "Give lon and lat in degrees")
        elif row.precision == "district" and not row.district:
            check.bad("district", "", "is empty for a place known to a district", "Name the district")
    elif row.lon is None or row.lat is None:
        check.bad("lon", "" if row.lon is None else row.lon, "has no complete point", "Give lon and lat in degrees")
    elif row.lon == 0 and row.lat == 0:
        check.bad("lon", "0, 0", "is the null point", "Give the true point")
    else:
        _check_point(row, row.lon, row.lat, check)
    check.keys("district", [row.district], districts.rows, "district")
    return check.fine


def _check_point(row: Place, lon: float, lat: float, check: Check) -> None:
    west, south, east, north = check.records.district_set.bounds
    width, height = max(east - west, 0.01), max(north - south, 0.01)

    def near(x: float, y: float, times: float) -> bool:
        return (
            west - times * width <= x <= east + times * width and south - times * height <= y <= north + times * height
        )

    value = f"{lon:g}, {lat:g}"
    if near(lon, lat, 1) or row.precision == "region":
        return
    if near(lat, lon, 1):
        check.bad("lon", value, "has longitude and latitude swapped", f"Write lon {lat:g}, lat {lon:g}")
    elif near(-lon, lat, 1) or near(lon, -lat, 1):
        check.bad("lon", value, "has a wrong sign", "West and south are below zero, east and north above")
    elif not near(lon, lat, FAR) and not row.commune and not row.note:
        check.records.problems.warning(
            check.file, check.line, "lon", value, "lies far from all districts",
            "Correct the point, or say in commune or note where it is",
        )  # fmt: skip


def check_event(row: Event, records: Records) -> bool:
    """Return whether an event can be used: its layer, places, people and sources exist."""
    check = Check(records, "events.csv", row)
    layers = {layer.id for layer in records.config.layers}
    if row.layer not in layers:
        check.bad("layer", row.layer, "is not a layer of subject.toml", suggest(row.layer, layers))
    check.keys("place", [row.place], records.places, "places")
    check.keys("also_at", row.also_at, records.places, "places")
    check.keys("actors", row.actors, records.people, "people")
    check.sources("sources", row.sources, needed=True)
    check.texts(row, "title", "text")
    if row.place and row.place in row.also_at:
        check.bad("also_at", row.place, "names its own place again", "Delete it from also_at")
    if row.route and not row.also_at:
        check.bad("route", row.route, "has no other places to join", "Name them in also_at, or leave route empty")
    return check.fine


def check_claim(row: Claim, records: Records) -> bool:
    """Return whether a claim can be used; one on an event that was itself refused is no error of its own."""
    check = Check(records, "claims.csv", row)
    check.keys("event", [row.event], records.index, "events")
    check.sources("source", row.source, needed=True)
    if row.low is not None and row.high is not None and row.low > row.high:
        check.bad("low", f"{row.low:g}", f"is more than high, {row.high:g}", "Swap low and high")
    return check.fine


def check_statistic(row: Statistic, records: Records) -> bool:
    """Return whether a figure can be used: its district or place exists, its date can be read."""
    check = Check(records, "statistics.csv", row)
    check.keys("district", [row.district], records.district_set.rows, "district")
    check.keys("place", [row.place], records.places, "places")
    if row.district and row.place:
        check.bad("place", row.place, "stands beside a district", "Name a district or a place, not both")
    measures = {measure.id for measure in records.config.measures}
    if measures and row.measure not in measures:
        check.bad("measure", row.measure, "is not a measure of subject.toml", suggest(row.measure, measures))
    check.sources("source", row.source)
    _readable(check, row.when)
    return check.fine


def _readable(check: Check, text: str) -> None:
    try:
        parse(text, (int(check.records.steps.starts[0]), check.records.steps.end))
    except DateError as error:
        check.bad("when", text, str(error), error.remedy)


def check_zone(row: Zone, records: Records) -> bool:
    """Return whether a zone can be used: its side, districts and places exist, it begins at an instant."""
    check = Check(records, "zones.csv", row)
    sides = records.config.zones.sides if records.config.zones else {}
    if row.side not in sides:
        check.bad("side", row.side, "is not a side of subject.toml", suggest(row.side, sides))
    check.keys("districts", row.districts, records.district_set.rows, "district")
    check.keys("line", row.line, records.places, "places")
    for key in row.line:
        if key in records.places and records.places[key].lon is None:
            check.bad("line", key, "is a place without a point", "Name a place with a point")
    if not row.districts and not row.line:
        check.bad("districts", "", "is empty, as is line", "Name districts, or the places of the line, or both")
    if len(row.line) == 1:
        check.bad("line", row.line[0], "is one place only", "Name at least two, in order")
    check.sources("sources", row.sources, needed=True)
    _check_instant(check, row.when)
    return check.fine


def _check_instant(check: Check, text: str) -> None:
    extent = (int(check.records.steps.starts[0]), check.records.steps.end)
    try:
        when = parse(text, extent)
        if when.kind not in ("moment", "span") or any(p and p.unit not in ("day", "minute") for p in (when.a, when.b)):
            raise DateError("is not an instant", "Write a day or a minute, or a/b of the two when the end is known")
        if when.first >= extent[1] or when.last < extent[0]:
            raise DateError("lies wholly outside the subject's extent", "Correct the date or widen the extent")
    except DateError as error:
        check.bad("when", text, str(error), error.remedy)


def same_start(records: Records) -> None:
    """Warn where two zones of a side begin at the same instant: which of them is shown cannot be told."""
    seen: dict[tuple[str, int], str] = {}
    for row in records.zones:
        key = (row.side, parse_part(row.when.split("/")[0]).first)
        if key in seen:
            message = f"begins when {seen[key]} of the same side does"
            records.problems.warning("zones.csv", row.at_line, "when", row.when, message, "Join the two rows")
        seen.setdefault(key, row.id)


def check_stop(row: Stop, records: Records) -> bool:
    """Return whether a stop of the tour can be used: an event or a date, layers that exist."""
    check = Check(records, "tour.csv", row)
    if bool(row.event) == bool(row.when):
        check.bad("event", row.event or "", "is not exactly one of event and when", "Fill one of the two")
    check.keys("event", [row.event], records.index, "events")
    if row.when:
        try:
            part = parse_part(row.when)
            if part.qualifier or part.unit not in ("day", "minute") or records.steps.at(part.first) is None:
                raise DateError("is not a day or minute of the extent", "Write a day or minute inside the extent")
        except DateError as error:
            check.bad("when", row.when, str(error), error.remedy)
    layers = {layer.id for layer in records.config.layers}
    check.keys("layers", [key for key in row.layers if not key.startswith("base-")], layers, "layer of subject.toml")
    return check.fine


def check_retired(row: Retired, records: Records) -> bool:
    """Return whether a retired id can be used: it is in use no more, and what replaced it is."""
    check = Check(records, "retired.csv", row)
    tables = [keys for name, keys in records.written.items() if name != "retired"]
    if None in tables:
        return False
    living = set().union(*(keys for keys in tables if keys))
    living |= records.district_set.rows.keys() | {layer.id for layer in records.config.layers}
    if row.id in living:
        check.bad("id", row.id, "is still in use", "Give the living row another id, or delete this row")
    if row.replaced_by is None:
        if not row.note:
            check.bad("replaced_by", "", "is empty", "Name what replaced it, or say in note why nothing does")
    elif row.replaced_by not in living:
        check.bad("replaced_by", row.replaced_by, "is not an id in use", suggest(row.replaced_by, living))
    return check.fine


def check_translation(row: Translation, file: str, tables: Mapping[str, type[Row]], records: Records) -> bool:
    """Return whether a translation can be used; one of a row that was itself refused is no error of its own."""
    check = Check(records, file, row)
    known = {name: keys for name, keys in records.written.items() if "id" in tables[name].model_fields}
    if row.table not in known:
        check.bad("table", row.table, "is not a table", suggest(row.table, known))
        return False
    if row.field not in tables[row.table].model_fields:
        check.bad("field", row.field, "is not a column", suggest(row.field, tables[row.table].model_fields))
    written = known[row.table]
    if written is not None and row.id not in written:
        check.bad("id", row.id, f"is not in {row.table}.csv", suggest(row.id, written))
    return check.fine
