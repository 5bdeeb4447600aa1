"""Somebody's own rows made into the rows of a subject: events, places, sources and layers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from mapgen.cells import Text
from mapgen.new.intake import slug
from mapgen.new.layers import MORE, LayerRow, fold, groups_of, layers_of, one_line
from mapgen.new.when import Dates
from mapgen.rows import PRECISIONS, Event, Place, Row, Source, columns
from mapgen.tables import say, suggest
from mapgen.texts import plain as shown

if TYPE_CHECKING:
    from mapgen.new.intake import Cells, Sheet
    from mapgen.problems import Problems

R = TypeVar("R", bound=Row)
CELL: TypeAdapter[str] = TypeAdapter(Text)
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']+")
MARKS = re.compile(r"([\\`*_\[\]<&]|^(?:[#>+-]|\d+(?=[.)])))", re.MULTILINE)
"""What Markdown would take for a mark."""


@dataclass
class Made:
    """What a table became: the rows of a subject."""

    events: list[Event] = field(default_factory=list)
    places: dict[tuple[float, float], Place] = field(default_factory=dict)
    sources: dict[tuple[str, str], Source] = field(default_factory=dict)
    layers: list[LayerRow] = field(default_factory=list)
    groups: list[LayerRow] = field(default_factory=list)


class Maker:
    """Makes the rows of a subject from somebody's table; everything that does not fit becomes a problem."""

    def __init__(self, sheet: Sheet, problems: Problems) -> None:
        self.sheet, self.problems = sheet, problems
        self.dates = Dates(sheet, problems)
        self.made = Made()
        self.event_ids: set[str] = set()
        self.layer_of = layers_of(sheet)
        self.made.layers = list(dict.fromkeys(self.layer_of.values()))
        self.made.groups = groups_of(self.made.layers)

    def make(self) -> Made:
        """Return the rows; `problems` tells the rows that were refused."""
        for row in self.sheet.rows:
            self._event(row)
        return self.made

    def _bad(self, row: Cells, name: str, message: str, remedy: str) -> None:
        column = self.sheet.column(name)
        self.problems.error(self.sheet.file, row.line, column, row[name], message, remedy)

    def _build(self, model: type[R], row: Cells, names: dict[str, str], **cells: Any) -> R | None:
        """Return a row of a subject's table; `names` says from which column of the user a column was made."""
        try:
            return model.model_validate(dict.fromkeys(columns(model), "") | cells)
        except ValidationError as error:
            for item in error.errors():
                at = str(item["loc"][0])
                self._bad(row, names.get(at, at), *say(dict(item)))
            return None

    def _clean(self, row: Cells) -> bool:
        """Return whether every cell is a text that can stand in a table: not too long, no invisible characters."""
        before = self.problems.count("error")
        for name, text in row.values.items():
            try:
                CELL.validate_python(text)
            except ValidationError as error:
                self._bad(row, name, *say(dict(error.errors()[0])))
        return self.problems.count("error") == before

    def _event(self, row: Cells) -> None:
        title, rest = one_line(row["title"], 200)
        if not title:
            self._bad(row, "title", "is empty", "Give the event a title")
        clean, when = self._clean(row), self.dates.when(row)
        place = self._place(row) if clean else None
        if when is None or place is None or not title:
            return
        texts = [rest, row["text"], f"Place: {row['place']}" if not place and row["place"] else ""]
        key = slug(title, self.event_ids, f"event-{row.line}")
        self.event_ids.add(key)
        category = row["category"]
        event = self._build(
            Event, row, {}, id=key, when=when, layer=self.layer_of[fold(category)].id, place=place, title=title,
            tags=self._tag(category), text=as_text("\n\n".join(t for t in texts if t)), sources=self._source(row),
            importance=row["importance"] or "3",
        )  # fmt: skip
        if event is not None:
            self.made.events.append(event)

    # --- Places ---

    def _place(self, row: Cells) -> str | None:
        """Return the id of the place of a row, empty where it has none, None where it cannot be read."""
        names = ("lat", "lon")
        if "point" in self.sheet.columns:
            cells, names = _halves(row["point"]), ("point", "point")
        else:
            cells = {name: row[name] for name in names}
        if not any(cells.values()) or not (set(names) <= self.sheet.columns.keys()):
            return ""
        axes = zip(names, ("lat", "lon"), strict=True)
        degrees = [self._degree(row, name, cells.get(axis, ""), axis) for name, axis in axes]
        if None in degrees:
            return None
        lat, lon = (float(x or 0) for x in degrees)
        if lat == lon == 0:
            self._bad(row, names[0], "is the null point 0, 0", "Give the true point, or leave both cells empty")
            return None
        return self._place_at(row, round(lon, 6), round(lat, 6))

    def _degree(self, row: Cells, name: str, text: str, axis: str) -> float | None:
        word, most = ("latitude", 90) if axis == "lat" else ("longitude", 180)
        match = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?(?:[eE]-?\d+)?)\s*°?\s*([NSEW])?", text)
        if match is None:
            what = f"has no {word}" if not text else "is not a number of degrees"
            self._bad(row, name, what, "Write decimal degrees, such as 52.5163 or 52,5163")
            return None
        value = float(match[1].replace(",", ".")) * (-1 if match[2] in ("S", "W") else 1)
        if abs(value) > most:
            remedy = "Latitude and longitude may be swapped; metres must be turned into degrees (EPSG:4326)"
            self._bad(row, name, f"is no {word}: those go from -{most} to {most}", remedy)
            return None
        return value

    def _place_at(self, row: Cells, lon: float, lat: float) -> str | None:
        name, _ = one_line(row["place"], 200)
        old = self.made.places.get((lon, lat))
        if old is not None:
            if name and fold(name) != fold(old.name) and name not in old.note.split("; "):
                note = "; ".join(part for part in (old.note, name) if part)
                self.made.places[lon, lat] = old.model_copy(update={"note": note})
            return old.id
        name = name or f"{lat:.5f}, {lon:.5f}"
        precision = row["precision"].lower() or "building"
        if precision not in PRECISIONS:
            self._bad(row, "precision", "is not one of the known words", suggest(precision, PRECISIONS))
            return None
        key = slug(name, {p.id for p in self.made.places.values()}, f"place-{row.line}")
        place = self._build(
            Place, row, {"name": "place"}, id=key, name=name, precision=precision, lon=str_degrees(lon),
            lat=str_degrees(lat), radius_m=row["radius_m"] or "0", certainty="certain",
        )  # fmt: skip
        if place is None:
            return None
        self.made.places[lon, lat] = place
        return place.id

    # --- Sources ---

    def _source(self, row: Cells) -> str:
        """Return the reference of a row to its source: a text, an address, or else the table itself."""
        text, url = " ".join(row["source"].split()), row["url"]
        found = URL.search(url) or URL.search(text)
        if url and found is None:
            text = " ".join(part for part in (text, url) if part)
        address = found[0].rstrip(".,;)") if found else ""
        text = "" if text == address else text
        address = f"https://{address}" if address.startswith("www.") else address
        if not text and not address:
            key = self._source_id(row, self.sheet.file, "", "the table from which this subject was made")
            return f"{key}[row {row.line}]"
        return self._source_id(row, text or re.sub(r"https?://", "", address), address, "")

    def _source_id(self, row: Cells, text: str, url: str, note: str) -> str:
        old = self.made.sources.get((text, url))
        if old is not None:
            return old.id
        title, rest = one_line(text, 200)
        key = slug(title, {s.id for s in self.made.sources.values()}, f"source-{row.line}")
        source = self._build(
            Source, row, {"title": "source"}, id=key, kind="reference", title=title, url=url, note=rest or note
        )
        if source is not None:
            self.made.sources[text, url] = source
        return key

    def _tag(self, category: str) -> str:
        """Return the category of an event as a tag where its layer does not say it."""
        return slug(category, (), "") if category and self.layer_of[fold(category)].id == MORE else ""


def _halves(text: str) -> dict[str, str]:
    """Return the two numbers of one cell: latitude first, but longitude first in ``POINT (13.4 52.5)``."""
    bare = re.sub(r"^POINT\s*|[()\[\]]", "", text.strip(), flags=re.IGNORECASE).strip()
    halves = re.split(r"\s*[;|]\s*|,\s+|\s+|(?<=\d),(?=-?\d+\.)", bare) if bare else []
    return dict(zip(("lon", "lat") if text.upper().startswith("POINT") else ("lat", "lon"), halves, strict=False))


def str_degrees(value: float) -> str:
    """Return degrees with six decimals, without an exponent."""
    return f"{value:.6f}"


def as_text(text: str) -> str:
    """Return a text that the page shows as it stands: marks of Markdown are escaped where they would be lost."""
    lines = "\n".join(line.strip() for line in text.splitlines()).strip()
    if shown(lines) == " ".join(lines.split()):
        return lines
    return re.sub(r"^\\(\d+)", r"\1\\", MARKS.sub(r"\\\1", lines), flags=re.MULTILINE)
