"""The first bodies, institutes and countries, from `reference/*.json`, where each row names its source."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.config import Config
from app.identity.models import SECRETARIAT, Country, Organisation

FOLDER = Path(__file__).with_name("reference")
FILES = ("bodies.json", "institutes.json", "secretariats.json")


def load(session: Session, config: Config | None = None, by: str = "system:reference") -> list[str]:
    """Add what is not there yet and return its ids; what people have edited since stays as they left it.

    The Secretariat gets the default country and zone of the settings.
    """
    config = config or Config()
    zones = {row["code"]: row["zone"] for row in countries()}
    known = set(session.scalars(sa.select(Country.code)))
    made: list[str] = []
    for row in countries():
        if row["code"] not in known:
            session.add(_country(row))
            made.append(row["code"])
    known = set(session.scalars(sa.select(Organisation.id)))
    for row in organisations():
        if row["id"] not in known:
            organisation = _organisation(row, zones)
            if organisation.id == SECRETARIAT:
                organisation.country, organisation.zone = config.default_country, config.default_zone
            session.add(organisation)
            session.flush()  # a body before the bodies under it
            made.append(organisation.id)
    if made:
        session.flush()
        evidence.record(session, "site", "reference", Kind.REFERENCE_LOADED, by, {"ids": made})
    return made


def countries() -> list[dict[str, Any]]:
    return list(_rows("countries.json", "countries"))


def organisations() -> list[dict[str, Any]]:
    """Rows of all files, parents before their children."""
    return [row for file in FILES for row in _rows(file, "organisations")]


def _rows(file: str, key: str) -> Iterator[dict[str, Any]]:
    yield from json.loads((FOLDER / file).read_text("utf-8"))[key]


def _country(row: dict[str, Any]) -> Country:
    return Country(
        code=row["code"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        zone=row["zone"],
        associate=row["associate"],
        active=row["active"],
    )


def _organisation(row: dict[str, Any], zones: dict[str, str]) -> Organisation:
    country = row.get("country")
    return Organisation(
        id=row["id"],
        kind=row["kind"],
        code_ru=row["code_ru"],
        code_en=row["code_en"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        country=country,
        zone=zones[country] if country else None,
        parent_id=row.get("parent"),
        active=row["active"],
    )
