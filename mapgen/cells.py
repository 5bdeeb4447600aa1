"""The cells of tables: what each kind of cell may hold, and what is said of one that does not fit."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID = 120
"""Letters of an id: it stands in links, whose hash may hold 8,192."""
RESERVED = {"constructor"}
"""Words that are properties of every object in JavaScript."""
WIKIDATA = re.compile(r"Q[1-9]\d*", re.ASCII)
_REF = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:\[([^\]]*)\])?")
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_VIEW = re.compile(r"(\d{1,2}(?:\.\d+)?)/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)", re.ASCII)
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf©¨ª«´¢®¯§‰]|â€[™œ\x9d“”¦]")
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


def check_id(value: str) -> str:
    """Return an id as it is.

    Raises
    ------
    PydanticCustomError
        If it is none.
    """
    if not ID.fullmatch(value):
        remedy = "Use lower-case letters a to z, digits and single hyphens"
        plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
        close = "-".join(re.findall("[a-z0-9]+", plain))
        raise _refuse("is not an id", f"{remedy}, such as {close[:MAX_ID]!r}" if close else remedy)
    if len(value) > MAX_ID:
        raise _refuse(f"is longer than {MAX_ID} characters", "Shorten the id")
    if value in RESERVED:
        raise _refuse("is a reserved word", "Choose another id")
    return value


def _ids(value: object) -> object:
    if not isinstance(value, str):
        return value
    return _once([check_id(item) for item in _items(value)])


def _way(value: object) -> object:
    """Read ids in the order of a line, which may end where it began."""
    if not isinstance(value, str):
        return value
    items = [check_id(item) for item in _items(value)]
    closed = len(items) > 3 and items[0] == items[-1]
    return _once(items[:-1]) + items[-1:] if closed else _once(items)


def _once(items: list[str]) -> list[str]:
    if twice := next((item for item in items if items.count(item) > 1), None):
        raise _refuse(f"names {twice!r} twice", "Delete one of them")
    return items


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
        found.append(Ref(match[1], check_text(match[2] or "")))
    return found


def check_text(value: str) -> str:
    """Return text with composed letters.

    Raises
    ------
    PydanticCustomError
        If it holds control or invisible characters, or was decoded wrongly.
    """
    if bad := _FORBIDDEN.search(value):
        name = unicodedata.name(bad[0], "control character")
        raise _refuse(f"holds {name} (U+{ord(bad[0]):04X})", "Delete the invisible character")
    return unicodedata.normalize("NFC", value)


def looks_misread(value: str) -> bool:
    """Say whether text seems to be UTF-8 that was read as Windows-1252, such as ``HÃ´tel``."""
    return bool(_MOJIBAKE.search(value))


def check_line(value: str) -> str:
    """Return text of one line.

    Raises
    ------
    PydanticCustomError
        If it has spaces around it, or a line break or tab inside.
    """
    if value != value.strip() or "\n" in value or "\t" in value:
        raise _refuse("has spaces or line breaks around it or a line break inside", "Write it on one line, trimmed")
    return value


def _visible(value: str) -> str:
    if value and all(unicodedata.category(c)[0] in "CMZ" for c in value):
        raise _refuse("holds nothing that can be seen", "Fill the cell")
    return value


def _blank(value: object) -> object:
    return None if value == "" else value


def _number(value: object) -> object:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII) and math.isfinite(float(value)):
        return value
    remedy = "Write digits with a point, such as 48.8566"
    if re.fullmatch(r"-?\d+,\d+", value, re.ASCII):
        remedy = "Write a decimal point: " + value.replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}([ \u00a0\u202f'’,.]\d{3})+([.,]\d+)?", value, re.ASCII):
        remedy = "Write it without signs between the thousands, with a decimal point"
    elif "°" in value:
        remedy = "Write decimal degrees such as 48.8566, south and west below zero"
    raise _refuse("is not a plain number", remedy)


def _whole(value: object) -> object:
    if isinstance(value, str) and value and not re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
        raise _refuse("is not a whole number", "Write digits only")
    return value


def _wikidata(value: str) -> str:
    if value and not WIKIDATA.fullmatch(value):
        raise _refuse("is not a Wikidata id", "Write Q and digits, such as Q1084")
    return value


def _url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s<>\"']+", value):
        raise _refuse("is not a web address", "Begin with https:// and leave out spaces and quotes")
    return check_text(value)


def check_address(value: str) -> str:
    """Return a web or mail address, or an empty text.

    Raises
    ------
    PydanticCustomError
        If it is none: nothing else may stand in a link.
    """
    if value.startswith("mailto:") and not re.fullmatch(r"mailto:[^\s<>\"'@]+@[^\s<>\"'@]+", value):
        raise _refuse("is not a mail address", "Write mailto:name@example.org")
    return value if value.startswith("mailto:") else _url(value)


def _view(value: str) -> str:
    match = _VIEW.fullmatch(value)
    if value and (match is None or float(match[1]) > 24 or abs(float(match[2])) > 90 or abs(float(match[3])) > 180):
        raise _refuse("is not a view", "Write zoom/latitude/longitude, such as 14.00/50.00390/10.00390")
    return value


_ID_FORM = Field(json_schema_extra={"pattern": f"^{ID.pattern}$"})
Id = Annotated[str, AfterValidator(check_id), _ID_FORM]
Text = Annotated[str, AfterValidator(check_text), Field(max_length=5000)]
Line = Annotated[str, AfterValidator(check_text), AfterValidator(check_line), Field(max_length=500)]
Title = Annotated[
    str, AfterValidator(check_text), AfterValidator(check_line), AfterValidator(_visible),
    Field(min_length=1, max_length=200),
]  # fmt: skip
Ids = Annotated[list[str], BeforeValidator(_ids)]
Way = Annotated[list[str], BeforeValidator(_way)]
Refs = Annotated[list[Ref], BeforeValidator(_refs)]
Number = Annotated[float | None, BeforeValidator(_number), BeforeValidator(_blank)]
Longitude = Annotated[float | None, Field(ge=-180, le=180), BeforeValidator(_number), BeforeValidator(_blank)]
Latitude = Annotated[float | None, Field(ge=-90, le=90), BeforeValidator(_number), BeforeValidator(_blank)]
Value = Annotated[float, BeforeValidator(_number)]
Share = Annotated[float, Field(ge=0, le=1), BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
OptionalWhole = Annotated[int | None, Field(ge=0, le=1_000_000_000), BeforeValidator(_whole), BeforeValidator(_blank)]
OptionalId = Annotated[Id | None, BeforeValidator(_blank)]
Wikidata = Annotated[str, AfterValidator(_wikidata), Field(json_schema_extra={"pattern": f"^{WIKIDATA.pattern}$"})]
Url = Annotated[str, AfterValidator(_url), Field(max_length=2000)]
View = Annotated[str, AfterValidator(_view)]
