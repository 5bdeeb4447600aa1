"""The command line: `mapgen build`, `check`, `state`, `diff`, `export`, `new`."""

from __future__ import annotations

import json
import shlex
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from mapgen import translations
from mapgen.bare import describe, is_set, load_bare
from mapgen.export import write as write_export
from mapgen.new import create
from mapgen.problems import LEVELS, DataError, Problems, UsageError, printable, shorten
from mapgen.site import build as build_site
from mapgen.subject import DEFAULT_MODE, Subject, load

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Makes a time-stepped map from a folder of dated, placed events and district shapes.",
)  # fmt: skip
console = Console(stderr=True, highlight=False)
SHOWN = 50
"""So many problems of each level are printed; the count tells of all."""
COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}

SubjectPath = Annotated[Path | None, typer.Argument(metavar="[SUBJECT]", help="Folder that holds subject.toml.")]
Mode = Annotated[str, typer.Option(help="step, sofar or window-N.")]
Layers = Annotated[str | None, typer.Option(help="Layers that count, separated by commas.")]
District = Annotated[str, typer.Option(help="Only this district.")]
Tags = Annotated[str, typer.Option(help="Any of these tags, separated by commas.")]
Query = Annotated[str, typer.Option("--q", help="Words that must all occur.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON (the only form).")]


@app.command()
def build(
    subject: SubjectPath = None,
    out: Annotated[Path, typer.Option(help="Folder that is written.")] = Path("site"),
    show: Annotated[bool, typer.Option("--open", help="Open the map when it is written.")] = False,
) -> None:
    """Write the map of a subject."""
    read = load(subject)
    show_problems(read.problems, levels=("warning",))
    console.print(read.closing_line())
    sizes = build_site(read, out)
    page = (out / "index.html").resolve()
    console.print(f"wrote {len(sizes)} files to {out}: index.html {sizes['index.html'] / 1000:.0f} kB")
    typer.echo(page.as_uri())
    if show and not webbrowser.open(page.as_uri()):
        console.print("No browser could be opened here: open the address above.")


@app.command()
def check(
    subject: SubjectPath = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    strict: Annotated[bool, typer.Option(help="Let warnings fail too.")] = False,
) -> None:
    """Say what is wrong with a subject, or with a set of districts."""
    if form not in ("text", "json"):
        raise UsageError(f"format {form!r} is not known. Use text or json")
    problems, closing, read = _checked(subject)
    if form == "json":
        languages = {} if read is None else translations.as_dicts(read)
        _print({"problems": problems.as_dicts(), "closing": closing, "languages": languages}, indent=1)
    else:
        show_problems(problems)
        console.print(", ".join(f"{problems.count(level)} {level}s" for level in LEVELS))
        for line in filter(None, [closing, *([] if read is None else _attested(read))]):
            console.print(line, soft_wrap=True)
    if problems.count("error") or (strict and problems.count("warning")):
        raise typer.Exit(1)


def _checked(folder: Path | None) -> tuple[Problems, str, Subject | None]:
    """Return the problems of a subject or of a set of districts, what it holds, and the subject where it is one."""
    if folder is not None and not (folder / "subject.toml").is_file() and is_set(folder):
        problems = Problems()
        found = load_bare(folder.resolve(), problems)
        return problems, "" if found is None else describe(found), None
    try:
        read = load(folder)
    except DataError as error:
        return error.problems, error.closing, None
    return read.problems, read.closing_line(), read


def _attested(read: Subject) -> list[str]:
    """Say how well a subject is attested, and how far it is translated."""
    witnesses = f"{read.independent()} of {len(read.rows)} events name two independent sources"
    return [witnesses, *translations.lines(read)]


@app.command()
def state(
    subject: SubjectPath = None,
    at: Annotated[str, typer.Option(help="Day or minute, such as 1999-12-31T18:00.")] = ...,  # type: ignore[assignment]
    mode: Mode = DEFAULT_MODE,
    layers: Layers = None,
    district: District = "",
    tags: Tags = "",
    q: Query = "",
    as_json: AsJson = True,
) -> None:
    """Print what the map shows at a date."""
    _print(_clean(load(subject)).state(at, mode, _list(layers), district, _list(tags), q))


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="[SUBJECT] A B")],
    second: Annotated[str, typer.Argument(metavar="")],
    third: Annotated[str | None, typer.Argument(metavar="")] = None,
    mode: Mode = "step",
    layers: Layers = None,
    district: District = "",
    tags: Tags = "",
    q: Query = "",
    as_json: AsJson = True,
) -> None:
    """Print what changed between two dates."""
    path, a, b = (Path(first), second, third) if third is not None else (None, first, second)
    read = _clean(load(path))
    _print(read.diff(a, b, mode, layers=_list(layers), district=district, tags=_list(tags), q=q))


@app.command()
def export(
    subject: SubjectPath = None,
    form: Annotated[str, typer.Option("--format", help="csv (with a Data Package) or geojson.")] = ...,  # type: ignore[assignment]
    out: Annotated[Path, typer.Option(help="Folder that is written.")] = ...,  # type: ignore[assignment]
    defuse: Annotated[bool, typer.Option(help="Let no cell of CSV be taken for a formula.")] = False,
) -> None:
    """Write the data of a subject, joined, for other programs."""
    sizes = write_export(load(subject), out, form, defuse=defuse)
    console.print(f"wrote {len(sizes)} files to {out}: " + ", ".join(sizes))


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder that is made: not there yet, or empty.")],
    events: Annotated[Path | None, typer.Option(help="CSV table of dated, placed events.")] = None,
    districts: Annotated[Path | None, typer.Option(help="GeoJSON polygons in which events are counted.")] = None,
) -> None:
    """Begin a subject: a small one to change, or one made from your own table."""
    names = create(folder, events, districts, typer.echo)
    typer.echo(f"wrote {len(names)} files to {folder}: " + ", ".join(names))
    typer.echo(f"next: mapgen check --strict {shlex.quote(str(folder))}")
    typer.echo(f"      mapgen build {shlex.quote(str(folder))} --out {shlex.quote(f'{folder}-map')} --open")


def _clean(read: Subject) -> Subject:
    if read.problems.count("error"):
        raise DataError(read.problems)
    return read


def _list(text: str | None) -> list[str] | None:
    return None if text is None else [item for item in text.split(",") if item]


def _print(data: dict[str, Any], indent: int | None = None) -> None:
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    typer.echo(json.dumps(data, ensure_ascii=plain, allow_nan=False, indent=indent))


def show_problems(problems: Problems, levels: tuple[str, ...] = LEVELS) -> None:
    """Print problems, grouped by level and file, the first `SHOWN` of each level.

    Strings of the data are never markup, and characters that cannot be seen are printed as escapes.
    """
    file, shown = "", dict.fromkeys(LEVELS, 0)
    for item in problems.sorted():
        if item.level not in levels:
            continue
        shown[item.level] += 1
        if shown[item.level] > SHOWN:
            continue
        if item.file != file:
            file = item.file
            console.print(Text(printable(file), style="bold"))
        line = Text("  ")
        line.append(f"{item.level} ", style=COLOURS[item.level])
        where = [f"line {item.row}"] if item.row is not None else []
        line.append(", ".join(where + ([printable(shorten(item.column))] if item.column else [])))
        if item.value:
            line.append(f" {shorten(item.value)!r}", style="cyan")
        line.append(f" {printable(item.message)}. {printable(item.remedy)}{'' if item.remedy.endswith('?') else '.'}")
        console.print(line, soft_wrap=True)
    for level, number in shown.items():
        if number > SHOWN:
            console.print(f"  and {number - SHOWN} more {level}s; --format json has all")


def main() -> None:
    """Run the command line; exit 0 done, 1 data refused, 2 usage, 3 internal."""
    try:
        app()
    except DataError as error:
        show_problems(error.problems, levels=("error",))
        if error.closing:
            console.print(error.closing)
        console.print(f"Nothing was written: {error}.")
        sys.exit(1)
    except UsageError as error:
        console.print(Text(str(error)))
        sys.exit(2)
    except KeyboardInterrupt:
        console.print("Stopped; nothing was changed.")
        sys.exit(130)
    except Exception as error:  # the last resort: a fault of ours
        console.print_exception()
        console.print(Text(f"internal error: {error}"))
        sys.exit(3)
