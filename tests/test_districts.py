"""Districts: faces made from boundary lines, the join of points, drawn shapes and borders, and broken sets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import small
from small import ROOT

from mapgen import districts, sets
from mapgen.arcs import arcs_of
from mapgen.coverage import Level
from mapgen.problems import Problem, Problems

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen import Subject

PARIS = ROOT / "geodata" / "paris-1871"
LEVELS = [Level("ward", "w"), Level("block", "b")]


def load(folder: Path, levels: list[Level] = LEVELS) -> tuple[districts.DistrictSet | None, list[Problem]]:
    problems = Problems()
    return sets.load(folder, levels, None, problems), problems.items


def good(folder: Path, levels: list[Level] = LEVELS) -> districts.DistrictSet:
    found, problems = load(folder, levels)
    assert found is not None
    assert not problems
    return found


def broken(folder: Path, levels: list[Level] = LEVELS) -> list[Problem]:
    """Load a set that must be refused; each problem must say where and what to do."""
    found, problems = load(folder, levels)
    assert found is None
    assert problems
    assert all(p.file and p.message and p.remedy for p in problems)
    return [p for p in problems if p.level == "error"]


@pytest.fixture(scope="module")
def paris(commune: Subject) -> districts.DistrictSet:
    return commune.district_set


@pytest.fixture(scope="module")
def faces() -> gpd.GeoDataFrame:
    """Make the same faces another way: all lines polygonized by geopandas, named by the label points."""
    lines = gpd.read_file(PARIS / "boundaries.geojson")
    polygons = gpd.GeoDataFrame(geometry=gpd.GeoSeries([lines.union_all()], crs=lines.crs).polygonize())
    table = gpd.pd.read_csv(PARIS / "districts.csv", dtype={"id": str})
    table = table[table["level"] == "quartier"]
    points = gpd.GeoDataFrame(
        table[["id", "number"]], geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=lines.crs
    )
    return polygons.sjoin(points, predicate="contains").drop(columns="index_right").reset_index(drop=True)


# --- The real set ------------------------------------------------------------------------------------------------


def test_there_are_eighty_faces_in_twenty_arrondissements_of_four(commune: Subject) -> None:
    fine, coarse = commune.districts, commune.level("arrondissement")
    assert sorted(fine["number"]) == list(range(1, 81))
    assert sorted(coarse["number"]) == list(range(1, 21))
    assert list(fine["quartier"]) == list(fine["number"])
    assert [(n - 1) // 4 + 1 for n in fine["quartier"]] == list(fine["arrondissement"])
    assert [f"a{n:02}" for n in fine["arrondissement"]] == list(fine["parent"])


def test_each_face_holds_one_label_point_and_is_the_face_that_geopandas_makes(
    commune: Subject, faces: gpd.GeoDataFrame
) -> None:
    assert sorted(faces["id"]) == sorted(commune.districts["id"])
    other = faces.set_index("id").loc[commune.districts["id"]].geometry
    assert all(a.normalize().equals(b.normalize()) for a, b in zip(commune.districts.geometry, other, strict=True))


def test_the_faces_are_a_valid_coverage_without_holes(commune: Subject) -> None:
    shapes = commune.districts.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    union = shapely.union_all(shapes)
    assert union.geom_type == "Polygon"
    assert not union.interiors


def test_a_level_is_its_districts_dissolved(commune: Subject) -> None:
    dissolved = commune.districts.dissolve("arrondissement").geometry
    coarse = commune.level("arrondissement")
    for number, shape in zip(coarse["number"], coarse.geometry, strict=True):
        assert shape.symmetric_difference(dissolved[number]).area < 1e-15
    assert {"id", "level", "number", "name", "name_today", "parent", "geometry"} <= set(coarse)
    with pytest.raises(KeyError):
        commune.level("canton")


def test_random_points_lie_where_geopandas_puts_them(paris: districts.DistrictSet, faces: gpd.GeoDataFrame) -> None:
    west, south, east, north = faces.total_bounds
    chance = np.random.default_rng(1848)
    lon = chance.uniform(west - 0.01, east + 0.01, 20_000)
    lat = chance.uniform(south - 0.01, north + 0.01, 20_000)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=faces.crs)
    wanted = points.sjoin(faces, how="left", predicate="within")
    assert len(wanted) == len(points)
    found = paris.join(lon, lat)
    assert [paris.faces[i] if i >= 0 else None for i in found] == [
        key if isinstance(key, str) else None for key in wanted["id"]
    ]


def test_a_corner_of_faces_belongs_to_the_one_with_the_lowest_number(
    paris: districts.DistrictSet, faces: gpd.GeoDataFrame
) -> None:
    lowest: dict[tuple[float, float], int] = {}
    for number, shape in zip(faces["number"], faces.geometry, strict=True):
        for at in shape.exterior.coords:
            lowest[at] = min(lowest.get(at, 99), int(number))
    points = np.array(list(lowest))
    found = paris.join(points[:, 0], points[:, 1])
    numbers = [paris.rows[paris.faces[i]].number for i in found]
    assert numbers == list(lowest.values())


def test_the_drawn_shapes_are_still_a_valid_coverage_of_the_same_ground(paris: districts.DistrictSet) -> None:
    drawn = paris.drawn()
    assert shapely.coverage_is_valid(drawn)
    assert shapely.is_valid(drawn).all()
    assert not shapely.union_all(drawn).interiors
    assert np.array_equal(shapely.get_coordinates(drawn), np.round(shapely.get_coordinates(drawn), 5))
    assert shapely.get_num_coordinates(drawn).sum() < shapely.get_num_coordinates(paris.shapes).sum()
    metres = np.array([paris.to_metres(s) for s in drawn]), np.array([paris.to_metres(s) for s in paris.shapes])
    assert np.all(np.abs(shapely.area(metres[0]) / shapely.area(metres[1]) - 1) < 0.02)
    assert max(shapely.hausdorff_distance(*metres)) < 60


@pytest.mark.parametrize("detail", ["full", "drawn"])
def test_borders_are_complete_each_once_and_each_on_its_own_level(paris: districts.DistrictSet, detail: str) -> None:
    shapes = paris.drawn() if detail == "drawn" else paris.shapes
    arcs = arcs_of(shapes)
    between: list[list[Any]] = [[], []]
    edge: list[Any] = []
    for line, sides in zip(arcs.lines, arcs.sides, strict=True):
        owners = [((paris.rows[paris.faces[side]].number or 0) - 1) // 4 for side in sides]
        (edge if len(sides) == 1 else between[owners[0] == owners[1]]).append(line)
    coarse, fine = (shapely.MultiLineString(lines) for lines in between)
    limit = shapely.union_all(shapes).boundary
    every = shapely.union_all(shapely.boundary(shapes))
    assert every.length == pytest.approx(coarse.length + fine.length + limit.length, rel=1e-9)
    assert shapely.union_all([coarse, fine, limit]).symmetric_difference(every).length < 1e-9
    owner = [(paris.rows[face].number or 0) - 1 for face in paris.faces]
    wards = [shapely.union_all([s for s, o in zip(shapes, owner, strict=True) if o // 4 == k]) for k in range(20)]
    inner = shapely.union_all(shapely.boundary(wards)).difference(limit)
    assert inner.symmetric_difference(coarse).length < 1e-9
    assert shapely.MultiLineString(edge).symmetric_difference(limit).length < 1e-9


def test_every_district_is_the_ring_of_its_arcs(paris: districts.DistrictSet) -> None:
    shapes = paris.drawn()
    arcs = arcs_of(shapes)
    assert len(arcs.lines) == 224
    for level in range(2):
        for key in {paris.up(face, level) for face in paris.faces}:
            inside = [shape for face, shape in zip(paris.faces, shapes, strict=True) if paris.up(face, level) == key]
            whole = shapely.coverage_union_all(inside)
            (ring,) = arcs.rings(whole)
            lines = [arcs.lines[n] if n >= 0 else arcs.lines[~n][::-1] for n in ring]
            assert all(a[-1] == b[0] for a, b in zip(lines, [*lines[1:], lines[0]], strict=True))
            assert shapely.Polygon([at for line in lines for at in line[:-1]]).equals(whole)


def test_rings_without_a_corner_and_holes_are_arcs_too() -> None:
    outer, inner = shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6)
    arcs = arcs_of([outer.difference(inner), inner])
    assert sorted(arcs.sides) == [(0,), (0, 1)]
    assert [len(arcs.rings(shape)) for shape in (outer.difference(inner), inner, outer)] == [2, 1, 1]


# --- The small set -----------------------------------------------------------------------------------------------


def test_a_set_is_made_from_its_boundary_lines(tmp_path: Path) -> None:
    found = good(small.write_districts(tmp_path))
    assert found.faces == ["b1", "b2", "b3", "b4"]
    assert found.members("w2") == {"b3", "b4"}
    assert found.up("b3", 0) == "w2"
    assert list(found.frame()["ward"]) == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("column", "row", "face"),
    [
        (0.0, 0.0, "b1"), (1.0, 1.0, "b4"),
        (0.5, 0.0, "b1"), (0.0, 0.5, "b1"), (1.0, 0.5, "b2"), (0.5, 1.0, "b3"), (0.5, 0.5, "b1"),
        (-0.5, -0.5, "b1"), (1.5, 1.5, "b4"), (1.5, 0.5, "b2"), (-0.6, 0.0, None), (0.0, 1.6, None),
    ],
)  # fmt: skip
def test_a_point_exactly_on_a_border_belongs_to_the_lowest_number(
    tmp_path: Path, column: float, row: float, face: str | None
) -> None:
    found = good(small.write_districts(tmp_path))
    lon, lat = small.middle(column, row)
    index = int(found.join(np.array([lon]), np.array([lat]))[0])
    assert (found.faces[index] if index >= 0 else None) == face


def test_the_lowest_number_wins_not_the_first_id_or_row(tmp_path: Path) -> None:
    rows = small.districts()
    for row in rows:
        if row["level"] == "block":
            row["number"] = str(5 - int(row["number"]))
    found = good(small.write_districts(tmp_path, rows=rows))
    lon, lat = small.middle(0.5, 0.5)
    assert found.faces[int(found.join(np.array([lon]), np.array([lat]))[0])] == "b4"


def test_no_points_join_to_nothing(tmp_path: Path) -> None:
    assert len(good(small.write_districts(tmp_path)).join(np.array([]), np.array([]))) == 0


def test_a_distance_is_in_metres(tmp_path: Path) -> None:
    found = good(small.write_districts(tmp_path))
    lon, lat = small.middle(0, 0)
    assert found.distance_m(lon, lat, {"b1"}) == 0
    # half a block: half of 0.0078125 degrees of longitude at 50° north, of 111,413 m times cos 50° each
    assert found.distance_m(lon, lat, {"b2"}) == pytest.approx(0.0078125 / 2 * 71_700, rel=0.01)
    assert found.distance_m(lon, lat, None) == pytest.approx(0.0078125 / 2 * 71_700, rel=0.01)


# --- Broken sets -------------------------------------------------------------------------------------------------


def test_a_line_that_dangles_from_others_is_named_and_not_its_neighbour(tmp_path: Path) -> None:
    lines = small.boundaries() | {"zz-blind-alley": [small.corner(1, 1), small.middle(0.2, 0.2)]}
    (problem,) = broken(small.write_districts(tmp_path, lines))
    assert problem.column == "zz-blind-alley"


def test_a_line_that_stands_alone_is_named(tmp_path: Path) -> None:
    lines = small.boundaries() | {"path": [small.middle(0.1, 0.1), small.middle(0.2, 0.2)]}
    (problem,) = broken(small.write_districts(tmp_path, lines))
    assert problem.column == "path"
    assert "dangling" in problem.message


def test_a_missing_line_leaves_a_face_with_two_label_points_both_named(tmp_path: Path) -> None:
    lines = small.boundaries()
    del lines["lane-1-0"]
    problems = broken(small.write_districts(tmp_path, lines))
    (face,) = (p for p in problems if "face with" in p.message)
    assert "2 label points" in face.message
    assert "b1" in face.message
    assert "b2" in face.message
    assert {p.column for p in problems} >= {"b1", "b2"}


def test_a_missing_outer_line_is_told_by_the_district_that_has_no_face(tmp_path: Path) -> None:
    lines = small.boundaries()
    del lines["lane-0-0"]
    problems = broken(small.write_districts(tmp_path, lines))
    assert "b1" in {p.column for p in problems if "no face" in p.message}


def test_two_label_points_in_a_face_are_both_named_with_its_place(tmp_path: Path) -> None:
    rows = small.districts()
    extra = {"id": "b5", "level": "block", "number": "5", "name": "Block 5", "parent": "w1"}
    lon, lat = small.middle(0.1, 0.1)
    rows.append(small.cells(small.DISTRICT_COLUMNS, **extra, lon=str(lon), lat=str(lat)))
    problems = broken(small.write_districts(tmp_path, rows=rows))
    (face,) = (p for p in problems if "2 label points" in p.message)
    assert "b1" in face.message
    assert "b5" in face.message
    at = [float(x) for x in face.value.split(",")]
    assert shapely.box(*small.corner(0, 0), *small.corner(1, 1)).contains(shapely.Point(at))


@pytest.mark.parametrize("how", ["row", "point", pytest.param("lat")])
def test_a_face_without_a_label_point_is_told_with_its_place(tmp_path: Path, how: str) -> None:
    rows = small.districts()
    if how == "row":
        rows = [row for row in rows if row["id"] != "b3"]
    else:
        row = next(row for row in rows if row["id"] == "b3")
        row["lat"] = ""
        row["lon"] = "" if how == "point" else row["lon"]
    problems = broken(small.write_districts(tmp_path, rows=rows))
    (face,) = (p for p in problems if "0 label points" in p.message)
    at = [float(x) for x in face.value.split(",")]
    assert shapely.box(*small.corner(0, 1), *small.corner(1, 2)).contains(shapely.Point(at))


def test_a_line_between_two_faces_with_one_label_point_is_told(tmp_path: Path) -> None:
    lines = small.boundaries()
    cut = (small.WEST + small.SIZE * 0.75, small.SOUTH)
    top = (cut[0], small.SOUTH + small.SIZE)
    lines["street-0-0"].insert(1, cut)
    lines["street-0-1"].insert(1, top)
    south, north = lines.pop("street-0-0"), lines.pop("street-0-1")
    lines |= {"s-1": south[:2], "s-2": south[1:], "n-1": north[:2], "n-2": north[1:], "extra": [cut, top]}
    problems = broken(small.write_districts(tmp_path, lines))
    assert any("0 label points" in p.message for p in problems)


def test_a_sliver_is_named(tmp_path: Path) -> None:
    rows = small.districts()
    lines = small.boundaries()
    a, b = small.corner(2, 0), small.corner(2, 1)
    lines["sliver"] = [a, (a[0] + 1e-6, (a[1] + b[1]) / 2), b]
    extra = {"id": "b5", "level": "block", "number": "5", "name": "Block 5", "parent": "w1"}
    rows.append(small.cells(small.DISTRICT_COLUMNS, **extra, lon=f"{a[0] + 5e-7:.8f}", lat=str((a[1] + b[1]) / 2)))
    problems = broken(small.write_districts(tmp_path, lines, rows))
    assert [(p.column, p.message) for p in problems if p.level == "error"] == [("b5", "is too small")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"level": "quarter"}, "level"),
        ({"parent": ""}, "parent"),
        ({"parent": "b2"}, "parent"),
        ({"parent": "w9"}, "parent"),
    ],
)
def test_a_row_that_does_not_fit_the_levels_is_named_by_file_row_and_column(
    tmp_path: Path, change: dict[str, str], column: str
) -> None:
    rows = small.districts()
    rows[0] |= change
    found = [p for p in broken(small.write_districts(tmp_path, rows=rows)) if p.column == column]
    assert [(p.file, p.row) for p in found] == [(f"{tmp_path.name}/districts.csv", 2)]


def test_an_id_that_does_not_name_its_level_is_refused(tmp_path: Path) -> None:
    rows = small.districts()
    rows[0]["id"] = "x1"
    problems = broken(small.write_districts(tmp_path, rows=rows))
    assert [(p.column, p.value) for p in problems if p.level == "error"] == [("id", "x1")]


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    rows = small.districts()
    rows.append(dict(rows[-1]) | {"name": "Another"})
    assert load(small.write_districts(tmp_path, rows=rows))[1]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", pytest.param('{"features": 1}'), '{"features": [{"geometry": null}]}', "null"]
)
def test_a_file_that_is_no_feature_collection_is_a_problem(tmp_path: Path, text: str) -> None:
    small.write_districts(tmp_path)
    (tmp_path / "boundaries.geojson").write_text(text, encoding="utf-8")
    assert broken(tmp_path)


# --- Polygons ----------------------------------------------------------------------------------------------------

ONE = [Level("parish", "p")]


def square(column: int, row: int, size: float = 1) -> list[list[list[float]]]:
    (a, b), (c, d) = small.corner(column, row), small.middle(column + size - 0.5, row + size - 0.5)
    return [[[a, b], [c, b], [c, d], [a, d], [a, b]]]


def write_polygons(folder: Path, shapes: list[tuple[Any, str, Any]]) -> Path:
    features = [small.feature({"id": key, "name": str(key)}, kind, xy) for key, kind, xy in shapes]
    (folder / "districts.geojson").write_text(small.geojson(features), encoding="utf-8")
    return folder


def test_a_set_of_polygons_needs_no_table(tmp_path: Path) -> None:
    found = good(
        write_polygons(tmp_path, [("p-east", "Polygon", square(1, 0)), ("p-west", "Polygon", square(0, 0))]), ONE
    )
    assert found.faces == ["p-east", "p-west"]
    assert list(found.frame()["parish"]) == ["p-east", "p-west"]
    lon, lat = small.middle(0, 0)
    assert found.join(np.array([lon]), np.array([lat])).tolist() == [1]


def test_polygons_that_overlap_are_named(tmp_path: Path) -> None:
    shapes = [("p-1", "Polygon", square(0, 0, 1.5)), ("p-2", "Polygon", square(1, 0))]
    (problem,) = broken(write_polygons(tmp_path, shapes), ONE)
    assert "p-1" in problem.column
    assert "p-2" in problem.column


def test_polygons_that_enclose_a_hole_are_refused(tmp_path: Path) -> None:
    places = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)]
    shapes = [(f"p-{k}", "Polygon", square(*at)) for k, at in enumerate(places)]
    (problem,) = broken(write_polygons(tmp_path, shapes), ONE)
    assert "hole" in problem.message


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Point", [10, 50]),
        ("Polygon", [[[10, 50], [11, 51], [11, 50], [10, 51], [10, 50]]]),
        ("Polygon", []),
        ("Polygon", [[[652_000, 6_862_000], [652_100, 6_862_000], [652_100, 6_862_100], [652_000, 6_862_000]]]),
    ],
)
def test_a_shape_that_is_no_valid_polygon_in_degrees_is_refused(tmp_path: Path, kind: str, coordinates: Any) -> None:
    broken(write_polygons(tmp_path, [("p-1", "Polygon", square(0, 0)), ("p-2", kind, coordinates)]), ONE)


def test_polygons_without_an_id_of_their_own_are_refused(tmp_path: Path) -> None:
    shapes = [("p-1", "Polygon", square(0, 0)), ("p-1", "Polygon", square(1, 0)), ("", "Polygon", square(2, 0))]
    problems = broken(write_polygons(tmp_path, shapes), ONE)
    assert [p.column for p in problems] == ["features[1].id", "features[2].id"]


@pytest.mark.parametrize("key", ["North End", "p_1"])
def test_a_polygon_whose_id_is_no_id_is_a_problem_and_does_not_raise(tmp_path: Path, key: str) -> None:
    broken(write_polygons(tmp_path, [(key, "Polygon", square(0, 0))]), ONE)


def test_a_row_without_a_polygon_is_a_problem(tmp_path: Path) -> None:
    write_polygons(tmp_path, [("p-1", "Polygon", square(0, 0))])
    rows = [small.cells(small.DISTRICT_COLUMNS, id=f"p-{k}", level="parish", name=f"Parish {k}") for k in (1, 2)]
    (tmp_path / "districts.csv").write_text(small.table(small.DISTRICT_COLUMNS, rows), encoding="utf-8")
    assert load(tmp_path, ONE)[1]


def test_statistics_beside_the_shapes_are_read(paris: districts.DistrictSet) -> None:
    table = paris.statistics
    assert table.total == len(table.rows) > 0
    assert {row.district for row in table.rows if row.district} <= set(paris.rows)


def test_the_committed_lines_are_stored_at_six_decimals() -> None:
    data = json.loads((PARIS / "boundaries.geojson").read_text(encoding="utf-8"))
    points = [xy for f in data["features"] for xy in f["geometry"]["coordinates"]]
    assert all(round(x, 6) == x for xy in points for x in xy)
