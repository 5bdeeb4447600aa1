"""The tables of a subject as they are held: rows by id, events in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.contract import Config
    from mapgen.dates import When
    from mapgen.districts import DistrictSet
    from mapgen.problems import Problems
    from mapgen.rows import Claim, Event, Person, Place, Retired, Source, Statistic, Stop, Zone
    from mapgen.steps import Steps


@dataclass
class Records:
    """The tables of a subject; the columns of events run in the order of `rows`.

    Attributes
    ----------
    path
        The folder.
    config
        Its contract.
    problems
        Everything found while reading.
    steps
        The steps of time.
    phase_starts
        First step of each phase.
    district_set
        The districts with their rows and the join.
    rows
        Events by id.
    whens
        Their times, one an event.
    bins
        Where each is counted: a district id, ``city``, ``outside`` or ``unplaced``.
    place_bins
        The same for each place.
    refused
        How many rows of events could not be used.
    written
        Ids that stand in each table, those of refused rows too; None where the table could not be read as a whole.
    """

    path: Path
    config: Config
    problems: Problems
    steps: Steps
    phase_starts: list[int]
    district_set: DistrictSet
    rows: list[Event] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    tour: list[Stop] = field(default_factory=list)
    retired: dict[str, Retired] = field(default_factory=dict)
    shapes: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, dict[tuple[str, str, str], str]] = field(default_factory=dict)
    whens: list[When] = field(default_factory=list)
    bins: list[str] = field(default_factory=list)
    place_bins: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    written: dict[str, set[str] | None] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The subject's first language, in which its tables are written."""
        return self.config.languages[0]

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each event in the columns."""
        return {row.id: i for i, row in enumerate(self.rows)}

    def placed(self) -> list[str]:
        """Return the ids of the places at which events happened, sorted."""
        return sorted({row.place for row in self.rows if row.place} | {key for row in self.rows for key in row.also_at})

    def stops(self) -> list[Stop]:
        """Return the stops of the tour in their order."""
        return sorted(self.tour, key=lambda stop: (stop.order, stop.id))

    def text(self, table: str, key: str, name: str, language: str) -> tuple[str, str]:
        """Return a text and the language it is in: `language`, or the first one where a translation is missing."""
        if language != self.language:
            found = self.texts.get(language, {}).get((table, key, name))
            if found:
                return found, language
        rows: dict[str, Any] = {"places": self.places, "sources": self.sources, "people": self.people}
        if table == "events":
            row: Any = self.rows[self.index[key]]
        elif table in ("claims", "tour"):
            rows_of: list[Any] = self.claims if table == "claims" else self.tour
            row = next(r for r in rows_of if r.id == key)
        else:
            row = rows[table][key]
        return str(getattr(row, name)), self.language
