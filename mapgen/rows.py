"""The rows of a subject's tables: one pydantic model a table, the only contract of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mapgen.cells import (
    Id,
    Ids,
    Latitude,
    Line,
    Longitude,
    Number,
    OptionalId,
    OptionalWhole,
    Refs,
    Share,
    Text,
    Title,
    Url,
    Value,
    View,
    Way,
    Whole,
    Wikidata,
)  # fmt: skip
from mapgen.dates import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

Precision = Literal["building", "street", "quarter", "district", "city", "region"]
PRECISIONS: tuple[Precision, ...] = ("building", "street", "quarter", "district", "city", "region")
PartOfDay = Literal["", "small-hours", "dawn", "morning", "noon", "afternoon", "evening", "night"]
assert set(PARTS) | {""} == set(PartOfDay.__args__)  # type: ignore[attr-defined]


class Row(BaseModel):
    """A row of a table; `at_line` is where it begins in its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_line: int = Field(default=0, exclude=True)


class Event(Row):
    """Something that happened at a time and, mostly, a place."""

    id: Id
    when: Line
    part_of_day: PartOfDay
    layer: Id
    tags: Ids
    place: OptionalId
    also_at: Ids
    route: Literal["", "yes"]
    title: Title
    text: Text
    actors: Ids
    sources: Refs
    importance: Annotated[Whole, Field(ge=1, le=5)]
    wikidata: Wikidata


class Place(Row):
    """Where something happened, as precisely as is known."""

    id: Id
    name: Title
    name_today: Line
    precision: Precision
    lon: Longitude
    lat: Latitude
    radius_m: Annotated[Whole, Field(ge=0, le=40_000_000)]
    district: OptionalId
    commune: Line
    certainty: Literal["certain", "less-certain", "uncertain"]
    sources: Refs
    note: Text


class Source(Row):
    """A work that supports events."""

    id: Id
    kind: Literal["primary", "press", "memoir", "scholarship", "reference"]
    author: Line
    title: Title
    year: Line
    publisher: Line
    url: Url
    rights: Line
    note: Text


class Person(Row):
    """A person, group or unit that acted."""

    id: Id
    kind: Literal["person", "group", "unit"]
    name: Title
    born: Line
    died: Line
    role: Line
    wikidata: Wikidata
    sources: Refs
    note: Text


class Claim(Row):
    """What one source says on a point: rows on the same point that differ make it disputed."""

    id: Id
    event: Id
    about: Id
    value: Title
    low: Number
    high: Number
    unit: Line
    source: Refs
    note: Text


class Statistic(Row):
    """A figure of a district, a place or the whole."""

    measure: Id
    district: OptionalId
    place: OptionalId
    when: Line
    value: Value
    unit: Line
    source: Refs
    note: Text


class Zone(Row):
    """Ground that a side holds from an instant on, or from `a` to `b`."""

    id: Id
    when: Line
    side: Id
    districts: Ids
    line: Way
    certainty: Share
    sources: Refs
    note: Text


class Stop(Row):
    """One stop of the guided tour: an event, or a date."""

    id: Id
    order: Annotated[Whole, Field(ge=0, le=1_000_000)]
    event: OptionalId
    when: Line
    view: View
    layers: Ids
    title: Title
    text: Text


class Retired(Row):
    """An id that is no longer used, and the one that took its place."""

    id: Id
    replaced_by: OptionalId
    note: Text


class District(Row):
    """A district of one level with the point that stands for it."""

    id: Id
    level: Id
    number: OptionalWhole
    name: Title
    name_today: Line
    parent: OptionalId
    lon: Longitude
    lat: Latitude
    valid_from: Line
    valid_to: Line
    sources: Refs


class Translation(Row):
    """A text of one table in another language."""

    table: Id
    id: Id
    field: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    text: Text


def columns(model: type[Row]) -> list[str]:
    """Return the columns of a table, in order."""
    return [name for name in model.model_fields if name != "at_line"]


def sort_key(model: type[Row]) -> Sequence[str]:
    """Return the columns by which a table is sorted; together they name a row."""
    if model is Statistic:
        return ("measure", "district", "place", "when")
    if model is Stop:
        return ("order",)
    return ("table", "id", "field") if model is Translation else ("id",)
