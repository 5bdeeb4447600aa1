"""The contract of a subject, `subject.toml`: one model a table, each key with what it means.

The reference page is made from these descriptions by `mapgen.reference`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mapgen.cells import Id, Line, Title, check_address

Hue = Literal["red", "slate", "kill", "flame", "teal", "ochre", "violet", "blue"]
Names = dict[str, Title]
Day = Annotated[str, Field(min_length=1, max_length=40)]
Corner = Annotated[list[float], Field(min_length=2, max_length=2)]


def _key(description: str, example: str, default: Any = ..., **more: Any) -> Any:
    """Return a field with its meaning and an example as it is written in TOML; without a default it must be there."""
    if default is ...:
        return Field(description=description, examples=[example], **more)
    return Field(default, description=description, examples=[example], **more)


class Part(BaseModel):
    """A table of the contract: unknown keys are refused, values are taken as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DayCount(Part):
    """Days that are counted, such as "day 2 of 4"; leave the table out for none."""

    start: Day = _key("The first day that is counted.", '"1989-11-09"', alias="from")
    to: Day = _key("The last one.", '"1989-11-12"')


class Extent(Part):
    """The whole time of the map."""

    start: Day = _key("Where it begins: a day or minute.", '"1989-11-09"')
    end: Day = _key("Where it ends; this moment no longer belongs to it.", '"1989-11-13"')
    open_at: Day = _key("Where the map opens.", '"1989-11-09T18:00"')
    calendar: Literal["", "republican"] = _key(
        "A second calendar beside the civil one; empty for none.", '"republican"', ""
    )


class StepRule(Part):
    """Steps of one length, each a bar of the time strip, until the next `[[steps]]` begins."""

    start: Day = _key("From when; the first begins at the extent's start.", '"1989-11-09"', alias="from")
    every: Day = _key(
        "The length: `PT` with minutes or hours (`PT15M`, `PT6H`), `P` with days, months or years (`P7D`, `P1M`).",
        '"PT1H"',
    )


class Phase(Part):
    """A named stretch of time, until the next one begins; phases begin where steps begin."""

    start: Day = _key("From when; the first begins at the extent's start.", '"1989-11-09"', alias="from")
    name: Names = _key("Its name in each language.", '{ en = "The night of 9 November" }')


class Group(Part):
    """Layers of one theme."""

    id: Id = _key("Its id.", '"wall"')
    hue: Hue = _key("Colour of the strip and of counts.", '"ochre"')
    name: Names = _key("Its name over its layers in the legend, in each language.", '{ en = "The Wall" }')


class Layer(Part):
    """One kind of event; the column `layer` of events.csv names one. Its id stands in links for ever."""

    id: Id = _key("Its id; not one that begins with `base-`.", '"crowds"')
    group: Id = _key("The id of its group.", '"wall"')
    symbol: Id = _key("A symbol that ships with mapgen; they are listed below.", '"meeting"')
    hue: Hue = _key("Its colour.", '"violet"')
    name: Names = _key("Its name in each language.", '{ en = "Crowd at the Wall" }')


class LevelConfig(Part):
    """A level of districts; it becomes a column of the events."""

    id: Id = _key("Its id.", '"borough"')
    prefix: str = _key("The letters with which ids of its districts begin.", '"b"', pattern="^[a-z]+$")
    name: Names = _key("Its name in each language, else its id.", '{ en = "borough" }', {})


class DistrictSetConfig(Part):
    """The districts in which events are counted."""

    path: Annotated[str, Field(min_length=1, max_length=500)] = _key(
        "Folder with districts.geojson, or boundaries.geojson and districts.csv, seen from the subject's folder.",
        '"districts"',
    )
    crs: str = _key(
        "Projection in metres for distances and simplification, else the UTM zone of the centre.", '"EPSG:25833"', ""
    )
    levels: Annotated[list[LevelConfig], Field(min_length=1, max_length=6)] = _key(
        "Levels, coarsest first.", '[{ id = "borough", prefix = "b", name = { en = "borough" } }]'
    )


class Measure(Part):
    """A figure of statistics.csv that can be shown on the districts."""

    id: Id = _key("What stands in the column `measure`.", '"votes"')
    name: Names = _key("Its name in each language.", '{ en = "Votes" }')


class View(Part):
    """What the map shows at first, fitted to the space that is left."""

    bounds: Annotated[list[Corner], Field(min_length=2, max_length=2)] = _key(
        "South-west and north-east corner, each latitude then longitude in degrees.",
        "[[52.486, 13.320], [52.568, 13.460]]",
    )


class Side(Part):
    """A side that holds ground; its key under `[zones.sides]` is its id in zones.csv."""

    hue: Hue = _key("Its colour.", '"blue"')
    draw: Literal["wash", "edge", "line"] = _key("How its ground is drawn.", '"wash"')
    name: Names = _key("Its name in each language, as it stands on the map.", '{ en = "Border troops" }')
    told: Names = _key("Its name within a sentence, where that differs.", '{ en = "the border troops" }', {})


class Zones(Part):
    """The sides of zones.csv; leave the table out where nobody holds ground."""

    sides: dict[Id, Side] = _key(
        "Each side by its id.",
        '{ border-troops = { hue = "blue", draw = "wash", name = { en = "Border troops" } } }',
        min_length=1,
    )


class Config(Part):
    """Keys at the top of the file; tables in brackets follow them."""

    version: Title = _key('Version of the data; shown in "Cite this map".', '"2026.1"')
    title: Names = _key("Heading of the page in each language.", '{ en = "The Berlin Wall opens, hour by hour" }')
    languages: Annotated[list[Id], Field(min_length=1, max_length=20)] = _key(
        "Languages of the page, first the one the tables are written in.", '["en"]'
    )
    authors: list[Title] = _key("Who is cited.", '["Your name"]', [])
    report_error: Annotated[str, AfterValidator(check_address)] = _key(
        'Address for "report an error in this event" (`https://` or `mailto:`); empty hides it.',
        '"mailto:map@example.org"', "",
    )  # fmt: skip
    credits: list[Title] = _key("What stands in the corner of the map.", '["City archive"]', [])
    licences: dict[str, Line] = _key(
        "Licence of each file; `*` means all others.", '{ "*" = "CC-BY-4.0", "places.csv" = "ODbL-1.0" }', {}
    )
    day_count: DayCount | None = _key("Days that are counted.", "a table", None)
    extent: Extent = _key("The whole time of the map.", "a table")
    steps: Annotated[list[StepRule], Field(min_length=1)] = _key("Rules of the steps, rising.", "one or more tables")
    phases: Annotated[list[Phase], Field(min_length=1)] = _key("Phases, rising.", "one or more tables")
    groups: Annotated[list[Group], Field(min_length=1)] = _key("Groups of layers.", "one or more tables")
    layers: Annotated[list[Layer], Field(min_length=1)] = _key("Layers of events.", "one or more tables")
    district_sets: Annotated[list[DistrictSetConfig], Field(min_length=1, max_length=1)] = _key(
        "The district set; there is one in this version.", "one table"
    )
    tags: dict[Id, Names] = _key(
        "Tags of events.csv that readers may filter by, each with its name in each language; others need an address.",
        "a table", {},
    )  # fmt: skip
    measures: list[Measure] = _key("Figures that can be shown.", "tables", [])
    view: View = _key("What the map shows at first.", "a table")
    zones: Zones | None = _key("Who held which ground.", "a table", None)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that stands in an annotation, such as `Layer` in ``list[Layer]``."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := model_in(part))), None)
