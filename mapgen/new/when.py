"""The `when` of each row of somebody's own table, from its columns of dates, times, years, starts and ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapgen.dates import DateError, parse, parse_part
from mapgen.new.dates import ALWAYS, Order, learn, month_number, to_clock, to_when
from mapgen.new.intake import plain

if TYPE_CHECKING:
    from mapgen.new.intake import Cells, Sheet
    from mapgen.problems import Problems

GOES_ON = {"..", "now", "present", "today", "ongoing", "heute", "hoy", "aujourd hui"}
"""What an end says where an event goes on."""


class Dates:
    """The dates of a table: what its columns say of the order of day and month, and each row's `when`."""

    def __init__(self, sheet: Sheet, problems: Problems) -> None:
        self.sheet, self.problems = sheet, problems
        names = ("when", "start", "end")
        self.orders = {name: learn((row.line, row[name]) for row in sheet.rows) for name in names}
        if not self.orders["end"].first:
            self.orders["end"] = self.orders["end"]._replace(first=self.orders["start"].first)

    def lines(self) -> list[str]:
        """Return how dates of numbers were read, where other rows decided it."""
        return [
            f"  {self.sheet.column(name)!r} is read {order.first} first, as line {order.line} shows"
            for name, order in self.orders.items()
            if order.first and order.line and name in self.sheet.columns
        ]

    def when(self, row: Cells) -> str | None:
        """Return the `when` of a row, or None; `problems` then says why."""
        main = next((name for name in ("start", "when") if name in self.sheet.columns), "year")
        left = self._part(row, main) if main != "year" else self._by_year(row)
        if left is None:
            return None
        if row["time"] and (left := self._with_time(row, left)) is None:
            return None
        return self._with_end(row, left) if row["end"] else left

    def _bad(self, row: Cells, name: str, error: DateError) -> None:
        self.problems.error(
            self.sheet.file, row.line, self.sheet.column(name), row[name], str(error), error.remedy
        )  # fmt: skip

    def _part(self, row: Cells, name: str) -> str | None:
        try:
            return to_when(row[name], self.orders[name])
        except DateError as error:
            self._bad(row, name, error)
            return None

    def _by_year(self, row: Cells) -> str | None:
        name = "year"
        try:
            found = to_when(row["year"], Order("", 0, midnight=False))
            for name in ("month", "day"):
                if not row[name]:
                    break
                number = month_number(row[name]) if name == "month" else None
                number = number or int(row[name].removesuffix(".0"))
                found += f"-{number:02}"
                parse_part(found)
        except (DateError, ValueError) as error:
            fallback = DateError("is not a number", f"Write the {name} as a number")
            self._bad(row, name, error if isinstance(error, DateError) else fallback)
            return None
        return found

    def _with_time(self, row: Cells, left: str) -> str | None:
        try:
            clock = to_clock(row["time"])
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", left):
                raise DateError("stands beside a date that is no single day", "Give the day, or leave the time empty")
        except DateError as error:
            self._bad(row, "time", error)
            return None
        return f"{left}T{clock}"

    def _with_end(self, row: Cells, left: str) -> str | None:
        text = row["end"]
        try:
            day = re.match(r"\d{4}-\d\d-\d\d(?=T)", left)
            if plain(text) in GOES_ON or text in GOES_ON:
                right = ".."
            elif day and re.fullmatch(r"\d{1,2}[:h]\d\d.*|\d{1,2} ?[ap]m", text, re.IGNORECASE):
                right = f"{day[0]}T{to_clock(text)}"
            else:
                right = to_when(text, self.orders["end"])
            when = left if left == right else f"{left}/{right}"
            parse(when, ALWAYS)
        except DateError as error:
            self._bad(row, "end", error)
            return None
        return when
