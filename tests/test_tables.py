"""Tables: the canonical form, and what is said of a file, a row or a cell that does not fit."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st
from small import COMMUNE, ROOT

from mapgen import rows, tables
from mapgen.cells import Ref
from mapgen.problems import Problem, Problems

MODELS: dict[str, type[rows.Row]] = {
    "events": rows.Event, "places": rows.Place, "sources": rows.Source, "people": rows.Person, "claims": rows.Claim,
    "statistics": rows.Statistic, "districts": rows.District, "texts": rows.Translation,
}  # fmt: skip
NOT_CANONICAL = {"geodata/paris-1871/districts.csv", "geodata/paris-1871/statistics.csv"}


def committed() -> list[str]:
    found = [*(ROOT / "events").rglob("*.csv"), *(ROOT / "geodata").rglob("*.csv")]
    return sorted(p.relative_to(ROOT).as_posix() for p in found if p.name.split(".")[0] in MODELS)


def read(path: Path, model: type[rows.Row] = rows.Event) -> tuple[tables.Table[rows.Row], list[Problem]]:
    problems = Problems()
    return tables.read(path, model, problems), problems.items


def read_text(folder: Path, text: str | bytes, name: str = "events") -> tuple[tables.Table[rows.Row], list[Problem]]:
    path = folder / f"{name}.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, MODELS[name])


def events(*changes: dict[str, str]) -> str:
    """Return an events table with a good row for each dict of changes."""
    rows_ = [small.event(f"event-{k}", "1848-02-24") | change for k, change in enumerate(changes)]
    return small.table(small.EVENT_COLUMNS, rows_)


# --- The canonical form ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [pytest.param(n) if n in NOT_CANONICAL else n for n in committed()])
def test_reading_and_writing_a_committed_table_gives_the_same_bytes(name: str) -> None:
    path = ROOT / name
    model = MODELS[path.name.split(".")[0]]
    table, problems = read(path, model)
    assert not problems
    assert table.total == len(table.rows)
    assert tables.write(model, table.rows).encode() == path.read_bytes()


def test_the_tables_of_the_first_subject_are_among_those_that_are_tried() -> None:
    assert {"events", "places", "sources", "texts"} <= {Path(n).name.split(".")[0] for n in committed()}
    assert (COMMUNE / "events.csv").relative_to(ROOT).as_posix() in committed()


def test_columns_are_those_of_design() -> None:
    assert rows.columns(rows.Event) == small.EVENT_COLUMNS
    assert rows.columns(rows.Place) == small.PLACE_COLUMNS
    assert rows.columns(rows.District) == small.DISTRICT_COLUMNS
    assert rows.columns(rows.Claim) == ["id", "event", "about", "value", "low", "high", "unit", "source", "note"]
    assert rows.columns(rows.Source) == small.SOURCE_COLUMNS
    assert rows.columns(rows.Person) == ["id", "kind", "name", "born", "died", "role", "wikidata", "sources", "note"]
    assert rows.columns(rows.Statistic) == ["measure", "district", "place", "when", "value", "unit", "source", "note"]
    assert rows.columns(rows.Translation) == ["table", "id", "field", "text"]


plain_ids = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
locators = st.text(
    st.characters(codec="utf-8", exclude_characters="[]", exclude_categories=("Cc", "Cf", "Zl", "Zp")), max_size=12
)


def parsed_sources(folder: Path, refs: list[Ref]) -> list[Ref] | None:
    table, _ = read_text(folder, events({"sources": "; ".join(str(ref) for ref in refs)}))
    return getattr(table.rows[0], "sources", None) if table.rows else None


@given(st.lists(st.builds(Ref, plain_ids, locators), min_size=1, max_size=3))
@settings(max_examples=150)
def test_a_locator_is_kept_as_it_is_written(refs: list[Ref]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert parsed_sources(Path(folder), refs) == refs


def test_a_locator_holds_anything_but_the_closing_bracket(tmp_path: Path) -> None:
    refs = [Ref("gazette", "p. 1; note [a"), Ref("diary", "p. 2")]
    assert parsed_sources(tmp_path, refs) == refs


@st.composite
def any_tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Rows for some table, with good cells, odd ones, and rows of the wrong length."""
    name = draw(st.sampled_from(sorted(MODELS)))
    width = len(rows.columns(MODELS[name]))
    good = {
        "events": list(small.event("flood", "1848-02-24", "quay").values()),
        "places": list(small.place("quay", 10.001, 50.002).values()),
        "sources": ["gazette", "press", "", "Gazette", "", "", "", "", ""],
        "people": ["miller", "person", "The miller", "", "", "", "Q42", "gazette[p. 1]", ""],
        "claims": ["c-1", "flood", "dead", "three", "3", "3.5", "", "gazette[p. 1]", ""],
        "statistics": ["people", "b1", "", "1848", "12.5", "", "gazette[p. 1]", ""],
        "districts": list(small.districts()[0].values()),
        "texts": ["events", "flood", "title", "La crue"],
    }[name]
    odd = st.one_of(
        texts, st.sampled_from(["", " ", "-1", "1e9", "nan", "9" * 30, "a;b", "x[", "a--b", "é", "\u202e", "\n"])
    )
    found = []
    for _ in range(draw(st.integers(0, 4))):
        cells = list(good)
        for _ in range(draw(st.integers(0, 3))):
            cells[draw(st.integers(0, width - 1))] = draw(odd)
        found.append(cells[: draw(st.sampled_from([width, width, width, width - 1]))])
    return name, found


@given(any_tables())
def test_a_bad_row_never_raises_is_always_told_and_what_is_read_is_written_as_it_is_read(
    given_table: tuple[str, list[list[str]]],
) -> None:
    name, cells = given_table
    model = MODELS[name]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([rows.columns(model), *cells])
    with tempfile.TemporaryDirectory() as folder:
        table, problems = read_text(Path(folder), out.getvalue(), name)
        refused = {p.row for p in problems if p.level == "error"}
        assert table.total == len(cells)
        assert len(table.rows) + len(refused) == len(cells)
        assert not refused & {row.at_line for row in table.rows}
        for problem in problems:
            assert problem.file == f"{name}.csv"
            assert problem.message
            assert problem.remedy
            if problem.level == "error":
                assert problem.row is not None
                assert problem.column in (*rows.columns(model), "")
        written = tables.write(model, table.rows)
        again, new = read_text(Path(folder), written, name)
        assert not new
        assert tables.write(model, again.rows) == written


@given(st.binary(max_size=200))
@settings(max_examples=150)
def test_no_file_of_any_bytes_raises(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for text in (raw, ",".join(small.EVENT_COLUMNS).encode() + b"\n" + raw):
            table, problems = read_text(Path(folder), text)
            assert table.rows or problems or not raw.strip()


# --- Files -------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_left_out_with_a_note(tmp_path: Path) -> None:
    table, problems = read_text(tmp_path, b"\xef\xbb\xbf" + events({}).encode())
    assert len(table.rows) == 1
    assert [(p.level, p.file) for p in problems] == [("note", "events.csv")]
    assert "byte order mark" in problems[0].message


def test_line_ends_of_windows_are_mended_with_a_note(tmp_path: Path) -> None:
    table, problems = read_text(tmp_path, events({"text": "one\ntwo"}).replace("\n", "\r\n"))
    assert [getattr(row, "text", "") for row in table.rows] == ["one\ntwo"]
    assert [p.level for p in problems] == ["note"]
    assert "CRLF" in problems[0].message


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "header"),
        (b"\n\n", "header"),
        ("id,when\n".encode("utf-16"), "UTF-16"),
        (",".join(small.EVENT_COLUMNS).encode() + b"\n\xe9v\xe9nement", "UTF-8"),
        (events({}).replace("flood", "flo\0od").encode(), "NUL"),
        (events({}).replace(",", ";").encode(), "semicolons"),
        (events({}).encode() + b'"open,', "CSV"),
    ],
)
def test_a_file_that_is_no_table_is_told_with_its_remedy(tmp_path: Path, raw: bytes, said: str) -> None:
    _, problems = read_text(tmp_path, raw)
    (error,) = (p for p in problems if p.level == "error")
    assert error.file == "events.csv"
    assert said in error.message
    assert error.remedy


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    table, problems = read(tmp_path / "events.csv")
    assert (table.rows, table.total) == ([], 0)
    assert [(p.level, p.file) for p in problems] == [("error", "events.csv")]


def test_a_byte_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    text = events({}, {"title": "crue"}).encode().replace(b"crue", b"cru\xe9")
    (problem,) = read_text(tmp_path, text)[1]
    assert problem.row == 3
    assert "cru" in problem.value
    assert "0xe9" in problem.message


# --- The header --------------------------------------------------------------------------------------------------


def test_an_unknown_column_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    _, problems = read_text(tmp_path, events({}).replace("importance", "importence", 1))
    unknown = next(p for p in problems if p.column == "importence")
    assert (unknown.file, unknown.row, unknown.value) == ("events.csv", 1, "importence")
    assert "'importance'" in unknown.remedy
    assert any(p.column == "importance" and "missing" in p.message for p in problems)


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    _, problems = read_text(tmp_path, events({}).replace("wikidata", "when", 1))
    assert any(p.column == "when" and "twice" in p.message for p in problems)


def test_the_order_of_columns_is_free(tmp_path: Path) -> None:
    order = small.EVENT_COLUMNS[::-1]
    table, problems = read_text(tmp_path, small.table(order, [small.event("flood", "1848-02-24")]))
    assert not problems
    assert tables.write(rows.Event, table.rows).startswith("id,when,")


# --- Rows and cells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [-1, 1])
def test_a_ragged_row_is_refused_with_the_two_lengths_and_the_others_are_read(tmp_path: Path, change: int) -> None:
    lines = events({}, {}, {}).splitlines()
    lines[2] = lines[2].rsplit(",", 1)[0] if change < 0 else lines[2] + ","
    table, problems = read_text(tmp_path, "\n".join(lines) + "\n")
    (problem,) = problems
    assert (problem.level, problem.file, problem.row) == ("error", "events.csv", 3)
    assert f"{14 + change} cells" in problem.message
    assert "14" in problem.message
    assert [row.at_line for row in table.rows] == [2, 4]
    assert table.total == 3


def test_a_row_is_told_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    text = events({"text": "one\ntwo\nthree"}, {"importance": "9"})
    (problem,) = read_text(tmp_path, text + "\n\n")[1]
    assert problem.row == 5


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("id", "Flood", "lower-case"),
        ("id", "the flood", "lower-case"),
        ("id", "a--b", "hyphens"),
        ("id", "-a", "hyphens"),
        ("id", "crue-d-été", "a to z"),
        ("id", "", "lower-case"),
        ("part_of_day", "breakfast", "'morning'"),
        ("layer", "Floods", "lower-case"),
        ("place", "the quay", "lower-case"),
        ("tags", "a;;b", "lower-case"),
        ("route", "no", "'yes'"),
        pytest.param("title", "", "Fill"),
        pytest.param("title", "x" * 201, "Shorten"),
        ("title", " flood", "trimmed"),
        ("title", "a\nb", "one line"),
        ("text", "a\u202eb", "invisible"),
        pytest.param("text", "x" * 5001, "Shorten"),
        ("sources", "gazette[p. 1", "source-id[page 12]"),
        ("sources", "Gazette", "source-id"),
        ("importance", "0", "Correct"),
        ("importance", "6", "Correct"),
        ("importance", "", "digits"),
        ("importance", "2.5", "digits"),
        ("wikidata", "42", "Q"),
    ],
)
def test_a_bad_cell_names_file_row_column_value_and_remedy(
    tmp_path: Path, column: str, value: str, remedy: str
) -> None:
    table, problems = read_text(tmp_path, events({}, {column: value}))
    (problem,) = problems
    assert (problem.level, problem.file, problem.row) == ("error", "events.csv", 3)
    assert (problem.column, problem.value) == (column, value)
    assert problem.message
    assert remedy in problem.remedy
    assert [row.at_line for row in table.rows] == [2]
    assert all(part in str(problem) for part in ("events.csv:3", column, problem.message, problem.remedy))


@pytest.mark.parametrize(
    ("column", "value"),
    [("lon", "181"), ("lat", "-91"), ("lat", "50,5"), ("lon", "10°"), ("lon", "1e1"), ("radius_m", "-5"),
     ("precision", "house"), ("certainty", ""), ("lon", "nan"), ("lon", "inf")],
)  # fmt: skip
def test_a_bad_cell_of_a_place_is_told_too(tmp_path: Path, column: str, value: str) -> None:
    row = small.place("quay", 10.0, 50.0) | {column: value}
    table, problems = read_text(tmp_path, small.table(small.PLACE_COLUMNS, [row]), "places")
    assert not table.rows
    assert [(p.file, p.row, p.column, p.value) for p in problems] == [("places.csv", 2, column, value)]
    assert problems[0].remedy


def test_all_bad_cells_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    _, problems = read_text(tmp_path, events({"id": "X", "importance": "9", "route": "maybe"}))
    assert {p.column for p in problems} == {"id", "importance", "route"}


def test_a_long_value_is_shortened_in_the_message_only(tmp_path: Path) -> None:
    (problem,) = read_text(tmp_path, events({"title": "x" * 300}))[1]
    assert problem.value == "x" * 300
    assert len(str(problem)) < 250
