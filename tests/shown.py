"""What a page tells of its state, and how tests walk it through many of them at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from mapgen.dates import iso

if TYPE_CHECKING:
    from mapgen import Subject

KEYS = ("at", "mode", "step", "certain", "possible", "districts", "city", "outside", "unplaced")
TOLD = ("date", "mode", "rhythm", "view", "layers", "measure", "event", "district", "tags", "lang")
WALK = """async partials => {
    const out = [];
    for (const partial of partials) out.push(await window.mapgen.setState(partial));
    return JSON.stringify(out);
}"""
PAGE = """(() => {
    const tell = L.MapPage.prototype.getState;
    let page;
    L.MapPage.prototype.getState = function () { page = this; return tell.call(this); };
    window.mapgen.getState();
    L.MapPage.prototype.getState = tell;
    return page;
})()"""
"""The object behind `window.mapgen`, which the page keeps to itself."""
SMALL: dict[str, Any] = {"viewport": {"width": 900, "height": 420}}
"""A frame that is drawn quickly, where a test goes through hundreds of states."""


def dates(subject: Subject) -> list[str]:
    return [iso(int(start)) for start in subject.steps.starts]


def some(subject: Subject, count: int) -> list[str]:
    every = dates(subject)
    return [every[round(k * (len(every) - 1) / (count - 1))] for k in range(count)]


def told(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in KEYS}


def walk(page: Any, partials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Set one state after the other, each on top of the last, and return what the page told of each, as one text."""
    return cast("list[dict[str, Any]]", json.loads(page.evaluate(WALK, partials)))
