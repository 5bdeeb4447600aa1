"""What is wrong with the data: problems are collected, never raised one by one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found in the data.

    Attributes
    ----------
    level
        ``error``: the row is refused and nothing is written; ``warning``: fails ``--strict``; ``note``: never fails.
    file
        Name of the file, relative to the folder that was read.
    row
        Line of the file, counted from 1 with the header as line 1; ``None`` where the whole file is meant.
    column
        Column, key or property; empty where the whole row is meant.
    value
        What stands there, as written.
    message
        What is wrong.
    remedy
        What to do.
    """

    level: Level
    file: str
    row: int | None
    column: str
    value: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = printable(self.file if self.row is None else f"{self.file}:{self.row}")
        column = f", column {self.column!r}" if self.column else ""
        value = f": {shorten(self.value)!r}" if self.value else ""
        return f"{self.level}: {where}{column}{value}: {printable(self.message)}. {printable(self.remedy)}"


def printable(text: str) -> str:
    """Return text on one line, characters that cannot be seen written as escapes, so that no cell steers a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def shorten(value: str, length: int = 80) -> str:
    """Return `value` cut to `length` characters, so that a message stays readable."""
    return value if len(value) <= length else value[: length - 1] + "…"


@dataclass
class Problems:
    """A list of problems with the count of rows that were read and what became of them."""

    items: list[Problem] = field(default_factory=list)

    def add(  # noqa: D102 - the fields are those of Problem
        self, level: Level, file: str, row: int | None, column: str, value: object, message: str, remedy: str
    ) -> None:
        self.items.append(Problem(level, file, row, column, str(value), message, remedy))

    def error(self, file: str, row: int | None, column: str, value: object, message: str, remedy: str) -> None:
        """Add a problem that refuses the row."""
        self.add("error", file, row, column, value, message, remedy)

    def warning(self, file: str, row: int | None, column: str, value: object, message: str, remedy: str) -> None:
        """Add a problem that fails ``--strict``."""
        self.add("warning", file, row, column, value, message, remedy)

    def note(self, file: str, row: int | None, column: str, value: object, message: str, remedy: str) -> None:
        """Add a remark that never fails."""
        self.add("note", file, row, column, value, message, remedy)

    def count(self, level: Level) -> int:
        """Return how many problems of one level there are."""
        return sum(item.level == level for item in self.items)

    def sorted(self) -> list[Problem]:
        """Return the problems, errors first, then by file and row."""
        return sorted(self.items, key=lambda p: (LEVELS.index(p.level), p.file, p.row or 0, p.column))

    def as_dicts(self) -> list[dict[str, object]]:
        """Return the problems as plain dictionaries, in the order of `sorted`."""
        return [asdict(item) for item in self.sorted()]


class DataError(Exception):
    """The data cannot be used; `problems` says why.

    Parameters
    ----------
    problems
        All problems found, not only the first.
    closing
        How many events were read and what became of them.
    """

    def __init__(self, problems: Problems, closing: str = "") -> None:
        self.problems, self.closing = problems, closing
        number = problems.count("error")
        super().__init__(f"{number} error{'' if number == 1 else 's'} in the data")


class UsageError(Exception):
    """The caller asked for something that does not exist, such as a date outside the subject's extent."""
