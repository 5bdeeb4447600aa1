"""Somebody's own table: any CSV, its columns found by their names, its cells kept as text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapgen.files import decode
from mapgen.problems import Problems
from mapgen.tables import split

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAMES: dict[str, str] = {
    "title": "title; headline; event; event name; name; event title; what; label; titel; titre; titulo; titolo;"
    "ereignis; evenement; evento; bezeichnung; subject; summary",
    "start": "start; start date; date start; startdate; begin; begin date; begins; date from; from; von; beginn; debut;"
    "date debut; inicio; fecha inicio; start time; started; datum von; startdatum",
    "end": "end; end date; date end; enddate; ends; finish; until; date to; to; bis; ende; fin; date fin; fecha fin;"
    "end time; ended; datum bis; enddatum",
    "when": "when; date; datum; fecha; data; dato; event date; date time; datetime; timestamp; dates; edtf; zeitpunkt;"
    "quand; cuando; period",
    "year": "year; jahr; annee; ano; an; anno; start year; yr",
    "month": "month; monat; mois; mes; mese",
    "day": "day; tag; jour; dia; giorno",
    "time": "time; hour; uhrzeit; zeit; heure; hora; ora; time of day",
    "lat": "lat; latitude; latitud; latitudine; breite; breitengrad; geo lat; y; lat dd; decimallatitude; ycoord;"
    "y coord; point y",
    "lon": "lon; lng; long; longitude; longitud; longitudine; lange; laenge; langengrad; laengengrad; geo lon; geo lng;"
    "x; lon dd; decimallongitude; xcoord; x coord; point x",
    "point": "coordinates; coords; coord; latlon; lat lon; latlng; lat lng; lat long; geo; gps; position; koordinaten;"
    "coordonnees; coordenadas",
    "place": "place; place name; location; location name; venue; site; where; address; ort; ortsname; lieu; lugar;"
    "luogo; adresse; direccion; city; town",
    "category": "category; categories; type; layer; kategorie; categorie; categoria; kind; event type; class; theme;"
    "topic; group; typ; art; tipo; thema",
    "text": "description; text; notes; note; details; detail; comment; comments; beschreibung; anmerkung; notiz; texte;"
    "descripcion; descrizione; descriptif; notas; remarks; body; abstract; summary",
    "source": "source; sources; reference; references; ref; citation; quelle; quellen; fuente; fonte; beleg;"
    "source title",
    "url": "url; link; links; website; web; source url; href; uri; webseite; lien; enlace",
    "importance": "importance; weight; wichtigkeit; rank",
    "precision": "precision; accuracy; genauigkeit",
    "radius_m": "radius m; radius; radius in m",
}  # fmt: skip
"""Names that columns go by, the likeliest first, as `plain` writes them."""
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def plain(text: str) -> str:
    """Return the name of a column without case, accents and punctuation: ``Start_Date (UTC)`` is ``start date utc``."""
    letters = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", letters)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


def slug(text: str, taken: Iterable[str] = (), otherwise: str = "item") -> str:
    """Return an id made from a text, unlike those that are taken: the next one gets ``-2``.

    Parameters
    ----------
    text
        Anything; what is not a letter a to z or a digit becomes a hyphen.
    taken
        Ids in use.
    otherwise
        The id where nothing of the text is left.
    """
    letters = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['`]", "", letters))
    short = ""
    for word in words:
        if len(short) + len(word) > 60:
            break
        short += f"-{word}" if short else word
    base = short or (words[0][:60] if words else otherwise)
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


@dataclass(frozen=True)
class Cells:
    """One row of the table: `line` in the file and its cells by what they are taken for, as text."""

    line: int
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True)
class Sheet:
    """Somebody's table.

    Attributes
    ----------
    file
        Its name.
    delimiter
        What divides its cells.
    columns
        Column by what it was taken for.
    left_out
        Columns that were not taken.
    rows
        Its rows; blank ones are left out.
    """

    file: str
    delimiter: str
    columns: dict[str, str]
    left_out: list[str]
    rows: list[Cells]

    def column(self, name: str) -> str:
        """Return the column that was taken for something, for messages."""
        return self.columns.get(name, name)

    def lines(self) -> list[str]:
        """Return what was taken for what, a line each."""
        word = "row" if len(self.rows) == 1 else "rows"
        found = [f"{self.file}: {len(self.rows)} {word}, divided by {DELIMITERS[self.delimiter]}"]
        found += [f"  {name:<10} is your column {column!r}" for name, column in self.columns.items()]
        return [*found, "  left out   " + (", ".join(repr(name) for name in self.left_out) or "nothing")]


def read_sheet(path: Path, problems: Problems) -> Sheet | None:
    """Read a CSV table of any shape: UTF-8 with or without BOM, divided by commas, semicolons or tabs.

    Returns
    -------
    Sheet or None
        None when it cannot be used; `problems` then says why.
    """
    text = decode(path, path.name, problems)
    if text is None:
        return None
    tried = []
    for rank, delimiter in enumerate(DELIMITERS):
        trial = Problems()
        records = split(text, path.name, trial, delimiter)
        header = records[0][1] if records else []
        tried.append((len(_match(header)), len(header), -rank, delimiter, records, trial))
    *_, delimiter, records, trial = max(tried, key=lambda t: t[:3])
    problems.items += trial.items
    if not records:
        problems.error(path.name, None, "", "", "is empty", "Begin with a line that names the columns")
    if problems.count("error"):
        return None
    header = [name.strip() for name in records[0][1]]
    taken = _match(header)
    _check_columns(path.name, header, taken, problems)
    rows = [row for line, cells in records[1:] if (row := _row(path.name, line, cells, header, taken, problems))]
    if not rows and not problems.count("error"):
        problems.error(path.name, None, "", "", "has no rows", "Write one event a line under the header")
    left_out = [name or "(no name)" for i, name in enumerate(header) if i not in taken.values()]
    return Sheet(path.name, delimiter, {name: header[i] for name, i in taken.items()}, left_out, rows)


def _match(header: list[str]) -> dict[str, int]:
    """Return the position of each column that is known by its name; each column is taken once."""
    names = [plain(name) for name in header]
    found: dict[str, int] = {}
    for key, words in NAMES.items():
        for word in (w.strip() for w in words.split(";")):
            at = next((i for i, name in enumerate(names) if name == word and i not in found.values()), None)
            if at is not None:
                found[key] = at
                break
    return _without_rivals(found, names)


def _without_rivals(found: dict[str, int], names: list[str]) -> dict[str, int]:
    """Leave out columns that say again what a better one says."""
    if found.keys() & {"when", "year"} and "start" in found and names[found["start"]] == "start time":
        found.setdefault("time", found.pop("start"))
    if "lat" in found and "lon" in found:
        found.pop("point", None)
    if "start" in found and "end" not in found and "when" in found:
        found.pop("start")
    if "start" in found:
        found.pop("when", None)
    if "when" not in found and "start" not in found and "year" not in found and "day" in found:
        found["when"] = found.pop("day")
    if "when" in found or "start" in found:
        for name in ("year", "month", "day"):
            found.pop(name, None)
    return found


def _check_columns(file: str, header: list[str], taken: dict[str, int], problems: Problems) -> None:
    there = ", ".join(header)
    if "title" not in taken:
        problems.error(file, 1, "", there, "has no column for the title", "Name one of its columns title")
    if not taken.keys() & {"when", "start", "year"}:
        problems.error(
            file, 1, "", there, "has no column for the date", "Name one of its columns date, or start and end"
        )
    for name, word in (("lat", "latitude"), ("lon", "longitude")):
        if name not in taken and "point" not in taken:
            problems.error(file, 1, "", there, f"has no column for the {word}", f"Name one of its columns {name}")


def _row(
    file: str, line: int, cells: list[str], header: list[str], taken: dict[str, int], problems: Problems
) -> Cells | None:
    if not any(cell.strip() for cell in cells):
        return None
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(header):
        counts = f"has {len(cells)} cells where the header has {len(header)}"
        problems.error(file, line, "", cells[0], counts, "Quote cells that hold the dividing sign or line breaks")
        return None
    return Cells(line, {name: cells[i].strip() for name, i in taken.items()})
