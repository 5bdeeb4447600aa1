"""Stills: the map of a phase as a picture (SVG) without scripts, for print, newsletters and readers without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapgen.picture.sheet import Sheet

if TYPE_CHECKING:
    from mapgen.subject import Subject

__all__ = ["WHOLE", "file_of", "still", "stills"]

WHOLE = "all"
"""What the picture of the whole period is called in place of a number."""


def file_of(phase: int | None, language: str) -> str:
    """Return the file of a picture, seen from the page; phases count from 0 here, None is the whole period."""
    return f"stills/{WHOLE if phase is None else phase + 1}.{language}.svg"


def still(subject: Subject, phase: int | None, language: str) -> str:
    """Return the picture of one phase, or of the whole period, as SVG: 1200 by 900 pixels.

    Parameters
    ----------
    subject
        A subject without refused rows.
    phase
        Its index; None for the whole period.
    language
        One of the subject's.
    """
    return Sheet(subject).draw(phase, language)


def stills(subject: Subject) -> dict[str, str]:
    """Return all pictures of a subject by their file: each phase and the whole period, in each language."""
    sheet = Sheet(subject)
    return {
        file_of(phase, language): sheet.draw(phase, language)
        for phase in [*range(len(subject.config.phases)), None]
        for language in subject.config.languages
    }
