"""How far a subject is translated: which texts there are in each language, and for which the first one stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapgen.subject import Subject

FIELDS = {
    "events": ("title", "text"),
    "claims": ("value", "note"),
    "places": ("note",),
    "people": ("role",),
    "zones": ("note",),
    "tour": ("title", "text"),
}
"""What is written anew in each language. A person's name may be, but is the same in most."""


@dataclass(frozen=True)
class Share:
    """Of so many texts so many are translated; for the others the first language stands."""

    texts: int
    translated: int
    fall_back: int


def shares(subject: Subject) -> dict[str, dict[str, Share]]:
    """Return for each language but the first, and each table that has texts, how many of them are translated."""
    rows = {
        "events": subject.rows, "claims": subject.claims, "places": list(subject.places.values()),
        "people": list(subject.people.values()), "zones": subject.zones, "tour": subject.tour,
    }  # fmt: skip
    found: dict[str, dict[str, Share]] = {language: {} for language in subject.config.languages[1:]}
    for table, fields in FIELDS.items():
        cells = [(table, row.id, name) for row in rows[table] for name in fields if getattr(row, name)]  # type: ignore[attr-defined]
        for language, tables in found.items():
            there = sum(bool(subject.texts.get(language, {}).get(cell)) for cell in cells)
            if cells:
                tables[table] = Share(len(cells), there, len(cells) - there)
    return found


def as_dicts(subject: Subject) -> dict[str, dict[str, dict[str, int]]]:
    """Return the same as JSON types."""
    return {code: {table: asdict(share) for table, share in tables.items()} for code, tables in shares(subject).items()}


def lines(subject: Subject) -> list[str]:
    """Return a line for each language but the first."""
    found = []
    for language, tables in shares(subject).items():
        parts = [
            f"{table} {s.translated} of {s.texts} texts" + (f" ({s.fall_back} fall back)" if s.fall_back else "")
            for table, s in tables.items()
        ]
        found.append(f"{language}: " + ", ".join(parts))
    return found
