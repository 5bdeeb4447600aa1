"""Reading a district set from its folder, and everything in it checked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from mapgen.base import read_base
from mapgen.coverage import Level, check_faces, check_rows, metric_crs
from mapgen.dates import DateError, minutes, parse, parse_part
from mapgen.districts import DistrictSet, utm
from mapgen.rows import District, Source, Statistic
from mapgen.shapes import faces_between, from_polygons, match, read_districts
from mapgen.tables import Table, read, suggest, unique

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from mapgen.problems import Problems


def load(folder: Path, levels: list[Level], crs: str | None, problems: Problems) -> DistrictSet | None:
    """Read a district set.

    Parameters
    ----------
    folder
        Holds ``boundaries.geojson`` and ``districts.csv``, or ``districts.geojson``.
    levels
        Levels, coarsest first.
    crs
        Metric CRS; the UTM zone of the set's centre if None.
    problems
        Where problems are added.

    Returns
    -------
    DistrictSet or None
        None when the shapes cannot be used; `problems` then says why.
    """
    errors = problems.count("error")
    if not folder.is_dir():
        problems.error(
            "subject.toml", None, "district_sets.0.path", str(folder), "is not a folder", "Name a folder of this disk"
        )
        return None
    rows, shapes, name = _rows_and_shapes(folder, levels, problems)
    check_rows(rows, levels, f"{folder.name}/districts.csv", problems)
    crs = None if crs is None else metric_crs(crs, problems)
    if not shapes and problems.count("error") == errors:
        problems.error(name, None, "features", "", "holds no districts", "Draw at least one")
    if problems.count("error") > errors:
        return None
    faces = sorted(shapes, key=lambda key: (rows[key].number or 0, key))
    array = np.array([shapes[face] for face in faces])
    crs = crs or _utm(array, name, problems)
    if crs is None:
        return None
    found = DistrictSet(folder.name, levels, rows, faces, array, crs, _statistics(folder, rows, problems))
    check_faces(faces, array, np.array([found.to_metres(s) for s in array]), name, problems)
    if problems.count("error") == errors:
        _try_drawing(found, name, problems)
    if problems.count("error") > errors:
        return None
    found.sources = _sources(folder, found, problems)
    found.base = read_base(folder / "base", found.bounds, found.sources, problems)
    return found


def _try_drawing(found: DistrictSet, name: str, problems: Problems) -> None:
    try:
        found.drawn()
    except ValueError as error:
        problems.error(name, None, "", "", str(error), "Simplify the shapes, or choose another crs")


def _utm(shapes: npt.NDArray[np.object_], name: str, problems: Problems) -> str | None:
    try:
        return utm(shapes)
    except (RuntimeError, ValueError):
        problems.error(name, None, "", "", "has no UTM zone", "Name a projection in metres as crs in subject.toml")
        return None


def _rows_and_shapes(
    folder: Path, levels: list[Level], problems: Problems
) -> tuple[dict[str, District], dict[str, Any], str]:
    """Return the districts, the shapes of the finest ones, and the name of the file they were read from."""
    if (folder / "boundaries.geojson").exists():
        name, table = (f"{folder.name}/{file}" for file in ("boundaries.geojson", "districts.csv"))
        rows = {row.id: row for row in read_districts(folder / "districts.csv", table, problems)}
        polygons = faces_between(folder / "boundaries.geojson", name, problems)
        return rows, match(polygons, rows, levels[-1].id, name, problems), name
    name = f"{folder.name}/districts.geojson"
    return *from_polygons(folder / "districts.geojson", levels[-1].id, name, problems), name


def _statistics(folder: Path, rows: dict[str, District], problems: Problems) -> Table[Statistic]:
    """Return the figures of the districts; the sources of the set's tables must stand in its own table."""
    name, path = f"{folder.name}/statistics.csv", folder / "statistics.csv"
    table: Table[Statistic] = Table("", [], 0)
    if path.exists():
        table = read(path, Statistic, problems, name)
        table = table._replace(rows=unique(table, Statistic, problems))
    for row in table.rows:
        if row.district and row.district not in rows:
            remedy = suggest(row.district, rows)
            problems.error(name, row.at_line, "district", row.district, "is not a district", remedy)
        if row.place:
            problems.error(name, row.at_line, "place", row.place, "stands in a set of districts", "Leave it empty")
        check_when(name, row.at_line, "when", row.when, problems)
    for district in rows.values():
        for column in ("valid_from", "valid_to"):
            if text := getattr(district, column):
                at = f"{folder.name}/districts.csv"
                check_when(at, district.at_line, column, text, problems, single=True)
    return table


def check_when(file: str, line: int, column: str, text: str, problems: Problems, *, single: bool = False) -> None:
    """Say so where a date cannot be read; a `single` one is a day, month or year."""
    try:
        if single:
            parse_part(text)
        else:
            parse(text, (0, minutes(date.max)))
    except DateError as error:
        problems.error(file, line, column, text, str(error), error.remedy)


def _sources(folder: Path, found: DistrictSet, problems: Problems) -> dict[str, Source]:
    """Return the set's own sources; those that its tables name must stand there."""
    rows, table = found.rows, found.statistics
    used = [(f"{folder.name}/districts.csv", row.at_line, "sources", row.sources) for row in rows.values()]
    used += [(table.file, row.at_line, "source", row.source) for row in table.rows]
    path, name = folder / "sources.csv", f"{folder.name}/sources.csv"
    if not path.exists() and not any(refs for *_, refs in used):
        return {}
    read_table = read(path, Source, problems, name)
    known = {row.id: row for row in unique(read_table, Source, problems)}
    for file, line, column, refs in used:
        for ref in refs:
            if ref.source not in known and ref.source not in read_table.refused:
                problems.error(file, line, column, str(ref), f"is not in {name}", suggest(ref.source, known))
    return known
