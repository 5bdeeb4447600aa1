"""The stills: what they tell, that nothing lies over anything, and the page without JavaScript that shows them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import combinations
from math import hypot
from typing import TYPE_CHECKING, Any

import oracle
import pytest
from small import COMMUNE, ROOT

import mapgen
from mapgen.picture import stills

if TYPE_CHECKING:
    from pathlib import Path

    from browser import Host, Opener
    from playwright.sync_api import Page

FIRE = ROOT / "tests" / "subjects" / "san-francisco-1906"
SVG = "{http://www.w3.org/2000/svg}"
ASIDE = {
    "Known to a quarter only": "area", "The whole city": "city", "Without a place": "none", "Beyond the map": "beyond",
}  # fmt: skip
AREAS = {"quarter": "area", "district": "area", "city": "city", "": "none"}
PHASES = [1, 2, 3, 4, 5, 6, "all"]


@pytest.fixture(scope="module")
def drawn(commune: mapgen.Subject) -> dict[str, str]:
    return stills(commune)


@pytest.fixture(scope="module")
def fire() -> mapgen.Subject:
    return mapgen.load(FIRE)


@pytest.fixture(scope="module")
def fire_site(fire: mapgen.Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fire") / "site"
    mapgen.build(fire, folder)
    return folder


def words(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def marks(root: ET.Element) -> list[int]:
    """Return how many events each mark stands for: a number where one is written, else one."""
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "mark"]
    return [int(next(iter(words(group)), "1")) for group in groups]


def aside(root: ET.Element) -> Counter[str]:
    told = [text.split(": ") for text in words(root) if text.split(": ")[0] in ASIDE]
    return Counter({ASIDE[name]: int(n) for name, n in told})


def expected(world: oracle.World, phase: int | str) -> list[dict[str, str]]:
    """Return the events of a phase by the slow reading: all that may fall between its first and last minute."""
    starts = [oracle.read_date(p["from"]).lo for p in world.config["phases"]] + [world.extent[1]]
    start, end = world.extent if phase == "all" else (starts[int(phase) - 1], starts[int(phase)])
    return [row for row in world.events if oracle.state(world.readings[row["id"]], start, end) != "absent"]


def check(world: oracle.World, phase: int | str, svg: str) -> None:
    """Check that a picture tells as many events as there are, on the map, beside it, and by layer."""
    root, rows = ET.fromstring(svg), expected(world, phase)
    assert len(rows) > 0
    besides = aside(root)
    assert sum(marks(root)) + besides.total() == len(rows)
    kinds = Counter(AREAS.get(world.places.get(row["place"], {"precision": ""})["precision"], "") for row in rows)
    for kind in ("area", "city", "none"):
        assert besides[kind] == kinds[kind], kind
    layers = Counter(row["layer"] for row in rows)
    names = {layer["id"]: layer["name"]["en"] for layer in world.config["layers"]}
    counts = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "count"]
    assert sorted(map(str, layers.values())) == sorted(map(str, counts))
    assert {names[key] for key in layers} <= set(words(root))
    assert any(text.endswith(f"· {len(rows)} event{'s' if len(rows) > 1 else ''}") for text in words(root))


# --- What a picture tells --------------------------------------------------------------------------------------------


def test_there_is_a_picture_of_each_phase_and_of_all_in_each_language(drawn: dict[str, str]) -> None:
    assert sorted(drawn) == sorted(f"stills/{k}.{code}.svg" for k in PHASES for code in ("en", "fr"))


@pytest.mark.parametrize("phase", PHASES)
def test_a_picture_tells_every_event_of_its_phase_once(
    drawn: dict[str, str], commune_world: oracle.World, phase: int | str
) -> None:
    check(commune_world, phase, drawn[f"stills/{phase}.en.svg"])


def test_pictures_of_another_subject_tell_theirs(fire: mapgen.Subject) -> None:
    world = oracle.world(FIRE)
    found = stills(fire)
    assert len(found) == len(world.config["phases"]) + 1
    for file, svg in found.items():
        phase = file.removeprefix("stills/").removesuffix(".en.svg")
        check(world, phase if phase == "all" else int(phase), svg)


def test_both_languages_tell_the_same_numbers(drawn: dict[str, str]) -> None:
    for phase in PHASES:
        one, two = (ET.fromstring(drawn[f"stills/{phase}.{code}.svg"]) for code in ("en", "fr"))
        assert marks(one) == marks(two)


def test_title_phase_and_dates_are_written_and_spoken(drawn: dict[str, str], commune: mapgen.Subject) -> None:
    for k, phase in enumerate(commune.config.phases, 1):
        for code in ("en", "fr"):
            root = ET.fromstring(drawn[f"stills/{k}.{code}.svg"])
            spoken = root.findtext(f"{SVG}title") or ""
            assert commune.config.title[code] in words(root) and commune.config.title[code] in spoken
            assert any(text.startswith(phase.name[code]) for text in words(root)) and phase.name[code] in spoken
            assert root.get("role") == "img" and root.get("lang") == code
    assert "21 to 28 May 1871" in drawn["stills/5.en.svg"]
    assert "21 au 28 mai 1871" in drawn["stills/5.fr.svg"]
    for credit in commune.config.credits:
        assert credit in "".join(ET.fromstring(drawn["stills/all.en.svg"]).itertext())
    assert "ODbL-1.0" in drawn["stills/all.en.svg"]


def test_ground_held_is_that_of_the_end_of_the_phase(drawn: dict[str, str]) -> None:
    week, march, whole = (words(ET.fromstring(drawn[f"stills/{k}.en.svg"])) for k in (5, 2, "all"))
    assert "Held by the Versailles army" in week and "Held by the Commune" not in week
    assert "Held by the Commune" in march and "Held by the Versailles army" not in march
    assert [text for text in week if text.endswith(" May")] == [f"{day} May" for day in range(22, 28)]
    assert not any(text.startswith("Held") for text in whole)


# --- How it is made --------------------------------------------------------------------------------------------------


def test_a_picture_needs_nothing_but_itself(drawn: dict[str, str]) -> None:
    for name, svg in drawn.items():
        bare = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.findall(r"http|<style|<script|<image|\sstyle=|\son\w+=|@import", bare), name
        ids = re.findall(r' id="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        named = re.findall(r'href="([^"]*)"', svg) + re.findall(r"url\(([^)]*)\)", svg)
        assert named and all(reference[1:] in ids and reference[0] == "#" for reference in named)
    every = [key for name, svg in drawn.items() for key in re.findall(r' id="([^"]+)"', svg)]
    assert len(every) == len(set(every)), "two pictures in one page would share an id"


def test_a_picture_is_small(drawn: dict[str, str]) -> None:
    assert {name: len(svg) for name, svg in drawn.items() if not 20_000 < len(svg.encode()) < 150_000} == {}


def test_colours_are_those_of_the_page(drawn: dict[str, str]) -> None:
    style = (ROOT / "mapgen" / "assets" / "map.css").read_text(encoding="utf-8")
    light = "".join(re.findall(r"^\.mg \{.*?\}", style, re.DOTALL | re.MULTILINE))
    used = {colour for svg in drawn.values() for colour in re.findall(r'="(#[0-9a-f]{6})"', svg)}
    assert len(used) > 20
    assert used <= set(re.findall("#[0-9a-f]{6}", light))


def test_hostile_words_are_text(tmp_path: Path) -> None:
    source = (FIRE / "subject.toml").read_text(encoding="utf-8")
    folder = tmp_path / "subjects" / "hostile"
    folder.mkdir(parents=True)
    (tmp_path / "subjects" / "districts").symlink_to(FIRE.parent / "districts")
    for path in FIRE.glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    title = """</text><script>alert('1')</script> & "q" """.strip()
    quoted = title.replace('"', '\\"')
    changed = re.sub("^title = .*", lambda _: f'title = {{ en = "{quoted}" }}', source, flags=re.MULTILINE)
    changed = changed.replace('{ en = "Earthquake" }', f'{{ en = "{quoted}" }}')
    (folder / "subject.toml").write_text(changed, encoding="utf-8")
    root = ET.fromstring(stills(mapgen.load(folder))["stills/1.en.svg"])
    assert title in words(root)
    assert not list(root.iter(f"{SVG}script"))


def test_two_drawings_are_the_same_to_the_byte(fire: mapgen.Subject) -> None:
    assert stills(fire) == stills(mapgen.load(FIRE))


# --- In Chromium -----------------------------------------------------------------------------------------------------

BOXES = """which => [...document.querySelectorAll(which)].map(el => {
    const b = el.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom, el.textContent]; })"""
LETTERING = "svg svg > g:not([transform]):not(.mark) > text"


def overlap(a: list[Any], b: list[Any], slack: float) -> bool:
    return bool(a[0] + slack < b[2] and b[0] + slack < a[2] and a[1] + slack < b[3] and b[1] + slack < a[3])


@pytest.mark.browser
@pytest.mark.parametrize("phase", PHASES)
def test_a_picture_opens_and_nothing_lies_over_anything(open_page: Opener, site: Path, phase: int | str) -> None:
    for code in ("en", "fr"):
        page = open_page.visit((site / f"stills/{phase}.{code}.svg").as_uri(), viewport={"width": 1200, "height": 900})
        names, symbols = page.evaluate(BOXES, LETTERING), page.evaluate(BOXES, ".mark")
        assert len(names) > 10 and len(symbols) > 10
        assert [(a[4], b[4]) for a in names for b in symbols if overlap(a, b, 4)] == []
        assert [
            (a[4], b[4]) for a, b in combinations(names, 2) if "Seine" not in a[4] + b[4] and overlap(a, b, 4)
        ] == []
        middles = [((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in symbols]
        assert min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(middles, 2)) > 17
        rows = page.evaluate(BOXES, "svg:root > g > text")
        assert all(b[0] >= 0 and b[2] <= 1200 and b[3] <= 900 for b in rows)
        assert [(a[4], b[4]) for a, b in combinations(rows, 2) if overlap(a, b, 3)] == []


@pytest.mark.browser
def test_without_javascript_the_map_shows_the_picture_from_disk_and_from_a_server(
    open_page: Opener, site: Path, host: Host
) -> None:
    (host.folder / "stills").symlink_to(site / "stills")
    for address in (site.as_uri() + "/index.html", f"{host.address}/map.html"):
        files = [address.rsplit("/", 1)[0] + f"/stills/all.{code}.svg" for code in ("en", "fr")]
        page = open_page.visit(address, *files, java_script_enabled=False)
        shown = page.locator("img:visible")
        assert shown.count() == 1
        assert shown.evaluate("img => [img.lang, img.naturalWidth, img.alt.includes('652')]") == ["en", 1200, True]
        page.get_by_role("link", name="Français", exact=True).click()
        assert page.locator("img:visible").evaluate("img => [img.lang, img.naturalWidth]") == ["fr", 1200]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_with_javascript_no_picture_is_asked_for(open_page: Opener) -> None:
    assert open_page().locator("img").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_without_javascript_picture_and_tables_stand_in_the_chronology(open_page: Opener, width: int) -> None:
    page = open_page.chronology(viewport={"width": width, "height": 800})
    for code, name, events in (("en", "English", "652 events"), ("fr", "Français", "652 événements")):
        page.get_by_role("link", name=name, exact=True).click()
        figures = page.locator("figure:visible")
        assert figures.count() == 1
        assert events in (figures.locator("svg[role=img]").text_content() or "")
        links = figures.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        assert links == [f"stills/{k}.{code}.svg" for k in ("all", *PHASES[:-1])]
        assert page.locator("table:visible").count() == 2
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_a_short_chronology_has_its_picture_without_javascript_only(open_page: Opener, fire_site: Path) -> None:
    page = open_page.chronology(folder=fire_site)
    assert page.locator("svg[role=img]:visible").count() == 1
    assert page.locator("table:visible").count() == 1
    assert open_page(folder=fire_site).locator("figure, img, svg[role=img]").count() == 0


# --- The tables of districts -----------------------------------------------------------------------------------------


READ = """(rows, code) => rows.map(row => [...row.cells].map(cell =>
    (cell.querySelector(`:scope > [lang=${code}]`) || cell).textContent.trim()))"""


def cells(page: Page, table: int, code: str = "en") -> tuple[list[str], list[list[str]], list[list[str]]]:
    """Return head, body and foot of a table in a language."""
    found = page.locator("#mg-districts table").nth(table)
    (head,), body, foot = (found.locator(f"{part} tr").evaluate_all(READ, code) for part in ("thead", "tbody", "tfoot"))
    assert found.locator("thead th:not([scope=col]), tbody th:not([scope=row]), tfoot th:not([scope=row])").count() == 0
    return head, body, foot


def figure(measure: str, when: str, district: str) -> float:
    files = [COMMUNE / "statistics.csv", ROOT / "geodata" / "paris-1871" / "statistics.csv"]
    rows = [row for path in files for row in oracle.rows_of(path)]
    return next(
        float(r["value"]) for r in rows if (r["measure"], r["when"], r["district"]) == (measure, when, district)
    )


@pytest.mark.browser
def test_the_tables_count_every_event_and_give_the_newest_figures(open_page: Opener, commune: mapgen.Subject) -> None:
    page = open_page.chronology()
    total = len(oracle.rows_of(COMMUNE / "events.csv"))
    frame = commune.events
    for table, (level, letter, size) in enumerate((("arrondissement", "a", 20), ("quartier", "q", 80))):
        head, body, foot = cells(page, table)
        counts = frame[level].dropna().astype(int).value_counts()
        assert [int(row[0]) for row in body] == list(range(1, size + 1))
        assert {int(row[0]): int(row[2]) for row in body} == {k: int(counts.get(k, 0)) for k in range(1, size + 1)}
        assert foot[-1][1:3] == ["All", str(total)]
        assert sum(int(row[2]) for row in [*body, *foot[:-1]]) == total
        rest = {row[1]: int(row[2]) for row in foot[:-1]}
        assert rest["The whole city"] == (frame["bin"] == "city").sum()
        assert rest["Elsewhere"] == (frame["bin"] == "outside").sum()
        people = head.index("Population, 1872")
        for row in body:
            told = float(row[people].replace(",", ""))
            assert told == figure("population", "1872", f"{letter}{int(row[0]):02}")
    assert cells(page, 0)[0][:3] == ["No.", "Name", "Events"]


@pytest.mark.browser
def test_the_tables_write_numbers_as_each_language_does(open_page: Opener) -> None:
    page = open_page.chronology()
    assert cells(page, 1)[2][-1][3] == "1,851,792"
    head, body, foot = cells(page, 1, "fr")
    assert head[:3] == ["N°", "Nom", "Événements"]
    assert foot[-1][3] == "1\u202f851\u202f792"
    assert any(re.fullmatch(r"\d+,\d+", row[-1]) for row in body)
