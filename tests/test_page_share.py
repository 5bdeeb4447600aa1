"""Share, cite, take away: what the panel hands out opens, parses and says what is shown."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from browser import Host, Opener, ready, state
from small import COMMUNE

import mapgen
from mapgen.snippets import iframe

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser
VIEW = "date=1871-05-24T12:00&view=14.00/48.86000/2.35000&layers=fires,barricades,base-water&mode=sofar"


def panel(page: Page) -> Page:
    page.get_by_role("button", name="Share, cite, download").click()
    return page


def field(page: Page, name: str) -> str:
    return page.locator(".mg-share").get_by_role("textbox", name=name).input_value()


def taken(page: Page, name: str) -> tuple[str, str]:
    """Return name and text of the file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.suggested_filename, download.value.path().read_bytes().decode()


class Frames(HTMLParser):
    """The attributes of the frames of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.found.append(dict(attrs))


def test_the_link_opens_the_same_view(open_page: Opener, host: Host) -> None:
    page = open_page.visit(f"{host.address}/map.html#{VIEW}")
    ready(page)
    before = state(page)
    address = field(panel(page), "Link to this view")
    assert address.startswith(f"{host.address}/map.html#")
    other = open_page.visit(address)
    ready(other)
    assert state(other) == before


def test_the_snippet_is_the_one_of_python_and_opens_the_same_view(open_page: Opener, host: Host) -> None:
    page = open_page.visit(f"{host.address}/map.html?lang=fr#{VIEW}&q=%22%26%3Cb%3E")
    ready(page)
    page.evaluate("document.querySelector('.mg-share button').click()")
    snippet = page.locator(".mg-share textarea").nth(1).input_value()
    frame = Frames(snippet).found[0]
    src = str(frame["src"])
    assert snippet == iframe(src, "La Commune de Paris, jour après jour")
    assert src.startswith(f"{host.address}/map.html?ui=compact&lang=fr#")
    assert frame["sandbox"] == "allow-scripts allow-popups allow-popups-to-escape-sandbox"
    outer = open_page.visit(host.write("pasted.html", f"<h1>Host</h1>{snippet}"), src.split("?", maxsplit=1)[0])
    inner = outer.frames[1]
    ready(inner)
    told = state(inner)
    assert {key: told[key] for key in ("at", "mode", "certain", "possible", "layers", "lang")} == {
        key: state(page)[key] for key in ("at", "mode", "certain", "possible", "layers", "lang")
    }


def test_a_map_without_an_address_says_what_to_put_in(open_page: Opener) -> None:
    page = panel(open_page(state=VIEW))
    assert field(page, "Link to this view").startswith("https://YOUR-SITE/index.html#date=")
    assert "YOUR-SITE" in page.locator(".mg-share-in p").inner_text()


def test_the_citation_names_authors_title_version_hash_and_link(
    open_page: Opener, host: Host, commune: Subject
) -> None:
    page = open_page.visit(f"{host.address}/map.html#{VIEW}")
    ready(page)
    text = field(panel(page), "Cite this map")
    config = commune.config
    for part in (
        *config.authors,
        config.title["en"],
        config.version,
        commune.data_hash[:12],
        field(page, "Link to this view"),
    ):
        assert part in text


def test_what_the_panel_hands_out_follows_the_clock(open_page: Opener) -> None:
    page = panel(open_page(state=VIEW))
    before = field(page, "Link to this view")
    page.get_by_role("button", name="Next step").click()
    page.wait_for_timeout(500)
    assert field(page, "Link to this view") != before
    assert "date=1871-05-24T18:00" in field(page, "Link to this view")


def test_the_table_holds_every_event_shown(open_page: Opener, commune: Subject) -> None:
    page = panel(open_page(state=VIEW))
    name, text = taken(page, "Table (CSV)")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    now = state(page)
    assert name == "events.csv"
    assert {row["id"] for row in rows if row["state"] == "certain"} == set(now["certain"])
    assert {row["id"] for row in rows if row["state"] == "possible"} == set(now["possible"])
    for row in rows:
        event = commune.rows[commune.index[row["id"]]]
        place = commune.places[event.place or ""]
        assert row["title"] == event.title
        assert row["layer"] == event.layer
        assert row["place"] == place.name
        assert row["district"] == commune.bins[commune.index[event.id]]
        assert row["sources"].count("[") >= 1
        if place.lon is not None and place.precision not in ("city", "region"):
            assert (float(row["lat"]), float(row["lon"])) == pytest.approx((place.lat, place.lon), abs=6e-6)


def test_the_bibliographies_hold_every_source_of_the_events_shown(open_page: Opener, commune: Subject) -> None:
    page = panel(open_page(state=VIEW))
    now = state(page)
    keys = {ref.source for key in now["certain"] + now["possible"] for ref in commune.rows[commune.index[key]].sources}
    titles = sorted(commune.sources[key].title for key in keys)
    name, text = taken(page, "Sources (CSL-JSON)")
    items = json.loads(text)
    assert name == "sources.json"
    assert sorted(item["title"] for item in items) == titles
    assert {item["type"] for item in items} == {"document"}
    assert sorted(item["URL"] for item in items if "URL" in item) == sorted(
        commune.sources[key].url for key in keys if commune.sources[key].url
    )
    name, text = taken(page, "Sources (BibTeX)")
    assert name == "sources.bib"
    entries = re.findall(r"^@misc\{(source-\d+),$", text, re.MULTILINE)
    assert len(entries) == len(set(entries)) == len(keys)
    assert text.count("{") == text.count("}")
    told = [
        re.sub(r"\\([&%$#_])", r"\1", found) for found in re.findall(r"^  title = \{\{(.*)\}\},$", text, re.MULTILINE)
    ]
    assert sorted(told) == sorted(re.sub(r"[\\{}]", "", title) for title in titles)


def test_a_sandboxed_frame_shows_what_it_may_not_save(open_page: Opener, host: Host) -> None:
    address = f"{host.address}/map.html"
    frame = f'<iframe title="Map" sandbox="allow-scripts" width="1200" height="800" src="{address}#{VIEW}"></iframe>'
    page = open_page.visit(host.write("boxed.html", frame), address, viewport={"width": 1280, "height": 900})
    inner = page.frames[1]
    ready(inner)
    inner.get_by_role("button", name="Share, cite, download").click()
    inner.get_by_role("button", name="Table (CSV)").click()
    assert inner.locator(".mg-taken textarea").input_value().startswith("id,when,state")


def test_the_card_hands_out_its_link_and_citation(open_page: Opener, host: Host, commune: Subject) -> None:
    page = open_page.visit(f"{host.address}/map.html#event=incendie-hotel-de-ville")
    ready(page)
    acts = page.locator(".mg-acts").first
    acts.get_by_role("button", name="Cite").click()
    text = acts.locator("textarea").input_value()
    row = commune.rows[commune.index["incendie-hotel-de-ville"]]
    for part in (row.title, commune.config.title["en"], commune.config.version, "event=incendie-hotel-de-ville"):
        assert part in text
    acts.get_by_role("button", name="Link to this").click()
    link = acts.locator("textarea").input_value()
    other = open_page.visit(link)
    ready(other)
    assert state(other)["event"] == "incendie-hotel-de-ville"


def test_a_report_of_an_error_leads_where_the_subject_says(open_page: Opener, tmp_path: Path) -> None:
    folder = tmp_path / "events" / "subject"
    shutil.copytree(COMMUNE, folder)
    shutil.copytree(COMMUNE.parent.parent / "geodata", tmp_path / "geodata")
    contract = folder / "subject.toml"
    contract.write_text(
        contract.read_text(encoding="utf-8").replace('report_error = ""', 'report_error = "mailto:map@example.org"'),
        encoding="utf-8",
    )
    mapgen.build(mapgen.load(folder), tmp_path / "site")
    page = open_page(state="event=incendie-hotel-de-ville", folder=tmp_path / "site")
    href = page.get_by_role("link", name="Report an error").get_attribute("href")
    assert href is not None
    assert href.startswith("mailto:map@example.org?subject=incendie-hotel-de-ville")
    plain = open_page(state="event=incendie-hotel-de-ville")
    assert plain.get_by_role("link", name="Report an error").count() == 0


def test_the_readme_shows_the_snippet_that_the_page_hands_out() -> None:
    readme = (COMMUNE.parent.parent / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```html\n(<iframe.*?</iframe>)\n```", readme, re.DOTALL)
    frame = Frames(shown[0]).found[0]
    assert shown[0] == iframe(html.unescape(str(frame["src"])), str(frame["title"]))


def test_a_citation_made_from_disk_holds_no_path_of_the_disk(open_page: Opener) -> None:
    page = open_page(state="event=incendie-hotel-de-ville")
    acts = page.locator(".mg-acts").first
    acts.get_by_role("button", name="Cite").click()
    assert "file:" not in acts.locator("textarea").input_value()
    assert "file:" not in field(panel(page), "Cite this map")
