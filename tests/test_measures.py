"""Measures: figures by district and date, their changes, the limits of classes."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
import small
from hypothesis import given
from hypothesis import strategies as st
from small import ROOT

import mapgen
from mapgen.measures import CLASSES, class_limits, measures

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ["measure", "district", "place", "when", "value", "unit", "source", "note"]
CONFIG = (
    small.CONFIG
    + '\n[[measures]]\nid = "people"\nname = { en = "People" }\n[[measures]]\nid = "boats"\nname = { en = "Boats" }\n'
)


def figure(measure: str, value: object, **more: str) -> small.Cells:
    return small.cells(
        COLUMNS, **{"measure": measure, "value": str(value), "when": "1847", "source": "gazette", **more}
    )


def found(folder: Path, rows: list[small.Cells]) -> dict[str, Any]:
    """Return the measures of a small subject with these figures, by id."""
    places = [small.place("pier", *small.middle(0, 0)), small.place("quay", *small.middle(1, 0))]
    small.write_subject(folder, [small.event("e", "1848-02-22", "pier")], places, CONFIG)
    (folder / "statistics.csv").write_text(small.table(COLUMNS, rows), encoding="utf-8")
    subject = mapgen.load(folder)
    assert [p for p in subject.problems.items if p.level == "error"] == []
    return {measure["id"]: measure for measure in measures(subject)}


def values(series: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a series by district; districts run in the order of their ids."""
    ids = ["b1", "b2", "b3", "b4", "w1", "w2"]
    return {key: value for key, value in zip(ids, series["values"], strict=True) if value is not None}


# --- The real tables -------------------------------------------------------------------------------------------------


def test_every_figure_of_the_tables_is_where_it_belongs(commune: mapgen.Subject) -> None:
    with (ROOT / "geodata/paris-1871/statistics.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["district"]]
    ids = sorted(commune.district_set.rows)
    shown = {
        (measure["id"], key, series["when"], value)
        for measure in measures(commune)
        for series in measure["series"]
        for key, value in zip(ids, series["values"], strict=True)
        if value is not None
    }
    assert len(rows) >= 400
    assert {(r["measure"], r["district"], r["when"], float(r["value"])) for r in rows} <= shown


def test_population_is_shown_by_quartier_with_every_change_between_censuses(commune: mapgen.Subject) -> None:
    population = next(m for m in measures(commune) if m["id"] == "population")
    assert [s["when"] for s in population["series"]] == ["1861", "1866", "1872"]
    assert {s["level"] for s in population["series"]} == {1}
    assert [s["whole"] for s in population["series"]] == [1667841, 1799980, 1851792]
    assert [(c["from"], c["to"]) for c in population["changes"]] == [(0, 1), (0, 2), (1, 2)]
    assert population["changes"][2]["limits"] == [-15, -5, 5, 15]


# --- Rules -----------------------------------------------------------------------------------------------------------


def test_figures_of_places_add_up_in_the_districts_that_hold_them(tmp_path: Path) -> None:
    rows = [figure("boats", 3, place="pier"), figure("boats", 4, place="quay")]
    series = found(tmp_path, rows)["boats"]["series"][0]
    assert values(series) == {"b1": 3, "b2": 4, "w1": 7}
    assert series["level"] == 1


def test_a_district_that_has_a_figure_of_its_own_keeps_it(tmp_path: Path) -> None:
    rows = [figure("boats", 3, place="pier"), figure("boats", 12, district="w1")]
    assert values(found(tmp_path, rows)["boats"]["series"][0]) == {"b1": 3, "w1": 12}


def test_the_finest_level_with_figures_is_shown_and_what_is_absent_stays_absent(tmp_path: Path) -> None:
    rows = [
        figure("people", 120, district="w1"),
        figure("people", 95.5, district="w2"),
        figure("people", 216, district=""),
    ]
    series = found(tmp_path, rows)["people"]["series"][0]
    assert (series["level"], series["whole"], values(series)) == (0, 216, {"w1": 120, "w2": 95.5})
    assert "boats" not in found(tmp_path, rows)


def test_dates_run_in_order_and_more_than_four_give_neighbours_and_the_ends(tmp_path: Path) -> None:
    rows = [figure("people", 10 * k, district="w1", when=str(1843 - k)) for k in range(1, 7)]
    people = found(tmp_path, rows)["people"]
    assert [s["when"] for s in people["series"]] == [str(year) for year in range(1837, 1843)]
    assert [(c["from"], c["to"]) for c in people["changes"]] == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]


def test_a_change_needs_a_figure_above_zero_before(tmp_path: Path) -> None:
    rows = [figure("people", 0, district="w1", when="1840"), figure("people", 9, district="w1", when="1841")]
    assert found(tmp_path, rows)["people"]["changes"] == []


def test_up_to_five_different_values_have_a_class_each() -> None:
    assert class_limits([3, 1, 2, 2, 3]) == [2, 3]
    assert class_limits([4]) == []


@given(st.lists(st.integers(0, 10**7) | st.floats(0, 1e4, allow_subnormal=False), min_size=1, max_size=60))
def test_limits_rise_and_leave_no_class_empty_at_the_ends(figures: list[float]) -> None:
    limits = class_limits(figures)
    assert limits == sorted(set(limits))
    assert len(limits) < CLASSES
    assert all(min(figures) < limit <= max(figures) for limit in limits)
    assert limits or len(set(figures)) == 1 or len(set(figures)) > CLASSES


@given(st.lists(st.integers(1, 10**6), min_size=40, max_size=120, unique=True))
def test_classes_of_many_different_values_are_of_like_size(figures: list[int]) -> None:
    limits = class_limits(figures)
    sizes = [sum(sum(limit <= value for limit in limits) == k for value in figures) for k in range(len(limits) + 1)]
    assert len(limits) == CLASSES - 1 or max(figures) > 20 * sorted(figures)[len(figures) // 2]
    assert max(sizes) <= len(figures)


@pytest.mark.parametrize("measure", ["people", "boats"])
def test_a_measure_without_figures_is_not_offered(tmp_path: Path, measure: str) -> None:
    other = {"people": "boats", "boats": "people"}[measure]
    assert list(found(tmp_path, [figure(other, 5, district="w1")])) == [other]
