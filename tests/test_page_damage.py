"""A page whose blocks of data or texts are damaged says so in words and leaves the chronology to be read."""

from __future__ import annotations

import base64
import bz2
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import Opener, ready, wait_for
from shown import SMALL

import mapgen
from mapgen.encode import check_sum, squash

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

pytestmark = pytest.mark.browser

FIRE = Path(__file__).resolve().parent / "subjects" / "san-francisco-1906"
BLOCK = r'<script type="([^"]*)" id="mapgen-{}"( data-sum="\d+")?>(.*?)</script>'


@dataclass
class Built:
    """A map that was built, large (its blocks packed) or small (plain, with check sums)."""

    folder: Path
    html: str
    events: int
    languages: list[str]

    def block(self, name: str) -> re.Match[str]:
        found = re.search(BLOCK.format(name), self.html, re.DOTALL)
        assert found is not None
        return found

    @property
    def packed(self) -> bool:
        return self.block("data")[1] != "application/json"

    def text(self, name: str) -> str:
        """Return the JSON of a block; a packed one begins with the words that stand as control characters in it."""
        text = self.block(name)[3]
        if not self.packed:
            return text
        words, text = bz2.decompress(base64.b64decode(text)).decode().split("\n", 1)
        return re.sub("[\x01-\x1f]", lambda sign: words.split()[ord(sign[0]) - 1], text)

    def with_text(self, name: str, text: str) -> str:
        """Return the page with another text in a block that is whole as a container."""
        kind, attribute = self.block(name)[1], "" if self.packed else f' data-sum="{check_sum(text)}"'
        inside = squash(text) if self.packed else text
        return self.with_element(name, f'<script type="{kind}" id="mapgen-{name}"{attribute}>{inside}</script>')

    def with_inside(self, name: str, inside: str) -> str:
        """Return the page with other characters in a block."""
        found = self.block(name)
        return self.html[: found.start(3)] + inside + self.html[found.end(3) :]

    def with_element(self, name: str, element: str) -> str:
        found = self.block(name)
        return self.html[: found.start()] + element + self.html[found.end() :]


@pytest.fixture(scope="module", params=["large", "small"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    if request.param == "large":
        site, subject = request.getfixturevalue("site"), request.getfixturevalue("commune")
    else:
        site, subject = tmp_path_factory.mktemp("fire") / "site", mapgen.load(FIRE)
        mapgen.build(subject, site)
    folder = tmp_path_factory.mktemp("damaged")
    if (site / "events.html").exists():
        shutil.copy(site / "events.html", folder)
    html = (site / "index.html").read_text(encoding="utf-8")
    return Built(folder, html, len(subject.rows), subject.config.languages)


# --- Damage ----------------------------------------------------------------------------------------------------------


def cut(share: float) -> Callable[[Built, str], str]:
    return lambda b, name: b.with_inside(name, b.block(name)[3][: int(len(b.block(name)[3]) * share)])


def changed(share: float) -> Callable[[Built, str], str]:
    """Change one character, to another that may stand there."""

    def change(b: Built, name: str) -> str:
        text = b.block(name)[3]
        at = int(len(text) * share)
        return b.with_inside(name, text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :])

    return change


def without(*keys: str) -> Callable[[Built, str], str]:
    """Leave out the first of some keys that the block has."""

    def leave_out(b: Built, name: str) -> str:
        data = json.loads(b.text(name))
        del data[next(key for key in keys if key in data)]
        return b.with_text(name, json.dumps(data))

    return leave_out


def instead(text: str) -> Callable[[Built, str], str]:
    return lambda b, name: b.with_text(name, text)


DAMAGE: dict[str, Callable[[Built, str], str]] = {
    "empty": lambda b, name: b.with_inside(name, ""),
    "blank": lambda b, name: b.with_inside(name, "\n  "),
    "cut at once": cut(0.001),
    "cut in the middle": cut(0.5),
    "cut near the end": cut(0.999),
    "changed near the begin": changed(0.01),
    "changed in the middle": changed(0.5),
    "changed near the end": changed(0.99),
    "broken JSON": lambda b, name: b.with_text(name, b.text(name)[:-1]),
    "other markup": lambda b, name: b.with_inside(name, "<!-- cut out -->"),
    "missing": lambda b, name: b.with_element(name, ""),
    "another type": lambda b, name: b.with_inside(name, b.block(name)[3]).replace(
        f'type="{b.block(name)[1]}" id="mapgen-{name}"',
        f'type="{"application/json" if b.packed else "text/plain"}" id="mapgen-{name}"',
    ),
    "another element": lambda b, name: b.with_element(name, f'<div id="mapgen-{name}" hidden>1</div>'),
    "the other block": lambda b, name: b.with_text(name, b.text("texts" if name == "data" else "data")),
    "without what it tells of": without("events", "title"),
    "without its columns": without("steps", "when"),
    "no object": instead("7"),
    "nothing": instead("null"),
    "an empty object": instead("{}"),
    "a list": instead("[]"),
}  # fmt: skip
DAMAGED = "error in the page: a block of the page is damaged"
SAID = re.compile(
    f"{DAMAGED}$|error in the page: (Unexpected |Expected |Unterminated |Bad |Cannot |.* is not |Failed .*'atob')"
)


def says_so(page: Any, built: Built) -> None:
    """Hold that the page tells of the damage in each of its languages, shows no map, and lets one read on."""
    said = page.locator("#mg-failed")
    assert said.is_visible()
    spans = said.locator("span:visible")
    assert [spans.nth(k).get_attribute("lang") for k in range(spans.count())] == built.languages
    assert all(len(text) > 20 for text in spans.all_text_contents())
    assert not page.locator("#mg-app").is_visible()
    assert page.locator("canvas:visible, .mg-map:visible, .mg-panel:visible, .mg-bar:visible").count() == 0
    assert page.locator(".mg-chronology").is_visible()
    assert page.evaluate("getComputedStyle(document.body).overflowY") == "visible"
    if built.packed:
        assert page.locator('.mg-chronology a[href^="events.html"]:visible').count() >= 1
    else:
        assert page.locator(".mg-chronology article:visible").count() == built.events


@pytest.mark.parametrize("name", ["data", "texts"])
def test_a_page_with_a_damaged_block_says_so_and_lets_one_read_on(open_page: Opener, built: Built, name: str) -> None:
    page = open_page.visit("about:blank", (built.folder / "index.html").as_uri(), **SMALL)
    for kind, damage in DAMAGE.items():
        damaged = damage(built, name)
        assert damaged != built.html
        (built.folder / "index.html").write_text(damaged, encoding="utf-8")
        page.goto((built.folder / "index.html").as_uri())
        wait_for(page, "!document.getElementById('mg-failed').hidden")
        says_so(page, built)
        heard = open_page.ear.take()
        assert heard, kind
        assert [text for text in heard if not SAID.match(text)] == [], kind


@pytest.mark.parametrize("name", ["data", "texts"])
def test_a_damaged_block_is_told_of_in_every_look_and_from_every_address(
    open_page: Opener, built: Built, name: str
) -> None:
    (built.folder / "index.html").write_text(DAMAGE["changed in the middle"](built, name), encoding="utf-8")
    address = (built.folder / "index.html").as_uri()
    page = open_page.visit("about:blank", address, **SMALL)
    for asked in (
        "?ui=compact#q=fire",
        "?ui=none#q=fire",
        "?lang=fr&theme=dark#q=a&mode=sofar",
        "?from=x&only=y#district=a1",
    ):
        page.goto(address + asked)
        wait_for(page, "!document.getElementById('mg-failed').hidden")
        says_so(page, built)
        assert set(open_page.ear.take()) == {DAMAGED}


def test_texts_that_are_first_needed_later_are_told_of_then(open_page: Opener, built: Built) -> None:
    (built.folder / "index.html").write_text(DAMAGE["changed in the middle"](built, "texts"), encoding="utf-8")
    address = (built.folder / "index.html").as_uri()
    page = open_page.visit(f"{address}?ui=compact", address, **SMALL)
    ready(page)
    assert page.locator("#mg-app").is_visible()
    assert (
        page.evaluate("mapgen.setState({q: 'fire'}).then(() => '', e => e.message)") == "a block of the page is damaged"
    )
    says_so(page, built)


def test_whoever_waits_for_a_damaged_page_is_told(open_page: Opener, built: Built) -> None:
    (built.folder / "index.html").write_text(DAMAGE["cut in the middle"](built, "texts"), encoding="utf-8")
    address = (built.folder / "index.html").as_uri()
    page = open_page.visit(address, (built.folder / "events.html").as_uri(), **SMALL)
    for call in ("ready", "step(1)", "setState({date: '1871-05-24'})"):
        assert page.evaluate(f"mapgen.{call}.then(() => '', e => e.message)") == DAMAGED.split(": ")[1]
    says_so(page, built)
    # The link that skips the map leads into it while there is one.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.mg-chronology') !== null")
    if built.packed:
        page.locator('a[href^="events.html"]:visible').first.click()
        page.wait_for_url("**/events.html*")
        assert page.locator("article").count() == built.events
    assert set(open_page.ear.take()) <= {DAMAGED}


FLIPPED = """([id, all, packed]) => {
    const el = document.getElementById(id), whole = el.textContent, text = L.MapPage.block(id),
        said = {same: 0, refused: 0, other: 0};
    for (const [at, sign] of all) {
        el.textContent = whole.slice(0, at) + sign + whole.slice(at + 1);
        try { said[L.MapPage.block(id) === text ? 'same' : 'other']++; } catch (error) { said.refused++; }
    }
    el.textContent = whole;
    return said;
}"""


def test_a_character_changed_anywhere_is_found(open_page: Opener, built: Built, dice: random.Random) -> None:
    (built.folder / "index.html").write_text(built.html, encoding="utf-8")
    page = open_page.visit((built.folder / "index.html").as_uri(), **SMALL)
    ready(page)
    signs = "ABCDEFXYZabcxyz0123456789+/" if built.packed else 'ABCxyz0123456789-.,:"[]{} é'
    for name, times in (("data", 170), ("texts", 30)):
        text = built.block(name)[3]
        places = [dice.randrange(len(text) - 30) for _ in range(times)]
        flips = [[at, dice.choice([sign for sign in signs if sign != text[at]])] for at in places]
        said = page.evaluate(FLIPPED, [f"mapgen-{name}", flips, built.packed])
        # Only the size that the packer names, four characters of it, tells nothing of the text.
        assert said["other"] == 0 and said["same"] <= 2 * built.packed, said
        assert sum(said.values()) == times
