"""Reading the files of a subject as text: what is mended, what is refused, and how large they may be."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.problems import Problems

MAX_BYTES = 256 * 1024 * 1024
"""A file above this is refused: 100,000 events with long texts need about 100 MB; more would fill the memory."""
MAGIC = {
    b"PK\x03\x04": "a ZIP archive or office file", b"%PDF": "a PDF file", b"\x1f\x8b": "a gzip file",
    b"\xd0\xcf\x11\xe0": "an old office file", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image",
    b"SQLite format 3\0": "a database or GeoPackage",
}  # fmt: skip
"""First bytes of files that are often renamed; they are never opened."""


def decode(path: Path, name: str, problems: Problems) -> str | None:
    """Return the text of a UTF-8 file with LF line ends, or None; `problems` says what was mended or is wrong.

    A link is followed only inside the folder it stands in: a subject never reads other files of the disk.

    Parameters
    ----------
    path
        The file.
    name
        Its name in messages.
    problems
        Where problems are added.
    """
    raw = _bytes(path, name, problems)
    if raw is None:
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.note(name, 1, "", "", "begins with a byte order mark", "It is left out; save as UTF-8 without BOM")
        raw = raw[3:]
    if _is_binary(raw, name, problems):
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        value = raw[max(0, error.start - 10) : error.start + 10].decode("latin-1")
        problems.error(
            name, line, "", value, f"is not UTF-8 (byte 0x{raw[error.start]:02x})",
            "Save it as UTF-8; it may be Windows-1252 or Latin-1",
        )  # fmt: skip
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        problems.error(name, line, "", "", "holds a NUL character", "Delete it")
        return None
    return _mended(text, name, problems)


def _bytes(path: Path, name: str, problems: Problems) -> bytes | None:
    """Return what a file holds, or None where it cannot or must not be read."""
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            problems.error(
                name, None, "", str(path.readlink()), "is a link that leads out of its folder",
                "Put the file itself there",
            )  # fmt: skip
            return None
        if path.exists() and not path.is_file():
            problems.error(name, None, "", "", "is not a file", "Put a file of this name there")
            return None
        if (size := path.stat().st_size) > MAX_BYTES:
            problems.error(
                name, None, "", f"{size} bytes", f"is larger than {MAX_BYTES} bytes", "Divide the subject into two"
            )
            return None
        return path.read_bytes()
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else "the link leads in a circle"
        problems.error(name, None, "", "", f"cannot be read: {why}", f"Put the file there: {path}")
        return None


def _is_binary(raw: bytes, name: str, problems: Problems) -> bool:
    """Refuse UTF-16 and files of another kind that were renamed."""
    head = raw[:1000]
    if (
        raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        or head[1::2].count(0) > len(head) / 3
        or head[::2].count(0) > len(head) / 3
    ):
        problems.error(name, None, "", "", "is UTF-16", "Save it as UTF-8")
        return True
    for start, kind in MAGIC.items():
        if raw.startswith(start):
            problems.error(name, None, "", "", f"is {kind} with another name", "Export it as UTF-8 text")
            return True
    return False


def _mended(text: str, name: str, problems: Problems) -> str:
    """Return text with LF line ends and composed letters; each change is a note."""
    if "\r" in text:
        problems.note(name, None, "", "", "has CRLF line ends", "They are read as LF")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not unicodedata.is_normalized("NFC", text):
        lines = text.split("\n")
        line = next((i for i, part in enumerate(lines, 1) if not unicodedata.is_normalized("NFC", part)), None)
        problems.note(
            name, line, "", "", "has letters with separate accents", "They are read as one letter each (Unicode NFC)"
        )
        text = unicodedata.normalize("NFC", text)
    return text
