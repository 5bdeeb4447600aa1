"""A small made-up subject and district set, written to a folder: four blocks in two wards beside the sea."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
COMMUNE = ROOT / "events" / "paris-commune-1871"
"""The folder of the real subject."""

WEST, SOUTH, SIZE = 10.0, 50.0, 0.0078125
"""Corner and side of a block in degrees, about 560 m by 870 m; sums of them are exact in floating point."""
DISTRICT_COLUMNS = [
    "id",
    "level",
    "number",
    "name",
    "name_today",
    "parent",
    "lon",
    "lat",
    "valid_from",
    "valid_to",
    "sources",
]
EVENT_COLUMNS = [
    "id",
    "when",
    "part_of_day",
    "layer",
    "tags",
    "place",
    "also_at",
    "route",
    "title",
    "text",
    "actors",
    "sources",
    "importance",
    "wikidata",
]
PLACE_COLUMNS = [
    "id",
    "name",
    "name_today",
    "precision",
    "lon",
    "lat",
    "radius_m",
    "district",
    "commune",
    "certainty",
    "sources",
    "note",
]
SOURCE_COLUMNS = ["id", "kind", "author", "title", "year", "publisher", "url", "rights", "note"]
Cells = dict[str, str]
Lines = dict[str, list[tuple[float, float]]]

CONFIG = """
version = "1"
title = { en = "A small flood" }
languages = ["en"]
[extent]
start = "1848-02-20"
end = "1848-03-10"
open_at = "1848-02-22"
[[steps]]
from = "1848-02-20"
every = "P1D"
[[steps]]
from = "1848-02-23"
every = "PT6H"
[[steps]]
from = "1848-02-26"
every = "P7D"
[[phases]]
from = "1848-02-20"
name = { en = "All" }
[[groups]]
id = "water"
hue = "blue"
name = { en = "Water" }
[[layers]]
id = "floods"
group = "water"
symbol = "fire"
hue = "blue"
name = { en = "Floods" }
[[layers]]
id = "rescues"
group = "water"
symbol = "meeting"
hue = "teal"
name = { en = "Rescues" }
[[district_sets]]
path = "districts"
levels = [{ id = "ward", prefix = "w" }, { id = "block", prefix = "b" }]
[view]
bounds = [[50.0, 10.0], [50.016, 10.016]]
"""


def corner(column: int, row: int) -> tuple[float, float]:
    return WEST + column * SIZE, SOUTH + row * SIZE


def middle(column: float, row: float) -> tuple[float, float]:
    return WEST + (column + 0.5) * SIZE, SOUTH + (row + 0.5) * SIZE


def boundaries() -> Lines:
    """Return the twelve sides of the four blocks by id: `street-COLUMN-ROW` run east, `lane-COLUMN-ROW` north."""
    streets = {f"street-{c}-{r}": [corner(c, r), corner(c + 1, r)] for c in (0, 1) for r in (0, 1, 2)}
    lanes = {f"lane-{c}-{r}": [corner(c, r), corner(c, r + 1)] for c in (0, 1, 2) for r in (0, 1)}
    return {**streets, **lanes}


def districts() -> list[Cells]:
    """Return wards w1 (south) and w2 (north), blocks b1 to b4: south-west, south-east, north-west, north-east."""
    rows = [cells(DISTRICT_COLUMNS, id=f"w{k}", level="ward", number=str(k), name=f"Ward {k}") for k in (1, 2)]
    for k, (column, row) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)], 1):
        lon, lat = (f"{x:.6f}" for x in middle(column, row))
        rows.append(
            cells(
                DISTRICT_COLUMNS, id=f"b{k}", level="block", number=str(k), name=f"Block {k}", parent=f"w{row + 1}",
                lon=lon, lat=lat,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda r: r["id"])


def cells(columns: Sequence[str], **values: str) -> Cells:
    return dict.fromkeys(columns, "") | values


def event(key: str, when: str, place: str = "", **more: str) -> Cells:
    values = {"id": key, "when": when, "place": place, "layer": "floods", "title": key, "importance": "3"}
    return cells(EVENT_COLUMNS, **(values | {"sources": "gazette[p. 1]; diary[p. 2]"} | more))


def place(key: str, lon: float | str = "", lat: float | str = "", **more: str) -> Cells:
    values = {"id": key, "name": key, "precision": "building", "lon": str(lon), "lat": str(lat), "radius_m": "0"}
    return cells(PLACE_COLUMNS, **(values | {"certainty": "certain"} | more))


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def feature(properties: dict[str, Any], kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def geojson(features: Iterable[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def write_districts(folder: Path, lines: Lines | None = None, rows: list[Cells] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    drawn = boundaries() if lines is None else lines
    features = [feature({"id": key, "name": key, "kind": "street"}, "LineString", xy) for key, xy in drawn.items()]
    (folder / "boundaries.geojson").write_text(geojson(features), encoding="utf-8")
    text = table(DISTRICT_COLUMNS, districts() if rows is None else rows)
    (folder / "districts.csv").write_text(text, encoding="utf-8")
    return folder


def write_subject(folder: Path, events: list[Cells], places: list[Cells], config: str = CONFIG) -> Path:
    write_districts(folder / "districts")
    (folder / "subject.toml").write_text(config, encoding="utf-8")
    sources = [cells(SOURCE_COLUMNS, id=key, kind="press", title=key) for key in ("diary", "gazette")]
    for name, columns, rows in (
        ("events", EVENT_COLUMNS, events), ("places", PLACE_COLUMNS, places), ("sources", SOURCE_COLUMNS, sources)
    ):  # fmt: skip
        text = table(columns, sorted(rows, key=lambda r: r["id"]))
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
