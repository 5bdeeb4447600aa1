"""The base map and districts of Paris in 1871: what must be there, what must not, and what its README tells."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import geopandas as gpd
import pytest
import shapely
from small import ROOT

from mapgen.bare import describe, load_bare
from mapgen.problems import Problems

PARIS = ROOT / "geodata" / "paris-1871"
README = (PARIS / "README.md").read_text(encoding="utf-8")
LATER = [
    "avenue de l’Opéra", "boulevard Raspail", "place de la République", "boulevard du Prince-Eugène",
    "avenue Gambetta", "place Gambetta", "rue de la Convention", "boulevard Henri-IV", "place d’Italie (Gobelins)",
    "rue Étienne-Marcel", "avenue de la République", "pont Alexandre-III", "pont Mirabeau", "avenue Foch",
    "place Denfert-Rochereau", "rue du Chevalier-de-la-Barre", "rue Jean-Jaurès", "avenue Jean-Jaurès",
]  # fmt: skip
"""Names of streets that were opened or so called after the spring of 1871."""
THEN = [
    "boulevard Voltaire", "place du Château-d’Eau", "rue des Rosiers", "rue de Puebla", "place de Puebla",
    "rue d’Allemagne", "rue de Flandre", "avenue d’Orléans", "boulevard d’Italie", "place d’Enfer", "rue Haxo",
]  # fmt: skip


@cache
def base(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((PARIS / "base" / f"{name}.geojson").read_text(encoding="utf-8"))[
        "features"
    ]
    return found


def files() -> list[str]:
    return sorted(path.stem for path in (PARIS / "base").glob("*.geojson"))


def names(*of: str) -> set[str]:
    return {str(f["properties"]["name"]).replace("'", "’") for name in of for f in base(name)}


# --- What is there ---------------------------------------------------------------------------------------------------


def test_the_set_passes_its_own_check() -> None:
    problems = Problems()
    found = load_bare(PARIS, problems)
    assert found is not None
    assert problems.count("error") == problems.count("warning") == 0
    assert describe(found).startswith("20 of level arrondissement, 80 of level quartier; 7,95")


@pytest.mark.parametrize("name", files())
def test_every_feature_tells_its_kind_class_precision_and_source(name: str) -> None:
    ids = [f["properties"]["id"] for f in base(name)]
    assert len(ids) == len(set(ids))
    for feature in base(name):
        told = feature["properties"]
        assert told["kind"] and told["class"] in (1, 2, 3) and told["source"], told["id"]
        assert type(told["precision_m"]) is int and 0 < told["precision_m"] <= 500, told["id"]


@pytest.mark.parametrize("name", files())
def test_the_readme_counts_the_features_of_each_file(name: str) -> None:
    counts = Counter(f["properties"]["kind"] for f in base(name))
    row = re.search(rf"^\| `base/{name}\.geojson` \|.*\|(.*)\|$", README, re.MULTILINE)
    assert row is not None
    told = {kind: int(n) for n, kind in re.findall(r"(\d+) ([a-z-]+)", row[1])}
    assert told == counts


def test_no_street_bears_a_name_of_later_years_and_those_of_the_time_are_there() -> None:
    found = names("streets")
    assert sorted(found & set(LATER)) == []
    assert sorted(set(THEN) - found) == []


def test_the_wall_has_94_bastions_and_the_67_bis() -> None:
    numbers = [f["properties"]["name"] for f in base("wall") if f["properties"]["kind"] == "salient"]
    assert sorted(numbers, key=lambda n: (int(re.sub(r"\D", "", n)), n)) == sorted(
        [*(str(n) for n in range(1, 95)), next(n for n in numbers if not n.isdigit())],
        key=lambda n: (int(re.sub(r"\D", "", n)), n),
    )


def test_the_town_halls_of_all_twenty_arrondissements_stand_in_them() -> None:
    set_ = load_bare(PARIS, Problems())
    assert set_ is not None
    halls = [f for f in base("landmarks") if f["properties"]["kind"] == "town-hall"]
    found = set()
    for hall in halls:
        if number := re.match(r"mairie du (\d+)er?\b", hall["properties"]["name"]):
            lon, lat = hall["geometry"]["coordinates"]
            at = set_.join(*(gpd.np.array([x]) for x in (lon, lat)))[0]
            assert set_.rows[set_.up(set_.faces[int(at)], 0)].number == int(number[1]), hall["properties"]["name"]
            found.add(int(number[1]))
    assert found == set(range(1, 21))


def test_a_railway_leaves_the_city_from_each_terminus() -> None:
    rails = gpd.read_file(PARIS / "base" / "railways.geojson").to_crs(2154)
    stations = gpd.read_file(PARIS / "base" / "stations.geojson").to_crs(2154)
    termini = stations[(stations["class"] == 3)]
    assert len(termini) == 8
    ends = shapely.union_all([shapely.boundary(line) for line in rails.geometry])
    assert max(termini.distance(ends)) < 40
    main = rails[rails["class"] == 3]
    assert len(set(main["name"])) >= 6


def test_every_boundary_line_is_named() -> None:
    lines = json.loads((PARIS / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["id"] for f in lines if not f["properties"]["name"]] == []


# --- The README ------------------------------------------------------------------------------------------------------


def test_the_readme_tells_the_area_of_each_arrondissement_and_why_it_differs() -> None:
    areas = dict(re.findall(r"^\| (\d+) \| ([\d.]+) \| [\d.]+ \| [+-][\d.]+ % \| \w", README, re.MULTILINE))
    rows = re.findall(r"^\| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([+-][\d.]+) % \| (.*) \|$", README, re.MULTILINE)
    assert [int(row[0]) for row in rows] == list(range(1, 21))
    set_ = load_bare(PARIS, Problems())
    assert set_ is not None
    frame = set_.frame("arrondissement").to_crs(2154)
    official = {r.district: r.value for r in set_.statistics.rows if r.measure == "area" and r.district}
    for number, here, printed, share, reason in rows:
        area = float(frame[frame["number"] == int(number)].area.iloc[0]) / 10_000
        assert float(here) == pytest.approx(area, abs=0.06)
        assert float(printed) == official[f"a{int(number):02}"]
        assert float(share) == pytest.approx((area / float(printed) - 1) * 100, abs=0.06)
        assert abs(float(share)) < 3 or len(reason) > 60, number
    assert len(areas) == 20
