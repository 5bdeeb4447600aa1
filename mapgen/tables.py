"""Reading and writing the tables of a subject: UTF-8 CSV (RFC 4180); every cell that does not fit becomes a problem."""

from __future__ import annotations

import csv
import io
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from mapgen.cells import Ref
from mapgen.files import decode
from mapgen.rows import Row, columns, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from mapgen.problems import Problems

R = TypeVar("R", bound=Row)


MAX_ROWS = 500_000
"""Rows of a table: five times the largest subject that is tried; a page of more cannot be drawn."""
MAX_CELL = 100_000
"""Characters of a cell before it is looked at; a quote that is never closed would take in the rest of the file."""
NEAR = 200
"""Values longer than this have no near ones: looking for them takes too long."""
KNOWN = 30
"""So many known values are named where none is near."""


class Table(NamedTuple, Generic[R]):
    """The rows of a file that could be read, how many rows it held, and the ids of those that were refused.

    `whole` is false where the file as a whole could not be read, so that nobody knows which ids stand in it.
    """

    file: str
    rows: list[R]
    total: int
    refused: frozenset[str] = frozenset()
    whole: bool = True


def read(path: Path, model: type[R], problems: Problems, name: str = "") -> Table[R]:
    """Read a table; every cell that does not fit its model becomes a problem.

    Parameters
    ----------
    path
        UTF-8 CSV file with a header.
    model
        The row model.
    problems
        Where problems are added.
    name
        Name of the file in messages; the file's own name if empty.
    """
    name, errors = name or path.name, problems.count("error")
    text = decode(path, name, problems)
    records = [] if text is None else split(text, name, problems)
    whole = problems.count("error") == errors
    if not records and text is not None and whole:
        problems.error(name, None, "", "", *_empty(text, model))
    header, total = (records[0][1], len(records) - 1) if records else ([], 0)
    if total > MAX_ROWS:
        problems.error(name, None, "", f"{total} rows", f"has more than {MAX_ROWS} rows", "Divide the subject")
    if not records or total > MAX_ROWS or not _check_header(header, columns(model), name, problems):
        return Table(name, [], total, whole=False)
    rows: list[R] = []
    refused = set()
    for line, cells in records[1:]:
        row = _row(line, dict(zip(header, cells, strict=False)), len(header), len(cells), model, name, problems)
        if row is not None:
            rows.append(row)
        elif "id" in header[: len(cells)]:
            refused.add(cells[header.index("id")])
    return Table(name, rows, total, frozenset(refused), whole)


def _empty(text: str, model: type[Row]) -> tuple[str, str]:
    """Say what is wrong with a file without a header."""
    what = "has no header" if text else "is empty and has no header"
    return what, "Begin with the line " + ",".join(columns(model))


def split(text: str, name: str, problems: Problems, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    """Return the records of a CSV text with the line on which each begins, blank lines left out."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.error(name, line, "", "", *_unreadable(str(error)))
    return found


def _unreadable(error: str) -> tuple[str, str]:
    """Put an error of the CSV reader into words; the rows from there on are not read."""
    rest = "The rows from here on are not read"
    if "field larger" in error:
        return f"has a cell of more than {MAX_CELL} characters, or a quote that is never closed", f"Shorten it. {rest}"
    if "unexpected end" in error:
        return "cannot be read as CSV: a quote is never closed", f"Close it. {rest}"
    return f"cannot be read as CSV: {error}", f"Close the quotes; double quotes inside. {rest}"


def _check_header(header: list[str], wanted: Sequence[str], name: str, problems: Problems) -> bool:
    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and sign in header[0]:
            remedy = "Save it with commas; decimal points stay points"
            problems.error(name, 1, "", header[0], f"is divided by {word}", remedy)
            return False
    fine = True
    for column in dict.fromkeys(header):
        if column not in wanted:
            remedy = suggest(column, wanted) if column else "Delete the empty column, or name it"
            plain = column.strip().casefold().replace(" ", "_")
            remedy = f"Write {plain!r}" if plain in wanted else remedy
            problems.error(name, 1, column, column, "is not a column of this table", remedy)
            fine = False
        elif header.count(column) > 1:
            problems.error(name, 1, column, column, "stands twice in the header", "Keep one of the columns")
            fine = False
    for column in wanted:
        if column not in header:
            problems.error(name, 1, column, "", "is missing from the header", "Add the column; its cells may be empty")
            fine = False
    return fine


def suggest(value: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known value."""
    names = sorted(known)
    low = value.lower()
    close = get_close_matches(low, names, n=1) if len(value) <= NEAR else []
    close = close or [name for name in names if len(name) > 2 and len(low) > 2 and (name in low or low in name)][:1]
    if close:
        return f"Did you mean {close[0]!r}?"
    if not names:
        return "There are none yet"
    return "Known: " + ", ".join(names[:KNOWN]) + (f" and {len(names) - KNOWN} more" if len(names) > KNOWN else "")


def _row(
    line: int, cells: dict[str, str], width: int, found: int, model: type[R], name: str, problems: Problems
) -> R | None:
    if found != width:
        problems.error(
            name, line, "", "", f"has {found} cells where the header has {width}", "Quote cells that hold commas"
        )
        return None
    try:
        return model.model_validate({**cells, "at_line": line})
    except ValidationError as error:
        for item in error.errors():
            column = str(item["loc"][0])
            message, remedy = say(dict(item))
            problems.error(name, line, column, cells.get(column, ""), message, remedy)
        return None


def say(item: dict[str, Any]) -> tuple[str, str]:
    """Put an error of the model into words: what is wrong and what to do."""
    context = item.get("ctx", {})
    swapped = "Correct the number; longitude and latitude may be swapped"
    if item["type"] in ("greater_than_equal", "less_than_equal") and item["loc"][0] in ("lon", "lat"):
        if abs(float(item["input"])) > 360:
            swapped = "This looks like metres: convert the points to degrees (EPSG:4326)"
    elif item["type"] in ("greater_than_equal", "less_than_equal"):
        swapped = "Correct the number"
    match item["type"]:
        case "cell":
            return context["message"], context["remedy"]
        case "literal_error":
            return "is not one of the known words", "Use " + str(context["expected"])
        case "int_parsing" | "int_from_float" | "int_type" | "int_parsing_size":
            return "is not a whole number", "Write digits only"
        case "string_too_short" | "too_short":
            return "is empty", "Fill the cell"
        case "string_too_long" | "too_long":
            return f"is longer than {context['max_length']} characters", "Shorten it"
        case "greater_than_equal":
            return f"is less than {context['ge']}", swapped
        case "less_than_equal":
            return f"is more than {context['le']}", swapped
        case "float_type" | "float_parsing":
            return "is empty" if not item["input"] else "is not a number", "Write a number"
        case "missing":
            return "is missing", "Add it"
    return str(item["msg"]), "Correct the cell"


def unique(table: Table[R], model: type[Row], problems: Problems) -> list[R]:
    """Return the rows whose key is not there yet, in the table's order; a table out of order is a note."""
    names = sort_key(model)
    seen: dict[tuple[Any, ...], int] = {}
    ids: dict[str, int] = {}
    kept = []
    for row in table.rows:
        key, own = _key(row, names), str(getattr(row, "id", ""))
        double = seen.get(key) or (ids.get(own) if own and "table" not in names else None)
        if double is not None:
            column = names[-1] if key in seen and names != ("table", "id", "field") else "id"
            value = getattr(row, column, "") or ""
            remedy = "Give each row its own id" if column == "id" else f"Give each its own {', '.join(names)}"
            problems.error(table.file, row.at_line, column, value, f"stands in line {double} too", remedy)
            continue
        seen[key] = ids[own] = row.at_line
        kept.append(row)
    if [*seen] != sorted(seen):
        problems.note(table.file, None, "", "", "is not sorted", "Sort it by " + ", ".join(names))
    return sorted(kept, key=lambda r: _key(r, names))


def _key(row: Row, names: Sequence[str]) -> tuple[Any, ...]:
    values = (getattr(row, name) for name in names)
    return tuple(value if isinstance(value, int) else str(value or "") for value in values)


def write(model: type[R], rows: Iterable[R]) -> str:
    """Return a table as CSV in its canonical form: LF, quotes only where they are needed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns(model))
    for row in rows:
        writer.writerow([cell(getattr(row, name)) for name in columns(model)])
    return buffer.getvalue()


def cell(value: object) -> str:
    """Return a value as it stands in a table: lists joined by semicolons, numbers with at most 6 decimals."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(str(item) for item in value) if value and isinstance(value[0], Ref) else ";".join(value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
