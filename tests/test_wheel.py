"""Installed from the wheel the program carries its data; in a checkout an edited row is seen."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, folder: Path, path: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network and unpacked as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), folder=ROOT, path=ROOT)
    assert built.returncode == 0, built.stderr
    target = folder / "site-packages"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(target)
    return target


def test_only_mapgen_is_importable_from_the_wheel(installed: Path) -> None:
    assert {p.name for p in installed.iterdir() if not p.name.endswith(".dist-info")} == {"mapgen"}


def test_the_wheel_carries_data_assets_and_licences(installed: Path) -> None:
    assert (installed / "mapgen/data/events/paris-commune-1871/events.csv").is_file()
    assert (installed / "mapgen/data/geodata/paris-1871/boundaries.geojson").is_file()
    assert (installed / "mapgen/assets/vendor/leaflet-1.9.4/LICENSE").is_file()
    assert {p.name for p in installed.glob("*.dist-info/licenses/**/*") if p.is_file()} >= {"LICENSE", "LICENSE-DATA"}


def test_from_the_wheel_in_an_empty_folder_the_commune_is_built(installed: Path, tmp_path: Path, site: Path) -> None:
    done = run("-m", "mapgen", "build", folder=tmp_path, path=installed)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/index.html").read_bytes() == (site / "index.html").read_bytes()


def test_in_a_checkout_an_edited_row_is_seen(tmp_path: Path) -> None:
    for name in ("mapgen", "events", "geodata"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    table = tmp_path / "events/paris-commune-1871/events.csv"
    text = table.read_text(encoding="utf-8")
    title = next(csv.DictReader(text.splitlines()))["title"]
    table.write_text(text.replace(title, "An edited title"), encoding="utf-8")
    done = run("-m", "mapgen", "build", folder=tmp_path, path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "An edited title" in (tmp_path / "site/events.html").read_text(encoding="utf-8")
