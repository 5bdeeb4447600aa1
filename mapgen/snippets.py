"""The lines of HTML by which other pages show the map; the page, its guide and the README hand out the same ones."""

from __future__ import annotations

from html import escape

IFRAME = """<iframe src="{src}"
  title="{title}" width="100%" height="420" loading="lazy" style="border:0"
  sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" allowfullscreen allow="fullscreen *">
</iframe>"""
"""A plain frame of fixed height. ``fullscreen *``: a sandboxed frame has an origin that no policy can name."""


def iframe(src: str, title: str) -> str:
    """Return the plain frame of an address of the map."""
    return IFRAME.format(src=escape(src), title=escape(title))
