"""The Data Package (datapackage.org, version 2) of an export, made from the row models and the subject's contract."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mapgen.dates import words
from mapgen.rows import columns

if TYPE_CHECKING:
    from mapgen.export.columns import Column, Sheet
    from mapgen.rows import Row
    from mapgen.subject import Subject

PROFILES = "https://datapackage.org/profiles/2.0"
LICENCES = {
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution Share-Alike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"
    ),
    "ODbL-1.0": ("Open Database License (ODbL) 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "etalab-2.0": ("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
}  # fmt: skip
"""Title and address of licences by SPDX id; others are looked up at spdx.org by whoever reads."""
LIMITS = {
    "pattern": "pattern", "maxLength": "maxLength", "minimum": "minimum", "maximum": "maximum",
    "ge": "minimum", "le": "maximum",
}  # fmt: skip
"""Limits of JSON Schema in the words of Table Schema; pydantic writes ge and le where a validator stands before."""
PLACES = ("places.csv", "places.geojson")
DISTRICTS = ("districts.csv", "districts.geojson")


def package(subject: Subject, sheets: list[Sheet], contents: dict[str, bytes], *, defuse: bool) -> bytes:
    """Return ``datapackage.json`` for some tables.

    Parameters
    ----------
    subject
        The subject.
    sheets
        Its tables.
    contents
        Their files by name, for size and hash.
    defuse
        Whether cells begin with an apostrophe where a spreadsheet would take them for a formula.
    """
    config = subject.config
    resources = [_resource(subject, sheet, contents[f"{sheet.name}.csv"], defuse=defuse) for sheet in sheets]
    found = {licence["name"]: licence for resource in resources for licence in resource.get("licenses", [])}
    data: dict[str, Any] = {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": re.sub(r"[^a-z0-9._-]+", "-", subject.path.resolve().name.lower()) or "map",
        "title": config.title[subject.language],
        "version": config.version,
        "data_hash": f"sha256:{subject.data_hash}",
        "defused": defuse,
    }
    if found:
        data["licenses"] = [found[name] for name in sorted(found)]
    if config.authors:
        data["contributors"] = [{"title": author, "roles": ["author"]} for author in config.authors]
    if config.credits:
        data["sources"] = [{"title": credit} for credit in config.credits]
    data["resources"] = resources
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def licences(subject: Subject, holds: str, name: str) -> list[dict[str, str]]:
    """Return the licence of a file, none where the contract names none.

    What holds places has the licence of the places, what holds districts that of the districts (of the places where
    the contract names none); other files their own, else the rest's (``*``).
    """
    keys = {"places": PLACES, "districts": DISTRICTS + PLACES}.get(holds, (name,))
    spdx = next((subject.config.licences[key] for key in (*keys, "*") if key in subject.config.licences), "")
    if not spdx:
        return []
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", spdx).strip("-")
    title, address = LICENCES.get(spdx, (spdx, f"https://spdx.org/licenses/{spdx}.html" if slug == spdx else ""))
    return [{"name": slug or "other", "title": title} | ({"path": address} if address else {})]


def attribution(subject: Subject, holds: str, name: str) -> str:
    """Return who is to be named, from which data a file is made and under which licence it is, in words."""
    config, w = subject.config, words(subject.language)["export"]
    whole = f"{config.title[subject.language]}, {config.version}"
    parts = [": ".join(part for part in (", ".join(config.authors), whole) if part)]
    found = licences(subject, holds, name)
    licence = " ".join(text for item in found for text in (item["title"], item.get("path", "")) if text)
    if config.credits and holds:
        credit = "; ".join(config.credits)
        parts.append(w["contains"].format(credits=credit, licence=licence) if licence else credit)
    elif licence:
        parts.append(licence)
    return ". ".join(parts)


def _resource(subject: Subject, sheet: Sheet, data: bytes, *, defuse: bool) -> dict[str, Any]:
    name = f"{sheet.name}.csv"
    resource: dict[str, Any] = {
        "name": sheet.name, "type": "table", "path": name, "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "description": attribution(subject, sheet.holds, name),
    }  # fmt: skip
    if found := licences(subject, sheet.holds, name):
        resource["licenses"] = found
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [field(column, longer=int(defuse)) for column in sheet.columns],
        "missingValues": [""],
    }
    # A key whose cells may be empty is no primary key.
    schema |= {"primaryKey": list(sheet.key)} if len(sheet.key) == 1 else {"uniqueKeys": [list(sheet.key)]}
    if sheet.links:
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": table, "fields": ["id"]}} for name, table in sheet.links
        ]
    return resource | {"schema": schema}


def field(column: Column, longer: int = 0) -> dict[str, Any]:
    """Return a column as a field of Table Schema; texts may be `longer` than the model says."""
    result: dict[str, Any] = {"name": column.name, "type": column.kind}
    if column.about:
        result["description"] = column.about
    if column.model is None:
        return result
    node = _properties(column.model)[column.field]
    node = next((part for part in node.get("anyOf", ()) if part["type"] != "null"), node)
    result["type"] = node["type"]
    if node["type"] == "array":
        ids = node["items"].get("type") == "string"
        return result | ({"type": "list", "delimiter": ";", "itemType": "string"} if ids else {"type": "string"})
    limits = {ours: node[name] for name, ours in LIMITS.items() if name in node}
    if "maxLength" in limits:
        limits["maxLength"] += longer
    if words_ := [word for word in node.get("enum", ()) if word]:
        limits["enum"] = words_
    if column.required and column.field in _needed(column.model):
        limits["required"] = True
    return result | ({"constraints": limits} if limits else {})


@cache
def _properties(model: type[Row]) -> dict[str, Any]:
    return dict(model.model_json_schema()["properties"])


@cache
def _needed(model: type[Row]) -> frozenset[str]:
    """Return the columns of a row model that refuse an empty cell."""
    try:
        model.model_validate(dict.fromkeys(columns(model), ""))
    except ValidationError as error:
        return frozenset(str(item["loc"][0]) for item in error.errors())
    return frozenset()
