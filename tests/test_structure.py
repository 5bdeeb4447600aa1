"""The house: which module may import which, and that no word of the first subject stands in the generator."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from mapgen.base import KINDS

ROOT = Path(__file__).resolve().parent.parent
MAPGEN = ROOT / "mapgen"

FLOORS = [
    {"__main__"},
    {"cli"},
    {"__init__"},
    {"site", "export", "new", "bare"},
    {"page"},
    {"chronology", "columns", "layers", "picture"},
    {"figures"},
    {"ground", "measures", "translations", "zones"},
    {"subject"},
    {"reading", "records", "checks", "checking", "joins", "contract", "rules", "reference"},
    {"sets"},
    {"arcs", "base", "districts", "coverage", "steps", "shapes", "geojson", "tables", "rows", "cells", "files"},
    {"dates", "encode", "folders", "snippets", "texts"},
    {"problems"},
]
"""From the roof down; a module imports from its own floor and those below. `timestep` stands apart.

`export`, `new` and `picture` are packages: their modules stand where they stand."""
FLOOR = {name: index for index, names in enumerate(FLOORS) for name in names}
SUBJECT_WORDS = re.compile(r"Commune\b|Versailles|Paris|1871|2154")
"""The plural may stand: places outside the districts lie in communes, whatever the subject."""
TEXTS = {".py", ".js", ".css", ".toml", ".html"}


def modules() -> list[str]:
    """Return the modules by name; the parts of a package count as the package."""
    return sorted({path.relative_to(MAPGEN).with_suffix("").parts[0] for path in MAPGEN.rglob("*.py")})


def files_of(module: str) -> list[Path]:
    folder = MAPGEN / module
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [MAPGEN / f"{module}.py"]


@cache
def imports(module: str) -> frozenset[str]:
    """Return the dotted names that a module imports anywhere in it, those for type checking too."""
    found = set()
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files_of(module))
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = "mapgen" if node.level else node.module or ""
            base = f"{base}.{node.module}" if node.level and node.module else base
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def of_mapgen(module: str) -> frozenset[str]:
    """Return the modules of mapgen that a module imports; a name taken from the package itself is `__init__`."""
    parts = [name.split(".") for name in imports(module) if name.split(".")[0] == "mapgen"]
    known = set(modules())
    return frozenset(p[1] if len(p) > 1 and p[1] in known else "__init__" for p in parts)


def libraries(module: str) -> set[str]:
    return {name.split(".")[0] for name in imports(module)}


def test_every_module_has_its_floor_in_the_house() -> None:
    strangers = set(modules()) - set(FLOOR) - {"timestep"}
    assert not strangers, f"say in tests/test_structure.py where these stand, and in DESIGN: {sorted(strangers)}"


@pytest.mark.parametrize("module", [name for name in modules() if name in FLOOR])
def test_no_import_goes_back_up(module: str) -> None:
    up = {name for name in of_mapgen(module) if FLOOR.get(name, len(FLOORS)) < FLOOR[module]}
    assert not up


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    def reach(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        for name in sorted(of_mapgen(module) - {module}):
            reach(name, (*path, module))

    for module in modules():
        reach(module, ())


def test_districts_and_steps_do_not_know_each_other() -> None:
    assert "steps" not in of_mapgen("districts")
    assert "districts" not in of_mapgen("steps")


@pytest.mark.parametrize("module", [name for name in modules() if FLOOR.get(name, 0) >= FLOOR["districts"]])
def test_geopandas_is_imported_in_no_module_before_districts(module: str) -> None:
    assert module == "districts" or "geopandas" not in libraries(module)


def test_folium_is_imported_in_timestep_and_page_only() -> None:
    users = {name for name in modules() if {"folium", "branca"} & libraries(name)}
    assert users <= {"timestep", "page"}


def test_the_plugin_imports_dates_and_steps_of_mapgen_and_nothing_else() -> None:
    assert of_mapgen("timestep") <= {"dates", "steps"}


def texts() -> list[Path]:
    found = [path for path in MAPGEN.rglob("*") if path.suffix in TEXTS]
    left_out = (MAPGEN / "data", MAPGEN / "assets" / "vendor")
    return sorted(path for path in found if not any(path.is_relative_to(folder) for folder in left_out))


@pytest.mark.parametrize("kinds", [(".py",), (".js", ".css", ".html"), (".toml",)])
def test_no_word_number_or_date_of_the_first_subject_stands_in_the_generator(kinds: tuple[str, ...]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in texts()
        if path.suffix in kinds
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SUBJECT_WORDS.search(line)
    ]
    assert not found, "\n".join(found)


def test_page_and_check_know_the_same_kinds_of_the_base_map() -> None:
    drawn = (MAPGEN / "assets" / "base-map.js").read_text(encoding="utf-8")
    listed = re.search(r"L\.BaseMap\.KINDS = \[(.*?)\]", drawn, re.DOTALL)
    assert listed is not None
    assert tuple(re.findall(r"'([a-z-]+)'", listed[1])) == KINDS
