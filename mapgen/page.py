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

from mapgen.cells import NOT_SEEN, Ref
from mapgen.dates import hour_words, moment, words
from mapgen.layers import page_data
from mapgen.rows import PRECISIONS, Claim, Event
from mapgen.steps import step_words
from mapgen.subject import Subject, interface_words
from mapgen.texts import fold, markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAFLET = "vendor/leaflet-1.9.4/leaflet"
SCRIPTS = (
    "canvas-layer", "symbols", "gather", "base-map-data", "base-map", "district-layer", "district-marks", "measures",
    "district-key", "district-pointer", "zone-layer", "label-grid", "line-text", "name-list", "name-pen", "map-names",
    "time-steps", "time-step-layer", "time-step-paint", "time-step-pointer", "time-strip", "time-step-bar", "texts",
    "event-list", "event-card", "layer-tree", "hash-state", "page", "page-panel", "page-zones", "page-print",
    "page-state",
)  # fmt: skip
"""Our scripts in the order in which they are inlined."""
FIRST = "document.documentElement.classList.remove('mg-bare');"
"""Stands in the head: with scripts the chronology is a store, and must not be laid out and shown before the map is."""
STYLES = ("map", "time-step", "page")


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


def render(subject: Subject) -> str:
    """Return the whole page as one HTML document.

    It holds every language, asks for nothing from outside and allows itself nothing but its own scripts and styles: a
    Content-Security-Policy with their hashes stands in its head.
    """
    element, name, script = folium_map(subject)
    data = embed_json(page_data(subject))
    ours = "\n".join(compact(asset(f"{s}.js")) for s in SCRIPTS)
    scripts = [FIRST, asset(f"{LEAFLET}.js"), f"{ours}\n{script}\nL.mapPage({name});"]
    styles = [
        _leaflet_css(),
        squeeze("\n".join(compact(asset(f"{s}.css")) for s in STYLES)) + language_style(subject.config.languages),
    ]
    scripts, styles = [_closed(s) for s in scripts], [_closed(s) for s in styles]
    context = {
        "subject": subject, "config": subject.config, "language": subject.language, "map": Markup(element),
        "data": Markup(data), "scripts": [Markup(s) for s in scripts], "styles": [Markup(s) for s in styles],
        "policy": policy(scripts, styles), "words": {k: w["ui"] for k, w in interface_words(subject).items()},
        "days": list(chronology(subject)), "places": _places(subject), "people": _people(subject),
        "base_sources": list(subject.district_set.sources.values()),
        "credits": subject.config.credits, "hash": subject.data_hash,
    }  # fmt: skip
    return _environment().get_template("page").render(context) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({"page": asset("page.html")}), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["markdown"] = markdown
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
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


# --- The chronology --------------------------------------------------------------------------------------------------


def chronology(subject: Subject) -> Iterator[dict[str, Any]]:
    """Yield the days of the chronology in order, each with its headings and events."""
    order = sorted(range(len(subject.rows)), key=lambda i: (subject.whens[i].first, subject.whens[i].last, i))
    days: dict[int, list[int]] = {}
    start = int(subject.steps.starts[0])
    for i in order:
        step = subject.steps.at(max(subject.whens[i].first, start))
        assert step is not None
        days.setdefault(_first_step_of_day(subject, step), []).append(i)
    all_words = interface_words(subject)
    for step, events in days.items():
        yield {
            "names": {k: _day_name(subject, step, w) for k, w in all_words.items()},
            "events": [_article(subject, i) for i in events],
        }


def _first_step_of_day(subject: Subject, step: int) -> int:
    day = moment(subject.steps.bounds(step)[0])[0]
    while step and moment(subject.steps.bounds(step - 1)[0])[0] == day:
        step -= 1
    return step


def _day_name(subject: Subject, step: int, w: dict[str, Any]) -> str:
    return step_words(*subject.steps.bounds(step), w).date


def _article(subject: Subject, i: int) -> dict[str, Any]:
    row = subject.rows[i]
    return {
        "id": row.id,
        "texts": {language: _texts(subject, i, row, language) for language in subject.config.languages},
        "claims": _claims(subject, row),
        "sources": [_source(subject, ref) for ref in row.sources],
    }


def _texts(subject: Subject, i: int, row: Event, language: str) -> dict[str, Any]:
    w = words(language)
    title, title_in = subject.text("events", row.id, "title", language)
    text, text_in = subject.text("events", row.id, "text", language)
    return {
        "title": title, "title_in": title_in, "text": markdown(text), "text_in": text_in,
        "when": subject.when_words(i, w), "where": where_words(subject, i, w),
        "hour": hour_words(subject.whens[i], w), "disputed": bool(subject.disputed.get(row.id)),
    }  # fmt: skip


def where_words(subject: Subject, i: int, w: dict[str, Any]) -> str:
    """Return the place of an event in words: name of the time, of today, district, precision."""
    key = subject.rows[i].place
    if key is None:
        return str(w["ui"]["no_place"])
    place = subject.places[key]
    u = w["ui"]
    text = place.name
    if place.name_today and fold(place.name_today) != fold(place.name):
        text = u["today"].format(then=text, today=place.name_today)
    area = district_words(subject, subject.bins[i], w) or place.commune
    if area:
        text = f"{text}, {area}"
    sure = u["precision"][place.precision].format(radius=place.radius_m)
    certainty = "" if place.certainty == "certain" else f", {u['certainty'][place.certainty]}"
    return f"{text} ({sure}{certainty})"


def district_words(subject: Subject, where: str, w: dict[str, Any]) -> str:
    """Return a district and the ones above it in words, such as « quartier Saint-Merri, 4e arrondissement »."""
    rows = subject.district_set.rows
    names = {level.id: level.name for level in subject.config.district_sets[0].levels}
    parts = []
    at: str | None = where
    while at in rows:
        row = rows[at]
        level = names[row.level].get(w["code"], row.level)
        numbered = row.number is not None and not row.parent
        parts.append(
            w["ui"]["district_number"].format(number=ordinal(row.number or 0, w), level=level)
            if numbered
            else w["ui"]["district_name"].format(name=row.name, level=level)
        )
        at = row.parent
    return ", ".join(parts)


def ordinal(number: int, w: dict[str, Any]) -> str:
    """Return a number as an ordinal: 1st, 2nd, 11th, 21st; 1er, 2e."""
    endings = w["ui"]["ordinals"]
    last = number % 100 if number % 100 in (11, 12, 13) else number % 10
    return f"{number}{endings.get(str(last), endings['other'])}" if number != 1 else f"1{endings['1']}"


def _claims(subject: Subject, row: Event) -> list[dict[str, Any]]:
    """Return the claims on an event by what they are about, in the order of the table."""
    groups: dict[str, list[Claim]] = {}
    for claim in subject.claims:
        if claim.event == row.id:
            groups.setdefault(claim.about, []).append(claim)
    return [
        {
            "names": {k: w["ui"]["about"].get(about, about) for k, w in interface_words(subject).items()},
            "rows": [
                {
                    "values": {k: subject.text("claims", c.id, "value", k) for k in subject.config.languages},
                    "notes": {k: subject.text("claims", c.id, "note", k) for k in subject.config.languages if c.note},
                    "sources": [_source(subject, ref) for ref in c.source],
                }
                for c in claims
            ],
        }
        for about, claims in groups.items()
    ]


def _source(subject: Subject, ref: Ref) -> dict[str, Any]:
    source = subject.sources[ref.source]
    name = source.author.split(";")[0].split(",")[0].strip() or source.title
    # A title that ends with its date is not given it once more.
    year = "" if re.search(rf"\b{re.escape(source.year)}$", name) else source.year
    return {
        "id": ref.source,
        "name": " ".join(part for part in (name, year) if part),
        "locator": "" if ref.locator == NOT_SEEN else ref.locator,
        "seen": ref.locator != NOT_SEEN,
    }


def _places(subject: Subject) -> list[dict[str, Any]]:
    used = {row.place for row in subject.rows} | {key for row in subject.rows for key in row.also_at}
    return [
        {"row": row, "precision": PRECISIONS.index(row.precision)}
        for key, row in sorted(subject.places.items())
        if key in used
    ]


def _people(subject: Subject) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "names": {k: subject.text("people", key, "name", k) for k in subject.config.languages},
            "roles": {k: subject.text("people", key, "role", k) for k in subject.config.languages},
            "life": f"{row.born}–{row.died}".strip("–"),
        }
        for key, row in sorted(subject.people.items())
    ]
