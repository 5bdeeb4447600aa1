"""A subject: what it shows at a date, what changed between two, where events are counted, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import oracle
import pytest
import shapely
import small
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ROOT

import mapgen

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen.problems import Problem

MODES = ["step", "sofar", "window-3"]
PLACES = ("city", "outside", "unplaced")
STATE_KEYS = ["at", "mode", "step", "certain", "possible", "districts", *PLACES]
DIFF_KEYS = ["from", "to", "new", "ended", "going_on", "became_certain", "became_possible", "districts"]


def text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def ids(shown: dict[str, str], state: str) -> list[str]:
    return sorted(key for key, value in shown.items() if value == state)


def tally(shown: dict[str, str], bins: dict[str, str], parents: dict[str, str]) -> dict[str, dict[str, int]]:
    """Count visible events by bin and by every district above it."""
    counts: dict[str, dict[str, int]] = {key: {"certain": 0, "possible": 0} for key in PLACES}
    for key, state in shown.items():
        at = bins[key] if state != "absent" else ""
        while at:
            counts.setdefault(at, {"certain": 0, "possible": 0})[state] += 1
            at = parents.get(at, "")
    return counts


# --- The real subject --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def commune_bins(commune_world: oracle.World) -> dict[str, str]:
    """Find where each event is counted by DESIGN's rule: geopandas joins and measures in the set's metric CRS."""
    folder = ROOT / "geodata" / "paris-1871"
    rows = {row["id"]: row for row in oracle.rows_of(folder / "districts.csv")}
    fine = {key: row for key, row in rows.items() if row["level"] == "quartier"}
    lines = gpd.read_file(folder / "boundaries.geojson")
    polygons = gpd.GeoDataFrame(geometry=gpd.GeoSeries([lines.union_all()], crs=lines.crs).polygonize())
    points = gpd.points_from_xy(*(([float(r[c]) for r in fine.values()]) for c in ("lon", "lat")), crs=lines.crs)
    labels = gpd.GeoDataFrame({"id": list(fine)}, geometry=points)
    faces = polygons.sjoin(labels, predicate="contains").sort_values("id").set_index("id").geometry
    metric = faces.to_crs("EPSG:2154")
    limit = shapely.union_all(metric.to_numpy()).boundary
    bins = {row["id"]: "unplaced" for row in commune_world.events}
    for event in commune_world.events:
        place = commune_world.places.get(event["place"])
        if place is not None:
            bins[event["id"]] = bin_of(place, rows, faces, metric, limit)
    return bins


def bin_of(place: dict[str, str], rows: dict[str, Any], faces: Any, metric: Any, limit: Any) -> str:
    if place["precision"] in ("city", "region"):
        return "city" if place["precision"] == "city" and not place["commune"] else "outside"
    stated, found = place["district"], ""
    if place["lon"]:
        point = gpd.GeoSeries.from_xy([float(place["lon"])], [float(place["lat"])], crs=faces.crs)
        hits = faces[faces.intersects(point.iloc[0])]
        found = str(hits.index[0]) if len(hits) else ""
        here = point.to_crs(metric.crs).iloc[0]
    if place["precision"] == "district":
        return str(rows[found]["parent"]) if found else stated or "outside"
    if stated in metric.index and stated != found:
        reach = 10 if found else 25
        return stated if metric[stated].distance(here) <= reach else found or "outside"
    if not stated and place["commune"] and found and limit.distance(here) <= 25:
        return "outside"
    return found or "outside"


@pytest.fixture(scope="session")
def commune_parents() -> dict[str, str]:
    return {r["id"]: r["parent"] for r in oracle.rows_of(ROOT / "geodata" / "paris-1871" / "districts.csv")}


def test_the_real_subject_has_no_errors_and_every_event_is_read(
    commune: mapgen.Subject, commune_world: oracle.World
) -> None:
    assert not [str(p) for p in commune.problems.items if p.level == "error"]
    assert [row.id for row in commune.rows] == sorted(row["id"] for row in commune_world.events)
    assert commune.refused == 0


def test_its_steps_are_those_that_the_oracle_walks(commune: mapgen.Subject, commune_world: oracle.World) -> None:
    found = [commune.state(text(at))["step"] for at in commune_world.starts]
    ends = [*commune_world.starts[1:], commune_world.extent[1]]
    assert len(commune.steps) == len(commune_world.starts)
    assert found == [
        {"index": i, "start": text(s), "end": text(e)}
        for i, (s, e) in enumerate(zip(commune_world.starts, ends, strict=True))
    ]


@pytest.mark.parametrize("mode", MODES)
def test_at_every_step_the_state_of_every_event_is_that_of_brute_force(
    commune: mapgen.Subject, commune_world: oracle.World, mode: str
) -> None:
    for index, at in enumerate(commune_world.starts):
        found, shown = commune.state(text(at), mode), commune_world.shown(index, mode)
        assert (found["certain"], found["possible"]) == (ids(shown, "certain"), ids(shown, "possible")), text(at)


def test_every_event_has_one_bin_and_it_is_that_of_geopandas(
    commune: mapgen.Subject, commune_bins: dict[str, str], commune_parents: dict[str, str]
) -> None:
    found = {row.id: where for row, where in zip(commune.rows, commune.bins, strict=True)}
    assert found == commune_bins
    assert set(found.values()) <= {*commune_parents, *PLACES}


@pytest.mark.parametrize("mode", MODES)
def test_at_every_step_the_counts_are_those_of_the_bins_and_their_parents(
    commune: mapgen.Subject,
    commune_world: oracle.World,
    commune_bins: dict[str, str],
    commune_parents: dict[str, str],
    mode: str,
) -> None:
    for index, at in enumerate(commune_world.starts):
        found = commune.state(text(at), mode)
        wanted = tally(commune_world.shown(index, mode), commune_bins, commune_parents)
        assert found["districts"] | {key: found[key] for key in PLACES} == wanted


@pytest.mark.parametrize("mode", [*MODES, "window-30"])
def test_top_level_city_outside_and_unplaced_add_up_to_what_is_visible_at_every_step(
    commune: mapgen.Subject, commune_parents: dict[str, str], mode: str
) -> None:
    for index in range(len(commune.steps)):
        found = commune.state(mapgen.dates.iso(commune.steps.bounds(index)[0]), mode)
        for state in ("certain", "possible"):
            top = sum(n[state] for key, n in found["districts"].items() if not commune_parents[key])
            assert top + sum(found[key][state] for key in PLACES) == len(found[state])


def test_the_closing_line_adds_up(commune: mapgen.Subject, commune_world: oracle.World) -> None:
    kinds = Counter(commune_world.places[e["place"]]["precision"] if e["place"] else "" for e in commune_world.events)
    points, areas = (
        kinds["building"] + kinds["street"],
        sum(kinds[k] for k in ("quarter", "district", "city", "region")),
    )
    line = (
        f"{kinds.total()} events read = {points} as points + {areas} as areas + {kinds['']} without a place + 0 refused"
    )
    assert commune.closing_line() == line


def test_the_frame_of_events_has_the_columns_of_design(commune: mapgen.Subject) -> None:
    frame = commune.events
    assert {"id", "first_day", "last_day", "title", "text", "layer", "bin", "commune", "quartier"} <= set(frame)
    assert frame.crs.to_epsg() == 4326
    fine = frame[frame["quartier"].notna()]
    assert list(fine["bin"]) == [f"q{int(n):02}" for n in fine["quartier"]]
    assert list(fine["arrondissement"]) == [(n - 1) // 4 + 1 for n in fine["quartier"]]
    assert (frame["first_day"] <= frame["last_day"]).all()
    assert frame[frame["bin"].isin(PLACES)]["arrondissement"].isna().all()


def test_the_level_columns_of_events_are_nullable_integers(commune: mapgen.Subject) -> None:
    assert {str(commune.events[level].dtype) for level in ("arrondissement", "quartier")} == {"Int64"}


def dates_in(world: oracle.World) -> st.SearchStrategy[str]:
    length = int((world.extent[1] - world.extent[0]) / timedelta(minutes=1))
    any_minute = st.integers(0, length - 1).map(lambda i: world.extent[0] + timedelta(minutes=i))
    busy = st.integers(0, 100 * 24 * 60).map(lambda i: world.extent[0] + timedelta(minutes=60 * 24 * 60 + i))
    return st.one_of(any_minute, busy).map(text)


@given(st.data(), st.sampled_from(MODES))
@settings(max_examples=150)
def test_swapping_two_dates_swaps_new_and_ended_became_certain_and_possible_and_the_signs(
    commune: mapgen.Subject, commune_world: oracle.World, data: st.DataObject, mode: str
) -> None:
    a, b = data.draw(dates_in(commune_world)), data.draw(dates_in(commune_world))
    there, back = commune.diff(a, b, mode), commune.diff(b, a, mode)
    assert (there["from"], there["to"]) == (back["to"], back["from"])
    assert (there["new"], there["ended"]) == (back["ended"], back["new"])
    assert (there["became_certain"], there["became_possible"]) == (back["became_possible"], back["became_certain"])
    assert there["going_on"] == back["going_on"]
    assert there["districts"] == {
        key: {name: -number for name, number in counts.items()} for key, counts in back["districts"].items()
    }


@given(st.data(), st.sampled_from(MODES))
@settings(max_examples=150)
def test_a_diff_is_what_two_states_differ_by(
    commune: mapgen.Subject, commune_world: oracle.World, data: st.DataObject, mode: str
) -> None:
    a, b = (data.draw(dates_in(commune_world)) for _ in "ab")
    found = commune.diff(a, b, mode)
    before, after = commune.state(a, mode), commune.state(b, mode)
    left, right = ({*state["certain"], *state["possible"]} for state in (before, after))
    assert list(found) == DIFF_KEYS
    assert (found["from"], found["to"]) == (before["at"], after["at"])
    assert found["new"] == sorted(right - left)
    assert found["ended"] == sorted(left - right)
    assert found["going_on"] == sorted(left & right)
    assert found["became_certain"] == sorted({*before["possible"]} & {*after["certain"]})
    assert found["became_possible"] == sorted({*before["certain"]} & {*after["possible"]})
    none = {"certain": 0, "possible": 0}
    for key in {*before["districts"], *after["districts"]}:
        change = {n: after["districts"].get(key, none)[n] - before["districts"].get(key, none)[n] for n in none}
        assert found["districts"].get(key, none) == change
    assert all(any(change.values()) for change in found["districts"].values())


def test_diff_looks_at_the_step_unless_a_mode_is_given(commune: mapgen.Subject) -> None:
    a, b = "1871-03-18", "1871-05-24"
    assert commune.diff(a, b) == commune.diff(a, b, "step")
    assert commune.diff(a, a)["new"] == commune.diff(a, a)["ended"] == []
    assert commune.diff(a, a)["districts"] == {}


def test_state_has_the_keys_of_design_and_looks_at_three_steps_unless_a_mode_is_given(commune: mapgen.Subject) -> None:
    found = commune.state("1871-05-24T13:00")
    assert list(found) == STATE_KEYS
    assert found == commune.state("1871-05-24T12:00", "window-3")
    assert found["step"]["start"] == found["at"] == "1871-05-24T12:00"
    assert commune.state("1871-05-24")["at"] == "1871-05-24T00:00"
    assert all(any(counts.values()) for counts in found["districts"].values())


# --- A small subject ---------------------------------------------------------------------------------------------

MIDDLES = {f"block-{k}": small.middle(*at) for k, at in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)], 1)}
SMALL_PLACES = [
    *(small.place(key, *at) for key, at in MIDDLES.items()),
    small.place("city", precision="city"),
    small.place("hinterland", precision="region"),
    small.place("ward-north", precision="district", district="w2"),
    small.place("out-at-sea", 10.1, 50.1, commune="Seaham"),
]
SMALL_EVENTS = [
    small.event("a-day", "1848-02-24", "block-1", tags="rain;night"),
    small.event("b-hour", "1848-02-24T13:00", "block-2", layer="rescues", title="Crue à l’École"),
    small.event("c-span", "1848-02-22/1848-02-26", "block-3", tags="rain"),
    small.event("d-doubt", "1848-02-24?", "block-4"),
    small.event("e-evening", "1848-02-24", "city", part_of_day="evening"),
    small.event("f-goes-on", "1848-02-25/..", "hinterland"),
    small.event("g-ward", "[1848-02-23..1848-02-25]", "ward-north", layer="rescues"),
    small.event("h-sea", "1848-02-2X", "out-at-sea"),
    small.event("i-nowhere", "../1848-02-23"),
]  # fmt: skip
SMALL_BINS = dict(
    zip(
        [e["id"] for e in SMALL_EVENTS],
        ["b1", "b2", "b3", "b4", "city", "outside", "w2", "outside", "unplaced"],
        strict=True,
    )
)


@pytest.fixture(scope="module")
def flood_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.write_subject(tmp_path_factory.mktemp("flood"), SMALL_EVENTS, SMALL_PLACES)


@pytest.fixture(scope="module")
def flood(flood_folder: Path) -> mapgen.Subject:
    found = mapgen.load(flood_folder)
    assert not found.problems.items
    return found


def test_every_event_of_the_small_subject_is_counted_where_its_place_lies(flood: mapgen.Subject) -> None:
    assert dict(zip([row.id for row in flood.rows], flood.bins, strict=True)) == SMALL_BINS


@given(
    st.lists(st.sampled_from(["floods", "rescues", "base-sea"]), unique=True) | st.none(),
    st.sampled_from(["", "w1", "w2", "b1", "b3", "b4"]),
    st.lists(st.sampled_from(["rain", "night", "moon"]), unique=True) | st.none(),
    st.sampled_from(["", "crue", "ECOLE crue", "l'ecole", "a-day", "day seaham", "gazette", "diary block-3", "zzz"]),
    st.sampled_from(MODES),
    st.integers(0, 17),
)
def test_filters_show_the_events_that_pass_all_of_them(
    flood: mapgen.Subject,
    flood_folder: Path,
    layers: list[str] | None,
    district: str,
    tags: list[str] | None,
    q: str,
    mode: str,
    index: int,
) -> None:
    world = oracle.world(flood_folder)
    index = index % len(world.starts)
    folded = {
        "crue": "b-hour",
        "ECOLE crue": "b-hour",
        "l'ecole": "b-hour",
        "a-day": "a-day",
        "diary block-3": "c-span",
    }
    inside = {"w1": {"b1", "b2"}, "w2": {"w2", "b3", "b4"}}.get(district, {district})
    wanted = {
        e["id"]: state
        for e, state in zip(world.events, world.shown(index, mode).values(), strict=True)
        if state != "absent"
        and (layers is None or e["layer"] in layers)
        and (not district or SMALL_BINS[e["id"]] in inside)
        and (not tags or set(tags) & set(e["tags"].split(";")))
        and (q in ("", "gazette") or folded.get(q) == e["id"])
    }
    found = flood.state(text(world.starts[index]), mode, layers, district, tags, q)
    assert (found["certain"], found["possible"]) == (ids(wanted, "certain"), ids(wanted, "possible"))
    parents = {"b1": "w1", "b2": "w1", "b3": "w2", "b4": "w2"}
    assert found["districts"] | {k: found[k] for k in PLACES} == tally(wanted, SMALL_BINS, parents)


@pytest.mark.parametrize(
    "asked",
    [
        {"at": "1848-02-19"},
        {"at": "1848-03-10"},
        {"at": "soon"},
        {"at": "1848-02"},
        {"mode": "window-0"},
        {"mode": "all"},
        {"layers": ["flood"]},
        {"district": "b9"},
    ],
)
def test_what_does_not_exist_cannot_be_asked_for(flood: mapgen.Subject, asked: dict[str, Any]) -> None:
    with pytest.raises(mapgen.UsageError) as caught:
        flood.state(**({"at": "1848-02-24"} | asked))
    assert len(str(caught.value)) > 20


def load(folder: Path, events: list[small.Cells], places: list[small.Cells] | None = None) -> mapgen.Subject:
    return mapgen.load(small.write_subject(folder, events, SMALL_PLACES if places is None else places))


def errors(subject: mapgen.Subject) -> list[Problem]:
    return [p for p in subject.problems.items if p.level == "error"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"when": "24/02/1848"}, "when"),
        ({"when": "1848-02-26/1848-02-24"}, "when"),
        ({"when": ""}, "when"),
        ({"when": "1848-02", "part_of_day": "dawn"}, "when"),
        ({"when": "1848-02-19"}, "when"),
        ({"when": "1848-03-10"}, "when"),
        ({"when": "1848-03-10/"}, "when"),
        ({"when": "../1848-02-19"}, "when"),
        ({"layer": "flood"}, "layer"),
        ({"place": "block-9"}, "place"),
        ({"also_at": "block-1;block-9"}, "also_at"),
        ({"actors": "nobody"}, "actors"),
        ({"sources": "gazete[p. 1]"}, "sources"),
        ({"sources": ""}, "sources"),
    ],
)
def test_an_event_that_does_not_fit_is_refused_and_counted_and_the_others_stay(
    tmp_path: Path, change: dict[str, str], column: str
) -> None:
    bad = small.event("a-bad", "1848-02-24") | change
    found = load(tmp_path, [bad, small.event("b-good", "1848-02-24")])
    (problem,) = errors(found)
    assert (problem.file, problem.row, problem.column) == ("events.csv", 2, column)
    assert problem.message
    assert problem.remedy
    assert [row.id for row in found.rows] == ["b-good"]
    assert found.closing_line() == "2 events read = 0 as points + 0 as areas + 1 without a place + 1 refused"


@pytest.mark.parametrize(
    "when", ["1848-02-20", "1848-03-09", "1848-02", "1848", "../1848-02-20", "1848-03-09/", "184X"]
)
def test_an_event_partly_inside_the_extent_is_read(tmp_path: Path, when: str) -> None:
    assert not errors(load(tmp_path, [small.event("a", when)]))


def test_a_typing_error_is_told_with_the_nearest_known_word(tmp_path: Path) -> None:
    found = errors(load(tmp_path, [small.event("a", "1848-02-24", layer="flods", sources="gazete[p. 1]")]))
    assert {p.remedy for p in found} == {"Did you mean 'floods'?", "Did you mean 'gazette'?"}


def test_an_id_that_stands_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    found = load(tmp_path, [small.event("a", "1848-02-24"), small.event("a", "1848-02-25")])
    (problem,) = errors(found)
    assert (problem.file, problem.row, problem.column, problem.value) == ("events.csv", 3, "id", "a")
    assert "line 2" in problem.message
    assert found.refused == 1


def test_a_table_out_of_order_is_a_note_and_changes_no_answer(tmp_path: Path, flood: mapgen.Subject) -> None:
    folder = small.write_subject(tmp_path, SMALL_EVENTS, SMALL_PLACES)
    turned = small.table(small.EVENT_COLUMNS, SMALL_EVENTS[::-1])
    (folder / "events.csv").write_text(turned, encoding="utf-8")
    found = mapgen.load(folder)
    assert [(p.level, p.file) for p in found.problems.items] == [("note", "events.csv")]
    assert found.state("1848-02-24") == flood.state("1848-02-24")


def near_border(metres: float) -> tuple[float, float]:
    """Return a point of block 1, so many metres from block 2."""
    lon, lat = small.middle(0.5, 0)
    return lon - metres / 71_700, lat


@pytest.mark.parametrize(
    ("place", "bin_", "level"),
    [
        (small.place("p", *near_border(6), district="b2"), "b2", "note"),
        (small.place("p", *near_border(14), district="b2"), "b1", "warning"),
        (small.place("p", *near_border(14), district="b2", note="the gate faced east"), "b1", "note"),
        (small.place("p", *near_border(14), district="b1"), "b1", None),
        (small.place("p", *near_border(14)), "b1", None),
        (small.place("p", *near_border(14), district="w1"), "b1", None),
        (small.place("p", 10.0 - 20 / 71_700, 50.003, district="b1"), "b1", "note"),
        (small.place("p", 10.0 - 30 / 71_700, 50.003, district="b1"), "outside", "warning"),
        (small.place("p", 10.0 + 20 / 71_700, 50.003, commune="Seaham"), "outside", "note"),
        (small.place("p", 10.0 + 30 / 71_700, 50.003, commune="Seaham"), "b1", "warning"),
        (small.place("p", 10.0 - 30 / 71_700, 50.003, commune="Seaham"), "outside", None),
    ],
)
def test_near_a_border_the_stated_district_wins_and_further_off_it_is_a_warning(
    tmp_path: Path, place: small.Cells, bin_: str, level: str | None
) -> None:
    found = load(tmp_path, [small.event("a", "1848-02-24", "p")], [place])
    assert found.bins == [bin_]
    assert [p.level for p in found.problems.items] == ([level] if level else [])


def test_near_a_border_a_stated_coarse_district_wins_too(tmp_path: Path) -> None:
    lon, lat = small.middle(0, 0.5)
    place = small.place("p", lon, lat - 5 / 111_000, district="w2")
    found = load(tmp_path, [small.event("a", "1848-02-24", "p")], [place])
    assert found.bins[0] in {"w2", "b3"}


def test_a_point_far_from_its_stated_district_is_a_warning_for_a_place_known_to_a_district_too(tmp_path: Path) -> None:
    place = small.place("p", *small.middle(0, 1), precision="district", district="w1")
    found = load(tmp_path, [small.event("a", "1848-02-24", "p")], [place])
    assert [p.level for p in found.problems.items] == ["warning"]


@pytest.mark.parametrize("metres", [-20, -300])
def test_a_place_outside_with_a_coarse_district_has_one_of_the_bins(tmp_path: Path, metres: float) -> None:
    place = small.place("p", 10.0 + metres / 71_700, 50.003, district="w1")
    found = load(tmp_path, [small.event("a", "1848-02-24", "p")], [place])
    assert found.bins[0] in {"w1", "b1", "b2", "outside"}
    assert found.problems.items


@pytest.mark.parametrize(
    ("place", "column"),
    [
        pytest.param(
            small.place("p", 10.003, 50.003, district="b9"), "district",
        ),
        pytest.param(
            small.place("p", "", 50.003, district="b1"), "lon",
        ),
        (small.place("p", 10.003, ""), "lon"),
        (small.place("p"), "lon"),
        (small.place("p", 0, 0), "lon"),
        (small.place("p", precision="district"), "district"),
    ],
)  # fmt: skip
def test_a_bad_place_is_a_problem_and_never_raises(tmp_path: Path, place: small.Cells, column: str) -> None:
    found = load(tmp_path, [small.event("a", "1848-02-24", "p")], [place])
    assert [(p.file, p.row, p.column) for p in errors(found)] == [("places.csv", 2, column)]
    assert all(p.remedy for p in errors(found))


def test_an_event_outside_the_life_of_its_district_is_a_warning(tmp_path: Path) -> None:
    folder = small.write_subject(tmp_path, [small.event("a", "1848-02-24", "block-1")], SMALL_PLACES)
    rows = [row | {"valid_from": "1850-01-01"} for row in small.districts()]
    small.write_districts(folder / "districts", rows=rows)
    assert [(p.level, p.file, p.row) for p in mapgen.load(folder).problems.items] == [("warning", "events.csv", 2)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "1"', 'versoin = "1"', "version"),
        ('every = "P7D"', 'every = "P1W"', "P7D"),
        ('from = "1848-02-26"', 'from = "1848-02-22"', "rising"),
        ('group = "water"', 'group = "watre"', "water"),
        ('end = "1848-03-10"', 'end = "10/03/1848"', "1848"),
        ('id = "rescues"', 'id = "floods"', "its own id"),
        ('languages = ["en"]', 'languages = ["en", "tlh"]', "Known"),
        ("version", "= version", "Correct the line"),
    ],
)
def test_a_contract_that_cannot_be_used_is_refused_with_what_to_do(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in small.CONFIG
    small.write_subject(tmp_path, SMALL_EVENTS, SMALL_PLACES, small.CONFIG.replace(old, new, 1))
    with pytest.raises(mapgen.DataError) as caught:
        mapgen.load(tmp_path)
    assert any(said in p.remedy for p in caught.value.problems.items)
    assert {p.file for p in caught.value.problems.items} == {"subject.toml"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('open_at = "1848-02-22"', 'open_at = "1850-01-01"', "extent.open_at"),
        ('[[phases]]\nfrom = "1848-02-20"', '[[phases]]\nfrom = "1848-02-21"', "phases.0.from"),
    ],
)
def test_an_opening_date_or_phase_that_does_not_fit_the_steps_is_an_error(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    assert old in small.CONFIG
    small.write_subject(tmp_path, SMALL_EVENTS, SMALL_PLACES, small.CONFIG.replace(old, new, 1))
    try:
        problems = mapgen.load(tmp_path).problems.items
    except mapgen.DataError as error:
        problems = error.problems.items
    assert [(p.level, p.file, p.column) for p in problems] == [("error", "subject.toml", key)]


def test_the_same_folder_has_the_same_hash_and_another_cell_another(
    tmp_path: Path, flood: mapgen.Subject, flood_folder: Path
) -> None:
    assert mapgen.load(flood_folder).data_hash == flood.data_hash
    other = [*SMALL_EVENTS[:-1], SMALL_EVENTS[-1] | {"importance": "4"}]
    assert load(tmp_path, other).data_hash != flood.data_hash


def test_a_folder_without_a_contract_is_no_subject(tmp_path: Path) -> None:
    with pytest.raises(mapgen.UsageError):
        mapgen.load(tmp_path)
