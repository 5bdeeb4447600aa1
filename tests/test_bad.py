"""The catalogue of broken inputs, case by case through the command line, and copies broken at random."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import catalogue
import pytest

import mapgen
from mapgen import cli, files, folders, geojson, reference, tables
from mapgen.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
IN_A_PROCESS = [
    "001-no-contract", "004-bom-in-csv", "007-latin-1", "029-vrt-renamed", "091-bidi-override", "103-no-toml",
]  # fmt: skip


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process, as `mapgen` does."""

    def command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["mapgen", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
            sys.exit(0)
        captured = capsys.readouterr()
        return Ran(int(caught.value.code or 0), captured.out, captured.err)

    return command


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def old_map(folder: Path) -> Path:
    """Write a folder as an earlier build left it."""
    old = {"index.html": b"the old map"}
    folders.replace(folder, {**old, folders.MANIFEST: folders.manifest(old)})
    return folder


def fits(problem: dict[str, Any], case: dict[str, Any]) -> bool:
    text = "\n".join(str(problem[name]) for name in ("value", "message", "remedy"))
    same = all(problem[name] == case[name] for name in ("level", "file", "column"))
    return same and case["row"] in (None, problem["row"]) and all(word in text for word in case["words"])


# --- The cases ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", catalogue.cases())
def test_a_broken_input_is_answered_as_the_catalogue_says(tmp_path: Path, run: Callable[..., Ran], name: str) -> None:
    case, subject = catalogue.expected(name), catalogue.lay(name, tmp_path)
    checked = run("check", subject, "--format", "json")
    assert checked.code == case["exit"], checked
    assert "Traceback" not in checked.err
    for word in case.get("says", []):
        assert word in " ".join(checked.err.split())
    if case["exit"] < 2:
        answer = json.loads(checked.out)
        check_problems(answer["problems"], case)
        adds_up(answer["closing"])
    if "strict" in case:
        assert run("check", subject, "--strict").code == case["strict"]
    out = old_map(tmp_path / "out")
    before = contents(out)
    built = run("build", subject, "--out", out)
    assert built.code == case["exit"], built
    assert {p.name for p in tmp_path.iterdir()} <= {"subject", "out", "elsewhere"}
    if case["exit"]:
        assert contents(out) == before
        return
    page = (out / "index.html").read_text(encoding="utf-8")
    for text in case.get("page", []):
        assert text in page
    for text in case.get("absent", []):
        assert text not in page


def check_problems(problems: list[dict[str, Any]], case: dict[str, Any]) -> None:
    """Check that one problem is the one expected and that no other is graver; a good file has none at all."""
    said = json.dumps(problems, ensure_ascii=False, indent=1)
    assert all(p["file"] and p["message"] and p["remedy"] for p in problems), said
    levels = {p["level"] for p in problems}
    assert ("error" in levels) == bool(case["exit"]), said
    if "level" not in case:
        assert not problems, said
        return
    assert any(fits(problem, case) for problem in problems), said
    if not case["exit"]:
        assert levels <= {case["level"], "note"}, said
    if case["exit"]:
        assert sum(p["level"] == "error" for p in problems) <= 6, said


def adds_up(closing: str) -> dict[str, int]:
    match = re.fullmatch(
        r"(\d+) events read = (\d+) as points \+ (\d+) as areas \+ (\d+) without a place \+ (\d+) refused", closing
    )
    assert match, closing
    total, points, areas, without, refused = (int(x) for x in match.groups())
    assert total == points + areas + without + refused
    return {"total": total, "refused": refused}


@pytest.mark.parametrize("base", ["base", "base-lines"])
def test_the_subjects_that_are_broken_are_whole(tmp_path: Path, run: Callable[..., Ran], base: str) -> None:
    checked = run("check", catalogue.BAD / base, "--strict", "--format", "json")
    assert checked.code == 0
    assert [p for p in json.loads(checked.out)["problems"] if p["level"] != "note"] == []
    assert run("build", catalogue.BAD / base, "--out", tmp_path / "out").code == 0


@pytest.mark.parametrize("name", IN_A_PROCESS)
def test_a_process_of_its_own_answers_alike_where_only_ascii_can_be_printed(tmp_path: Path, name: str) -> None:
    case, subject = catalogue.expected(name), catalogue.lay(name, tmp_path)
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C"}
    for form in ("json", "text"):
        ran = subprocess.run(
            [sys.executable, "-m", "mapgen", "check", str(subject), "--format", form],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False, encoding="ascii",
        )  # fmt: skip
        assert ran.returncode == case["exit"], ran
        assert "Traceback" not in ran.stderr
        if case["exit"] < 2 and form == "json":
            check_problems(json.loads(ran.stdout)["problems"], case)
        if case["exit"] == 1 and form == "text":
            assert case["file"] in ran.stderr
            assert "0 errors" not in ran.stderr


def test_the_catalogue_is_large_and_its_page_is_fresh() -> None:
    names = catalogue.cases()
    assert len(names) >= 70
    assert all(re.fullmatch(r"\d{3}(-[a-z0-9]+)+", name) for name in names)
    assert catalogue.PAGE.read_text(encoding="utf-8") == catalogue.page(), "run python tests/catalogue.py"


def test_a_case_holds_only_what_differs_from_its_base() -> None:
    for name in catalogue.cases():
        base = catalogue.BAD / catalogue.expected(name).get("base", "base")
        for path in (catalogue.BAD / name).rglob("*"):
            same = base / path.relative_to(catalogue.BAD / name)
            assert not (path.is_file() and same.is_file() and same.read_bytes() == path.read_bytes()), path


def test_the_page_of_the_contract_is_fresh_and_tells_every_key() -> None:
    text = reference.PAGE.read_text(encoding="utf-8")
    assert text == reference.page(), "run python -m mapgen.reference"
    for key in ("report_error", "open_at", "district_sets", "prefix", "bounds", "draw", "measures", "calendar", "to"):
        assert f"| `{key}` |" in text


# --- What is said ------------------------------------------------------------------------------------------------


def test_all_problems_are_told_at_once_grouped_by_file_with_the_cell_and_the_count(
    tmp_path: Path, run: Callable[..., Ran]
) -> None:
    subject = catalogue.lay("097-unknown-layer", tmp_path)
    (subject / "subject.toml").write_text(
        (subject / "subject.toml").read_text(encoding="utf-8").replace("[[50.0, 10.0]", "[[60.0, 10.0]"),
        encoding="utf-8",
    )
    (subject / "people.csv").write_text("id,kind\n", encoding="utf-8")
    ran = run("check", subject)
    said = " ".join(ran.err.split())
    assert ran.code == 1
    for words in ("people.csv error line 1, born", "subject.toml error line 48, view.bounds"):
        assert words in said
    (subject / "subject.toml").write_text(
        (subject / "subject.toml").read_text(encoding="utf-8").replace("[[60.0, 10.0]", "[[50.0, 10.0]"),
        encoding="utf-8",
    )
    said = " ".join(run("check", subject).err.split())
    assert "events.csv error line 2, layer 'flods' is not a layer of subject.toml. Did you mean 'floods'?" in said
    assert re.search(r"\d+ errors, \d+ warnings, \d+ notes \d+ events read = ", said)


def test_the_first_fifty_problems_are_printed_and_json_has_all(tmp_path: Path, run: Callable[..., Ran]) -> None:
    subject = catalogue.lay("097-unknown-layer", tmp_path)
    rows = "".join(f"s-{k:03},novel,,Title,,,,,\n" for k in range(200))
    with (subject / "sources.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    assert "more errors; --format json has all" in run("check", subject).err
    assert len(json.loads(run("check", subject, "--format", "json").out)["problems"]) > 200


# --- Limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "limit", "at", "file", "said"),
    [
        (files, "MAX_BYTES", 5000, "events.csv", "is larger than 5000 bytes"),
        (tables, "MAX_ROWS", 4, "texts.fr.csv", "has more than 4 rows"),
        (geojson, "MAX_VERTICES", 9, "districts/districts.geojson", "beyond the 9 vertices"),
    ],
)
def test_what_is_larger_than_its_limit_is_refused_and_what_reaches_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, at: int, file: str, said: str
) -> None:
    subject = catalogue.lay("073-start-is-end", tmp_path)
    if limit == "MAX_BYTES":
        path = subject / file
        text = path.read_bytes()
        path.write_bytes(text + b"\n" * (at - len(text)))
    monkeypatch.setattr(module, limit, at if limit == "MAX_BYTES" else at + 1)
    assert not mapgen.load(subject).problems.count("error")
    if limit == "MAX_BYTES":
        path.write_bytes(text + b"\n" * (at - len(text) + 1))
    monkeypatch.setattr(module, limit, at)
    try:
        problems = mapgen.load(subject).problems
    except mapgen.DataError as error:
        problems = error.problems
    assert any(said in p.message and p.file == file for p in problems.items if p.level == "error")


def test_a_cell_is_as_long_as_its_limit_and_no_longer(tmp_path: Path) -> None:
    for length, read in ((tables.MAX_CELL, True), (tables.MAX_CELL + 1, False)):
        problems = Problems()
        found = tables.split("a,b\n" + "x" * length + ",y\n", "t.csv", problems)
        assert (len(found) == 2) is read
        assert (not problems.items) is read


# --- Stopping ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", range(1, 8))
def test_stopping_a_build_at_any_file_leaves_the_old_map_or_the_new_one(
    tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    out = old_map(tmp_path / "out")
    before, calls = contents(out), iter(range(1, 1000))
    replace, write = Path.replace, Path.write_bytes

    def stop(name: str, original: Any, last: int) -> Callable[..., Any]:
        def stopped(path: Path, *arguments: Any) -> Any:
            if name == "before" and next(calls) == last:
                raise KeyboardInterrupt
            result = original(path, *arguments)
            if name == "after" and next(calls) == last:
                raise KeyboardInterrupt
            return result

        return stopped

    if when <= 3:
        monkeypatch.setattr(Path, "write_bytes", stop("before", write, when))
    elif when <= 5:
        monkeypatch.setattr(Path, "replace", stop("before", replace, when - 3))
    else:
        monkeypatch.setattr(Path, "replace", stop("after", replace, when - 5))
    ran = run("build", catalogue.BAD / "base", "--out", out)
    monkeypatch.undo()
    assert ran.code == 130
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    if when < 7:
        assert contents(out) == before
    else:
        assert b"<!doctype html>" in contents(out)["index.html"].lower()


def test_control_c_in_a_real_process_leaves_the_old_map_or_the_new_one(tmp_path: Path) -> None:
    out = old_map(tmp_path / "out")
    before = contents(out)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "mapgen", "build", str(ROOT / "events" / "paris-commune-1871"), "--out", str(out)],
        env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    while "events read" not in (line := process.stderr.readline()):
        assert line, "the build ended early"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 130), err
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    if process.returncode == 130:
        assert contents(out) == before
