"""The command line: what it prints, and how it exits."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from mapgen import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapgen import Subject

ROOT = Path(__file__).resolve().parent.parent
COMMUNE = ROOT / "events" / "paris-commune-1871"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def mapgen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process, as `mapgen` does."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["mapgen", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
            sys.exit(0)
        captured = capsys.readouterr()
        return Ran(int(caught.value.code or 0), captured.out, " ".join(captured.err.split()))

    return run


def process(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    full = os.environ | {"PYTHONPATH": str(ROOT)} | env
    return subprocess.run(
        [sys.executable, "-m", "mapgen", *arguments], cwd=folder, env=full, capture_output=True, text=True, check=False
    )


def copied(folder: Path, **edits: tuple[str, str]) -> Path:
    """Copy the real subject; each edit replaces a text once in a table."""
    subject = folder / "events" / "copy"
    shutil.copytree(COMMUNE, subject)
    (folder / "geodata").symlink_to(ROOT / "geodata")
    for table, (old, new) in edits.items():
        path = subject / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return subject


def refused(folder: Path) -> Path:
    return copied(folder, events=(",1871-05-24", ",1871-05-35"))


# --- A real process --------------------------------------------------------------------------------------------------


def test_the_module_runs_as_a_program(tmp_path: Path, commune: Subject) -> None:
    ran = process(tmp_path, "state", str(COMMUNE), "--at", "1871-05-24T12:00", "--json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout) == commune.state("1871-05-24T12:00")
    assert ran.stderr == ""


def test_open_without_a_display_prints_the_address_and_exits_0(tmp_path: Path) -> None:
    nothing = tmp_path / "empty"
    nothing.mkdir()
    env = {"PATH": str(nothing), "DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
    ran = process(tmp_path, "build", str(COMMUNE), "--out", "map", "--open", **env)
    assert ran.returncode == 0
    assert ran.stdout.strip() == (tmp_path / "map" / "index.html").resolve().as_uri()
    assert "No browser could be opened" in ran.stderr


def test_open_hands_the_address_to_the_browser(tmp_path: Path) -> None:
    browser = tmp_path / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', encoding="utf-8")
    browser.chmod(0o755)
    ran = process(tmp_path, "build", str(COMMUNE), "--out", "map", "--open", BROWSER=f"{browser} %s")
    assert ran.returncode == 0
    assert (tmp_path / "opened").read_text(encoding="utf-8") == ran.stdout


# --- Exit codes ------------------------------------------------------------------------------------------------------


def test_done_is_exit_0(mapgen: Callable[..., Ran], tmp_path: Path) -> None:
    assert mapgen("build", COMMUNE, "--out", tmp_path / "out").code == 0
    assert mapgen("check", COMMUNE).code == 0
    assert mapgen("state", COMMUNE, "--at", "1871-05-24").code == 0
    assert mapgen("diff", COMMUNE, "1871-05-23", "1871-05-24").code == 0
    assert mapgen("--help").code == 0


def test_refused_data_are_exit_1(mapgen: Callable[..., Ran], tmp_path: Path) -> None:
    subject = refused(tmp_path)
    for arguments in (
        ["build", subject, "--out", tmp_path / "out"],
        ["check", subject],
        ["check", subject, "--format", "json"],
        ["state", subject, "--at", "1871-05-24"],
        ["diff", subject, "1871-05-23", "1871-05-24"],
    ):
        ran = mapgen(*arguments)
        assert ran.code == 1, arguments
        assert "1871-05-35" in ran.out + ran.err, arguments
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["state", "--at", "1900-01-01"],
        ["state", "--at", "1870-12-31T23:59"],
        ["state", "--at", "1881-01-01"],
        ["state", "--at", "yesterday"],
        ["state", "--at", "1871-02-30"],
        ["state", "--at", "1871-05"],
        ["state", "--at", "1871-05-24?"],
        ["state", "--at", ""],
        ["state", "--at", "1871-05-24", "--mode", "window-0"],
        ["state", "--at", "1871-05-24", "--mode", "nothing"],
        ["state", "--at", "1871-05-24", "--layers", "fires,nothing"],
        ["state", "--at", "1871-05-24", "--district", "a21"],
        ["state", "--at", "1871-05-24", "--nothing"],
        ["state"],
        ["diff", "1871-05-24"],
        ["diff", "1871-05-24", "1900-01-01"],
        ["diff", "1871-05-24", "1871-05-25", "--mode", "nothing"],
        ["diff", "no-such-folder", "1871-05-24", "1871-05-25"],
        ["check", "no-such-folder"],
        ["check", "--format", "xml"],
        ["build", "no-such-folder"],
        ["build", "--out"],
        ["nothing"],
    ],
    ids=" ".join,
)
def test_usage_is_exit_2_and_says_what_was_wrong(mapgen: Callable[..., Ran], arguments: list[str]) -> None:
    ran = mapgen(*arguments)
    assert ran.code == 2
    assert ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_an_unknown_layer_is_answered_with_the_nearest_known_one(mapgen: Callable[..., Ran]) -> None:
    ran = mapgen("state", "--at", "1871-05-24", "--layers", "fire")
    assert "'fire'" in ran.err and "fires" in ran.err


def test_a_fault_of_ours_is_exit_3(mapgen: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the sky fell")

    monkeypatch.setattr(cli, "load", fail)
    ran = mapgen("check")
    assert ran.code == 3
    assert "internal error: the sky fell" in ran.err


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_as_json_tells_every_problem(mapgen: Callable[..., Ran], tmp_path: Path) -> None:
    ran = mapgen("check", refused(tmp_path), "--format", "json")
    found = json.loads(ran.out)
    assert ran.err == ""
    assert set(found) == {"problems", "closing", "languages"}
    errors = [p for p in found["problems"] if p["level"] == "error"]
    assert len(errors) == 1
    assert set(errors[0]) == {"level", "file", "row", "column", "value", "message", "remedy"}
    assert (errors[0]["file"], errors[0]["column"], errors[0]["value"][:10]) == ("events.csv", "when", "1871-05-35")
    assert isinstance(errors[0]["row"], int)
    assert "1 refused" in found["closing"]


def test_check_of_a_clean_subject_as_json_has_no_errors(mapgen: Callable[..., Ran], commune: Subject) -> None:
    found = json.loads(mapgen("check", COMMUNE, "--format", "json").out)
    assert found["problems"] == commune.problems.as_dicts()
    assert found["closing"] == commune.closing_line()


def test_strict_lets_warnings_fail_and_notes_pass(mapgen: Callable[..., Ran], tmp_path: Path, commune: Subject) -> None:
    assert commune.problems.count("warning") == 0
    assert mapgen("check", "--strict", COMMUNE).code == 0
    subject = copied(tmp_path)
    path = subject / "places.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    at = next(k for k, line in enumerate(lines) if line.startswith("chateau-rouge,"))
    assert ",q70,," in lines[at]
    lines[at] = lines[at][: lines[at].rindex(',"')].replace(",q70,,", ",q01,,") + ","
    path.write_text("\n".join(lines), encoding="utf-8")
    assert mapgen("check", subject).code == 0
    ran = mapgen("check", subject, "--strict")
    assert ran.code == 1
    assert "1 warnings" in ran.err or "1 warning" in ran.err


def test_a_folder_of_districts_can_be_checked_alone(mapgen: Callable[..., Ran], tmp_path: Path) -> None:
    paris = COMMUNE.parent.parent / "geodata" / "paris-1871"
    ran = mapgen("check", paris, "--strict")
    assert ran.code == 0
    assert "20 of level arrondissement, 80 of level quartier; 7,95" in ran.err
    told = json.loads(mapgen("check", paris, "--format", "json").out)["problems"]
    assert any(p["file"] == "paris-1871/statistics.csv" and "a01" in p["message"] for p in told)
    copy = tmp_path / "paris"
    shutil.copytree(paris, copy)
    (copy / "LICENSE").unlink()
    table = (copy / "districts.csv").read_text(encoding="utf-8")
    (copy / "districts.csv").write_text(table.replace(",2,Bourse,", ",2,Louvre,"), encoding="utf-8")
    ran = mapgen("check", copy)
    assert ran.code == 0
    assert mapgen("check", copy, "--strict").code == 1
    assert "'Louvre' is the name of a01 too" in ran.err
    assert "LICENSE is missing" in ran.err
    lines = (copy / "boundaries.geojson").read_text(encoding="utf-8").split("\n")
    (copy / "boundaries.geojson").write_text("\n".join([*lines[:1], *lines[2:]]), encoding="utf-8")
    ran = mapgen("check", copy)
    assert ran.code == 1
    assert "has no face of its own" in ran.err


def test_a_contract_that_cannot_be_read_is_exit_1(mapgen: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "subject.toml").write_text("version = [", encoding="utf-8")
    ran = mapgen("check", tmp_path)
    assert ran.code == 1
    assert "subject.toml" in ran.err


def test_strings_of_the_data_are_printed_as_they_are(mapgen: Callable[..., Ran], tmp_path: Path) -> None:
    subject = copied(tmp_path, events=(",1871-05-24", ",[bold red]x[/] :smile:"))
    assert "[bold red]x[/] :smile:" in mapgen("check", subject).err


def test_check_counts_the_events_with_two_independent_sources(mapgen: Callable[..., Ran], commune: Subject) -> None:
    with (COMMUNE / "sources.csv").open(encoding="utf-8", newline="") as file:
        works = {row["id"]: (row["author"], row["title"]) for row in csv.DictReader(file)}
    with (COMMUNE / "events.csv").open(encoding="utf-8", newline="") as file:
        cells = [re.sub(r"\[[^\]]*\]", "", row["sources"]).split(";") for row in csv.DictReader(file)]
    named = [{works[key.strip()] for key in cell} for cell in cells]
    pairs = [[(a, b) for a in found for b in found if a[1] != b[1] and (a[0] != b[0] or not a[0])] for found in named]
    told = f"{sum(bool(pair) for pair in pairs)} of {len(commune.rows)} events name two independent sources"
    assert told in mapgen("check", COMMUNE).err


def test_the_closing_line_adds_up(mapgen: Callable[..., Ran], tmp_path: Path, commune: Subject) -> None:
    (tmp_path / "bad").mkdir()
    for subject, dropped in ((COMMUNE, 0), (refused(tmp_path / "bad"), 1)):
        ran = mapgen("check", subject)
        line = re.search(
            r"(\d+) events read = (\d+) as points \+ (\d+) as areas \+ (\d+) without a place \+ (\d+) refused", ran.err
        )
        assert line is not None
        total, *parts = map(int, line.groups())
        assert total == sum(parts) == len(commune.rows)
        assert parts[-1] == dropped


# --- state and diff --------------------------------------------------------------------------------------------------

OPTIONS: list[dict[str, Any]] = [
    {},
    {"mode": "sofar"},
    {"mode": "window-7", "layers": ["fires", "barricades", "base-water"]},
    {"mode": "step", "layers": []},
    {"district": "a04"},
    {"tags": ["bloody-week", "women"]},
    {"q": "hôtel de VILLE"},
]


def flags(options: dict[str, Any]) -> list[str]:
    return [x for k, v in options.items() for x in (f"--{k}", ",".join(v) if isinstance(v, list) else v)]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_state_and_diff_print_what_python_returns(
    mapgen: Callable[..., Ran], commune: Subject, options: dict[str, Any]
) -> None:
    ran = mapgen("state", COMMUNE, "--at", "1871-05-24", *flags(options), "--json")
    assert json.loads(ran.out) == commune.state("1871-05-24", **options)
    ran = mapgen("diff", COMMUNE, "1871-05-22", "1871-05-24T18:00", *flags(options), "--json")
    assert json.loads(ran.out) == commune.diff("1871-05-22", "1871-05-24T18:00", **options)


def test_the_subject_may_be_left_out(mapgen: Callable[..., Ran], commune: Subject) -> None:
    assert json.loads(mapgen("state", "--at", "1871-03-18").out) == commune.state("1871-03-18")
    assert json.loads(mapgen("diff", "1871-03-17", "1871-03-18").out) == commune.diff("1871-03-17", "1871-03-18")
    assert mapgen("check").code == 0


def test_swapping_the_dates_of_diff_swaps_its_answers(mapgen: Callable[..., Ran]) -> None:
    there = json.loads(mapgen("diff", "1871-05-22", "1871-05-24").out)
    back = json.loads(mapgen("diff", "1871-05-24", "1871-05-22").out)
    assert (there["new"], there["became_certain"]) == (back["ended"], back["became_possible"])
    assert there["districts"] == {k: {n: -x for n, x in v.items()} for k, v in back["districts"].items()}
