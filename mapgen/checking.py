"""The check of one row against the rest of its subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapgen.cells import looks_misread
from mapgen.tables import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mapgen.cells import Ref
    from mapgen.records import Records
    from mapgen.rows import Row


class Check:
    """The check of one row: problems are added with its file and line; `fine` says whether there were errors."""

    def __init__(self, records: Records, file: str, row: Row) -> None:
        self.records, self.file, self.line, self.fine = records, file, row.at_line, True

    def bad(self, column: str, value: object, message: str, remedy: str) -> None:
        """Refuse the row."""
        self.records.problems.error(self.file, self.line, column, value, message, remedy)
        self.fine = False

    def keys(self, column: str, keys: Iterable[str | None], known: Mapping[str, Any] | set[str], table: str) -> None:
        """Refuse the row where a key is not known; where the row it names was refused itself, a note says so.

        So does one where the table that it names could not be read as a whole.
        """
        written = self.records.written.get(table, set())
        for key in keys:
            if key and key not in known:
                if written is None or key in written:
                    what = f"a row of {table}.csv that was refused" if written else f"{table}.csv, which was not read"
                    self.records.problems.note(self.file, self.line, column, key, f"names {what}", "Correct it first")
                    self.fine = False
                elif table in self.records.written:
                    self.bad(column, key, f"is not in {table}.csv", suggest(key, known))
                else:
                    self.bad(column, key, f"is not a {table}", suggest(key, known))

    def sources(self, column: str, refs: list[Ref], *, needed: bool = False) -> None:
        """Refuse the row where a source is not known, or where there must be one."""
        for ref in refs:
            self.keys(column, [ref.source], self.records.sources, "sources")
        if needed and not refs:
            self.bad(column, "", "is empty", "Name the source that supports it")

    def texts(self, row: Row, *columns: str) -> None:
        """Warn where text seems to have been read in a wrong encoding."""
        for column in columns:
            value = getattr(row, column)
            if looks_misread(value):
                self.records.problems.warning(
                    self.file, self.line, column, value, "seems to be UTF-8 that was read as another encoding",
                    "Write the letters that were meant",
                )  # fmt: skip
