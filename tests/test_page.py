"""The page says what `Subject.state` says, at every step, in every zone, from every address."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pytest
from browser import Opener, ready, set_state, settle, state, wait_for
from engines import BOTH
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mapgen.dates import iso

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from mapgen import Subject

pytestmark = pytest.mark.browser

KEYS = ("at", "mode", "step", "certain", "possible", "districts", "city", "outside", "unplaced")
TOLD = ("date", "mode", "rhythm", "view", "layers", "measure", "event", "district", "tags", "lang")
WALK = """async partials => {
    const out = [];
    for (const partial of partials) out.push(await window.mapgen.setState(partial));
    return JSON.stringify(out);
}"""


def dates(subject: Subject) -> list[str]:
    return [iso(int(start)) for start in subject.steps.starts]


def some(subject: Subject, count: int) -> list[str]:
    every = dates(subject)
    return [every[round(k * (len(every) - 1) / (count - 1))] for k in range(count)]


def walk(page: Page, partials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Set one state after the other and return what each of them shows."""
    return cast("list[dict[str, Any]]", json.loads(page.evaluate(WALK, partials)))


def told(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in KEYS}


# --- The same answer in Python and in the browser --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "zone"),
    [
        ("chromium", "UTC"),
        ("chromium", "America/New_York"),
        ("chromium", "Pacific/Kiritimati"),
        ("firefox", "America/New_York"),
    ],
    indirect=["engine"],
)
def test_every_step_shows_what_python_says_in_every_zone(open_page: Opener, commune: Subject, zone: str) -> None:
    page = open_page(timezone_id=zone)
    found = walk(page, [{"date": at} for at in dates(commune)])
    for at, seen in zip(dates(commune), found, strict=True):
        assert told(seen) == commune.state(at), at
        assert seen["date"] == at


@pytest.mark.parametrize("mode", ["step", "sofar", "window-7"])
def test_every_mode_shows_what_python_says(open_page: Opener, commune: Subject, mode: str) -> None:
    page = open_page()
    found = walk(page, [{"date": at, "mode": mode} for at in some(commune, 20)])
    for at, seen in zip(some(commune, 20), found, strict=True):
        assert told(seen) == commune.state(at, mode), at


@BOTH
def test_walking_by_one_step_reaches_every_step_once(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    set_state(page, date=dates(commune)[0])
    steps = (
        "async n => { const out = []; for (let k = 0; k < n; k++) out.push((await mapgen.step(1)).at); return out; }"
    )
    assert page.evaluate(steps, len(commune.steps) - 1) == dates(commune)[1:]
    assert page.evaluate(steps.replace("step(1)", "step(-1)"), len(commune.steps) - 1) == dates(commune)[-2::-1]


FILTERS: list[dict[str, Any]] = [
    {"layers": ["fires"]},
    {"layers": ["barricades", "executions", "clubs", "base-water"]},
    {"layers": []},
    {"district": "a04"},
    {"district": "q70"},
    {"district": "a17", "layers": ["clashes", "barricades"]},
    {"tags": ["bloody-week"]},
    {"tags": ["women", "guns"]},
    {"tags": ["hostages"], "district": "a11"},
    {"q": "montmartre"},
    {"q": "Hotel DE ville"},
    {"q": "  rue   lissagaray "},
    {"q": "élection"},
    {"q": "nothing-like-it"},
    {"q": "louise michel", "tags": ["women"], "layers": ["women", "clubs", "clashes"]},
]


@pytest.mark.parametrize(("engine", "count"), [("chromium", 6), ("firefox", 2)], indirect=["engine"])
def test_filters_hide_what_python_hides(open_page: Opener, commune: Subject, count: int) -> None:
    page = open_page()
    every = ",".join(layer.id for layer in commune.config.layers)
    none = {"layers": every, "district": "", "tags": [], "q": ""}
    cases = [
        (at, mode, filters)
        for filters in FILTERS
        for at in [*some(commune, count), "1871-05-24T12:00"]
        for mode in ("window-3", "sofar")
    ]
    found = walk(page, [none | {"date": at, "mode": mode} | filters for at, mode, filters in cases])
    for (at, mode, filters), seen in zip(cases, found, strict=True):
        assert told(seen) == commune.state(at, mode, **filters), (at, mode, filters)


@BOTH
def test_a_date_without_an_hour_means_the_same_step_as_in_python(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    days = sorted({at[:10] for at in dates(commune)} | {"1871-01-03", "1871-09-30", "1872-12-31", "1875-06-15"})
    found = walk(page, [{"date": day} for day in days])
    assert [seen["at"] for seen in found] == [commune.state(day)["at"] for day in days]


def test_a_date_beyond_the_extent_is_clamped(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    assert set_state(page, date="1789-07-14")["at"] == dates(commune)[0]
    assert set_state(page, date="2024-01-01")["at"] == dates(commune)[-1]


def test_the_sentence_counts_what_diff_counts(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    walk = """async dates => {
        const out = [];
        for (const date of dates) {
            await mapgen.setState({date});
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            out.push(document.querySelector('.mg-sentence').textContent);
        }
        return out;
    }"""
    pairs = list(pairwise(dates(commune)))[::2]
    for (before, at), text in zip(pairs, page.evaluate(walk, [at for _, at in pairs]), strict=True):
        change = commune.diff(before, at)
        numbers = [int(n) for n in re.findall(r"(\d+) (?:new|ended|going on)", text)]
        assert numbers == [len(change[key]) for key in ("new", "ended", "going_on")], (at, text)
        assert len(text) < 160, text


@BOTH
def test_the_rhythm_changes_only_where_next_goes(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    phases = [dates(commune)[start] for start in commune.phase_starts]
    set_state(page, date=phases[0], rhythm="phase")
    assert [page.evaluate("mapgen.step(1)")["at"] for _ in phases[1:]] == phases[1:]
    set_state(page, date="1871-05-22T12:00", rhythm="day")
    assert page.evaluate("mapgen.step(1)")["at"] == "1871-05-23T00:00"
    assert page.evaluate("mapgen.step(-2)")["at"] == "1871-05-21T00:00"
    found = set_state(page, date="1871-06-19", rhythm="event")
    firsts = sorted({int(i) for i in commune.times.first_steps(commune.steps)})
    after = next(i for i in firsts if i > found["step"]["index"])
    assert page.evaluate("mapgen.step(1)")["step"]["index"] == after


def test_step_takes_any_number_without_hanging(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    home, last = state(page)["step"]["index"], len(commune.steps) - 1
    ends = {"1e12": last, "Infinity": last, "-1e12": 0, "-Infinity": 0, "undefined": home + 1, "1.9": home + 1}
    for count in [*ends, "NaN", "'x'", "null", "0", "{}"]:
        set_state(page, date="1871-03-18")
        assert page.evaluate(f"mapgen.step({count})")["step"]["index"] == ends.get(count, home), count


# --- setState refuses, the address ignores ---------------------------------------------------------------------------

BAD_STATES: list[dict[str, Any]] = [
    {"date": "1871-02-30"},
    {"date": "yesterday"},
    {"date": 18710524},
    {"date": None},
    {"mode": "window-0"},
    {"mode": "window-1000"},
    {"mode": "window-1.5"},
    {"mode": "__proto__"},
    {"layers": "fires,nothing"},
    {"layers": ["fires", "nothing"]},
    {"layers": "nothing"},
    {"layers": {"fires": True}},
    {"district": "a21"},
    {"district": "__proto__"},
    {"tags": ["guns", "no-such-tag"]},
    {"event": "no-such-event"},
    {"event": "constructor"},
    {"rhythm": "hour"},
    {"view": "14/91/2"},
    {"view": "NaN/1/2"},
    {"view": ""},
    {"measure": "nothing/1872"},
    {"q": "x" * 201},
    {"lang": "de"},
    {"lang": "__proto__"},
    {"lang": ["en", "fr"]},
    {"nothing": "at all"},
    {"at": "1871-05-24"},
    {"date": "1871-05-24", "mode": "nothing"},
    {"lang": "fr", "date": "nothing"},
]


@BOTH
def test_a_bad_state_is_rejected_and_changes_nothing(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-23T12:00&layers=fires,barricades&district=a04")
    before = state(page)
    ask = "p => mapgen.setState(p).then(() => 'taken', e => e instanceof Error ? 'refused' : 'odd')"
    for partial in BAD_STATES:
        assert page.evaluate(ask, partial) == "refused", partial
        assert state(page) == before, partial
    settle(page)
    assert state(page) == before


def test_text_that_no_address_can_hold_is_rejected(open_page: Opener) -> None:
    page = open_page()
    assert page.evaluate(r"mapgen.setState({q: '\ud800'}).then(() => 'taken', () => 'refused')") == "refused"
    page.wait_for_timeout(400)


def test_setting_no_state_changes_nothing(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-23T12:00")
    before = state(page)
    assert page.evaluate("mapgen.setState({})") == page.evaluate("mapgen.setState()") == before


@BOTH
def test_what_get_state_tells_can_be_set_again(open_page: Opener) -> None:
    page = open_page(state="date=1871-05-23T12:00&layers=fires&tags=bloody-week&mode=sofar&rhythm=day&district=a01")
    before = state(page)
    set_state(page, date="1871-03-18", mode="step", layers="", tags="", district="a18", rhythm="phase", lang="fr")
    assert set_state(page, **{key: before[key] for key in TOLD}) == before


def test_a_date_that_is_set_wins_over_an_open_card(open_page: Opener, commune: Subject) -> None:
    page = open_page()
    event = "hotel-de-ville-occupied"
    assert set_state(page, event=event)["event"] == event
    for at in ("1871-05-24T12:00", "1872-06-01", "1871-01-01", "1871-03-18"):
        found = set_state(page, date=at)
        assert (found["at"], found["event"]) == (commune.state(at)["at"], event)


@BOTH
def test_an_event_that_is_set_moves_the_clock_only_when_it_must(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-03-19")
    assert set_state(page, event="hotel-de-ville-occupied")["at"] == "1871-03-19T00:00"
    far = next(row.id for row in commune.rows if row.when.startswith("1871-05-24"))
    found = set_state(page, event=far)
    assert found["at"].startswith("1871-05-24")
    assert far in found["certain"] + found["possible"]
    assert page.locator(".mg-notice").inner_text() != ""


# --- The address -----------------------------------------------------------------------------------------------------


@BOTH
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
        page = open_page(state=f"event={row.id}")
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


@BOTH
def test_unknown_keys_are_kept_at_the_end(open_page: Opener) -> None:
    page = open_page(state="utm=a%20b&date=1871-05-24T12:00&__proto__=1&flag")
    page.evaluate("mapgen.step(1)")
    wait_for(page, "location.hash.includes('18:00')")
    assert page.evaluate("location.hash") == "#date=1871-05-24T18:00&utm=a%20b&__proto__=1&flag"


@BOTH
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


@BOTH
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


@pytest.mark.parametrize("bad", ["__proto__=x", "layers=__proto__&event=<script>&date=%E0%A4%A", "x" * 1_000_000])
def test_a_page_opened_with_a_bad_address_shows_its_first_view(open_page: Opener, bad: str) -> None:
    assert state(open_page(state=bad)) == state(open_page())


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
    page = open_page()
    page.evaluate("L.HashState.prototype.options.every = 1")
    examples = hundred(states(commune))
    assert len(examples) == 100
    for partial in examples[:count]:
        before, after, address = json.loads(page.evaluate(ROUND_TRIP, partial))
        assert after == before, (partial, address)


def test_an_address_gives_the_same_state_in_a_fresh_page(open_page: Opener, commune: Subject) -> None:
    page = open_page()
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
        again = open_page(state=page.evaluate("location.hash.slice(1)"))
        settle(again)
        assert state(again) == state(page)
        again.context.close()


# --- One file that asks for nothing ----------------------------------------------------------------------------------


@BOTH
def test_the_page_opened_from_disk_asks_for_nothing(open_page: Opener) -> None:
    page = open_page()
    page.get_by_role("button", name="Layers", exact=True).click()
    page.locator(".mg-row").first.click()
    settle(page)
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.evaluate("document.querySelectorAll('script[src], img[src], iframe, object, embed, video').length") == 0
    links = page.evaluate("[...document.querySelectorAll('link')].map(l => l.getAttribute('href'))")
    assert links == ["data:,"]


def test_the_policy_holds_the_hashes_of_exactly_the_scripts_and_styles(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy[1]
    assert not re.search(r"https?:", policy[1])
    for element, rule in (("script", "script-src"), ("style", "style-src")):
        texts = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert texts
        assert rules[rule].split() == [f"'sha256-{digest}'" for digest in digests]
    assert not re.search(r"<[a-z][^<>]*\s(style|on[a-z]+)=", html[: html.index('id="mapgen-data"')])


@BOTH
def test_the_policy_stops_a_script_that_does_not_belong(open_page: Opener) -> None:
    page = open_page()
    page.evaluate("""() => {
        const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s);
    }""")
    assert page.evaluate("window.broken") is None
    page.wait_for_timeout(100)
    heard, open_page.ear.heard = open_page.ear.heard, []
    assert len(heard) == 1 and "script-src" in heard[0] and "violates" in heard[0]


@BOTH
def test_the_api_is_there_at_once_and_cannot_be_changed(open_page: Opener) -> None:
    page = open_page()
    assert page.evaluate("Object.keys(window.mapgen).sort()") == sorted(
        ["ready", "getState", "setState", "step", "play", "pause"]
    )
    assert page.evaluate("Object.isFrozen(window.mapgen)")
    ready(page)
