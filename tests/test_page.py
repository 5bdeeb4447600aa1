"""The page's interface to scripts, its sentence and rhythm, and that it is one file that asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from browser import Opener, ready, set_state, settle, state
from engines import IN_BOTH
from shown import TOLD, dates

if TYPE_CHECKING:
    from pathlib import Path

    from mapgen import Subject

pytestmark = pytest.mark.browser

# --- Sentence, rhythm, steps -----------------------------------------------------------------------------------------


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


@IN_BOTH
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


@IN_BOTH
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


@IN_BOTH
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


@IN_BOTH
def test_an_event_that_is_set_moves_the_clock_only_when_it_must(open_page: Opener, commune: Subject) -> None:
    page = open_page(state="date=1871-03-19")
    assert set_state(page, event="hotel-de-ville-occupied")["at"] == "1871-03-19T00:00"
    far = next(row.id for row in commune.rows if row.when.startswith("1871-05-24"))
    found = set_state(page, event=far)
    assert found["at"].startswith("1871-05-24")
    assert far in found["certain"] + found["possible"]
    assert page.locator(".mg-notice").inner_text() != ""


# --- One file that asks for nothing ----------------------------------------------------------------------------------


@IN_BOTH
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


@IN_BOTH
def test_the_policy_stops_a_script_that_does_not_belong(open_page: Opener) -> None:
    page = open_page()
    page.evaluate("""() => {
        const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s);
    }""")
    assert page.evaluate("window.broken") is None
    page.wait_for_timeout(100)
    heard, open_page.ear.heard = open_page.ear.heard, []
    assert len(heard) == 1 and "script-src" in heard[0] and "violates" in heard[0]


@IN_BOTH
def test_the_api_is_there_at_once_and_cannot_be_changed(open_page: Opener) -> None:
    page = open_page()
    assert page.evaluate("Object.keys(window.mapgen).sort()") == sorted(
        ["ready", "getState", "setState", "step", "play", "pause"]
    )
    assert page.evaluate("Object.isFrozen(window.mapgen)")
    ready(page)
