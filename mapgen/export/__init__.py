"""Exports: the events and districts of a subject as CSV with a Data Package, or as GeoJSON."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from mapgen.export.package import package
from mapgen.export.shapes import collections
from mapgen.export.tables import sheets
from mapgen.folders import MANIFEST, check_folder, manifest, names, replace
from mapgen.problems import DataError, UsageError
from mapgen.tables import cell, suggest

if TYPE_CHECKING:
    from mapgen.export.columns import Sheet
    from mapgen.subject import Subject

Format = Literal["csv", "geojson"]
PACKAGE = "datapackage.json"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet may run."""
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def write(subject: Subject, out: str | Path, form: str, *, defuse: bool = False) -> dict[str, int]:
    """Write the data of a subject to a folder, as a whole or not at all.

    Parameters
    ----------
    subject
        A subject without refused rows.
    out
        The folder; made if it is not there.
    form
        ``csv`` or ``geojson``.
    defuse
        Put an apostrophe before cells of CSV that a spreadsheet would take for a formula; numbers stay as they are.

    Returns
    -------
    dict
        Size in bytes of each file written, by name.

    Raises
    ------
    DataError
        If rows were refused; nothing is written.
    UsageError
        If the format is not known or the folder holds files of something else.
    """
    if form not in get_args(Format):
        raise UsageError(f"format {form!r} is not known. {suggest(form, get_args(Format))}")
    if defuse and form != "csv":
        raise UsageError("--defuse is for --format csv: no program takes GeoJSON for formulas. Leave it out")
    if subject.problems.count("error"):
        raise DataError(subject.problems)
    folder = Path(out).resolve()
    check_folder(folder)
    _check_kind(folder, form)
    contents = csv_files(subject, defuse=defuse) if form == "csv" else geojson_files(subject)
    contents[MANIFEST] = manifest(contents)
    replace(folder, contents)
    return {name: len(data) for name, data in contents.items()}


def _check_kind(folder: Path, form: str) -> None:
    """Refuse a folder that holds a map or another export, which would be lost."""
    own = {MANIFEST, PACKAGE} if form == "csv" else {MANIFEST}
    if other := [x for x in names(folder) if x not in own and ("/" in x or not x.endswith(f".{form}"))]:
        raise UsageError(f"{folder} holds something else: {', '.join(other[:5])}. Name another folder with --out")


def both(subject: Subject) -> dict[str, bytes]:
    """Return the files of both formats by name, sorted."""
    tables = sheets(subject)
    found = {**csv_files(subject, tables), **geojson_files(subject, tables)}
    return {name: found[name] for name in sorted(found)}


def csv_files(subject: Subject, tables: list[Sheet] | None = None, *, defuse: bool = False) -> dict[str, bytes]:
    """Return the tables of a subject as CSV, joined, and the Data Package that describes them, by file name.

    Parameters
    ----------
    subject
        The subject.
    tables
        Its tables, where they were made before.
    defuse
        As in `write`.
    """
    tables = sheets(subject) if tables is None else tables
    contents = {f"{sheet.name}.csv": _csv(sheet, defuse=defuse) for sheet in tables}
    contents[PACKAGE] = package(subject, tables, contents, defuse=defuse)
    return contents


def geojson_files(subject: Subject, tables: list[Sheet] | None = None) -> dict[str, bytes]:
    """Return the events and each level of the districts as GeoJSON (RFC 7946), by file name."""
    tables = sheets(subject) if tables is None else tables
    return collections(subject, {sheet.name: sheet for sheet in tables})


def _csv(sheet: Sheet, *, defuse: bool) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in sheet.columns])
    for record in sheet.records:
        writer.writerow([_cell(record[column.name], defuse=defuse) for column in sheet.columns])
    return buffer.getvalue().encode("utf-8")


def _cell(value: object, *, defuse: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else cell(value)
    if not defuse or not text.startswith(FORMULA) or isinstance(value, int | float):
        return text
    return text if NUMBER.fullmatch(text) else f"'{text}"
