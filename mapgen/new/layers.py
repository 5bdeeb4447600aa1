"""The categories of somebody's own table made into layers and groups, each with a symbol and a hue."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from mapgen.contract import Hue
from mapgen.layers import symbols
from mapgen.new.intake import plain, slug

if TYPE_CHECKING:
    from mapgen.new.intake import Sheet

MOST_GROUPS, MOST_LAYERS = 8, 24
NEUTRAL = ("meeting", "press", "book", "work", "ceremony", "decree", "club", "diplomacy", "election", "women", "church")
"""Symbols that are given out first to categories whose name is no symbol's."""
HUES: tuple[str, ...] = get_args(Hue)
MORE = "more"
"""Id of the group that the rarer categories share, and of the layer of the rarest."""


@dataclass(frozen=True)
class LayerRow:
    """A layer made from a category."""

    id: str
    group: str
    symbol: str
    hue: str
    name: str


def layers_of(sheet: Sheet) -> dict[str, LayerRow]:
    """Return the layer of each category, by `fold`: the most frequent have a group each, the others share the last."""
    nameless = "Other" if "category" in sheet.columns else "Events"
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for row in sheet.rows:
        key = fold(row["category"])
        counts[key] += 1
        names.setdefault(key, one_line(row["category"], 200)[0] or nameless)
    order = sorted(counts, key=lambda key: (-counts[key], key))
    own = MOST_GROUPS if len(order) <= MOST_GROUPS else MOST_GROUPS - 1
    signs = _signs([names[key] for key in order])
    found: dict[str, LayerRow] = {}
    for rank, key in enumerate(order):
        hue = HUES[min(rank, MOST_GROUPS - 1)]
        if rank >= MOST_LAYERS - 1 and len(order) > MOST_LAYERS:
            found[key] = LayerRow(MORE, MORE, signs[MOST_LAYERS - 1], hue, "More")
        else:
            part = _layer_id(names[key], {layer.id for layer in found.values()} | {MORE}, rank)
            found[key] = LayerRow(part, part if rank < own else MORE, signs[rank], hue, names[key])
    return found


def _layer_id(name: str, taken: set[str], rank: int) -> str:
    """Return the id of a layer; those of the base map begin with ``base-``."""
    part = slug(name, taken, f"layer-{rank + 1}")
    return f"layer-{part}" if part.startswith("base-") else part


def groups_of(layers: list[LayerRow]) -> list[LayerRow]:
    """Return the groups of layers, each by its first layer."""
    firsts = {layer.group: layer for layer in reversed(layers)}
    return [firsts[key] for key in dict.fromkeys(layer.group for layer in layers)]


def _signs(names: list[str]) -> list[str]:
    """Return a symbol for each layer: the one of its name, else one after the other."""
    there = list(symbols())
    turn = [key for key in NEUTRAL if key in there] + [key for key in there if key not in NEUTRAL]
    return [
        next((key for key in there if key in plain(name).split()), turn[rank % len(turn)])
        for rank, name in enumerate(names)
    ]


def fold(text: str) -> str:
    """Return a category or name as it is compared: one space between words, no case."""
    return " ".join(text.split()).casefold()


def one_line(text: str, most: int) -> tuple[str, str]:
    """Return a text on one line, cut to `most` characters, and the whole of it where it had to be cut."""
    line = " ".join(text.split())
    return (line, "") if len(line) <= most else (line[: most - 1].rstrip() + "…", line)
