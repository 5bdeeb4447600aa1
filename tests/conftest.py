"""Fixtures that several test files share."""

from __future__ import annotations

import os
import random

import oracle
import pytest
from browser import browser, host, launch, open_page, site
from engines import (
    engine,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_generate_tests,
    pytest_sessionfinish,
    pytest_testnodedown,
)
from hypothesis import settings
from small import COMMUNE
from webkit import display, heard_site, shared_window, webkit

import mapgen

__all__ = [
    "browser",
    "display",
    "engine",
    "heard_site",
    "host",
    "launch",
    "open_page",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_sessionfinish",
    "pytest_testnodedown",
    "shared_window",
    "site",
    "webkit",
]

# In CI the same examples each time: a landing must not hang on the draw; elsewhere new ones, to find more.
settings.register_profile(
    "mapgen",
    deadline=None,
    max_examples=300,
    database=None,
    print_blob=True,
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("mapgen")


@pytest.fixture(scope="session")
def commune() -> mapgen.Subject:
    """Load the real subject once."""
    return mapgen.load(COMMUNE)


@pytest.fixture(scope="session")
def commune_world() -> oracle.World:
    """Read the same files by the oracle."""
    return oracle.world(COMMUNE)


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Draw at random: in CI the same each time, else anew, or from MAPGEN_SEED; a test that fails tells its seed."""
    seed = os.environ.get("MAPGEN_SEED") or (
        "1" if os.environ.get("CI") else str(random.SystemRandom().getrandbits(32))
    )
    request.node.add_report_section("setup", "seed", f"MAPGEN_SEED={seed}")
    return random.Random(seed)
