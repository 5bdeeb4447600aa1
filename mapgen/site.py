"""The site folder: what a build writes, as a whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mapgen.export import both
from mapgen.folders import MANIFEST, check_folder, manifest, replace
from mapgen.page import pages
from mapgen.picture import stills
from mapgen.problems import DataError

if TYPE_CHECKING:
    from mapgen.subject import Subject


def build(subject: Subject, out: str | Path = "site") -> dict[str, int]:
    """Write the map of a subject, its pictures in ``stills/`` and its exports in ``data/``.

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
    pictures = stills(subject)
    contents = {name: text.encode("utf-8") for name, text in {**pages(subject, pictures), **pictures}.items()}
    contents |= {f"data/{name}": data for name, data in both(subject).items()}
    contents[MANIFEST] = manifest(contents)
    replace(folder, contents)
    return {name: len(data) for name, data in contents.items()}
