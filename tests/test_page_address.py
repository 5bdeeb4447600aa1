"""The address: what it opens, how it is written, and that old links stay good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from browser import Opener, set_state, settle, state, wait_for
from engines import IN_BOTH
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shown import PAGE, SMALL, dates, told

from mapgen.layers import page_data

if TYPE_CHECKING:
    import random

    from mapgen import Subject

pytestmark = pytest.mark.browser

# --- What it opens and how it is written -----------------------------------------------------------------------------


@IN_BOTH
def test_an_address_opens_the_state_it_names(open_page: Opener, commune: Subject) -> None:
    event = next(row.id for row in commune.rows if row.layer == "fires" and row.when.startswith("1871-05-24"))
    page = open_page(
        state=f"date=1871-05-24T12:00&view=14.00/48.85660/2.35220&layers=fires,barricades&event={event}&mode=window-5"
        "&rhythm=day"
    )
    found = state(page)
    assert told(found) == commune.state("1871-05-24T12:00", "window-5", ["fires", "barricades"])
    assert {key: found[key] for key in ("layers", "event", "rhythm", "view")} == {
        "layers": "barricades,fires",
        "event": event,
        "rhythm": "day",
        "view": "14.00/48.85660/2.35220",
    }
    assert page.locator(".mg-card h2").is_visible()


def test_an_address_with_an_event_alone_goes_to_its_date(open_page: Opener, commune: Subject) -> None:
    for row in commune.rows[::40]:
        page = open_page(state=f"event={row.id}", **SMALL)
        found = state(page)
        assert row.id in found["certain"] + found["possible"]
        assert found["event"] == row.id
        page.context.close()


def test_empty_layers_show_none_and_absent_ones_show_all(open_page: Opener) -> None:
    none, every = state(open_page(state="layers=")), state(open_page())
    assert none["certain"] == none["possible"] == [] and none["layers"] == ""
    assert every["certain"] and "fires" in every["layers"] and "base-water" in every["layers"]


def test_the_first_of_a_repeated_key_wins_and_an_embedding_secret_is_cut_off(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24&date=1871-03-20&mode=step#?secret=AbC123")
    assert (state(page)["at"], state(page)["mode"]) == ("1871-05-24T00:00", "step")


@IN_BOTH
def test_unknown_keys_are_kept_at_the_end(open_page: Opener) -> None:
    page = open_page(state="utm=a%20b&date=1871-05-24T12:00&__proto__=1&flag")
    page.evaluate("mapgen.step(1)")
    wait_for(page, "location.hash.includes('18:00')")
    assert page.evaluate("location.hash") == "#date=1871-05-24T18:00&utm=a%20b&__proto__=1&flag"


@IN_BOTH
def test_the_address_follows_in_the_order_of_the_contract(open_page: Opener) -> None:
    page = open_page()
    set_state(
        page, q="à b/c", rhythm="day", mode="step", tags="guns,women", district="a18", layers="fires,base-water",
        view="13.00/48.86/2.35", date="1871-05-24T12:00",
    )  # fmt: skip
    wait_for(page, "location.hash.includes('q=')")
    assert page.evaluate("location.hash") == (
        "#date=1871-05-24T12:00&view=13.00/48.86000/2.35000&layers=fires,base-water&district=a18&tags=guns,women"
        "&mode=step&rhythm=day&q=%C3%A0%20b/c"
    )


def test_defaults_are_left_out_of_the_address(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-24T12:00&mode=sofar")
    set_state(page, date="1871-03-18", mode="window-3")
    wait_for(page, "location.hash === ''")


@IN_BOTH
def test_from_and_to_limit_the_clock_and_nothing_else(open_page: Opener, commune: Subject) -> None:
    page = open_page(query="from=1871-05-21&to=1871-05-28")
    first, last = "1871-05-21T00:00", commune.state("1871-05-28")["at"]
    assert state(page)["at"] == first
    assert set_state(page, date="1871-03-18")["at"] == first
    assert told(set_state(page, date="1879-01-01", mode="sofar")) == commune.state(last, "sofar")
    page.locator(".mg-range").focus()
    for key, at in (("Home", first), ("ArrowLeft", first), ("End", last), ("ArrowRight", last)):
        page.keyboard.press(key)
        assert state(page)["at"] == at, key


def test_only_the_layers_that_are_offered_count(open_page: Opener, commune: Subject) -> None:
    page = open_page(query="only=fires,barricades,nothing", state="date=1871-05-24T12:00")
    assert told(state(page)) == commune.state("1871-05-24T12:00", layers=["fires", "barricades"])
    assert "executions" not in state(page)["layers"]


def states(subject: Subject) -> st.SearchStrategy[dict[str, Any]]:
    layers = [layer.id for layer in subject.config.layers] + ["base-water", "base-streets", "base-labels"]
    tags = sorted({tag for row in subject.rows for tag in row.tags})
    view = st.tuples(st.integers(900, 1800), st.integers(4880000, 4890000), st.integers(220000, 245000))
    choices: dict[str, st.SearchStrategy[Any]] = {
        "date": st.sampled_from(dates(subject)),
        "mode": st.sampled_from(["step", "sofar", "window-1", "window-3", "window-7", "window-999"]),
        "rhythm": st.sampled_from(["step", "day", "event", "phase"]),
        "layers": st.lists(st.sampled_from(layers), unique=True),
        "district": st.sampled_from(["", *sorted(subject.district_set.rows)]),
        "tags": st.lists(st.sampled_from(tags), unique=True, max_size=3),
        "event": st.sampled_from(["", *[row.id for row in subject.rows]]),
        "q": st.one_of(
            st.sampled_from(["", "rue", "à l’hôtel", "a&b=c#d%/?+"]),
            st.text(st.characters(codec="utf-8"), max_size=20),
        ),
        "view": view.map(lambda v: f"{v[0] / 100:.2f}/{v[1] / 1e5:.5f}/{v[2] / 1e5:.5f}"),
    }
    return st.fixed_dictionaries({}, optional=choices)


ROUND_TRIP = """async partial => {
    const wait = ms => new Promise(done => setTimeout(done, ms)),
        frame = () => new Promise(requestAnimationFrame),
        frames = async () => { await frame(); await frame(); await wait(0); },
        go = hash => { const p = new Promise(done => addEventListener('hashchange', done, {once: true}));
            if (location.hash === hash) { return; } location.hash = hash; return p; };
    await go('#date=1875-01-01&mode=step&layers=&q=zzz&rhythm=phase');
    await go('#'); await frames();
    await mapgen.setState(partial);
    await frames(); await wait(12);
    const before = mapgen.getState(), hash = location.hash;
    await go('#date=1874-01-01&mode=sofar&layers=base-water&q=yyy&view=11.00/48.80000/2.20000'); await frames();
    await go(hash || '#'); await frames();
    return JSON.stringify([before, mapgen.getState(), hash]);
}"""


def hundred(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """Draw examples before the browser runs: Hypothesis loses count when Playwright switches greenlets in between."""
    drawn: list[Any] = []

    @settings(max_examples=100, phases=[Phase.generate])
    @given(strategy)
    def draw(example: Any) -> None:
        drawn.append(example)

    draw()
    return drawn


@pytest.mark.parametrize(("engine", "count"), [("chromium", 100), ("firefox", 25)], indirect=["engine"])
def test_state_to_address_to_state_gives_the_same_state(open_page: Opener, commune: Subject, count: int) -> None:
    page = open_page(**SMALL)
    page.evaluate("L.HashState.prototype.options.every = 1")
    examples = hundred(states(commune))
    assert len(examples) == 100
    for partial in examples[:count]:
        before, after, link = json.loads(page.evaluate(ROUND_TRIP, partial))
        assert after == before, (partial, link)


def test_an_address_gives_the_same_state_in_a_fresh_page(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    for partial in (
        {"event": "hotel-de-ville-occupied", "date": "1872-06-01"},
        {"event": commune.rows[0].id, "date": "1871-03-18"},
        {"q": "rue de la paix", "mode": "sofar", "date": "1871-05-28"},
        {"layers": ["base-water"], "view": "15.25/48.86123/2.34321"},
    ):
        set_state(page, event="")
        set_state(page, **{"q": "", "mode": "window-3", **partial})
        page.wait_for_timeout(350)
        settle(page)
        page.wait_for_timeout(350)
        again = open_page(state=page.evaluate("location.hash.slice(1)"), **SMALL)
        settle(again)
        assert state(again) == state(page)
        again.context.close()


# --- Ten thousand states ---------------------------------------------------------------------------------------------

SAFE = "/:,!~*'()"
ORDER = ("date", "view", "layers", "measure", "event", "district", "tags", "mode", "rhythm", "q", "tour")
ALONE = f"""states => {{
    const hash = L.hashState({PAGE}.hash.checks);
    return states.map(state => {{
        const text = hash.text(state), read = hash.read('#' + text);
        return [text, Object.entries(read), hash.text(read), hash.rest];
    }});
}}"""


def address(values: dict[str, str]) -> str:
    """Return the hash of a state as the contract writes it."""
    return "&".join(f"{key}={quote(values[key], safe=SAFE)}" for key in ORDER if key in values)


@pytest.fixture(scope="module")
def choices(commune: Subject) -> dict[str, list[str]]:
    """What may be chosen: all layers in the order of the tree, measures, tags, dates, and ids by table."""
    data = page_data(commune)
    base = [*(level.id for level in commune.district_set.levels), *data["base"]["layers"], "zones"]
    known = ["events"]
    for row in data["measures"]:
        when = [series["when"] for series in row["series"]]
        known += [f"{row['id']}/{at}" for at in when]
        known += [f"{row['id']}/{when[change['from']]}..{when[change['to']]}" for change in row["changes"]]
    return {
        "layers": [layer.id for layer in commune.config.layers] + [f"base-{key}" for key in base],
        "measure": known,
        "tags": sorted({tag for row in commune.rows for tag in row.tags}),
        "date": dates(commune),
        "event": [row.id for row in commune.rows],
        "district": sorted(commune.district_set.rows),
        "tour": [stop.id for stop in commune.tour],
    }


def any_words(dice: random.Random) -> str:
    """Return up to 200 UTF-16 units of anything that is text."""
    kinds = [(0x20, 0x7E), (0x20, 0x7E), (0x00, 0x20), (0xA0, 0x24F), (0x2000, 0x206F), (0xE000, 0x10FFFF)]
    length = dice.choice([1, 3, 8, 20, 100])
    return "".join(chr(dice.randint(*dice.choice(kinds))) for _ in range(length))


def any_state(choices: dict[str, list[str]], dice: random.Random, share: float = 0.4) -> dict[str, str]:
    """Return some keys of the address with good values, none of them a default."""
    some = dice.choice([0.1, 0.9])
    values = {key: dice.choice(choices[key]) for key in ("date", "measure", "event", "district", "tour")} | {
        "view": f"{dice.randint(1000, 1800) / 100:.2f}/{dice.uniform(48.8, 48.9):.5f}/{dice.uniform(2.2, 2.45):.5f}",
        "layers": ",".join([layer for layer in choices["layers"] if dice.random() < some][:-1]),
        "tags": ",".join(dice.sample(choices["tags"], dice.randint(1, 3))),
        "mode": dice.choice(["step", "sofar", "window-1", "window-2", f"window-{dice.randint(4, 999)}"]),
        "rhythm": dice.choice(["day", "event", "phase"]),
        "q": any_words(dice),
    }
    return {key: values[key] for key in values if dice.random() < share}


def test_ten_thousand_states_come_back_from_their_address(
    open_page: Opener, choices: dict[str, list[str]], dice: random.Random
) -> None:
    page = open_page(**SMALL)
    assert state(page)["layers"].split(",") == choices["layers"]
    for _ in range(10):
        states = [any_state(choices, dice) for _ in range(1000)]
        for values, (text, read, again, rest) in zip(states, page.evaluate(ALONE, states), strict=True):
            assert text == again == address(values), values
            assert (dict(read), rest) == (values, []), text


# --- Opened for real -------------------------------------------------------------------------------------------------

VISIT = """async addresses => {
    const wait = ms => new Promise(done => setTimeout(done, ms)),
        frame = () => new Promise(requestAnimationFrame), out = [];
    for (const address of addresses) {
        const before = location.hash, heard = new Promise(done => addEventListener('hashchange', done, {once: true}));
        location.hash = address;
        if (location.hash !== before) { await heard; }
        await frame(); await frame(); await wait(8);
        out.push([window.mapgen.getState(), location.hash.slice(1)]);
    }
    return out;
}"""


def visit(page: Any, addresses: list[str]) -> list[tuple[dict[str, Any], str]]:
    """Go to one address after the other in the same page; return what is told and what address stands there then."""
    page.evaluate("L.HashState.prototype.options.every = 1")
    return [(found, written) for found, written in page.evaluate(VISIT, addresses)]


def filters(values: dict[str, str]) -> dict[str, Any]:
    """Return the part of an address that `Subject.state` is asked with."""
    found: dict[str, Any] = {key: values[key] for key in ("mode", "district", "q") if key in values}
    lists = {key: [x for x in values[key].split(",") if x] for key in ("layers", "tags") if key in values}
    return found | lists


def agrees(subject: Subject, values: dict[str, str], found: dict[str, Any], written: str, layers: list[str]) -> None:
    """Hold what a page tells and writes against Python.

    `values` are all that is no default, the date in full; `rest` is what nobody knows.
    """
    assert told(found) == subject.state(values.get("date", subject.config.extent.open_at), **filters(values))
    told_keys = {"rhythm": "step", "layers": ",".join(layers), "measure": "", "event": "", "district": "", "tags": ""}
    assert {key: found[key] for key in told_keys} == {key: values.get(key, told_keys[key]) for key in told_keys}
    if "view" in values:
        assert found["view"] == values["view"]
    # Where an event lies decides whether the map had to move.
    moved = "view=" if "event" in values and "view" not in values else "&"
    pairs = [pair for pair in written.split("&") if not pair.startswith(moved)]
    rest = [values["rest"]] if "rest" in values else []
    assert "&".join(pairs) == "&".join([x for x in [address(values)] if x] + rest)


def opened(subject: Subject, values: dict[str, str]) -> dict[str, str]:
    """Return what an address with these values stands for: the date that an event alone asks for, none at home."""
    home = subject.state(subject.config.extent.open_at)["at"]
    shown = subject.state(values.get("date", home), **filters(values))
    event = values.get("event", "")
    if event and "date" not in values and event not in shown["certain"] + shown["possible"]:
        first = subject.times.first_steps(subject.steps)[[row.id for row in subject.rows].index(event)]
        shown = subject.state(dates(subject)[int(first)], **filters(values))
    hidden = event and event not in shown["certain"] + shown["possible"]
    found = {key: values[key] for key in values if key != "date"}
    return found if shown["at"] == home and not hidden else {"date": shown["at"]} | found


def scrawl(dice: random.Random, values: dict[str, str]) -> str:
    """Return an address that means the same without being written as the page does."""
    safe = dice.choice(["", "/:,", "/:,!~*'()"])
    pairs = [f"{key}={quote(value, safe=safe)}" for key, value in values.items()]
    dice.shuffle(pairs)
    pairs += [dice.choice([f"{key}=", f"{key}", f"{key}=nothing"]) for key in values if dice.random() < 0.2]
    for extra in ("", "mode=never", "date=1871-02-30", "district=a99", "rest=1"):
        if dice.random() < 0.2 and extra.split("=")[0] not in values:
            pairs.insert(dice.randint(0, len(pairs)), extra)
    return "&".join(pairs) + dice.choice(["", "", "#?secret=Ab12"])


def test_two_hundred_addresses_open_what_python_says_and_are_mended(
    open_page: Opener, commune: Subject, choices: dict[str, list[str]], dice: random.Random
) -> None:
    page = open_page(**SMALL)
    states = [any_state(choices, dice, share=0.3) for _ in range(200)]
    for values in states:
        if not {"date", "view"} & set(values):
            values.pop("tour", None)
    addresses = [scrawl(dice, values) for values in states]
    seen = visit(page, addresses)
    for values, scrawled, (found, written) in zip(states, addresses, seen, strict=True):
        rest = {"rest": "rest=1"} if "rest=1" in scrawled.split("#")[0].split("&") else {}
        try:
            agrees(commune, opened(commune, values) | rest, found, written, choices["layers"])
        except AssertionError as error:
            error.add_note(f"address: {scrawled}")
            raise
    for (found, written), (again, rewritten) in zip(seen, visit(page, [link for _, link in seen]), strict=True):
        assert (again, rewritten) == (found, written)


def test_a_view_that_is_not_named_is_the_same_wherever_one_comes_from(open_page: Opener) -> None:
    page = open_page(viewport={"width": 900, "height": 800})
    links = ["measure=events&mode=sofar", "measure=events&mode=step&date=1871-01-01", "measure=events&q=zzz", ""]
    for link in links:
        seen = visit(page, [x for other in links if other != link for x in (other, link)])
        assert len({found["view"] for found, _ in seen[1::2]}) == 1, link


def test_a_link_that_is_followed_while_the_address_is_written_is_not_lost(open_page: Opener, commune: Subject) -> None:
    page = open_page(**SMALL)
    # Between a navigation and the event that tells of it, the page's own timer may put the old state into the address.
    follow = """async ([old, link]) => {
        const heard = new Promise(done => addEventListener('hashchange', done, {once: true}));
        location.hash = link;
        history.replaceState(null, '', '#' + old);
        await heard;
        return mapgen.getState().at;
    }"""
    for at in dates(commune)[10:15]:
        assert page.evaluate(follow, ["date=1871-05-24T12:00", f"date={at}"]) == at
        wait_for(page, f"location.hash === '#date={at}'")


# --- Links that later versions must open -----------------------------------------------------------------------------

LINKS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("links.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


def test_links_that_were_given_out_open_what_they_did(
    open_page: Opener, commune: Subject, choices: dict[str, list[str]]
) -> None:
    assert len({link for link, _ in LINKS}) >= 60
    page = open_page(**SMALL)
    seen = visit(page, [link for link, _ in LINKS])
    for (link, expected), (found, written) in zip(LINKS, seen, strict=True):
        try:
            agrees(commune, json.loads(expected), found, written, choices["layers"])
        except AssertionError as error:
            error.add_note(f"link: {link}")
            raise
