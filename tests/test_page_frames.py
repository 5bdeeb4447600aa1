"""The page in small frames, in other people's pages, without JavaScript, and with hostile data."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Host, Opener, ready, set_state, settle, state
from engines import IN_BOTH
from playwright.sync_api import Locator
from views import BLOODY, SMALL, TOUCH, no_scroll

import mapgen

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent
COMMUNE = ROOT / "events" / "paris-commune-1871"

DRAWN = """() => {
    const colours = new Set(), small = document.createElement('canvas');
    small.width = small.height = 60;
    const ctx = small.getContext('2d', {willReadFrequently: true});
    for (const canvas of document.querySelectorAll('.mg-map canvas')) {
        if (canvas.width && canvas.height) { ctx.drawImage(canvas, 0, 0, 60, 60); }
    }
    const data = ctx.getImageData(0, 0, 60, 60).data;
    for (let k = 0; k < data.length; k += 4) { colours.add(data.slice(k, k + 4).join()); }
    return colours.size;
}"""

TITLES = "[...document.querySelectorAll('article h3')].filter(el => el.checkVisibility()).map(el => el.textContent)"

# --- Sizes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("size", [(360, 640), (390, 844)], ids=str)
def test_a_phone_shows_mostly_map_and_large_controls(open_page: Opener, size: tuple[int, int], lang: str) -> None:
    page = open_page(query=f"lang={lang}", state=BLOODY, viewport={"width": size[0], "height": size[1]}, **TOUCH)
    no_scroll(page)
    stage = page.locator(".mg-stage").bounding_box()
    assert stage is not None
    covered = page.evaluate(
        "Math.max(0, document.querySelector('.mg-stage').getBoundingClientRect().bottom - "
        "document.querySelector('.mg-panel').getBoundingClientRect().top)"
    )
    bar = page.locator(".mg-bar").bounding_box()
    assert bar is not None
    assert (stage["height"] - max(0, covered - bar["height"])) / size[1] >= 0.6
    assert page.evaluate(SMALL, 44) == []
    assert page.evaluate(DRAWN) > 20


@pytest.mark.parametrize("shown", ["layers", "card", "list", "chips"])
def test_no_control_on_a_phone_is_too_small_to_touch(open_page: Opener, shown: str) -> None:
    more = "&district=a04&q=rue" if shown == "chips" else "&event=hotel-de-ville-occupied" if shown == "card" else ""
    page = open_page(state=BLOODY + more, viewport={"width": 360, "height": 640}, **TOUCH)
    if shown == "layers":
        page.get_by_role("button", name="Layers", exact=True).tap()
    elif shown in ("list", "chips"):
        page.locator(".mg-handle").tap()
    page.wait_for_timeout(300)
    no_scroll(page)
    assert page.evaluate(SMALL, 44) == []


def test_only_this_can_be_reached_by_touch(open_page: Opener) -> None:
    page = open_page(state=BLOODY, viewport={"width": 360, "height": 640}, **TOUCH)
    page.get_by_role("button", name="Layers", exact=True).tap()
    page.wait_for_timeout(200)
    only = page.get_by_role("button", name="Only this: Fire", exact=True)
    only.scroll_into_view_if_needed()
    assert only.evaluate("el => el.checkVisibility({opacityProperty: true})")


@IN_BOTH
def test_the_sheet_of_a_phone_is_pulled_up_and_down(open_page: Opener, engine: str) -> None:
    page = open_page(state=BLOODY, viewport={"width": 360, "height": 640}, **TOUCH)
    touch = Locator.click if engine == "firefox" else Locator.tap  # WebDriver BiDi has no finger for Firefox
    handle = page.locator(".mg-handle")
    assert handle.get_attribute("aria-expanded") == "false"
    touch(handle)
    page.wait_for_timeout(300)
    assert handle.get_attribute("aria-expanded") == "true"
    row = page.locator(".mg-list .mg-row").first
    touch(row)
    page.wait_for_timeout(300)
    assert page.locator(".mg-card h2").is_visible()
    touch(page.locator(".mg-card-tools .mg-back"))
    touch(handle)
    page.wait_for_timeout(300)
    assert handle.get_attribute("aria-expanded") == "false"


@IN_BOTH
@pytest.mark.parametrize("ui", ["compact", "none"])
def test_small_looks_show_map_and_credit(open_page: Opener, ui: str) -> None:
    page = open_page(query=f"ui={ui}", state=BLOODY, viewport={"width": 320, "height": 420})
    no_scroll(page)
    assert page.locator(".mg-credit").is_visible()
    assert "Fabrique" in page.locator(".mg-credit").inner_text()
    assert page.evaluate(DRAWN) > 20
    assert page.locator(".mg-bar").is_visible() is (ui == "compact")
    assert not page.locator(".mg-head").is_visible() and not page.locator(".mg-panel").is_visible()
    stage = page.locator(".mg-stage").bounding_box()
    assert stage is not None and stage["height"] >= (250 if ui == "compact" else 380)
    assert page.evaluate(SMALL, 44) == []
    assert page.evaluate("mapgen.step(1)")["at"] == "1871-05-24T18:00"
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    if ui == "compact":
        page.locator(".mg-next-step").click()
        assert state(page)["at"] == "1871-05-25T00:00"
        assert page.locator(".mg-open").is_visible()


@pytest.mark.parametrize(("query", "theme"), [("", "dark"), ("ui=compact", "light"), ("theme=light", "light"),
                                              ("ui=compact&theme=dark", "dark"), ("ui=compact&theme=auto", "dark"),
                                              ("theme=nonsense", "dark")])  # fmt: skip
def test_the_theme_is_the_reader_s_unless_given(open_page: Opener, query: str, theme: str) -> None:
    page = open_page(query=query, color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == theme


# --- In other people's pages -----------------------------------------------------------------------------------------


def frame_of(page: Page) -> Frame:
    frame = page.frames[1]
    ready(frame)
    return frame


@IN_BOTH
def test_a_sandboxed_frame_draws_and_steps(open_page: Opener, host: Host) -> None:
    source = f"{host.address}/map.html"
    address = host.write(
        "sandbox.html",
        f'<iframe sandbox="allow-scripts" width="640" height="480" src="map.html?ui=compact#{BLOODY}"></iframe>',
    )
    frame = frame_of(open_page.visit(address, source))
    assert frame.evaluate(DRAWN) > 20
    frame.locator(".mg-next-step").click()
    assert state(frame)["at"] == "1871-05-24T18:00"
    assert set_state(frame, date="1871-03-18")["at"] == "1871-03-18T00:00"
    frame.wait_for_timeout(500)
    assert state(frame)["at"] == "1871-03-18T00:00"


def test_a_frame_made_of_text_draws_steps_and_reads_its_attributes(open_page: Opener, host: Host, site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    settings = {
        "ui": "compact", "lang": "fr", "from": "1871-05-21", "to": "1871-05-28", "only": "fires,barricades",
        "state": f"{BLOODY}&mode=step", "theme": "dark",
    }  # fmt: skip
    head, rest = text.split(">", 2)[1:]
    for key, value in settings.items():
        head, count = re.subn(rf'data-{key}="[^"]*"', f'data-{key}="{html.escape(value)}"', head)
        assert count == 1, key
    made = "<!DOCTYPE html>" + head + ">" + rest
    address = host.write("text.html", f'<iframe width="640" height="480" srcdoc="{html.escape(made)}"></iframe>')
    frame = frame_of(open_page.visit(address))
    found = state(frame)
    assert (found["at"], found["mode"], found["lang"]) == ("1871-05-24T12:00", "step", "fr")
    assert "executions" not in found["layers"]
    assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
    assert frame.evaluate(DRAWN) > 20
    assert frame.locator(".mg-time").is_visible() and not frame.locator(".mg-head").is_visible()
    frame.locator(".mg-next-step").click()
    assert state(frame)["at"] == "1871-05-24T18:00"
    assert set_state(frame, date="1879-01-01")["at"].startswith("1871-05-28")
    frame.wait_for_timeout(500)


@IN_BOTH
def test_a_frame_does_not_catch_the_wheel_of_the_page_around_it(open_page: Opener, host: Host) -> None:
    address = host.write(
        "long.html",
        '<div style="height:3000px">'
        f'<iframe width="640" height="480" src="map.html?ui=compact#{BLOODY}"></iframe></div>',
    )
    page = open_page.visit(address, f"{host.address}/map.html")
    frame = frame_of(page)
    before = state(frame)["view"]
    page.mouse.move(300, 200)
    page.mouse.wheel(0, 400)
    page.wait_for_timeout(400)
    assert page.evaluate("scrollY") > 100
    assert state(frame)["view"] == before
    assert frame.locator(".mg-gesture").inner_text() != ""


def test_in_a_frame_one_finger_scrolls_the_page_and_two_move_the_map(open_page: Opener, host: Host) -> None:
    address = host.write(
        "touched.html",
        '<div style="height:3000px">'
        f'<iframe title="Map" width="360" height="420" src="map.html?ui=compact#{BLOODY}"></iframe></div>',
    )
    page = open_page.visit(address, f"{host.address}/map.html", viewport={"width": 390, "height": 844}, **TOUCH)
    frame = frame_of(page)
    before = state(frame)["view"]
    cdp = page.context.new_cdp_session(page)

    def drag(fingers: list[tuple[int, int]], by: int) -> None:
        for k in range(9):
            points = [{"x": x, "y": y - by * k / 8, "id": n} for n, (x, y) in enumerate(fingers)]
            cdp.send("Input.dispatchTouchEvent", {"type": "touchMove" if k else "touchStart", "touchPoints": points})
            page.wait_for_timeout(30)
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(500)

    drag([(180, 300)], 160)
    assert page.evaluate("scrollY") > 50
    assert state(frame)["view"] == before
    assert frame.locator(".mg-gesture").text_content() == "Use two fingers to move the map"
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    drag([(130, 250), (230, 250)], 80)
    assert page.evaluate("scrollY") == 0
    assert state(frame)["view"] != before


# --- Without JavaScript ----------------------------------------------------------------------------------------------


def test_without_javascript_every_event_stands_once_in_order(open_page: Opener, commune: mapgen.Subject) -> None:
    page = open_page.chronology()
    ids = page.evaluate("[...document.querySelectorAll('article')].map(a => a.id.replace('event-', ''))")
    order = sorted(
        range(len(commune.rows)), key=lambda i: (commune.whens[i].first, commune.whens[i].last, commune.rows[i].id)
    )
    assert ids == [commune.rows[i].id for i in order]
    titles = page.evaluate(TITLES)
    assert titles == [commune.rows[i].title for i in order]
    assert not page.locator("#mg-app").is_visible()
    heads = page.evaluate("""[...document.querySelectorAll('section')].filter(s => s.querySelector('article'))
        .map(s => s.firstElementChild.matches('h2') && s.querySelector('h2 [lang=en]').textContent)""")
    assert all(heads) and len(set(heads)) == len(heads)
    assert page.evaluate("document.querySelectorAll('article:not(section article)').length") == 0


def test_without_javascript_one_language_is_shown_and_the_other_is_a_link_away(open_page: Opener) -> None:
    page = open_page.chronology()
    shown = "[...document.querySelectorAll('.mg-chronology [lang]')].filter(el => el.checkVisibility())"
    alone = f"[...new Set({shown}.filter(el => !el.closest('.mg-switch')).map(el => el.lang))]"
    assert page.evaluate(alone) == ["en"]
    page.get_by_role("link", name="Français", exact=True).click()
    languages = page.evaluate(
        f"{shown}.filter(el => !el.closest('.mg-switch') && !el.parentElement.closest('[lang=fr]')).map(el => el.lang)"
    )
    assert set(languages) == {"fr"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_every_source_link_leads_somewhere(open_page: Opener) -> None:
    page = open_page.chronology()
    lost = page.evaluate("""[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
        .filter(id => !document.getElementById(id))""")
    assert lost == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(el => el.id)")
    assert len(ids) == len(set(ids))


# --- Data is text ----------------------------------------------------------------------------------------------------

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "{{7*7}} {% raw %} {n} {date}",
    "<!-- <script> -->",
    "&lt;b&gt; &amp; \"quotes\" 'single' `tick`",
    "${alert(1)} \\u003cb\\u003e",
    "]]></style><svg onload=alert(1)>",
]
TEXTS = [
    "See [this](javascript:alert(1)) and <a href='javascript:alert(1)'>that</a>.",
    "<iframe src='https://example.org'></iframe> ![x](https://example.org/x.png)",
    "[ok](https://example.org/a?b=1&c=2) <https://example.org/> <b onclick=alert(1)>bold</b>",
]


def mutated(folder: Path) -> Path:
    """Copy the real subject and put hostile strings into every kind of text that the page shows."""
    subject = folder / "events" / "subject"
    shutil.copytree(COMMUNE, subject)
    (folder / "geodata").symlink_to(ROOT / "geodata")
    columns = (
        "events.title places.name places.name_today people.name people.role sources.title sources.author claims.value"
    )
    for table, column in (name.split(".") for name in columns.split()):
        path = subject / f"{table}.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        for k, row in enumerate(rows):
            if row[column]:
                row[column] = HOSTILE[k % len(HOSTILE)]
            if table == "events":
                row["text"] = TEXTS[k % len(TEXTS)]
                row["tags"] = ""
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
    (subject / "texts.fr.csv").write_text("table,id,field,text\n", encoding="utf-8")
    contract = (subject / "subject.toml").read_text(encoding="utf-8")
    contract = contract.replace('en = "The Paris Commune, day by day"', "en = '<img src=x onerror=alert(1)></title>'")
    contract = contract.replace('{ en = "Fire", ', "{ en = '</script><script>alert(1)</script>', ")
    contract = contract.replace('"IGN"]', "'<svg onload=alert(1)>']")
    (subject / "subject.toml").write_text(contract, encoding="utf-8")
    return subject


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[mapgen.Subject, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    subject = mapgen.load(mutated(folder))
    assert [p for p in subject.problems.sorted() if p.level == "error"] == []
    mapgen.build(subject, folder / "site")
    return subject, folder / "site"


def test_no_string_of_the_data_becomes_markup(open_page: Opener, hostile: tuple[mapgen.Subject, Path]) -> None:
    subject, folder = hostile
    page = open_page(folder=folder, state="date=1880-06-01&mode=sofar")
    strange = (
        "document.querySelectorAll('img, iframe, b[onclick], [onerror], [onload], a[href^=\"javascript\" i]').length"
    )
    titles = page.locator(".mg-row-title").all_inner_texts()
    assert set(titles) == {re.sub(r"\s+", " ", text) for text in HOSTILE}
    page.get_by_role("button", name="Layers", exact=True).click()
    assert page.title() == "<img src=x onerror=alert(1)></title>"
    assert page.locator("h1.mg-title").inner_text() == page.title()
    for row in subject.rows[: len(HOSTILE) * 3]:
        set_state(page, event=row.id)
        assert page.locator(".mg-card h2").inner_text() == row.title
        assert page.evaluate(strange) == 0
        facts = page.locator(".mg-facts").inner_text()
        place = subject.places[row.place or ""]
        assert place.name in facts
        for ref, text in zip(row.sources, page.locator(".mg-sources li").all_inner_texts(), strict=True):
            assert subject.sources[ref.source].title in text
    settle(page)
    written = (folder / "index.html").read_text(encoding="utf-8").count("</script>")
    assert page.evaluate("document.querySelectorAll('script').length") == written <= 5
    assert page.evaluate("'alert' in window && String(alert).includes('native')")


def test_links_in_texts_lead_only_to_the_web(open_page: Opener, hostile: tuple[mapgen.Subject, Path]) -> None:
    _, folder = hostile
    page = open_page(folder=folder)
    links = page.evaluate(
        """L.MapPage.texts().text.en.flatMap(html => L.Texts.nodes(html))
        .flatMap(node => [...node.querySelectorAll('a')]).map(a => [a.getAttribute('href'), a.rel])"""
    )
    assert {href for href, _ in links} == {
        "https://example.org/a?b=1&c=2",
        "https://example.org/",
        "https://example.org/x.png",
    }
    assert {rel for _, rel in links} == {"noopener noreferrer nofollow"}
    page = open_page.chronology(folder=folder)
    texts = page.evaluate("document.querySelector('.mg-chronology').textContent")
    assert "<a href='javascript:alert(1)'>that</a>" in texts
    assert "<b onclick=alert(1)>bold</b>" in texts


def test_hostile_data_are_text_without_javascript_too(open_page: Opener, hostile: tuple[mapgen.Subject, Path]) -> None:
    subject, folder = hostile
    page = open_page.chronology(folder=folder)
    titles = page.evaluate(TITLES)
    assert sorted(titles) == sorted(row.title for row in subject.rows)


def test_hostile_texts_are_found_by_search_as_python_finds_them(
    open_page: Opener, hostile: tuple[mapgen.Subject, Path]
) -> None:
    subject, folder = hostile
    page = open_page(folder=folder, state="date=1880-06-01&mode=sofar")
    for q in ("onerror", "{{7*7}}", "<!--", "&lt;b&gt;", "`tick`", "\\u003cb", "bold", "example.org", "javascript"):
        found, expected = set_state(page, q=q), subject.state("1880-06-01", "sofar", q=q)
        assert (found["certain"], found["possible"]) == (expected["certain"], expected["possible"]), q


def test_a_source_whose_address_is_a_script_is_refused_or_harmless(tmp_path: Path) -> None:
    subject = mutated(tmp_path)
    path = subject / "sources.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[0]["url"] = "javascript:alert(1)"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    errors = [p for p in mapgen.load(subject).problems.items if p.level == "error"]
    assert [(p.file, p.row, p.column) for p in errors if p.value == "javascript:alert(1)"] == [
        ("sources.csv", 2, "url")
    ]


def test_on_a_phone_a_card_shows_its_place_from_near_and_closing_it_shows_all_again(open_page: Opener) -> None:
    page = open_page(state=BLOODY, viewport={"width": 390, "height": 844}, **TOUCH)
    far = float(state(page)["view"].split("/")[0])
    set_state(page, event="incendie-hotel-de-ville")
    page.wait_for_timeout(300)
    near, lat, lon = (float(part) for part in state(page)["view"].split("/"))
    assert near > 13 > far
    assert (lat, lon) == pytest.approx((48.8564, 2.3522), abs=0.002)
    page.get_by_role("button", name="Close", exact=True).first.tap()
    page.wait_for_timeout(300)
    assert float(state(page)["view"].split("/")[0]) < 13
