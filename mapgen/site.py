"""The site folder: what a build writes, as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mapgen.page import render
from mapgen.problems import DataError, UsageError

if TYPE_CHECKING:
    from mapgen.subject import Subject

MANIFEST = "manifest.json"


def build(subject: Subject, out: str | Path = "site") -> dict[str, int]:
    """Write the map of a subject.

    The folder is written beside the old one and then takes its place, so that a build that stops leaves the old map.

    Parameters
    ----------
    subject
        A subject without refused rows.
    out
        The folder; made if it is not there.

    Returns
    -------
    dict
        Size in bytes of each file written, by name.

    Raises
    ------
    DataError
        If rows were refused; nothing is written.
    UsageError
        If the folder holds files that no build has written.
    """
    if subject.problems.count("error"):
        raise DataError(subject.problems)
    folder = Path(out).resolve()
    check_folder(folder)
    contents = {"index.html": render(subject).encode("utf-8")}
    contents[MANIFEST] = manifest(contents)
    replace(folder, contents)
    return {name: len(data) for name, data in contents.items()}


def manifest(contents: dict[str, bytes]) -> bytes:
    """Return the list of files with their SHA-256, as JSON."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(contents.items())}
    return (json.dumps({"files": digests}, indent=1) + "\n").encode("utf-8")


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds files which its last manifest does not list.

    Raises
    ------
    UsageError
        Naming the files.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder. Name another one with --out")
    known = {MANIFEST}
    if (folder / MANIFEST).is_file():
        try:
            known |= set(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"])
        except (ValueError, KeyError, TypeError):
            known = {MANIFEST}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    if strange := sorted(found - known):
        names = ", ".join(strange[:5]) + (" ..." if len(strange) > 5 else "")
        raise UsageError(
            f"{folder} holds files that no build wrote: {names}. Empty it, or name another folder with --out"
        )


def replace(folder: Path, contents: dict[str, bytes]) -> None:
    """Put a folder with these files in the place of another, all at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    old = fresh.with_name(fresh.name + "-old")
    try:
        for name, data in contents.items():
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        fresh.chmod(0o755)
        if folder.exists():
            folder.replace(old)
        try:
            fresh.replace(folder)
        except BaseException:
            if old.exists():
                old.replace(folder)
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
