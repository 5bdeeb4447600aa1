"""The base map of a district set: what stands in the files of its ``base`` folder, checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapgen.cells import Line
from mapgen.geojson import read_geojson
from mapgen.tables import suggest

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from mapgen.problems import Problems

KINDS = (
    "water", "stream", "park", "cemetery", "square", "building", "wall", "bastion", "glacis", "limit", "salient",
    "gate", "postern", "fort", "fort-area", "station", "street", "bridge", "quay", "rail", "rail-tunnel",
    "commune-line", "commune", "place-name", "water-name",
)  # fmt: skip
"""Kinds that are drawn in a way of their own, or that only carry a name; others are drawn quietly."""
LANDMARKS = "landmarks"
"""File of points that are named, whatever their kinds."""
MESSAGES = {
    "class": ("is not 1, 2 or 3", "Write 3 for the most important, 1 for the least"),
    "precision_m": ("is not a number of metres", "Write a whole number, 0 or more"),
}  # fmt: skip


class Properties(BaseModel):
    """What is told of a feature; all of it may be missing."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    name: Line = ""
    kind: Line = ""
    rank: Annotated[int, Field(ge=1, le=3, alias="class")] = 1
    precision_m: Annotated[int, Field(ge=0)] | None = None
    source: Line = ""


@dataclass(frozen=True)
class Feature:
    """A feature of the base map: its id, what is told of it, its shape (EPSG:4326)."""

    id: str
    told: Properties
    geometry: Any


def read_base(
    folder: Path, frame: tuple[float, float, float, float], sources: Collection[str], problems: Problems
) -> dict[str, list[Feature]]:
    """Read every file of a base map.

    Parameters
    ----------
    folder
        Holds ``*.geojson``; properties of a feature are ``id, name, kind, class`` (1 to 3, the most important),
        ``precision_m`` and ``source`` (ids joined by ``;``), all of which may be missing.
    frame
        West, south, east and north of the districts, degrees: what lies further off than they are wide is a problem.
    sources
        Ids of the set's sources.
    problems
        Where problems are added; a feature with an error is left out.

    Returns
    -------
    dict
        The features of each file by its name without ending.
    """
    found: dict[str, list[Feature]] = {}
    for path in sorted(folder.glob("*.geojson")):
        name = f"base/{path.name}"
        rows = [_feature(raw, name, sources, problems) for raw in read_geojson(path, name, problems)]
        found[path.stem] = [row for row in rows if row]
        for row in found[path.stem]:
            _in_frame(row, name, frame, problems)
        _once([row.id for row in found[path.stem] if row.id], name, problems)
        if path.stem != LANDMARKS:
            _known({row.told.kind for row in found[path.stem]}, name, problems)
    return found


def _feature(raw: dict[str, Any], name: str, sources: Collection[str], problems: Problems) -> Feature | None:
    where, geometry = f"features[{raw['index']}]", raw["geometry"]
    try:
        told = Properties.model_validate({key: v for key, v in raw["properties"].items() if v is not None})
    except ValidationError as error:
        for item in error.errors():
            column = str(item["loc"][0])
            message, remedy = MESSAGES.get(column, ("is not one line of plain text", "Write it in quotes, on one line"))
            problems.error(name, None, f"{where}.{column}", raw["properties"].get(column, ""), message, remedy)
        return None
    if "Polygon" in geometry.geom_type and not geometry.is_valid:
        problems.error(name, None, where, told.name, "is not a valid polygon", "A ring may not cross or touch itself")
        return None
    for ref in filter(None, told.source.split(";")):
        if ref not in sources:
            problems.error(name, None, f"{where}.source", ref, "is not in sources.csv", suggest(ref, sources))
    return Feature(raw["id"], told, geometry)


def _in_frame(row: Feature, name: str, frame: tuple[float, float, float, float], problems: Problems) -> None:
    west, south, east, north = frame
    width, height = east - west, north - south
    left, low, right, high = row.geometry.bounds
    if left > east + width or right < west - width or low > north + height or high < south - height:
        problems.warning(
            name, None, row.id or row.told.name, f"{left:.4f}, {low:.4f}", "lies far from the districts",
            "Write [longitude, latitude]; delete what is not of this place",
        )  # fmt: skip


def _once(ids: list[str], name: str, problems: Problems) -> None:
    for key, times in Counter(ids).items():
        if times > 1:
            problems.error(name, None, "id", key, "stands twice", "Give each feature its own id")


def _known(kinds: set[str], name: str, problems: Problems) -> None:
    for kind in sorted(kinds - {*KINDS, ""}):
        remedy = f"A quiet one is used. {suggest(kind, KINDS)}"
        problems.note(name, None, "kind", kind, "has no drawing of its own", remedy)
