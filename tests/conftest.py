"""Fixtures that several test files share."""

from __future__ import annotations

from pathlib import Path

import oracle
import pytest
from hypothesis import settings

import mapgen

settings.register_profile("mapgen", deadline=None, max_examples=300, database=None, print_blob=True)
settings.load_profile("mapgen")

ROOT = Path(__file__).resolve().parent.parent
COMMUNE = ROOT / "events" / "paris-commune-1871"


@pytest.fixture(scope="session")
def commune() -> mapgen.Subject:
    """Load the real subject once."""
    return mapgen.load(COMMUNE)


@pytest.fixture(scope="session")
def commune_world() -> oracle.World:
    """Read the same files by the oracle."""
    return oracle.world(COMMUNE)
