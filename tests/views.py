"""What a reader may have before them: states of the page, each with the way there, and what is asked of any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from browser import settle

if TYPE_CHECKING:
    from browser import Opener
    from playwright.sync_api import Page

TOUCH: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}} | TOUCH
EMBED: dict[str, Any] = {"viewport": {"width": 320, "height": 420}}
BLOODY = "date=1871-05-24T12:00"
CARD = f"{BLOODY}&event=hotel-de-ville-occupied"


class View(NamedTuple):
    """A state: query and hash of its address, the browser's settings, then the elements to press in turn."""

    query: str = ""
    state: str = ""
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed
    press: tuple[str, ...] = ()


LAYERS = ".mg-layers > button"
VIEWS = {
    "start": View(),
    "list": View(state=BLOODY),
    "card": View(state=CARD),
    "disputed": View(state="event=rue-des-rosiers-generals-shot"),
    "layers": View(state=BLOODY, press=(LAYERS,)),
    "measure": View(state="date=1871-03-26&measure=population/1866..1872"),
    "measure and layers": View(state="date=1871-03-26&measure=events", press=(LAYERS,)),
    "district": View(state=f"{BLOODY}&district=a04&q=rue"),
    "tour": View(state="tour=guns-of-montmartre"),
    "nothing": View(state=f"{BLOODY}&layers="),
    "playing": View(press=(".mg-play",)),
    "french": View(query="lang=fr", state=CARD),
    "dark start": View(query="theme=dark"),
    "dark card": View(query="theme=dark", state=CARD),
    "dark layers": View(query="theme=dark", state=f"{BLOODY}&measure=events", press=(LAYERS,)),
    "dark tour": View(query="theme=dark", state="tour=guns-of-montmartre"),
    "compact": View(query="ui=compact", state=BLOODY, options=EMBED),
    "compact card": View(query="ui=compact", state=CARD, options=EMBED),
    "none": View(query="ui=none", state=BLOODY, options=EMBED),
    "phone": View(state=BLOODY, options=PHONE),
    "phone list": View(state=BLOODY, options=PHONE, press=(".mg-handle",)),
    "phone card": View(state=CARD, options=PHONE),
    "phone tour": View(state="tour=guns-of-montmartre", options=PHONE),
    "phone layers": View(state=BLOODY, options=PHONE, press=(LAYERS,)),
}


def show(open_page: Opener, view: View, **options: Any) -> Page:
    """Open the page in a state; options add to those of the view."""
    page = open_page(view.query, view.state, **(view.options | options))
    for selector in view.press:
        page.locator(selector).click()
    page.wait_for_timeout(250)  # sheets take .18 s
    settle(page)
    return page


# --- Asked of any state ----------------------------------------------------------------------------------------------

SMALL = """least => {
    const out = [], of = (x, y) => document.elementFromPoint(x, y),
        controls = document.querySelectorAll('#mg-app button, #mg-app input:not(.mg-range), #mg-app select');
    for (const el of controls) {
        if (!el.checkVisibility({opacityProperty: true, visibilityProperty: true})) { continue; }
        const target = el.closest('label') || el, r = target.getBoundingClientRect(), half = least / 2 - 1,
            x = r.left + r.width / 2, y = r.top + r.height / 2, hit = of(x, y);
        if (!hit || !target.contains(hit)) { continue; }
        const reach = (dx, dy) => target.contains(of(x + dx, y + dy));
        const wide = r.width >= least || reach(half, 0) && reach(-half, 0),
            high = r.height >= least || [...Array(least)].some((_, k) => reach(0, k - least + 2) && reach(0, k));
        if (!wide || !high) {
            const size = `${Math.round(r.width)}x${Math.round(r.height)}`;
            out.push(`${el.tagName}.${el.className} ${el.textContent.slice(0, 30)} ${size}`);
        }
    }
    return out;
}"""

OUTSIDE = """() => [...document.querySelectorAll('#mg-app :is(button, select, input, h1, p)')]
    .filter(el => el.checkVisibility({visibilityProperty: true}) && !el.closest('.mg-list, .mg-card, .mg-layers-rows'))
    .filter(el => !getComputedStyle(el).clipPath.includes('inset') && el.getBoundingClientRect().width)
    .filter(el => { const r = el.getBoundingClientRect(); return r.left < -1 || r.right > innerWidth + 1; })
    .map(el => el.className || el.tagName)"""


def no_scroll(page: Page) -> None:
    assert page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth"
    )
    assert page.evaluate(OUTSIDE) == []


STOP = """() => {
    const el = document.activeElement, shown = el.closest(".mg-strip, .mg-select") || el,
        style = getComputedStyle(shown),
        name = `${el.tagName}.${el.className} ${el.textContent.slice(0, 30)}`, box = shown.getClientRects()[0];
    if (!box || !shown.checkVisibility({visibilityProperty: true})) { return `hidden: ${name}`; }
    if (style.outlineStyle !== 'solid' || parseFloat(style.outlineWidth) < 3) { return `no ring: ${name}`; }
    const parts = box.width > 200 && box.height > 60 ? [0.2, 0.5, 0.8] : [0.5],
        seen = parts.some(x => parts.some(y => {
            const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
            return hit && (shown.contains(hit) || el.labels && el.labels[0] && el.labels[0].contains(hit));
        }));
    return seen ? '' : `covered: ${name}`;
}"""
"""What is wrong with the place of the focus: hidden, covered, or without a ring."""


def walk(page: Page) -> None:
    """Go by Tab from the top out of the page; every stop must be seen."""
    for stops in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            assert stops > 1
            return
        fault = page.evaluate(STOP)
        assert not fault, fault
    raise AssertionError("Tab does not lead out of the page")
