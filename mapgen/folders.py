"""Folders that are written as a whole or not at all, with a manifest of what stands in them."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from mapgen.problems import UsageError

MANIFEST = "manifest.json"


def manifest(contents: dict[str, bytes]) -> bytes:
    """Return the list of files with their SHA-256, as JSON."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(contents.items())}
    return (json.dumps({"files": digests}, indent=1) + "\n").encode("utf-8")


def names(folder: Path) -> list[str]:
    """Return the names of all files in a folder and below, sorted; links are files."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds files which its last manifest does not list, or that cannot be one.

    Raises
    ------
    UsageError
        Naming the files.
    """
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path} is not a folder. Name another one with --out")
    known = {MANIFEST}
    if (folder / MANIFEST).is_file():
        try:
            known |= set(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"])
        except (ValueError, KeyError, TypeError):
            known = {MANIFEST}
    found = set(names(folder))
    if strange := sorted(found - known):
        listed = ", ".join(strange[:5]) + (" ..." if len(strange) > 5 else "")
        raise UsageError(
            f"{folder} holds files that no build wrote: {listed}. Empty it, or name another folder with --out"
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
        try:
            if folder.exists():
                folder.replace(old)
            fresh.replace(folder)
        except BaseException:  # Ctrl-C too
            if old.exists() and not folder.exists():
                old.replace(folder)
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
