"""The tables of an export: each joined with what it names, so that it can be used alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mapgen.dates import moment, words
from mapgen.export.columns import (
    BETWEEN,
    Cite,
    Column,
    Levels,
    Record,
    Sheet,
    of,
    readable,
    record_of,
    translate,
    translated,
)
from mapgen.problems import Problems
from mapgen.rows import Claim, District, Event, Person, Place, Retired, Source, Statistic, Stop, Zone, columns
from mapgen.tables import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mapgen.subject import Subject


def sheets(subject: Subject) -> list[Sheet]:
    """Return every table of a subject and its districts, joined; rows sorted by key."""
    own = _district_sources(subject)
    cite = partial(readable, {**own, **subject.sources}, words(subject.language)["ui"]["not_seen"])
    tables = [_events(subject, cite), _places(subject, cite), _sources("sources", subject.sources, subject)]
    tables += [_people(subject, cite), _claims(subject, cite), _statistics(subject, cite), _districts(subject, cite)]
    tables += [_sources("district_sources", own, subject)] if own else []
    return tables + [sheet for sheet in (_zones(subject, cite), _tour(subject), _retired(subject)) if sheet.records]


def _district_sources(subject: Subject) -> dict[str, Source]:
    """Return the sources of the district set, where it has such a table."""
    path = (subject.path / subject.config.district_sets[0].path).resolve() / "sources.csv"
    return {row.id: row for row in read(path, Source, Problems()).rows} if path.exists() else {}


def _events(subject: Subject, cite: Cite) -> Sheet:
    texts = translated(subject, "events", Event, ("title", "text"))
    head = [
        *of(Event, "id", "when"),
        Column("first_day", kind="date", about="first day it may have touched"),
        Column("last_day", kind="date", about="last day it may have touched"),
        *of(Event, "part_of_day", "layer"), Column("group", about="group of the layer"),
        *of(Event, "title", "text"), *texts, *of(Event, "place"),
        *of(Place, "name", "name_today", prefix="place_", required=False),
        *of(Place, "lon", "lat", "precision", "radius_m", "certainty", required=False), *of(Event, "also_at", "route"),
        *of(Place, "commune"), Column("bin", about="where it is counted: a district, city, outside or unplaced"),
    ]  # fmt: skip
    tail = [
        Column("actors", about="names, divided by |"), Column("actor_ids", Event, "actors"), *of(Event, "sources"),
        Column("disputed", kind="boolean", about="whether accounts differ"),
        *of(Event, "importance", "tags", "wikidata"),
    ]  # fmt: skip
    levels = Levels(subject, [column.name for column in head + tail])
    records = [_event(subject, i, cite) | levels.record(subject.bins[i]) for i in range(len(subject.rows))]
    translate(subject, "events", records, texts)
    return Sheet("events", head + levels.columns() + tail, records, links=(("place", "places"),), holds="places")


def _event(subject: Subject, i: int, cite: Cite) -> Record:
    row, when = subject.rows[i], subject.whens[i]
    place = subject.places.get(row.place or "")
    record = record_of(row, cite)
    record |= {"first_day": moment(when.first)[0].isoformat(), "last_day": moment(when.last)[0].isoformat()}
    record["group"] = next(layer.group for layer in subject.config.layers if layer.id == row.layer)
    for name in ("lon", "lat", "precision", "radius_m", "certainty"):
        record[name] = getattr(place, name, None)
    record["place_name"], record["place_name_today"] = (getattr(place, x, "") for x in ("name", "name_today"))
    record["commune"], record["bin"] = subject.commune(i), subject.bins[i]
    record["actor_ids"] = row.actors
    record["actors"] = BETWEEN.join(subject.people[key].name for key in row.actors)
    record["disputed"] = bool(subject.disputed.get(row.id))
    return record


def _with_events(records: list[Record], pairs: Iterable[tuple[str, str]]) -> list[Column]:
    """Add to each record the events that name it; `pairs` are ids of a thing and of an event."""
    named: dict[str, list[str]] = {}
    for key, event in sorted(set(pairs)):
        named.setdefault(key, []).append(event)
    for record in records:
        record["events"] = named.get(record["id"], [])
    return [Column("events", Event, "also_at", about="events that name it", required=False)]


def _places(subject: Subject, cite: Cite) -> Sheet:
    texts = translated(subject, "places", Place)
    records = [record_of(row, cite) for _, row in sorted(subject.places.items())]
    translate(subject, "places", records, texts)
    used = ((key, row.id) for row in subject.rows for key in [row.place, *row.also_at] if key)
    more = _with_events(records, used)
    return Sheet("places", of(Place) + texts + more, records, links=(("district", "districts"),), holds="places")


def _sources(name: str, rows: Mapping[str, Source], subject: Subject) -> Sheet:
    own = name == "sources"
    texts = translated(subject, name, Source)
    records = [record_of(row) for _, row in sorted(rows.items())]
    translate(subject, name, records, texts)
    used = ((ref.source, row.id) for row in subject.rows for ref in row.sources)
    more = _with_events(records, used) if own else []
    return Sheet(name, of(Source) + texts + more, records, holds="" if own else "districts")


def _people(subject: Subject, cite: Cite) -> Sheet:
    texts = translated(subject, "people", Person)
    records = [record_of(row, cite) for _, row in sorted(subject.people.items())]
    translate(subject, "people", records, texts)
    more = _with_events(records, ((key, row.id) for row in subject.rows for key in row.actors))
    return Sheet("people", of(Person) + texts + more, records)


def _claims(subject: Subject, cite: Cite) -> Sheet:
    texts = translated(subject, "claims", Claim)
    records = [record_of(row, cite) for row in sorted(subject.claims, key=lambda row: row.id)]
    translate(subject, "claims", records, texts)
    for record in records:
        record["event_title"] = subject.rows[subject.index[record["event"]]].title
        record["disputed"] = record["about"] in subject.disputed.get(record["event"], ())
    shown = [*of(Claim, "id", "event"), *of(Event, "title", prefix="event_"), *of(Claim, *columns(Claim)[2:])]
    shown += [*texts, Column("disputed", kind="boolean", about="whether the accounts on this point differ")]
    return Sheet("claims", shown, records, links=(("event", "events"),))


def _statistics(subject: Subject, cite: Cite) -> Sheet:
    records = []
    for origin, rows in (("districts", subject.district_set.statistics.rows), ("subject", subject.statistics)):
        for row in rows:
            district = subject.district_set.rows.get(row.district or "")
            place = subject.places.get(row.place or "")
            record = record_of(row, cite) | {"origin": origin}
            record["district_level"], record["district_name"] = (getattr(district, x, "") for x in ("level", "name"))
            record["place_name"] = getattr(place, "name", "")
            records.append(record)
    key = ("measure", "district", "place", "when", "origin")
    records.sort(key=lambda record: tuple(str(record[name] or "") for name in key))
    shown = [
        *of(Statistic, "measure", "district"), *of(District, "level", "name", prefix="district_", required=False),
        *of(Statistic, "place"), *of(Place, "name", prefix="place_", required=False),
        *of(Statistic, *columns(Statistic)[3:]), Column("origin", about="table it is from: subject or districts"),
    ]  # fmt: skip
    links = (("district", "districts"), ("place", "places"))
    return Sheet("statistics", shown, records, key, links, "districts")


def _zones(subject: Subject, cite: Cite) -> Sheet:
    texts = translated(subject, "zones", Zone)
    records = [record_of(row, cite) for row in sorted(subject.zones, key=lambda row: row.id)]
    translate(subject, "zones", records, texts)
    return Sheet("zones", of(Zone) + texts, records, holds="districts")


def _tour(subject: Subject) -> Sheet:
    texts = translated(subject, "tour", Stop)
    records = [record_of(row) for row in sorted(subject.tour, key=lambda row: row.order)]
    translate(subject, "tour", records, texts)
    return Sheet("tour", of(Stop) + texts, records, links=(("event", "events"),))


def _retired(subject: Subject) -> Sheet:
    return Sheet("retired", of(Retired), [record_of(row) for _, row in sorted(subject.retired.items())])


def _districts(subject: Subject, cite: Cite) -> Sheet:
    rows = subject.district_set.rows
    own = of(District)
    levels = Levels(subject, [column.name for column in own])
    records = []
    for key, row in sorted(rows.items()):
        record = record_of(row, cite) | levels.record(key)
        for name, district in zip(levels.names, levels.above(key), strict=True):
            record[f"{name}_name"] = rows[district].name if district else ""
        records.append(record)
    names = [Column(f"{name}_name", District, "name", required=False) for name in levels.names]
    shown = [*own, *levels.columns(), *names]
    return Sheet("districts", shown, records, links=(("parent", "districts"),), holds="districts")
