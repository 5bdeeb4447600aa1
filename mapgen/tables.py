"""Reading and writing the tables of a subject: UTF-8 CSV (RFC 4180); every cell that does not fit becomes a problem."""

from __future__ import annotations

import csv
import io
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from mapgen.rows import Ref, Row, columns, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from mapgen.problems import Problems

R = TypeVar("R", bound=Row)


class Table(NamedTuple, Generic[R]):
    """The rows of a file that could be read, and how many rows it held."""

    file: str
    rows: list[R]
    total: int


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
    name = name or path.name
    text = decode(path, name, problems)
    if text is None:
        return Table(name, [], 0)
    records = split(text, name, problems)
    if not records:
        problems.error(name, None, "", "", "has no header", "Begin with the line " + ",".join(columns(model)))
        return Table(name, [], 0)
    header = records[0][1]
    if not _check_header(header, columns(model), name, problems):
        return Table(name, [], len(records) - 1)
    rows: list[R] = []
    for line, cells in records[1:]:
        row = _row(line, dict(zip(header, cells, strict=False)), len(header), len(cells), model, name, problems)
        if row is not None:
            rows.append(row)
    return Table(name, rows, len(records) - 1)


def decode(path: Path, name: str, problems: Problems) -> str | None:
    """Return the text of a UTF-8 file with LF line ends, or None; `problems` says what was mended or is wrong."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.error(name, None, "", str(path), f"cannot be read: {error.strerror}", "Put the file there")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.note(name, 1, "", "", "begins with a byte order mark", "It is left out; save as UTF-8 without BOM")
        raw = raw[3:]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problems.error(name, None, "", "", "is UTF-16", "Save it as UTF-8")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        value = raw[max(0, error.start - 10) : error.start + 10].decode("latin-1")
        problems.error(name, line, "", value, f"is not UTF-8 (byte 0x{raw[error.start]:02x})", "Save it as UTF-8")
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        problems.error(name, line, "", "", "holds a NUL character", "Delete it")
        return None
    if "\r" in text:
        problems.note(name, None, "", "", "has CRLF line ends", "They are read as LF")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def split(text: str, name: str, problems: Problems, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    """Return the records of a CSV text with the line on which each begins, blank lines left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.error(name, line, "", "", f"cannot be read as CSV: {error}", "Close the quotes; double quotes inside")
    return found


def _check_header(header: list[str], wanted: Sequence[str], name: str, problems: Problems) -> bool:
    if len(header) == 1 and ";" in header[0]:
        problems.error(name, 1, "", header[0], "is divided by semicolons", "Save it with commas")
        return False
    fine = True
    for column in header:
        if column not in wanted:
            problems.error(name, 1, column, column, "is not a column of this table", suggest(column, wanted))
            fine = False
        elif header.count(column) > 1:
            problems.error(name, 1, column, column, "stands twice in the header", "Keep one of the columns")
            return False
    for column in wanted:
        if column not in header:
            problems.error(name, 1, column, "", "is missing from the header", "Add the column; its cells may be empty")
            fine = False
    return fine


def suggest(value: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known value."""
    names = sorted(known)
    close = get_close_matches(value, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Known: " + ", ".join(names[:30])


def _row(
    line: int, cells: dict[str, str], width: int, found: int, model: type[R], name: str, problems: Problems
) -> R | None:
    if found != width:
        problems.error(
            name, line, "", "", f"has {found} cells where the header has {width}", "Quote cells that hold commas"
        )
        return None
    try:
        return model.model_validate({**cells, "line": line})
    except ValidationError as error:
        for item in error.errors():
            column = str(item["loc"][0])
            message, remedy = say(dict(item))
            problems.error(name, line, column, cells.get(column, ""), message, remedy)
        return None


def say(item: dict[str, Any]) -> tuple[str, str]:
    """Put an error of the model into words: what is wrong and what to do."""
    context = item.get("ctx", {})
    match item["type"]:
        case "cell":
            return context["message"], context["remedy"]
        case "literal_error":
            return "is not one of the known words", "Use " + str(context["expected"])
        case "int_parsing" | "int_from_float":
            return "is not a whole number", "Write digits only"
        case "string_too_short" | "too_short":
            return "is empty", "Fill the cell"
        case "string_too_long" | "too_long":
            return f"is longer than {context['max_length']} characters", "Shorten it"
        case "greater_than_equal":
            return f"is less than {context['ge']}", "Correct the number; longitude and latitude may be swapped"
        case "less_than_equal":
            return f"is more than {context['le']}", "Correct the number; longitude and latitude may be swapped"
        case "float_type":
            return "is empty", "Write a number"
    return str(item["msg"]), "Correct the cell"


def unique(table: Table[R], model: type[Row], problems: Problems) -> list[R]:
    """Return the rows whose key is not there yet, in the table's order; a table out of order is a note."""
    seen: dict[tuple[str, ...], int] = {}
    kept = []
    for row in table.rows:
        key = tuple(str(getattr(row, name) or "") for name in sort_key(model))
        if key in seen:
            problems.error(
                table.file, row.line, "id", key[-1], f"stands in line {seen[key]} too", "Give each row its own id"
            )
            continue
        seen[key] = row.line
        kept.append(row)
    if [*seen] != sorted(seen):
        problems.note(table.file, None, "", "", "is not sorted", "Sort it by " + ", ".join(sort_key(model)))
    return sorted(kept, key=lambda r: tuple(str(getattr(r, name) or "") for name in sort_key(model)))


def write(model: type[R], rows: Iterable[R]) -> str:
    """Return a table as CSV in its canonical form: LF, quotes only where they are needed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns(model))
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in columns(model)])
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(str(item) for item in value) if value and isinstance(value[0], Ref) else ";".join(value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
