"""What exported tables share: columns made from the row models, readable sources, translations, districts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mapgen.cells import NOT_SEEN, Ref
from mapgen.rows import Row, Source, columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapgen.subject import Subject

Record = dict[str, Any]
Cite = Callable[[Iterable[Ref]], str]
BETWEEN = " | "
"""Stands between names and between readable sources, which may hold semicolons themselves."""
REFS = {"sources": "source_ids", "source": "source_ids"}
"""Columns of a row model whose references stand in another column, beside their readable form."""
SOURCES = "readable, with locators, divided by |"


class Column(NamedTuple):
    """A column of an exported table.

    `model` and `field` name the row model whose type and limits it has; without them `kind` is its type in the words
    of Table Schema. A column that is joined may be empty where its model says otherwise (`required` false).
    """

    name: str
    model: type[Row] | None = None
    field: str = ""
    kind: str = "string"
    about: str = ""
    required: bool = True


class Sheet(NamedTuple):
    """An exported table.

    `holds` says whose licence covers it: that of the places, of the districts, or its own. `links` are foreign keys:
    a column, and the table whose id it is.
    """

    name: str
    columns: list[Column]
    records: list[Record]
    key: tuple[str, ...] = ("id",)
    links: tuple[tuple[str, str], ...] = ()
    holds: Literal["", "places", "districts"] = ""


def readable(sources: Mapping[str, Source], not_seen: str, refs: Iterable[Ref]) -> str:
    """Return references as a reader wants them: author, title, year, locator."""
    found = []
    for ref in refs:
        source = sources.get(ref.source)
        name = ", ".join(part for part in (source.author, source.title) if part) if source else ref.source
        name = f"{name} ({source.year})" if source and source.year else name
        locator = f" {not_seen}" if ref.locator == NOT_SEEN else f", {ref.locator}" if ref.locator else ""
        found.append(name + locator)
    return BETWEEN.join(found)


def of(model: type[Row], *names: str, prefix: str = "", required: bool = True) -> list[Column]:
    """Return columns of a row model, the readable sources before the references themselves."""
    found = []
    for name in names or columns(model):
        if name in REFS:
            found.append(Column("sources", about=SOURCES))
        about = "ids, with locators, divided by ;" if name in REFS else ""
        found.append(Column(prefix + REFS.get(name, name), model, name, about=about, required=required))
    return found


def record_of(row: Row, cite: Cite | None = None) -> Record:
    """Return the cells of a row by column, with its readable sources where `cite` is given."""
    record = {REFS.get(name, name): getattr(row, name) for name in columns(type(row))}
    if cite is not None:
        record["sources"] = cite(record["source_ids"])
    return record


def translated(subject: Subject, table: str, model: type[Row], always: tuple[str, ...] = ()) -> list[Column]:
    """Return a column for each language and text of a table, in the order of the languages and of the model."""
    found = []
    for language in subject.config.languages[1:]:
        there = {field for owner, _, field in subject.texts.get(language, {}) if owner == table} | set(always)
        found += [
            Column(f"{name}_{language}", model, name, about=f"{name} in language {language}", required=False)
            for name in columns(model)
            if name in there
        ]
    return found


def translate(subject: Subject, table: str, records: list[Record], added: list[Column]) -> None:
    """Fill the columns of `translated`; empty where a translation is missing."""
    for column in added:
        texts = subject.texts.get(column.name.removeprefix(f"{column.field}_"), {})
        for record in records:
            record[column.name] = texts.get((table, record["id"], column.field), "")


class Levels:
    """The levels of the districts as columns: the number of a district, or its id where districts have none."""

    def __init__(self, subject: Subject, taken: Iterable[str]) -> None:
        self.districts = subject.district_set
        names = [level.id for level in self.districts.levels]
        self.names = [f"level_{name}" if name in taken else name for name in names]
        self.known: dict[str, list[str | None]] = {}

    def above(self, where: str) -> list[str | None]:
        """Return the ids of the district itself and those that hold it, one a level, None on finer levels."""
        if where not in self.known:
            rows, depth = self.districts.rows, range(len(self.names))
            at = self.districts.level_of(where) if where in rows else -1
            self.known[where] = [self.districts.up(where, k) if k <= at else None for k in depth]
        return self.known[where]

    def record(self, where: str) -> Record:
        """Return the cells of these columns for a district or another bin."""
        ids = zip(self.names, self.above(where), strict=True)
        return {name: None if key is None else self.districts.number_or_id(key) for name, key in ids}

    def columns(self) -> list[Column]:
        """Return the columns, coarsest level first."""
        found = []
        for level, name in zip(self.districts.levels, self.names, strict=True):
            numbers = all(row.number is not None for row in self.districts.rows.values() if row.level == level.id)
            about = f"{'number' if numbers else 'number or id'} of the {level.id}"
            found.append(Column(name, kind="integer" if numbers else "string", about=about))
        return found
