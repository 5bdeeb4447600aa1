"""Lines and long texts as short texts, as the page reads them."""

from __future__ import annotations

import base64
import bz2
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
SCALE = 100_000
"""Coordinates are integers of 1e-5 degrees, about a metre."""
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Signs of a packed number: six bits each, none of which means anything in JSON or HTML."""
WORD = re.compile(r"\b[A-Za-z]{2,20}\b", re.ASCII)
"""Words that may be shortened; longer ones are packed numbers."""
CONTROL = re.compile(r"[\x00-\x1f]")


def delta(coordinates: Iterable[Any]) -> list[int]:
    """Return a line as integers of 1e-5 degrees, lon and lat in turn: the first pair whole, then differences."""
    points = np.round(np.asarray([c[:2] for c in coordinates]) * SCALE).astype(int)
    keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    points = points[keep] if keep.sum() > 1 else points[:1]
    return np.diff(points, axis=0, prepend=[[0, 0]]).ravel().tolist()


def pack(numbers: Iterable[int]) -> str:
    """Return whole numbers as text: five bits a sign from the lowest, the sixth says that more follow.

    Numbers below zero are folded in between (0, -1, 1, -2 ... become 0, 1, 2, 3 ...), as in the polyline format of
    https://developers.google.com/maps/documentation/utilities/polylinealgorithm, whose signs would need escapes here.
    """
    found = []
    for number in numbers:
        rest = number << 1 if number >= 0 else ~(number << 1)
        while rest > 31:
            found.append(DIGITS[(rest & 31) | 32])
            rest >>= 5
        found.append(DIGITS[rest])
    return "".join(found)


def shorten(text: str) -> str:
    """Return a text whose most frequent words are single control characters; its first line names them in order.

    A text that holds control characters itself, as no JSON does, keeps its words: its first line is empty.
    """
    words = [] if CONTROL.search(text) else [word for word, _ in Counter(WORD.findall(text)).most_common(31)]
    signs = {word: chr(number) for number, word in enumerate(words, start=1)}
    return " ".join(words) + "\n" + WORD.sub(lambda match: signs.get(match[0], match[0]), text)


def squash(text: str) -> str:
    """Return a text shortened, packed by bzip2 and written in base64.

    bzip2 leaves a fifth less of prose than deflate does and gives the same bytes wherever it runs, while those of zlib
    differ between its builds; no browser unpacks it, so the page brings ``unpack.js``.
    """
    return base64.b64encode(bz2.compress(shorten(text).encode())).decode()


def check_sum(text: str) -> int:
    """Return the check sum of a text as bzip2 takes it, which the page knows: CRC-32, highest bit first.

    That is the CRC-32 of zlib read backwards, of bytes read backwards.
    """
    return int(f"{zlib.crc32(text.encode().translate(MIRRORED)):032b}"[::-1], 2)
