"""The reference page of subject.toml, made from the descriptions of its model: ``python -m mapgen.reference``.

It writes `SUBJECT.md` into the folder that holds the subjects, or prints it with ``-``.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from mapgen.contract import Config, Hue, model_in
from mapgen.rules import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

PAGE = Path(__file__).resolve().parent.parent / "events" / "SUBJECT.md"
HEAD = """# subject.toml, key by key

Made from the model by `python -m mapgen.reference`; do not edit. The file is [TOML](https://toml.io), in UTF-8.
An unknown key is an error that names the nearest known one; `mapgen check` tells all errors at once, with their lines.
A file of the subject that is a link is followed only inside the folder it stands in; one that leads out is refused.
"""


def page() -> str:
    """Return the reference page as Markdown."""
    parts = [HEAD, *_tables("", Config, many=False)]
    parts.append(f"## Colours and symbols\n\nColours: {_words(get_args(Hue))}.\n\nSymbols: {_words(symbols())}.\n")
    example = (files("mapgen") / "assets" / "new" / "subject.toml").read_text(encoding="utf-8")
    parts.append(f"## A whole file\n\nThe one `mapgen new FOLDER` begins with.\n\n```toml\n{example.strip()}\n```\n")
    return "\n".join(parts)


def _words(words: Any) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _tables(name: str, model: type[BaseModel], *, many: bool) -> Iterator[str]:
    """Return a section for a model, then those of the models in it."""
    heading = f"`[[{name}]]`" if many else f"`[{name}]`" if name else "Top"
    rows = ["| key | meaning | type | default | example |", "|---|---|---|---|---|"]
    inner: list[tuple[str, type[BaseModel], bool]] = []
    for key, field in model.model_fields.items():
        label = field.alias or key
        rows.append("| " + " | ".join(_cell(text) for text in _row(label, field)) + " |")
        found = model_in(field.annotation)
        if found is not None:
            keyed = get_origin(field.annotation) is dict
            inner.append((f"{name}.{label}".lstrip(".") + (".ID" if keyed else ""), found, _is_list(field.annotation)))
    yield f"## {heading}\n\n{(model.__doc__ or '').strip()}\n\n" + "\n".join(rows) + "\n"
    for label, found, several in inner:
        yield from _tables(label, found, many=several)


def _row(label: str, field: FieldInfo) -> tuple[str, str, str, str, str]:
    example = str((field.examples or [""])[0])
    needed = field.is_required()
    default = "**needed**" if needed else _default(field.get_default(call_default_factory=True))
    code = example if example.startswith(("a ", "one ", "tables")) else f"`{example}`"
    return f"`{label}`", field.description or "", _type(field.annotation), default, code


def _default(value: object) -> str:
    return "none" if value is None else "empty" if value in ("", [], {}) else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_is_list(part) for part in get_args(annotation))


def _type(annotation: Any) -> str:
    """Return the type of a key in words."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation is str:
        return "text"
    if annotation is float:
        return "number"
    if isinstance(annotation, type) and origin is None and issubclass(annotation, BaseModel):
        return "table"
    if origin is list:
        inner = _type(parts[0])
        return {"number": "two numbers", "two numbers": "two corners"}.get(inner, f"list of {inner}s")
    if origin is dict:
        return f"table of {_type(parts[1])}s"
    if origin is not None and str(origin).endswith("Literal"):
        return " or ".join("empty" if word == "" else f"`{word}`" for word in parts)
    return _type(next(part for part in parts if part is not type(None)))


if __name__ == "__main__":
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(page())
    else:
        PAGE.write_text(page(), encoding="utf-8")
