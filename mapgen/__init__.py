"""One self-contained, time-stepped HTML map from a folder of dated, placed events and district shapes.

`load` reads a subject, `build` writes its map.
"""

from mapgen.problems import DataError, UsageError
from mapgen.site import build
from mapgen.subject import Subject, load

__all__ = ["DataError", "Subject", "UsageError", "build", "load"]
