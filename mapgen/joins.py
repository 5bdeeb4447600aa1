"""The join of events to districts: one bin an event, the stated district against the computed one near borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mapgen.cells import NOT_SEEN
from mapgen.dates import parse_part
from mapgen.districts import BORDER_M, LIMIT_M

if TYPE_CHECKING:
    from mapgen.records import Records
    from mapgen.rows import Place


def join(records: Records) -> None:
    """Give each event its bin."""
    placed = [p for p in records.places.values() if p.lon is not None and p.lat is not None]
    lon, lat = (np.array([getattr(p, name) for p in placed], dtype=float) for name in ("lon", "lat"))
    found = records.district_set.join(lon, lat)
    where = {p.id: _bin(p, int(face), records) for p, face in zip(placed, found, strict=True)}
    where |= {key: _bin(place, -1, records) for key, place in records.places.items() if key not in where}
    records.place_bins = where
    records.bins = [where[row.place] if row.place else "unplaced" for row in records.rows]
    for i, row in enumerate(records.rows):
        _check_validity(records, i)
        if all(ref.locator == NOT_SEEN for ref in row.sources):
            records.problems.note("events.csv", row.at_line, "sources", row.id, "has no source that was seen", "See it")
        if len({ref.source for ref in row.sources}) == 1:
            records.problems.note(
                "events.csv", row.at_line, "sources", row.id, "has one source only", "Find a second one"
            )


def _bin(place: Place, face: int, records: Records) -> str:
    """Return where events of a place are counted; the bins are those of `Records.bins`."""
    districts = records.district_set
    if place.precision in ("city", "region"):
        return "city" if place.precision == "city" and not place.commune else "outside"
    computed = districts.faces[face] if face >= 0 else ""
    stated = place.district if place.district in districts.rows else ""
    if place.precision == "district":
        computed, stated = (districts.up(key, 0) if key else "" for key in (computed, stated))
    if place.lon is None or place.lat is None:
        return stated or "outside"
    inside = stated and computed and districts.up(computed, districts.level_of(stated)) == stated
    if inside or stated == computed or not (stated or place.commune):
        return computed or "outside"
    return _settle(place, computed, stated, records) or "outside"


def _settle(place: Place, computed: str, stated: str, records: Records) -> str:
    """Choose between the stated and the computed district of a place; say so as a note or warning."""
    assert place.lon is not None
    assert place.lat is not None
    districts = records.district_set
    faces = districts.members(stated) if stated else None
    distance = districts.distance_m(place.lon, place.lat, faces)
    where = stated or "the outer limit"
    text = f"lies {distance:.0f} m from {where}, in {computed or 'no district'}"
    if distance <= (BORDER_M if computed and stated else LIMIT_M):
        message = f"{text}; what is stated counts"
        records.problems.note("places.csv", place.at_line, "district", stated, message, "Nothing to do")
        return stated
    add = records.problems.note if place.note else records.problems.warning
    remedy = "Correct the point or the district, or explain it in note"
    add("places.csv", place.at_line, "district", stated, text, remedy)
    return computed


def _check_validity(records: Records, i: int) -> None:
    row = records.district_set.rows.get(records.bins[i])
    if row is None:
        return
    when = records.whens[i]
    early = row.valid_from and parse_part(row.valid_from).first > when.last
    late = row.valid_to and parse_part(row.valid_to).last < when.first
    if early or late:
        records.problems.warning(
            "events.csv",
            records.rows[i].at_line,
            "when",
            records.rows[i].when,
            f"is outside the life of {row.id}",
            "Check both",
        )
