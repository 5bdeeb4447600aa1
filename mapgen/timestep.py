"""A folium plugin: events that step through time, one bar for any number of layers, for any years.

Times are read as `when` texts (see `mapgen.dates`), so that 1582 and 2026 work alike and no time zone moves a day.
Scripts and styles stand in the page itself, once; nothing is fetched.

Examples
--------
>>> import folium
>>> from mapgen.timestep import TimeStepBar, TimeStepLayer
>>> chart = folium.Map([37.78, -122.42], zoom_start=13, tiles=None)
>>> feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-122.42, 37.78]},
...            "properties": {"title": "Fire", "start": "1906-04-18T10:00", "end": "1906-04-19"}}
>>> TimeStepLayer({"type": "FeatureCollection", "features": [feature]}, hue="flame").add_to(chart)  # doctest: +ELLIPSIS
<mapgen.timestep.TimeStepLayer object at ...>
>>> TimeStepBar().add_to(chart)  # doctest: +ELLIPSIS
<mapgen.timestep.TimeStepBar object at ...>
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
from branca.element import Element, MacroElement
from folium.map import Layer
from folium.template import Template

from mapgen.dates import DAY, When, iso, parse, words
from mapgen.steps import Rule, Steps, Times, build, step_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

HUES = ("red", "slate", "kill", "flame", "teal", "ochre", "violet", "blue")
"""Colours of events: tokens of the style, checked for contrast in light and dark."""
_SCRIPTS = (
    "canvas-layer", "symbols", "gather", "time-steps", "time-step-layer", "time-step-paint", "time-step-pointer",
    "time-strip", "time-step-bar", "texts", "time-step-plugin",
)  # fmt: skip
_STYLES = ("map", "time-step")
_FAR = 10**9  # minutes; an extent wider than any date, for reading a `when` before the common extent is known


class _Asset(Element):
    """A script or style of ours, inline in the head; elements of the same name stand once."""

    _template = Template("<{{ this.tag }}>{{ this.text }}</{{ this.tag }}>")

    def __init__(self, tag: str, text: str) -> None:
        super().__init__()
        self._name, self.tag, self.text = "TimeStepAsset", tag, text


@cache
def _asset(name: str) -> str:
    return (files("mapgen") / "assets" / name).read_text(encoding="utf-8")


class TimeStepLayer(Layer):
    """Events on a map that are there at their time.

    Parameters
    ----------
    data
        GeoJSON (a dict, or the path of a file) in EPSG:4326, or a GeoDataFrame in any CRS: points, lines, polygons.
    start, end
        Properties or columns that hold when each begins and ends: `when` texts, or dates, datetimes and timestamps.
        A missing or empty end means that `start` says it all (a day, a month, an interval ``a/b``).
    title, text
        Properties shown when an event is chosen; they are shown as text, never read as HTML.
    symbol
        Id of a symbol of ``assets/symbols.json``; a disc if empty.
    hue
        One of `HUES`.
    name, overlay, control, show
        As for every layer of folium; `name` stands in the layer control.

    Raises
    ------
    ValueError
        Naming every feature whose time or geometry cannot be used.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {% if this.leads %}L.timeStepPlugin({{ this.map_name }}, {{ this.clock|tojson }});{% endif %}
        var {{ this.get_name() }} = {{ this.map_name }}.timeStepPlugin.layer({{ this.payload|tojson }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        data: Any,
        *,
        start: str = "start",
        end: str = "end",
        title: str = "title",
        text: str = "text",
        symbol: str = "",
        hue: str = "red",
        name: str | None = None,
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
    ) -> None:
        super().__init__(name=name, overlay=overlay, control=control, show=show)
        self._name = "TimeStepLayer"
        if hue not in HUES:
            raise ValueError(f"hue {hue!r} is not known; use one of {', '.join(HUES)}")
        symbols = json.loads(_asset("symbols.json"))
        symbols = symbols.get("symbols", symbols)
        if symbol and symbol not in symbols:
            raise ValueError(f"symbol {symbol!r} is not known; use one of {', '.join(sorted(symbols))}")
        self.symbol, self.hue, self.symbols = symbol, hue, {symbol: symbols[symbol]} if symbol else {}
        features = _features(data)
        self.whens = _whens(features, start, end)
        self.payload: dict[str, Any] = {**_columns(features, title, text), "symbol": symbol, "hue": hue}

    def render(self, **kwargs: Any) -> str:
        """Write the layer into the page, and with the first one the clock that all share."""
        _prepare(self)
        layers = _layers(self)
        before = sum(len(layer.whens) for layer in layers[: layers.index(self)])
        self.payload |= {"from": before, "layer": layers.index(self)}
        return str(super().render(**kwargs))


class TimeStepBar(MacroElement):
    """The time bar of a map: date, play, strip of counts; it steps every `TimeStepLayer` of the map.

    Parameters
    ----------
    every
        Length of a step as an ISO 8601 duration (``PT6H``, ``P1D``, ``P1M``, ``P1Y``); chosen so that there are at most
        200 steps if None.
    mode
        ``step``, ``sofar`` or ``window-N`` (the step and the N-1 before it).
    open_at
        Day or minute shown at first; the first step if None.
    language
        Language of the words, one of ``mapgen/locale``.
    position
        Corner of the map.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {% if this.leads %}L.timeStepPlugin({{ this.map_name }}, {{ this.clock|tojson }});{% endif %}
        {{ this.map_name }}.timeStepPlugin.bar({{ this.position|tojson }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        *,
        every: str | None = None,
        mode: str = "step",
        open_at: str | None = None,
        language: str = "en",
        position: str = "bottomleft",
    ) -> None:
        super().__init__()
        self._name = "TimeStepBar"
        self.every, self.mode, self.open_at, self.language, self.position = every, mode, open_at, language, position

    def render(self, **kwargs: Any) -> str:
        """Write the bar into the page."""
        _prepare(self)
        return str(super().render(**kwargs))


# --- The clock that all layers of a map share ------------------------------------------------------------------------


def _map(element: Any) -> folium.Map:
    at = element
    while not isinstance(at, folium.Map):
        at = at._parent
        if at is None:
            raise ValueError(f"{element._name} is not on a map: call .add_to(map) first")
    return at


def _tree(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _tree(child)


def _layers(element: Any) -> list[TimeStepLayer]:
    return [child for child in _tree(_map(element)) if isinstance(child, TimeStepLayer)]


def _prepare(element: Any) -> None:
    """Give an element of the plugin what its template needs; the first one on a map brings the clock."""
    chart = _map(element)
    ours = [child for child in _tree(chart) if isinstance(child, (TimeStepLayer, TimeStepBar))]
    element.map_name, element.leads = chart.get_name(), ours[0] is element
    if element.leads:
        bars = [child for child in ours if isinstance(child, TimeStepBar)]
        element.clock = _clock(_layers(element), bars[0] if bars else TimeStepBar(mode="sofar"))
    header = element.get_root().header
    for name in _STYLES:
        header.add_child(_Asset("style", _asset(f"{name}.css")), name=f"mapgen-{name}-css")
    for name in _SCRIPTS:
        # Leaflet comes with the map itself, so ours waits below it in the body's script tray.
        element.get_root().html.add_child(_Asset("script", _asset(f"{name}.js")), name=f"mapgen-{name}-js")


def _clock(layers: list[TimeStepLayer], bar: TimeStepBar) -> dict[str, Any]:
    """Return steps, words and the times of all events, layer after layer."""
    whens = [when for layer in layers for when in layer.whens]
    if not whens:
        raise ValueError("no TimeStepLayer on this map holds an event")
    first = min(when.first for when in whens) // DAY * DAY
    last = max(min(when.last, when.first + 400 * 366 * DAY) for when in whens)
    steps = _steps(first, (last // DAY + 1) * DAY, bar.every)
    times, w = Times.of(whens), words(bar.language)
    columns = {
        name: (np.clip(getattr(times, name), first - 1, steps.end) - first).tolist()
        for name in ("first", "first_latest", "last_earliest", "last")
    }
    symbols: dict[str, Any] = {}
    for layer in layers:
        symbols |= layer.symbols
    at = parse(bar.open_at, (first, steps.end)).first if bar.open_at else first
    index = steps.at(min(max(at, first), steps.end - 1))
    return {
        "steps": {
            "start": (steps.starts - first).tolist(),
            "end": steps.end - first,
            "at": [iso(int(start)) for start in steps.starts] + [iso(steps.end)],
            "words": {bar.language: step_columns(steps, w)},
        },
        "events": {
            "first": columns["first"], "firstLatest": columns["first_latest"],
            "lastEarliest": columns["last_earliest"], "last": columns["last"],
            "capped": np.flatnonzero(times.capped).tolist(), "firstStep": times.first_steps(steps).tolist(),
            "layer": [k for k, layer in enumerate(layers) for _ in layer.whens],
        },
        "layers": [{"symbol": layer.symbol, "hue": layer.hue} for layer in layers],
        "symbols": symbols, "mode": bar.mode, "index": index, "languages": [bar.language],
        "words": {bar.language: w["ui"]}, "months": {bar.language: w["date"]["months"]},
        "openAt": iso(int(steps.starts[index or 0])),
    }  # fmt: skip


def _steps(first: int, end: int, every: str | None) -> Steps:
    """Divide an extent into steps of one length; the shortest that gives at most 200 of them if none is asked for."""
    if every is not None:
        return build((first, end), [Rule(first, every)])
    for length, name in ((60, "PT1H"), (360, "PT6H"), (DAY, "P1D"), (7 * DAY, "P7D"), (30 * DAY, "P1M")):
        if (end - first) / length <= 200:
            return build((first, end), [Rule(first, name)])
    years = max(1, -(-(end - first) // (366 * DAY * 200)))
    return build((first, end), [Rule(first, f"P{years}Y")])


# --- Reading what the user has ---------------------------------------------------------------------------------------


def _features(data: Any) -> list[dict[str, Any]]:
    """Return the features of GeoJSON, a path or a GeoDataFrame, in EPSG:4326."""
    if hasattr(data, "to_crs"):
        frame = data if data.crs is None else data.to_crs(4326)
        shapes = [None if shape is None or shape.is_empty else shape.__geo_interface__ for shape in frame.geometry]
        rows = frame.drop(columns=frame.geometry.name).to_dict("records")
        return [{"properties": row, "geometry": shape} for row, shape in zip(rows, shapes, strict=True)]
    if isinstance(data, (str, Path)):
        data = json.loads(Path(data).read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise ValueError("data is neither a GeoJSON FeatureCollection, nor the path of one, nor a GeoDataFrame")
    return list(data["features"])


def _when_text(value: Any) -> str:
    """Return a value of a start or end column as a `when` text, empty for nothing."""
    if value is None or value != value:  # NaN and NaT are not equal to themselves  # noqa: PLR0124
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M") if value.hour or value.minute else value.strftime("%Y-%m-%d")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _whens(features: list[dict[str, Any]], start: str, end: str) -> list[When]:
    found, wrong = [], []
    for i, feature in enumerate(features):
        properties = feature.get("properties") or {}
        left, right = (_when_text(properties.get(name)) for name in (start, end))
        try:
            found.append(parse(f"{left}/{right}" if right else left, (-_FAR, _FAR)))
        except ValueError as error:
            wrong.append(f"feature {i}: {start} {left!r}, {end} {right!r} {error}. {getattr(error, 'remedy', '')}")
        if not _points(feature.get("geometry")):
            wrong.append(f"feature {i}: has no geometry. Give it a point, line or polygon")
    if wrong:
        raise ValueError("\n".join(wrong[:50]))
    return found


def _points(geometry: Any) -> list[Any]:
    """Return all positions of a geometry, in order."""
    if not geometry:
        return []
    if geometry.get("type") == "GeometryCollection":
        return [point for part in geometry["geometries"] for point in _points(part)]

    def flat(node: Any) -> list[Any]:
        return [node] if node and isinstance(node[0], (int, float)) else [p for part in node for p in flat(part)]

    return flat(geometry.get("coordinates") or [])


def _columns(features: list[dict[str, Any]], title: str, text: str) -> dict[str, list[Any]]:
    """Return points (1e-5 degrees), shapes and texts of the features as columns."""
    columns: dict[str, list[Any]] = {"lon": [], "lat": [], "shape": [], "title": [], "text": []}
    for feature in features:
        points = np.array([p[:2] for p in _points(feature["geometry"])], dtype=float)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        properties = feature.get("properties") or {}
        columns["lon"].append(round(float(middle[0]) * 1e5))
        columns["lat"].append(round(float(middle[1]) * 1e5))
        columns["shape"].append(_shape(feature["geometry"]))
        columns["title"].append(_string(properties.get(title)))
        columns["text"].append(_string(properties.get(text)))
    return columns


def _string(value: Any) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN


def _shape(geometry: dict[str, Any]) -> dict[str, Any] | None:
    """Return a line or polygon as delta-coded integers; None for points."""
    kind, coordinates = geometry["type"], geometry.get("coordinates")
    if kind.endswith("Point") or coordinates is None:
        return None
    form = 1 if kind.endswith("LineString") else 2
    lines = {"LineString": [coordinates], "MultiPolygon": [r for part in coordinates for r in part]}.get(
        kind, coordinates
    )
    coded = [np.round(np.array([p[:2] for p in line], dtype=float) * 1e5).astype(int) for line in lines]
    return {"t": form, "g": [np.diff(line, axis=0, prepend=[[0, 0]]).ravel().tolist() for line in coded]}
