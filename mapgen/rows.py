"""The rows of a subject's tables: one pydantic model a table, the only contract of its columns."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from mapgen.dates import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_REF = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:\[([^\]]*)\])?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
NOT_SEEN = "n. v."
"""Locator of a source that names the fact but was not seen by the editors."""


class Ref(NamedTuple):
    """A reference to a source: its id and where in it."""

    source: str
    locator: str

    def __str__(self) -> str:
        return f"{self.source}[{self.locator}]" if self.locator else self.source


def _refuse(message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("cell", "{message}", {"message": message, "remedy": remedy})


def _id(value: str) -> str:
    if not ID.fullmatch(value):
        raise _refuse("is not an id", "Use lower-case letters a to z, digits and single hyphens")
    return value


def _ids(value: object) -> object:
    return [_id(item) for item in _items(value)] if isinstance(value, str) else value


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(";")] if value.strip() else []


def _refs(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        return [] if value == "" else value
    found = []
    for item in re.findall(r"(?:[^;\[]|\[[^\]]*(?:\]|$))+", value):
        match = _REF.fullmatch(item.strip())
        if match is None:
            raise _refuse(
                f"{item.strip()!r} is not a source with a locator", "Write source-id[page 12]; other-id[ch. 3]"
            )
        found.append(Ref(match[1], _text(match[2] or "")))
    return found


def _text(value: str) -> str:
    if bad := _FORBIDDEN.search(value):
        name = unicodedata.name(bad[0], "control character")
        raise _refuse(f"holds {name} (U+{ord(bad[0]):04X})", "Delete the invisible character")
    return unicodedata.normalize("NFC", value)


def _line(value: str) -> str:
    if value != value.strip() or "\n" in value:
        raise _refuse("has spaces or line breaks around it or a line break inside", "Write it on one line, trimmed")
    return value


def _blank(value: object) -> object:
    return None if value == "" else value


def _number(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        raise _refuse("is not a plain number", "Write digits with a point, such as 48.8566")
    return value


def _wikidata(value: str) -> str:
    if value and not _WIKIDATA.fullmatch(value):
        raise _refuse("is not a Wikidata id", "Write Q and digits, such as Q1084")
    return value


def _url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s<>\"']+", value):
        raise _refuse("is not a web address", "Begin with https:// and leave out spaces and quotes")
    return value


Id = Annotated[str, AfterValidator(_id)]
Text = Annotated[str, AfterValidator(_text), Field(max_length=5000)]
Line = Annotated[str, AfterValidator(_text), AfterValidator(_line), Field(max_length=500)]
Title = Annotated[str, AfterValidator(_text), AfterValidator(_line), Field(min_length=1, max_length=200)]
Ids = Annotated[list[str], BeforeValidator(_ids)]
Refs = Annotated[list[Ref], BeforeValidator(_refs)]
Number = Annotated[float | None, BeforeValidator(_number), BeforeValidator(_blank)]
Longitude = Annotated[float | None, Field(ge=-180, le=180), BeforeValidator(_number), BeforeValidator(_blank)]
Latitude = Annotated[float | None, Field(ge=-90, le=90), BeforeValidator(_number), BeforeValidator(_blank)]
OptionalId = Annotated[Id | None, BeforeValidator(_blank)]
Wikidata = Annotated[str, AfterValidator(_wikidata)]
Url = Annotated[str, AfterValidator(_url)]
Precision = Literal["building", "street", "quarter", "district", "city", "region"]
PRECISIONS: tuple[Precision, ...] = ("building", "street", "quarter", "district", "city", "region")
PartOfDay = Literal["", "small-hours", "dawn", "morning", "noon", "afternoon", "evening", "night"]
assert set(PARTS) | {""} == set(PartOfDay.__args__)  # type: ignore[attr-defined]


class Row(BaseModel):
    """A row of a table; `line` is where it begins in its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    line: int = Field(default=0, exclude=True)


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
    importance: Annotated[int, Field(ge=1, le=5)]
    wikidata: Wikidata


class Place(Row):
    """Where something happened, as precisely as is known."""

    id: Id
    name: Title
    name_today: Line
    precision: Precision
    lon: Longitude
    lat: Latitude
    radius_m: Annotated[int, Field(ge=0)]
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
    value: Annotated[float, BeforeValidator(_number)]
    unit: Line
    source: Refs
    note: Text


class District(Row):
    """A district of one level with the point that stands for it."""

    id: Id
    level: Id
    number: Annotated[int | None, BeforeValidator(_blank)]
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
    return [name for name in model.model_fields if name != "line"]


def sort_key(model: type[Row]) -> Sequence[str]:
    """Return the columns by which a table is sorted."""
    if model is Statistic:
        return ("measure", "district", "place", "when")
    return ("table", "id", "field") if model is Translation else ("id",)
