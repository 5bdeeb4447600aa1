"""What becomes of the browser tests where an engine is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def collect(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Collect the browser tests with nothing but a folder on the PATH."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MAPGEN_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_page_use.py",
        "tests/test_webkit.py",
    ]
    full = clean | {"PYTHONPATH": str(ROOT), "PATH": str(folder)} | env
    return subprocess.run(command, cwd=ROOT, env=full, capture_output=True, text=True, check=False)


def program(folder: Path, name: str) -> Path:
    """Write a program that does nothing."""
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_without_a_browser_its_tests_are_left_out_and_the_last_line_counts_them(tmp_path: Path) -> None:
    ran = collect(tmp_path)
    last = ran.stdout.strip().split("\n")[-1]
    said = re.fullmatch(
        r"(\d+) browser tests were not run \((\d+) in chromium, (\d+) in firefox, (\d+) in webkit\): not found\. .*",
        last,
    )
    assert said is not None, last
    every, *apart = map(int, said.groups())
    assert every == sum(apart) > 40 and min(apart) >= 10
    assert "::" not in ran.stdout


def test_the_tests_of_the_engines_that_are_there_are_run(tmp_path: Path) -> None:
    program(tmp_path, "firefox-esr")
    ran = collect(tmp_path)
    names = [line for line in ran.stdout.split("\n") if "::" in line]
    assert len(names) >= 10 and all("[firefox" in name for name in names)
    assert "in firefox" not in ran.stdout.strip().split("\n")[-1]
    assert "not found. Install" in ran.stdout.strip().split("\n")[-1]
    program(tmp_path, "chromium")
    ran = collect(tmp_path, MAPGEN_BROWSERS="chromium")
    assert "[firefox" not in ran.stdout and "::" in ran.stdout
    assert ran.stdout.strip().endswith("not named in MAPGEN_BROWSERS.")


def test_a_browser_that_was_asked_for_and_is_missing_fails_the_run(tmp_path: Path) -> None:
    for names in ("chromium,", " firefox ", "webkit", "nothing-like-it"):
        ran = collect(tmp_path, MAPGEN_BROWSERS=names)
        assert ran.returncode != 0, names
        assert "MAPGEN_BROWSERS names" in ran.stderr


def test_a_browser_is_found_by_its_path(tmp_path: Path) -> None:
    browser = program(tmp_path, "elsewhere")
    ran = collect(tmp_path, MAPGEN_CHROMIUM=str(browser), MAPGEN_BROWSERS="chromium")
    assert ran.returncode == 0
    assert "::" in ran.stdout
    assert collect(tmp_path, MAPGEN_CHROMIUM=str(tmp_path / "gone"), MAPGEN_BROWSERS="chromium").returncode != 0
