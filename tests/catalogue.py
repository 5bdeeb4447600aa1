"""The catalogue of broken inputs in `tests/bad/`; ``python tests/catalogue.py`` writes its page.

A case is a folder `NNN-name`, numbered after the list it was taken from. It holds only the files that differ from a
whole small subject (`base`, or `base-lines` with districts made of boundary lines) and `expect.json`:

`about`, `exit` of `mapgen check` and `build`; `level`, `file`, `row`, `column` and `words` of one problem (words
stand in its value, message or remedy); `strict`: exit of `check --strict`; `page` and `absent`: what stands, or must
not stand, in the page; `says`: what is printed where there is no problem; `base`, `remove` and `link`: how the folder
is made.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

BAD = Path(__file__).resolve().parent / "bad"
PAGE = BAD / "README.md"


def cases() -> list[str]:
    return sorted(path.parent.name for path in BAD.glob("*/expect.json"))


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BAD / name / "expect.json").read_text(encoding="utf-8"))
    return found


def lay(name: str, folder: Path) -> Path:
    """Copy the base of a case and lay its files over it."""
    case = expected(name)
    subject = folder / "subject"
    shutil.copytree(BAD / case.get("base", "base"), subject)
    for file in case.get("remove", []):
        (subject / file).unlink()
    for path in sorted((BAD / name).rglob("*")):
        target = subject / path.relative_to(BAD / name)
        if path.is_file() and path.name != "expect.json":
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for file, to in case.get("link", {}).items():
        aim = subject / to
        aim.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(subject / file, aim)
        (subject / file).symlink_to(to)
    return subject


def page() -> str:
    """Return the page that lists the cases, as Markdown."""
    lines = [
        "# Broken inputs, and what mapgen says of them", "",
        "Made by `python tests/catalogue.py` from the folders beside it; do not edit. `tests/test_bad.py` runs each.",
        "", f"{len(cases())} cases. A case that is refused writes nothing and leaves an older map as it was.", "",
        "| case | what is wrong | exit | level | where | words |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in cases():
        case = expected(name)
        where = case.get("file", "")
        where += f", line {case['row']}" if case.get("row") else ""
        where += f", `{case['column']}`" if case.get("column") else ""
        words = "; ".join(case.get("words", []) or case.get("says", []))
        cells = [f"`{name}`", case["about"], str(case["exit"]), case.get("level", "builds"), where, words]
        lines.append("| " + " | ".join(c.replace("|", "\\|").replace("<", "&lt;") for c in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
