"""The page: a folium map inside our own document, the chronology as its store of texts, all assets inline."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from math import log2
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from mapgen.chronology import chronology
from mapgen.columns import text_columns
from mapgen.encode import check_sum, squash
from mapgen.layers import page_data
from mapgen.picture import file_of, still
from mapgen.subject import Subject, interface_words
from mapgen.texts import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAFLET = "vendor/leaflet-1.9.4/leaflet"
SCRIPTS = (
    "unpack", "canvas-layer", "symbols", "gather", "base-map-data", "base-map", "district-layer", "district-marks",
    "measures", "district-key", "district-pointer", "zone-layer", "label-grid", "line-text", "name-list",
    "name-pen", "map-names", "time-steps", "time-step-layer", "time-step-paint", "time-step-pointer", "time-strip",
    "time-step-bar", "texts", "event-list", "event-card", "event-search", "change-list", "share-panel", "layer-tree",
    "hash-state", "page", "page-data", "page-panel", "page-find", "page-zones", "page-print", "page-tour",
    "page-reader", "page-state",
)  # fmt: skip
"""Our scripts in the order in which they are inlined."""
FIRST = "document.documentElement.classList.remove('mg-bare');"
"""Stands in the head: with scripts the chronology is a store, and must not be laid out and shown before the map is."""
STYLES = ("map", "time-step", "page", "paper")
IN_PAGE = 1_000_000
"""A chronology of more bytes is a page of its own; in the map it is packed, as nobody reads so much without a map."""
PACKED = "application/x-bzip2"
"""Type of the blocks that `mapgen.encode.squash` has packed."""


def asset(name: str) -> str:
    """Return the text of a packaged file of ``mapgen/assets``."""
    return (files("mapgen") / "assets" / name).read_text(encoding="utf-8")


def compact(text: str) -> str:
    """Return a script or style of ours without the comments and indents that stand on lines of their own.

    A line is left out where it begins with ``//`` or lies between ``/*`` and ``*/`` that begin and end one: our scripts
    hold no text that runs over lines.
    """
    found, inside = [], False
    for line in text.splitlines():
        bare = line.strip()
        begins = bare.startswith("/*") and ("*/" not in bare or bare.endswith("*/"))
        inside = inside or begins
        if not inside and bare and not bare.startswith("//"):
            found.append(bare)
        if inside and bare.endswith("*/"):
            inside = False
    return "\n".join(found)


def squeeze(style: str) -> str:
    """Return a style without the spaces that mean nothing: after ``{ ; :`` of a declaration and before ``}``."""
    return re.sub(r"(?<=[{;])\s+(?=[a-z.\[@-])|(?<=: )\s+|(?<=[a-z]:)\s+(?=[\w#(.-])|\s+(?=[{}])", "", style)


# --- The map ---------------------------------------------------------------------------------------------------------


def folium_map(subject: Subject) -> tuple[str, str, str]:
    """Return what folium makes of the map: its element, its style and its script.

    folium's links to other hosts are emptied on this map, ids are counted so that two builds agree.
    """
    south, west = subject.config.view.bounds[0]
    north, east = subject.config.view.bounds[1]
    figure = Figure()
    chart = folium.Map(
        location=[(south + north) / 2, (west + east) / 2], zoom_start=12, tiles=None, zoom_control=False,
        attribution_control=False, zoom_snap=0, zoom_delta=0.5, min_zoom=_min_zoom(subject), max_zoom=18,
        zoom_animation_threshold=6, wheel_px_per_zoom_level=120, max_bounds_viscosity=1,
        prefer_canvas=True,
    )  # fmt: skip
    chart.default_js, chart.default_css = [], []
    figure.add_child(chart)
    for number, element in enumerate(_tree(figure)):
        element._id = f"{number}"
    figure.render()
    body = "".join(child.render() for child in figure.html._children.values())
    script = "".join(child.render() for child in figure.script._children.values())
    name = chart.get_name()
    if f"var {name} = L.map(" not in script or body.count(f'id="{name}"') != 1:
        raise RuntimeError("folium renders the map in another form than the page expects")
    return f'<div class="mg-map" id="{name}"></div>', name, script


def _min_zoom(subject: Subject) -> int:
    """Return how far out the map goes: at least so far that its bounds fit into a narrow frame."""
    (south, west), (north, east) = subject.config.view.bounds
    fits = log2(300 * 360 / (256 * max(east - west, 2 * (north - south), 1e-6)))
    return max(0, min(9, int(fits)))


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _tree(child)


# --- The document ----------------------------------------------------------------------------------------------------


def pages(subject: Subject, pictures: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the HTML documents of the map by file name; `pictures` are those of `mapgen.picture.stills`, if drawn.

    ``index.html`` holds every language, asks for nothing from outside and allows itself nothing but its own scripts and
    styles: a Content-Security-Policy with their hashes stands in its head. The chronology stands in it and is the page
    without JavaScript. One of more than `IN_PAGE` bytes stands in ``events.html`` instead, a page without
    scripts that the map links to and never loads; ``index.html`` then holds texts and data packed.
    Blocks that are not packed carry their check sum.
    """
    element, name, script = folium_map(subject)
    ours = "\n".join(compact(asset(f"{s}.js")) for s in SCRIPTS)
    scripts = [_closed(s) for s in (FIRST, asset(f"{LEAFLET}.js"), f"{ours}\n{script}\nL.mapPage({name});")]
    page_style = squeeze("\n".join(compact(asset(f"{s}.css")) for s in STYLES))
    styles = [_closed(s) for s in (_leaflet_css(), page_style + language_style(subject.config.languages))]
    context = {
        "config": subject.config, "language": subject.language, "hash": subject.data_hash, **chronology(subject),
        "stills": _stills(subject, pictures), "words": {k: w["ui"] for k, w in interface_words(subject).items()},
    }  # fmt: skip
    templates = _environment()
    text = str(templates.get_template("chronology.html").make_module(context).sections())  # type: ignore[attr-defined]
    large = len(text.encode()) > IN_PAGE
    data, texts = embed_json(page_data(subject)), embed_json(text_columns(subject))
    found = {
        "index.html": context | {
            "map": Markup(element), "scripts": [Markup(s) for s in scripts], "styles": [Markup(s) for s in styles],
            "policy": policy(scripts, styles), "kind": PACKED if large else "application/json",
            "blocks": {
                "data": Markup(squash(data) if large else data), "texts": Markup(squash(texts) if large else texts),
            },
            "apart": large,
        }
    }  # fmt: skip
    if large:
        found["events.html"] = context | {"styles": [Markup(styles[1])], "policy": policy([], styles[1:])}
    return {name: templates.get_template(name).render(values).strip() + "\n" for name, values in found.items()}


def _stills(subject: Subject, pictures: Mapping[str, str] | None) -> dict[str, dict[str, Any]]:
    """Return the picture of the whole period by language: ``file``, ``svg``, ``alt``, and ``links`` to all pictures."""
    found = {}
    for code, w in interface_words(subject).items():
        file = file_of(None, code)
        svg = pictures[file] if pictures else still(subject, None, code)
        spoken = re.search("<title>(.*?)</title>", svg)
        found[code] = {
            "file": file, "alt": Markup(spoken[1] if spoken else ""),
            # In the page the language stands at the figure.
            "svg": Markup(svg.strip().replace(f' lang="{code}"', "", 1)),
            "each": w["still"]["each"], "links": [
                (file, w["still"]["whole"]),
                *((file_of(k, code), phase.name[code]) for k, phase in enumerate(subject.config.phases)),
            ],
        }  # fmt: skip
    return found


@cache
def _environment() -> Environment:
    templates = {name: asset(name) for name in ("index.html", "events.html", "chronology.html")}
    environment = Environment(
        loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"markdown": markdown, "check_sum": check_sum}
    return environment


def embed_json(data: object) -> str:
    """Return data as JSON that cannot end or start anything in HTML; NaN and infinity raise ValueError."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _closed(text: str) -> str:
    """Return a script or style as it stands in the page, refusing one that would end its element."""
    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        raise ValueError("an asset holds </script, </style or <!--")
    return text.replace("\r\n", "\n").rstrip("\n")


def _leaflet_css() -> str:
    """Return Leaflet's style without its pictures, which the page does not use and could not load."""
    return re.sub(r"[^{}]*\{[^{}]*url\(images/[^{}]*\}", "", asset(f"{LEAFLET}.css"))


def language_style(codes: list[str]) -> str:
    """Return the rules that hide the other languages than the page's; the switch works without a script."""
    rules = []
    for code in codes:
        own = f'[lang="{code}"]'
        other = f"[lang]:not({own})"
        for part in (".mg-chronology", ".mg-card"):
            within = f"{part} {own} [lang]"
            rules.append(
                f":root{own} {part} {other}:not({within}, .mg-row *, .mg-text, .mg-switch *) {{ display: none; }}"
            )
        chosen = f".mg-bare body:has(#mg-{code}:target) .mg-chronology"
        rules.append(f"{chosen} {other}:not(.mg-switch *, .mg-chronology {own} [lang]) {{ display: none; }}")
        rules.append(f"{chosen} {own} {{ display: revert !important; }}")
    return "\n" + "\n".join(rules)


def policy(scripts: list[str], styles: list[str]) -> str:
    """Return the Content-Security-Policy of the page, with the hashes of its scripts and styles."""

    def hashes(texts: list[str]) -> str:
        digests = (base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in texts)
        return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'"
    )
