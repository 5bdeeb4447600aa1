"""A subject: its tables joined to each other, to the districts and to the steps, and what it shows at a date."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapgen import steps as st
from mapgen.coverage import Level
from mapgen.dates import DateError, Words, iso, label, moment, words
from mapgen.districts import WGS84
from mapgen.joins import join
from mapgen.problems import DataError, Problems, UsageError
from mapgen.reading import read_rows, read_tables
from mapgen.records import Records
from mapgen.rules import check_view, read_config, read_steps
from mapgen.sets import load as load_districts
from mapgen.tables import suggest
from mapgen.texts import fold, needles, plain

if TYPE_CHECKING:
    from mapgen.rows import Event

DEFAULT_MODE = "window-3"


class Subject(Records):
    """A subject that was read and joined."""

    @cached_property
    def times(self) -> st.Times:
        """The times of the events as columns."""
        return st.Times.of(self.whens)

    @cached_property
    def districts(self) -> gpd.GeoDataFrame:
        """The finest districts, EPSG:4326; columns as in `DistrictSet.frame`."""
        return self.district_set.frame()

    def level(self, name: str) -> gpd.GeoDataFrame:
        """Return the districts of one level, dissolved, EPSG:4326; columns as in `districts`."""
        return self.district_set.frame(name)

    def commune(self, i: int) -> str:
        """Return the commune of an event outside the districts, else an empty text."""
        place = self.places.get(self.rows[i].place or "")
        return place.commune if place is not None and self.bins[i] == "outside" else ""

    @cached_property
    def events(self) -> gpd.GeoDataFrame:
        """All events, EPSG:4326.

        Columns: those of the table, ``first_day`` and ``last_day`` (ISO), ``bin``, ``commune``, one per level holding
        the number of the district (nullable; its id where districts have no numbers), ``geometry`` (a point, the line
        or area of the place, or None).
        """
        records = []
        for i, row in enumerate(self.rows):
            record: dict[str, Any] = row.model_dump()
            record["sources"] = [str(ref) for ref in row.sources]
            record["first_day"] = moment(self.whens[i].first)[0].isoformat()
            record["last_day"] = moment(self.whens[i].last)[0].isoformat()
            record["bin"], record["commune"] = self.bins[i], self.commune(i)
            for k, level in enumerate(self.district_set.levels):
                record[level.id] = self._number(self.bins[i], k)
            records.append(record)
        frame = gpd.GeoDataFrame(records, geometry=[self.geometry(row.place) for row in self.rows], crs=WGS84)
        for level in self.district_set.levels:
            numbers = [record[level.id] for record in records]
            if all(number is None or isinstance(number, int) for number in numbers):
                frame[level.id] = pd.array(numbers, dtype="Int64")
        return frame

    @cached_property
    def disputed(self) -> dict[str, set[str]]:
        """What accounts differ on, by event: points with claims of more than one value."""
        values: dict[tuple[str, str], set[str]] = {}
        for claim in self.claims:
            values.setdefault((claim.event, claim.about), set()).add(claim.value)
        found: dict[str, set[str]] = {}
        for (event, about), said in values.items():
            if len(said) > 1:
                found.setdefault(event, set()).add(about)
        return found

    def _number(self, where: str, level: int) -> int | str | None:
        districts = self.district_set
        if where not in districts.rows or districts.level_of(where) < level:
            return None
        return districts.number_or_id(districts.up(where, level))

    def geometry(self, place: str | None) -> Any:
        """Return the shape or point of a place, EPSG:4326, or None."""
        if place is None or place not in self.places:
            return None
        row = self.places[place]
        if place in self.shapes:
            return self.shapes[place]
        return shapely.Point(row.lon, row.lat) if row.lon is not None and row.lat is not None else None

    # --- Searching and stepping ---

    def haystack(self, i: int) -> str:
        """Return what a search looks through in an event: titles, texts, places, people, sources, all languages."""
        row = self.rows[i]
        parts = []
        for language in self.config.languages:
            title, text = (self.text("events", row.id, name, language)[0] for name in ("title", "text"))
            parts += [title, plain(text)]
            parts += [self.text("people", person, "name", language)[0] for person in row.actors]
        for key in [row.place, *row.also_at]:
            if key:
                parts += [self.places[key].name, self.places[key].name_today]
        for ref in row.sources:
            parts += [self.sources[ref.source].author, self.sources[ref.source].title]
        return fold("\n".join(parts))

    def mask(
        self, layers: list[str] | None = None, district: str = "", tags: list[str] | None = None, q: str = ""
    ) -> st.States:
        """Return 1 for each event that passes the filters, else 0.

        Raises
        ------
        UsageError
            If a layer or district is not known.
        """
        known = {layer.id for layer in self.config.layers}
        wanted = None if layers is None else {x for x in layers if not x.startswith("base-")}
        for name in (wanted or set()) - known:
            raise UsageError(f"layer {name!r} is not known. {suggest(name, known)}")
        if district and district not in self.district_set.rows:
            raise UsageError(f"district {district!r} is not known. {suggest(district, self.district_set.rows)}")
        words = needles(q)
        found = np.ones(len(self.rows), dtype=np.uint8)
        for i, row in enumerate(self.rows):
            if (
                (wanted is not None and row.layer not in wanted)
                or (district and district not in self.bins_above(self.bins[i]))
                or (tags and not set(tags) & set(row.tags))
                or (words and not all(word in self.haystack(i) for word in words))
            ):
                found[i] = 0
        return found

    def step_of(self, at: str) -> int:
        """Return the step that a date means; see `mapgen.steps.step_of`.

        Raises
        ------
        UsageError
            If it is no date or lies outside the extent.
        """
        try:
            return st.step_of(at, self.steps)
        except DateError as error:
            raise UsageError(f"date {at!r} {error}. {error.remedy}") from None

    def states(self, index: int, mode: str, mask: st.States) -> st.States:
        """Return the state of each event at a step, 0 where the filters hide it."""
        try:
            start, end = self.steps.interval(index, mode)
        except DateError as error:
            raise UsageError(f"{error}. {error.remedy}") from None
        return self.times.states(start, end) * mask

    def state(
        self,
        at: str,
        mode: str = DEFAULT_MODE,
        layers: list[str] | None = None,
        district: str = "",
        tags: list[str] | None = None,
        q: str = "",
    ) -> dict[str, Any]:
        """Return what the map shows at a date.

        Parameters
        ----------
        at
            A day or minute.
        mode
            ``step``, ``sofar`` or ``window-N``.
        layers, district, tags, q
            Filters: event layers, one district, any of some tags, words that must all occur.

        Returns
        -------
        dict
            Keys ``at, mode, step, certain, possible, districts, city, outside, unplaced``.

        Raises
        ------
        UsageError
            If a date, mode, layer or district is not known.
        """
        index = self.step_of(at)
        found = self.states(index, mode, self.mask(layers, district, tags, q))
        start, end = self.steps.bounds(index)
        result: dict[str, Any] = {
            "at": iso(start), "mode": mode, "step": {"index": index, "start": iso(start), "end": iso(end)},
        }  # fmt: skip
        for name, value in (("certain", st.CERTAIN), ("possible", st.POSSIBLE)):
            result[name] = [row.id for row, state in zip(self.rows, found, strict=True) if state == value]
        return {**result, **self._counts(found)}

    def _counts(self, found: st.States) -> dict[str, Any]:
        counts: dict[str, dict[str, int]] = {}
        for where, state in zip(self.bins, found, strict=True):
            for key in self.bins_above(where) if state else ():
                entry = counts.setdefault(key, {"certain": 0, "possible": 0})
                entry["certain" if state == st.CERTAIN else "possible"] += 1
        rest = {key: counts.pop(key, {"certain": 0, "possible": 0}) for key in ("city", "outside", "unplaced")}
        return {"districts": dict(sorted(counts.items())), **rest}

    def bins_above(self, where: str) -> list[str]:
        """Return a bin and, where it is a district, those that hold it."""
        found = [where]
        while (row := self.district_set.rows.get(found[-1])) is not None and row.parent:
            found.append(row.parent)
        return found

    def diff(self, a: str, b: str, mode: str = "step", **filters: Any) -> dict[str, Any]:
        """Return what changed between two dates; parameters and errors as in `state`.

        Returns
        -------
        dict
            Keys ``from, to, new, ended, going_on, became_certain, became_possible, districts``; counts of districts are
            those at `b` minus those at `a`.
        """
        mask = self.mask(**filters)
        left, right = (self.states(self.step_of(at), mode, mask) for at in (a, b))
        start = [iso(self.steps.bounds(self.step_of(at))[0]) for at in (a, b)]

        def ids(condition: Any) -> list[str]:
            return [row.id for row, hit in zip(self.rows, condition, strict=True) if hit]

        both = (left > 0) & (right > 0)
        before, after = (self._counts(found)["districts"] for found in (left, right))
        zero = {"certain": 0, "possible": 0}
        change = {
            key: {name: after.get(key, zero)[name] - before.get(key, zero)[name] for name in zero}
            for key in sorted({*before, *after})
        }
        return {
            "from": start[0],
            "to": start[1],
            "new": ids((left == 0) & (right > 0)),
            "ended": ids((left > 0) & (right == 0)),
            "going_on": ids(both),
            "became_certain": ids(both & (right > left)),
            "became_possible": ids(both & (right < left)),
            "districts": {key: value for key, value in change.items() if any(value.values())},
        }

    # --- Words ---

    def when_words(self, i: int, w: Words) -> str:
        """Return the time of an event in words."""
        return label(self.whens[i], w)

    def closing_line(self) -> str:
        """Return how many events were read and what became of them."""
        kinds = [self.places[row.place].precision if row.place else "" for row in self.rows]
        points = sum(kind in ("building", "street") for kind in kinds)
        areas = sum(kind in ("quarter", "district", "city", "region") for kind in kinds)
        return closing_line(points, areas, len(kinds) - points - areas, self.refused)

    def independent(self) -> int:
        """Return how many events name two sources of different authors, or different works where one has no author."""
        return sum(self._two_witnesses(row) for row in self.rows)

    def _two_witnesses(self, row: Event) -> bool:
        named = [self.sources[key] for key in sorted({ref.source for ref in row.sources})]
        return any(
            a.title != b.title and (a.author != b.author or not a.author)
            for k, a in enumerate(named)
            for b in named[k + 1 :]
        )

    @cached_property
    def data_hash(self) -> str:
        """SHA-256 of every file of the subject and its districts, in the order of their names; 64 hex digits."""
        digest = hashlib.sha256()
        for folder in (self.path, (self.path / self.config.district_sets[0].path).resolve()):
            for path in sorted(p for p in folder.rglob("*") if p.suffix in (".csv", ".geojson", ".toml")):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()


# --- Reading ---------------------------------------------------------------------------------------------------------


def find(path: str | Path | None = None) -> Path:
    """Return the folder of a subject: the one named, else the only one in ``events/``.

    The data folder that came with the package is looked at first, then the checkout around it.

    Raises
    ------
    UsageError
        If there is none, or more than one to choose from.
    """
    if path is not None:
        if not (Path(path) / "subject.toml").is_file():
            raise UsageError(f"{path} holds no subject.toml. Name the folder of a subject")
        return Path(path)
    here = Path(__file__).resolve().parent
    for root in (here / "data" / "events", here.parent / "events"):
        folders = sorted(p.parent for p in root.glob("*/subject.toml"))
        if len(folders) == 1:
            return folders[0]
        if folders:
            raise UsageError("several subjects: name one of " + ", ".join(p.name for p in folders))
    raise UsageError("no subject found. Name the folder of one")


def load(path: str | Path | None = None) -> Subject:
    """Read a subject, check it and join it to its districts and steps.

    Parameters
    ----------
    path
        The folder with ``subject.toml``; the only subject of the data folder if None.

    Returns
    -------
    Subject
        With everything that was found in `Subject.problems`.

    Raises
    ------
    DataError
        If the contract, the districts or the steps cannot be used at all; refused rows do not raise.
    UsageError
        If there is no such folder.
    """
    folder = find(path)
    problems = Problems()
    config = read_config(folder / "subject.toml", problems)
    steps = districts = None
    if config is not None:
        steps = read_steps(config, problems)
        districts = load_districts(
            (folder / config.district_sets[0].path).resolve(),
            [Level(x.id, x.prefix) for x in config.district_sets[0].levels],
            config.district_sets[0].crs or None,
            problems,
        )
    if config is None or steps is None or districts is None:
        raise DataError(problems, closing_line(0, 0, 0, read_rows(folder, problems)["events"].total))
    check_view(config, districts.bounds, problems)
    subject = Subject(folder, config, problems, *steps, districts)
    read_tables(subject)
    join(subject)
    return subject


def closing_line(points: int, areas: int, without: int, refused: int) -> str:
    """Return how many events were read and what became of them."""
    became = f"{points} as points + {areas} as areas + {without} without a place + {refused} refused"
    return f"{points + areas + without + refused} events read = {became}"


def interface_words(subject: Subject) -> dict[str, Words]:
    """Return the words of the interface in each language of the subject."""
    return {language: words(language) for language in subject.config.languages}
