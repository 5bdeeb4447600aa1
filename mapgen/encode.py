"""Lines as small integers, as the page reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

SCALE = 100_000
"""Coordinates are integers of 1e-5 degrees, about a metre."""


def delta(coordinates: Iterable[Any]) -> list[int]:
    """Return a line as integers of 1e-5 degrees, lon and lat in turn: the first pair whole, then differences."""
    points = np.round(np.asarray([c[:2] for c in coordinates]) * SCALE).astype(int)
    keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    points = points[keep] if keep.sum() > 1 else points[:1]
    return np.diff(points, axis=0, prepend=[[0, 0]]).ravel().tolist()
