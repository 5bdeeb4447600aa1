"""The site folder: the same input gives the same bytes, and a build replaces the old folder whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mapgen

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
COMMUNE = ROOT / "events" / "paris-commune-1871"
ENVIRONMENTS = [
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LANG": "fr_FR.UTF-8", "LC_ALL": "", "COLUMNS": "40"},
]


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def run(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a fresh process and another working folder."""
    command = [sys.executable, "-m", "mapgen", *arguments]
    full = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | (env or {})
    return subprocess.run(command, cwd=folder, env=full, capture_output=True, text=True, check=False, encoding="utf-8")


def edited(folder: Path, edit: Callable[[str], str]) -> Path:
    """Copy the real subject and change its events."""
    subject = folder / "events" / "copy"
    shutil.copytree(COMMUNE, subject)
    (folder / "geodata").symlink_to(ROOT / "geodata")
    path = subject / "events.csv"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return subject


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    found = []
    for k, env in enumerate(ENVIRONMENTS):
        folder = tmp_path_factory.mktemp(f"build-{k}")
        ran = run(folder, "build", str(COMMUNE), "--out", "made" if k else "somewhere/else", env=env)
        assert ran.returncode == 0, ran.stderr
        found.append(contents(folder / ("made" if k else "somewhere/else")))
    return found


def test_two_builds_in_different_surroundings_are_the_same_to_the_byte(builds: list[dict[str, bytes]]) -> None:
    first, second = builds
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_the_committed_site_is_what_a_fresh_build_writes(builds: list[dict[str, bytes]]) -> None:
    committed = contents(ROOT / "site")
    assert list(committed) == list(builds[0])
    different = [name for name in committed if committed[name] != builds[0][name]]
    assert different == [], "run `make map` and commit site/"


def test_the_manifest_lists_every_other_file_with_its_digest(builds: list[dict[str, bytes]]) -> None:
    files = json.loads(builds[0]["manifest.json"])["files"]
    assert files == {
        name: hashlib.sha256(data).hexdigest() for name, data in builds[0].items() if name != "manifest.json"
    }


def test_nothing_of_this_machine_stands_in_the_site(builds: list[dict[str, bytes]]) -> None:
    for name, data in builds[0].items():
        assert str(ROOT).encode() not in data, name
        assert b"/tmp/" not in data, name


def test_the_page_stays_within_its_budget(builds: list[dict[str, bytes]]) -> None:
    page = builds[0]["index.html"]
    assert len(page) <= 1_500_000
    assert len(gzip.compress(page, 9, mtime=0)) <= 450_000


def test_a_build_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    subject = edited(tmp_path, lambda text: text)
    mapgen.build(mapgen.load(COMMUNE), tmp_path / "site")
    before = contents(tmp_path / "site")
    mapgen.build(mapgen.load(subject), tmp_path / "site")
    assert list(contents(tmp_path / "site")) == list(before)
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {"site", "events", "geodata"}


@pytest.mark.parametrize("strange", ["notes.txt", "data/mine.csv", ".git/config", "index.html.bak", "link"])
def test_a_folder_with_strange_files_is_refused_and_left_alone(tmp_path: Path, strange: str) -> None:
    out = tmp_path / "out"
    path = out / strange
    path.parent.mkdir(parents=True)
    if strange == "link":
        path.symlink_to(tmp_path / "nowhere")
    else:
        path.write_text("mine", encoding="utf-8")
    (out / "index.html").write_text("old", encoding="utf-8")
    (out / "manifest.json").write_text('{"files": {"index.html": "0"}}', encoding="utf-8")
    before = contents(out)
    ran = run(tmp_path, "build", str(COMMUNE), "--out", "out")
    assert ran.returncode == 2
    assert strange in ran.stderr and "--out" in ran.stderr
    assert contents(out) == before
    assert path.is_symlink() or path.read_text(encoding="utf-8") == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_strange_files_and_no_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(mapgen.UsageError, match=r"index\.html"):
        mapgen.build(mapgen.load(COMMUNE), tmp_path)
    assert contents(tmp_path) == {"index.html": b"mine"}


@pytest.mark.parametrize("manifest", ["[]", "{}", '{"files": 3}', "not json", "\xff", '{"files": [["index.html"]]}'])
def test_a_damaged_manifest_lists_nothing(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    (tmp_path / "manifest.json").write_bytes(manifest.encode("latin-1"))
    with pytest.raises(mapgen.UsageError):
        mapgen.build(mapgen.load(COMMUNE), tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine", encoding="utf-8")
    for out in ("site", "site/inner"):
        ran = run(tmp_path, "build", str(COMMUNE), "--out", out)
        assert ran.returncode == 2, ran.stderr
        assert "Traceback" not in ran.stderr
    assert (tmp_path / "site").read_text(encoding="utf-8") == "mine"


def test_a_refused_row_leaves_the_old_site_as_it_was(tmp_path: Path) -> None:
    first = run(tmp_path, "build", str(COMMUNE), "--out", "site")
    assert first.returncode == 0
    before = contents(tmp_path / "site")

    def spoil(text: str) -> str:
        lines = text.split("\n")
        at = next(k for k, line in enumerate(lines) if ",1871-05-24" in line)
        lines[at] = lines[at].replace(",1871-05-24", ",1871-05-35", 1)
        spoil.line = at + 1  # type: ignore[attr-defined]
        return "\n".join(lines)

    subject = edited(tmp_path, spoil)
    ran = run(tmp_path, "build", str(subject), "--out", "site")
    assert ran.returncode == 1
    assert contents(tmp_path / "site") == before
    said = " ".join(ran.stderr.split())
    assert "events.csv" in said
    assert f"line {spoil.line}, when" in said  # type: ignore[attr-defined]
    assert "1871-05-35" in said
    assert "Nothing was written" in said
    problem = next(p for p in mapgen.load(subject).problems.items if p.level == "error")
    assert (problem.file, problem.row, problem.column) == ("events.csv", spoil.line, "when")  # type: ignore[attr-defined]
    assert problem.message in said and problem.remedy in said
    assert ran.stderr.count(problem.message) == 1
    assert "1 refused" in said


def test_build_in_python_refuses_a_subject_with_errors(tmp_path: Path) -> None:
    subject = edited(tmp_path, lambda text: text.replace(",1871-05-24", ",1871-05-35", 1))
    with pytest.raises(mapgen.DataError) as caught:
        mapgen.build(mapgen.load(subject), tmp_path / "out")
    assert caught.value.problems.count("error") == 1
    assert not (tmp_path / "out").exists()
