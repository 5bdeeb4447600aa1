"""Event text: a small Markdown made into clean HTML, and the plain text that a search sees."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

SPACES = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
"""What parts words in the page: ``\\s`` of JavaScript, which Python's own differs from in seven signs."""


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def markdown(text: str) -> Markup:
    """Return event text (CommonMark without HTML) as clean HTML."""
    allowed = {"p", "strong", "em", "a", "br", "ul", "ol", "li", "blockquote"}
    html = nh3.clean(
        _markdown().render(text), tags=allowed, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip
    return Markup(html.strip())


@cache
def plain(text: str) -> str:
    """Return event text without its marks, as a search sees it."""
    return re.sub(r"\s+", " ", Markup(markdown(text)).striptags())


def fold(text: str) -> str:
    """Return text as a search sees it: lower case, without accents, straight apostrophes."""
    plain = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return re.sub("[\u0300-\u036f]", "", plain)


def needles(text: str) -> list[str]:
    """Return the words of a search, folded."""
    return [word for word in SPACES.split(fold(text)) if word]
