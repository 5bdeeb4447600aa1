"""Copies of a whole subject broken at random: each builds, or stops with problems; no row is lost without a word."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue import BAD
from hypothesis import given, settings
from hypothesis import strategies as st

import mapgen

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapgen.problems import Problems

Files = dict[str, bytes]
BASES: list[Files] = [
    {p.relative_to(BAD / name).as_posix(): p.read_bytes() for p in sorted((BAD / name).rglob("*")) if p.is_file()}
    for name in ("base", "base-lines")
]
NASTY = [
    "", " ", "\u00a0", "-1", "0", "1e9", "9" * 400, "nan", "1,5", "a;b", "a;a", ";", "x[", "x[]", "gazette[a]]", "é",
    "e\u0301", "\u202e", "\u200d", "\ufeff", "\n", "\r\n", "\t", "\x1b[31m", '"', "'",
    "</script>", "__proto__", "constructor",
    "1848", "1848-02-30", "1848-02-2X", "../1848", "1848/", "[1848..1849]", "1848-02-24T10:00", "1848-02-24?", "0001",
    "9999-12-31", "1848-02-24/..", "w1", "w2", "quay", "breach", "flood", "relief", "floods", "base-x", "events",
    "=1+1", "x" * 300, "🍞", "javascript:alert(1)", "180", "-180", "90", "91", "city", "region", "district", "yes",
]  # fmt: skip
TOKENS = [
    "NaN", "1e999", "-1", "0", "181", "1e5", "null", "true", '"x"', "[]", "{}", "[[]]", "10.005", "9" * 500,
    "\\0",
]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> Files:
    """Return a copy of a whole subject with one to three changes."""
    found = dict(draw(st.sampled_from(BASES)))
    changes: list[Callable[[st.DrawFn, bytes], bytes]] = [cell, cell, cell, token, token, lines, raw, other]
    for _ in range(draw(st.integers(1, 3))):
        change = draw(st.sampled_from(changes))
        names = [n for n in found if change is not cell or n.endswith(".csv")]
        name = draw(st.sampled_from(names)) if names else ""
        if draw(st.integers(0, 60)) == 33:
            found.pop(name, None)
        elif name:
            found[name] = change(draw, found[name])
    return found


def cell(draw: st.DrawFn, data: bytes) -> bytes:
    """Change a cell of a table; the quotes stay right."""
    try:
        rows = [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if row]
    except (UnicodeDecodeError, csv.Error):
        return data
    if not rows:
        return data
    row = rows[draw(st.integers(0, len(rows) - 1))]
    row[draw(st.integers(0, len(row) - 1))] = draw(st.one_of(st.sampled_from(NASTY), st.text(max_size=8)))
    if draw(st.integers(0, 9)) == 0:
        rows.append(list(row))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def token(draw: st.DrawFn, data: bytes) -> bytes:
    """Change a number, word or quoted text of any file to another kind of thing."""
    text = data.decode("utf-8", "replace")
    found = list(re.finditer(r'"[^"\n]*"|-?\d+(\.\d+)?|[a-z]+', text))
    if not found:
        return data
    at = draw(st.sampled_from(found))
    others = st.sampled_from([match[0] for match in found])
    new = draw(st.one_of(st.sampled_from(TOKENS), others, st.sampled_from(NASTY).map(lambda x: f'"{x}"')))
    return (text[: at.start()] + new + text[at.end() :]).encode("utf-8", "replace")


def lines(draw: st.DrawFn, data: bytes) -> bytes:
    """Delete, double or swap lines."""
    parts = data.split(b"\n")
    i, j = (draw(st.integers(0, len(parts) - 1)) for _ in "ij")
    how = draw(st.sampled_from(["delete", "double", "swap", "cut"]))
    if how == "delete":
        del parts[i]
    elif how == "double":
        parts.insert(j, parts[i])
    elif how == "swap":
        parts[i], parts[j] = parts[j], parts[i]
    else:
        parts = parts[:i]
    return b"\n".join(parts)


def raw(draw: st.DrawFn, data: bytes) -> bytes:
    """Put any bytes in the place of others."""
    at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
    return data[:at] + draw(st.binary(max_size=6)) + data[at + length :]


def other(draw: st.DrawFn, data: bytes) -> bytes:
    """Save the file as some program would."""
    text = data.decode("utf-8", "replace")
    how = draw(st.sampled_from(["utf-16", "utf-8-sig", "cp1252", "crlf", "cr", ";", "twice"]))
    if how in ("utf-16", "utf-8-sig", "cp1252"):
        return text.encode(how, "replace")
    ends = {"crlf": ("\n", "\r\n"), "cr": ("\n", "\r"), ";": (",", ";")}
    return text.replace(*ends[how]).encode() if how in ends else data + data


def records(data: bytes | None) -> list[int] | None:
    """Return the lines on which rows of a table begin, None where it is no table; read without mapgen."""
    try:
        text = (data or b"").decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        found, line = [], 1
        for row in reader:
            if row:
                found.append(line)
            line = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error):
        return None
    return found[1:] if data is not None and "\0" not in text else None


def write(folder: Path, found: Files) -> Path:
    for name, data in found.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def told(problems: Problems) -> None:
    for problem in problems.items:
        assert problem.file
        assert problem.message
        assert problem.remedy
        assert str(problem).isprintable()


def closes(closing: str) -> tuple[int, int]:
    """Return how many rows were read and how many were refused; the parts must add up."""
    total, *parts = (int(number) for number in re.findall(r"\d+", closing))
    assert total == sum(parts)
    return total, parts[-1]


@given(broken())
@settings(max_examples=400)
def test_a_broken_copy_builds_or_stops_with_problems_and_no_row_is_lost_without_a_word(found: Files) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subject = write(Path(folder) / "subject", found)
        rows = records(found.get("events.csv"))
        try:
            read = mapgen.load(subject)
        except mapgen.UsageError:
            assert "subject.toml" not in found
            return
        except mapgen.DataError as error:
            told(error.problems)
            assert error.problems.count("error")
            total, refused = closes(error.closing)
            assert total == refused
            assert rows is None or total == len(rows)
            return
        told(read.problems)
        total, refused = closes(read.closing_line())
        if rows is not None:
            assert total == len(rows)
            check_lost(read, rows)
        out = Path(folder) / "out"
        if read.problems.count("error"):
            try:
                mapgen.build(read, out)
            except mapgen.DataError:
                assert not out.exists()
                return
            raise AssertionError("a subject with errors was built")
        assert not refused
        mapgen.build(read, out)
        page = (out / "index.html").read_text(encoding="utf-8")
        assert all(row.id in page for row in read.rows)


def check_lost(read: mapgen.Subject, rows: list[int]) -> None:
    """Check that each row that was not read has a problem of its own, or its whole table has."""
    lost = set(rows) - {row.at_line for row in read.rows}
    whole = any(p.file == "events.csv" and p.level == "error" and p.row in (None, 1) for p in read.problems.items)
    for line in lost:
        assert whole or any(p.file == "events.csv" and p.row == line for p in read.problems.items), line


@given(st.dictionaries(st.sampled_from(sorted(BASES[0])), st.binary(max_size=80), min_size=1, max_size=3))
@settings(max_examples=100)
def test_files_of_any_bytes_stop_with_problems(wild: Files) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subject = write(Path(folder), BASES[0] | wild)
        try:
            problems = mapgen.load(subject).problems
        except mapgen.DataError as error:
            problems = error.problems
        told(problems)
        assert problems.items
