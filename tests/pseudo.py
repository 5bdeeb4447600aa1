"""A cut-down copy of the real subject, and a made-up third language: every word of it shows that it was translated."""

from __future__ import annotations

import csv
import os
import re
import shutil
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from small import COMMUNE, ROOT, table

from mapgen import dates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CODE = "xx"
PLAIN = "abcdefghijklmnopqrstuvwxyz"
ACCENTED = "ȧḅċḋḗḟġḣĩĵķļṁṇȯṗɋṙṡṫũṽẇẋẏẓ"
ALPHABET = ACCENTED + ACCENTED.upper()
"""Letters of the made-up language, which no data hold."""
_LETTERS = str.maketrans(PLAIN + PLAIN.upper(), ALPHABET)
LOCALE = ROOT / "mapgen" / "locale"
Rows = list[dict[str, str]]


def pseudo(text: str) -> str:
    """Return a text as the made-up language has it: in brackets, every letter with a mark, 30 % longer.

    Places for other words and the marks of texts are kept; a text without a word is no text to translate.
    """
    parts = re.split(r"(\{\w*\})", text)
    found = [word for part in parts[::2] for word in re.findall("[A-Za-z]+", part)]
    if not found:
        return text
    more = max(0, -(-len("".join(parts[::2])) * 3 // 10) - 2)
    longer = iter(len(word) + (k + 1) * more // len(found) - k * more // len(found) for k, word in enumerate(found))

    def mark(match: re.Match[str]) -> str:
        return match[0].ljust(next(longer), match[0][-1].lower()).translate(_LETTERS)

    return "[" + "".join(part if k % 2 else re.sub("[A-Za-z]+", mark, part) for k, part in enumerate(parts)) + "]"


def words() -> dict[str, Any]:
    """Return the words of the interface in the made-up language."""

    def each(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: each(inner) for key, inner in value.items()}
        return [each(inner) for inner in value] if isinstance(value, list) else pseudo(value)

    english = tomllib.loads((LOCALE / "en.toml").read_text(encoding="utf-8"))
    return {**each(english), "code": CODE}


def _toml(value: dict[str, Any], path: str = "") -> str:
    lines, below = [], []
    for key, inner in value.items():
        if isinstance(inner, dict):
            below.append(_toml(inner, f"{path}.{key}" if path else key))
        else:
            lines.append(f"{key} = {inner!r}" if isinstance(inner, list) else f'{key} = "{inner}"')
    return "\n".join(([f"[{path}]"] if path else []) + lines + below) + "\n"


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """Let the program find one more file of words, beside those that it ships."""
    shutil.copytree(LOCALE, folder / "locale")
    (folder / "locale" / f"{CODE}.toml").write_text(_toml(words()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "files", lambda _package: folder)
        dates.words.cache_clear()
        yield
    dates.words.cache_clear()


def _rows(name: str) -> Rows:
    with (COMMUNE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cut_down(folder: Path, language: str, translate: Callable[[dict[str, str], str], str]) -> Path:
    """Write some hundred events of the real subject with all that belongs to them.

    Parameters
    ----------
    language
        The second language beside English.
    translate
        What it makes of a row of the French table and the English text; a row of an empty text is left out.
    """
    folder.mkdir(parents=True)
    stops, week, every = {row["event"] for row in _rows("tour")}, ("1871-05-23", "1871-05-24"), _rows("events")
    events = [row for k, row in enumerate(every) if row["id"] in stops or row["when"].startswith(week) or k % 20 == 0]
    kept = {row["id"] for row in events}
    tables = {name: _rows(name) for name in ("places", "people", "zones", "tour")}
    tables |= {"events": events, "claims": [row for row in _rows("claims") if row["event"] in kept]}
    for name in ("people", "places", "sources", "statistics", "tour", "zones"):
        shutil.copy(COMMUNE / f"{name}.csv", folder)
    shutil.copy(COMMUNE / "places.geojson", folder)
    for name in ("events", "claims"):
        (folder / f"{name}.csv").write_text(table(list(tables[name][0]), tables[name]), encoding="utf-8")
    cells = {(name, row["id"]): row for name, rows in tables.items() for row in rows}
    texts = []
    for row in _rows("texts.fr"):
        found = cells.get((row["table"], row["id"]))
        text = translate(row, found[row["field"]]) if found else ""
        if text:
            texts.append(row | {"text": text})
    (folder / f"texts.{language}.csv").write_text(table(list(texts[0]), texts), encoding="utf-8")
    contract = (COMMUNE / "subject.toml").read_text(encoding="utf-8")
    if language != "fr":
        contract = contract.replace('["en", "fr"]', f'["en", "{language}"]')
        named = re.compile(r'en = "([^"]*)", fr = "[^"]*"')
        contract = named.sub(lambda m: f'en = "{m[1]}", {language} = "{pseudo(m[1])}"', contract)
    path = os.path.relpath(ROOT / "geodata" / "paris-1871", folder)
    (folder / "subject.toml").write_text(contract.replace("../../geodata/paris-1871", path), encoding="utf-8")
    return folder
