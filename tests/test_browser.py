"""What becomes of the browser tests where there is no browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def collect(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Collect the browser tests with nothing on the PATH."""
    clean = {k: v for k, v in os.environ.items() if k not in ("MAPGEN_CHROMIUM", "MAPGEN_BROWSERS")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_page_use.py",
    ]
    full = clean | {"PYTHONPATH": str(ROOT), "PATH": str(folder)} | env
    return subprocess.run(command, cwd=ROOT, env=full, capture_output=True, text=True, check=False)


def test_without_a_browser_its_tests_are_left_out_and_the_last_line_counts_them(tmp_path: Path) -> None:
    ran = collect(tmp_path)
    last = ran.stdout.strip().split("\n")[-1]
    count, words = last.split(" ", 1)
    assert int(count) > 20
    assert words.startswith("browser tests were not run")
    assert "::" not in ran.stdout


def test_a_browser_that_was_asked_for_and_is_missing_fails_the_run(tmp_path: Path) -> None:
    for names in ("chromium", "chromium,", " chromium ", "nothing-like-it"):
        ran = collect(tmp_path, MAPGEN_BROWSERS=names)
        assert ran.returncode != 0, names
        assert "MAPGEN_BROWSERS names" in ran.stderr


def test_a_browser_is_found_by_its_path(tmp_path: Path) -> None:
    browser = tmp_path / "elsewhere"
    browser.write_text("#!/bin/sh\n", encoding="utf-8")
    browser.chmod(0o755)
    ran = collect(tmp_path, MAPGEN_CHROMIUM=str(browser), MAPGEN_BROWSERS="chromium")
    assert ran.returncode == 0
    assert "::" in ran.stdout
    assert collect(tmp_path, MAPGEN_CHROMIUM=str(tmp_path / "gone"), MAPGEN_BROWSERS="chromium").returncode != 0
