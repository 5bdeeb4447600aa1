"""Whatever stands in an address or in the attributes of the document: nothing breaks, and bad values change nothing."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

import pytest
from browser import Opener, ready, set_state, settle, state
from shown import PAGE, SMALL, told

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from mapgen import Subject

pytestmark = pytest.mark.browser

# --- What is thrown at it --------------------------------------------------------------------------------------------

BAD_HASHES = [
    "__proto__", "__proto__=x", "constructor=1", "date=__proto__", "date=constructor", "date=NaN", "date=", "date",
    "date=1871-13-01", "date=1871-02-29", "date=99999-01-01", "date=1871-05-24T25:00", "date=-1", "date=1e9",
    "date=%E0%A4%A", "%E0%A4%A=%E0%A4%A", "date=%00", "date=<script>alert(1)</script>", "<script>alert(1)</script>",
    "event=__proto__", "event=toString", "event=<img src=x onerror=alert(1)>", "layers=__proto__,constructor",
    "layers=nothing", "layers=,,nothing,", "district=hasOwnProperty", "district=a00", "tags=valueOf", "mode=window-",
    "mode=window-99999999999", "mode=NaN", "mode=Infinity", "rhythm=__proto__", "view=NaN/NaN/NaN", "view=14/1e999/0",
    "view=14/91/0", "view=//", "view=14.00/48.85", "measure=__proto__/1872", "tour=1", "q=" + "x" * 201, "&&&===&=&",
    "=", "#", "#?secret=", "?", "date=1871-05-24%20", "date= 1871-05-24", "date=1871-05-24" + "x" * 9000,
    "x" * 1_000_000, "date=1871-05-24&x=" + "&" * 9000,
]  # fmt: skip


def test_bad_addresses_change_nothing_and_throw_nothing(open_page: Opener) -> None:
    page = open_page()
    before = state(page)
    for bad in BAD_HASHES:
        page.evaluate("bad => { location.hash = bad; }", bad)
        settle(page)
        assert state(page) == before, bad[:60]


KEYS = ["date", "view", "layers", "measure", "event", "district", "tags", "mode", "rhythm", "tour"]
"""Keys whose values are checked against something known; `q` may hold any text."""
NAMES = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "__defineGetter__"]
VALUES = [
    *NAMES, "%", "%%%", "%E0%A4%A", "%ED%A0%80", "%C0%80", "%FF", "%00", "\0", "%0A", "\u202e1871-05-24", "\u200f",
    "\ufeff", "null", "undefined", "NaN", "Infinity", "-0", "-1", "1e1", "1e999", "0x10", "1871-05-24%00", "０", "{}",
    "[]", "true", "0000-01-01", "0000-00-00", "1871-02-30", "1871-05-32", "1871-05-24T24:00", "1871-05-24T12:60",
    "+1871-05-24", "10000-01-01", "99/48.85/2.35", "1e1/48.85/2.35", "14/1e1/2.35", "-14/48.85/2.35", "14/48.85/-1e9",
    "14/-86/0", "14/0/181", "window-1e1", "window--3", "window-007", "window-3 ", "%20window-3", "events/",
    "population/1872..1861", "population/1872/", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "javascript:alert(1)", "\"'><svg onload=alert(1)>", "';alert(1)//",
    "${alert(1)}", "{{constructor.constructor('alert(1)')()}}", "../../etc", "é" * 99,
]  # fmt: skip
LONG = [
    "date=1871-05-24&x=" + "y" * (8193 - 18), "x" * 8193, "date=1871-05-24&" + "x" * 65_536,
    "date=1871-05-24" + "&a=b" * 4000, "&".join(f"layers=l{n}" for n in range(3000)), "layers=" + "fires," * 1500,
    "q=" + "%C3%A9" * 1500, "date=1871-05-24&q=" + "a" * 1_000_000, "&" * 1_000_000, "%" * 200_000,
    "mode=sofar&" + "#?secret" * 20_000,
]  # fmt: skip
"""More than 8,192 characters: nothing of it is read."""


def garbage(dice: random.Random, count: int) -> list[str]:
    """Return random bytes as texts: as they are, percent-encoded, after a key, percent signs strewn in.

    Never after `layers=`, as a sign that ends a value there leaves an empty one, which means none.
    """
    found = []
    for _ in range(count):
        data = dice.randbytes(dice.choice([1, 4, 20, 200]))
        key = dice.choice([*(key for key in KEYS if key != "layers"), *NAMES, "utm"])
        text = dice.choice([data.decode("latin-1"), data.decode("utf-8", "replace"), quote_from_bytes(data, safe="")])
        if dice.random() < 0.3:
            text = text.replace(text[0], "%")
        # A lone `q` would be read, as no words.
        text = text.replace("q", "Q")
        found.append(dice.choice([f"{key}={text}", f"{key}={text}", text]))
    return found


def pairs() -> list[str]:
    """Return each bad value with each key."""
    found = [f"{key}={value}" for key in KEYS for value in VALUES]
    return found + [f"{name}={value}" for name in NAMES for value in ("1", "x", "__proto__")] + NAMES


POLLUTING = ["__proto__[polluted]=1", "__proto__.polluted=1", "constructor[prototype][polluted]=1", "polluted=1"]


SURROGATES = r"""['\ud800', 'date=\udfff', 'q=%ED%A0%80', '\ud83d=\ude00', 'event=\udc00\ud800']"""
UNTOUCHED = """(() => JSON.stringify([
    [Object, Array, Function, String, Number, Promise, Map, Set].map(c => Reflect.ownKeys(c.prototype).map(String)),
    Object.keys(window), window.name, document.title, document.cookie, {}.polluted === undefined,
    document.querySelectorAll('script, style, link, meta, base, iframe, img, object, embed, form, a').length,
    document.documentElement.getAttributeNames(), document.documentElement.className, document.body.getAttributeNames(),
]))()"""
"""What no address may change: prototypes, globals, the title, the elements that load or run something."""


# --- As a hash -------------------------------------------------------------------------------------------------------

GO = """async addresses => {
    const before = JSON.stringify(window.mapgen.getState()), wrong = [],
        frame = () => new Promise(requestAnimationFrame);
    for (const address of addresses) {
        const old = location.href, heard = new Promise(done => addEventListener('hashchange', done, {once: true}));
        location.hash = address;
        if (location.href !== old) { await heard; }
        if (JSON.stringify(window.mapgen.getState()) !== before) { wrong.push(address.slice(0, 80)); }
    }
    await frame(); await frame();
    return wrong;
}"""


def test_no_hash_that_says_nothing_good_changes_anything(
    open_page: Opener, commune: Subject, dice: random.Random
) -> None:
    page = open_page(**SMALL)
    untouched = page.evaluate(UNTOUCHED)
    payloads = [*BAD_HASHES, *VALUES, *dice.sample(pairs(), 80), *POLLUTING, *LONG, *garbage(dice, 100)]
    assert page.evaluate(GO, payloads) == []
    assert page.evaluate(GO.replace("of addresses", f"of {SURROGATES}"), []) == []
    assert page.evaluate(UNTOUCHED) == untouched
    assert told(set_state(page, date="1871-05-24", mode="sofar")) == commune.state("1871-05-24", "sofar")


READ = f"""texts => {{
    const hash = {PAGE}.hash, wrong = [];
    for (const text of texts) {{
        try {{
            const found = hash.read(text);
            if (Object.values(found).some(Boolean) || Object.getPrototypeOf(found)) {{
                wrong.push([text.slice(0, 80), found]);
            }}
            if (text.length > 8192 && hash.rest.length) wrong.push('kept ' + text.slice(0, 80));
        }} catch (error) {{ wrong.push([text.slice(0, 80), String(error)]); }}
    }}
    hash.read('');
    return wrong;
}}"""


def test_nothing_is_read_from_five_thousand_bad_texts(open_page: Opener, dice: random.Random) -> None:
    page = open_page(**SMALL)
    bomb = "#?secret=" * 100_000 + "\n"
    payloads = [*BAD_HASHES, *VALUES, *pairs(), *POLLUTING, *LONG, *garbage(dice, 5000), bomb]
    assert page.evaluate(READ, payloads) == []
    assert (
        page.evaluate(
            READ.replace("of texts", r"of ['q=\ud800', 'q=\ude00\ud83d', '\ud800', 'date=\udfff', '\ud800=\ud800']"), []
        )
        == []
    )


def test_an_address_is_read_up_to_8192_characters_and_not_beyond(open_page: Opener) -> None:
    page = open_page(**SMALL)
    first = state(page)
    for length, at in (
        (8192, "1871-05-24T00:00"),
        (8193, first["at"]),
        (8192, "1871-05-24T00:00"),
        (65_536, first["at"]),
    ):
        address = "date=1871-05-24&x=".ljust(length, "y")
        page.evaluate("address => { location.hash = address; }", address)
        settle(page)
        assert state(page)["at"] == at, length
    page.evaluate("location.hash = 'date=1871-05-24&x=' + 'y'.repeat(8174) + '#?secret=abc'")
    settle(page)
    assert state(page)["at"] == "1871-05-24T00:00"


def test_words_that_look_like_markup_stay_words(open_page: Opener) -> None:
    page = open_page(**SMALL)
    untouched = page.evaluate(UNTOUCHED)
    for text in [value for value in VALUES if "alert" in value and "%" not in value]:
        page.evaluate("q => { location.hash = 'q=' + encodeURIComponent(q); }", text)
        settle(page)
        assert text in (page.locator(".mg-chip").text_content() or "")
    page.evaluate("location.hash = 'x=1'")
    settle(page)
    assert page.evaluate(UNTOUCHED) == untouched


# --- At opening: hash, query and attributes --------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["__proto__=x", "layers=__proto__&event=<script>&date=%E0%A4%A", "x" * 1_000_000])
def test_a_page_opened_with_a_bad_address_shows_its_first_view(open_page: Opener, bad: str) -> None:
    assert state(open_page(state=bad)) == state(open_page())


LOOKS = ["ui", "lang", "theme", "from", "to", "only"]
QUERIES = [
    *(f"{key}={value}" for key in LOOKS for value in ("__proto__", "%E0%A4%A", "0000-00-00")),
    "&".join(f"{key}=%3Cimg%20src=x%20onerror=alert(1)%3E" for key in LOOKS), "&".join(f"{key}=" for key in LOOKS),
    "%", "&=&=&", "__proto__=1&constructor=2&__proto__[polluted]=1", "only=nothing,__proto__", "from=NaN&to=1e9",
    "x" * 1_000_000, "ui=full" + "x" * 9000, "a=b&" * 5000, "lang=EN&theme=Dark&ui=None", "only=" + "no," * 20_000,
    "%00=%00&ui=%00", "lang=%E2%80%AEen",
]  # fmt: skip


def test_no_query_that_says_nothing_good_changes_anything(open_page: Opener) -> None:
    page = open_page(**SMALL)
    first, untouched = state(page), page.evaluate(UNTOUCHED)
    document = page.url
    for query in QUERIES:
        page.goto(f"{document}?{query}")
        ready(page)
        assert state(page) == first, query[:80]
        assert page.evaluate(UNTOUCHED) == untouched, query[:80]


def test_limits_that_leave_nothing_between_them_do_not_stop_the_page(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    document = page.url
    for query in ("from=1871-06-01&to=1871-05-01", "from=9999-12-31&to=0001-01-01", "from=9999-12-31", "to=0001-01-01"):
        page.goto(f"{document}?{query}")
        ready(page)
        at = state(page)["at"]
        assert {page.evaluate(f"mapgen.step({n})")["at"] for n in (1, -1, 1e9, -1e9)} == {at}, query
        page.evaluate("mapgen.play()")
        assert told(set_state(page, date="1871-05-24", mode="sofar")) == commune.state(at, "sofar"), query


def test_bad_attributes_of_the_document_change_nothing(open_page: Opener, site: Path, tmp_path: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    page = open_page(**SMALL)
    first = state(page)
    bad = [
        "__proto__",
        "<img src=x onerror=alert(1)>",
        "%E0%A4%A&\"'>",
        "x" * 1_000_000,
        "\u202e\ufeff&amp;",
        "#?secret=" * 99_999 + "\n",
    ]
    for value in bad:
        head, rest = text.split(">", 2)[1:]
        head, *tail = head.split('=""')
        assert len(tail) == 7
        head = "".join([head, *(f'="{html.escape(value)}"{part}' for part in tail)])
        (tmp_path / "index.html").write_text(f"<!DOCTYPE html>{head}>{rest}", encoding="utf-8")
        address = (tmp_path / "index.html").as_uri()
        open_page.ear.documents.add(address)
        page.goto(address)
        ready(page)
        assert state(page) == first, value[:80]
        assert page.evaluate("[{}.polluted, document.images.length]") == [None, 0]
