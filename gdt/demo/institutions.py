"""The thirty institutions, their agreements since 2017, and what they did year by year."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from gdt.demo.network import Activity, Network, Partner
from gdt.demo.rows import Row, add_all
from gdt.impact.targets import share_gone
from gdt.partners.models import Agreement, AgreementKind, Institution, InstitutionKind
from gdt.partners.queries import list_countries
from gdt.partners.services import load_reference

FOLDER = Path(__file__).parent
CONFERENCE_TERMS = ((date(2023, 2, 22), date(2023, 3, 1)), date(2026, 2, 28))  # signed on, from; until
CLOSED_ON = date(2023, 3, 31)
TERM_YEARS = 3
EARLY_SHARE = 0.6  # of today's yearly targets, in the terms before 2023
OFFICE_SIGNATORY = "Secretariat of the GDT programme"
HEADS = {
    InstitutionKind.UNIVERSITY: "Rector",
    InstitutionKind.COLLEGE: "Principal",
    InstitutionKind.TRAINING_INSTITUTION: "Chief Executive",
    InstitutionKind.GOVERNMENT_BODY: "Director",
}


class TermDates(NamedTuple):
    signed_on: date
    starts_on: date
    ends_on: date


def add_institutions(network: Network) -> None:
    """Write regions, countries, institutions and their chains of agreements; read their activity."""
    load_reference()
    rows = _read("institutions.csv")
    countries = {country.code: country.id for country in list_countries()}
    ids = add_all(Institution, [_institution(row, countries) for row in rows])
    for row, institution_id in zip(rows, ids, strict=True):
        network.partners[row["code"]] = _partner(network, row, institution_id)
    _add_agreements(network, rows)
    network.activities = list(_activities(network.today))


def _read(filename: str) -> list[dict[str, str]]:
    with (FOLDER / filename).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _activities(today: date) -> Iterator[Activity]:
    """What is written of each year; the years after the last go on as it did."""
    written = [_activity(row) for row in _read("activity.csv")]
    last = max(one.year for one in written)
    later = [
        replace(one, year=year)
        for year in range(last + 1, today.year + 1)
        for one in written
        if one.year == last
    ]
    for one in (*written, *later):
        yield _so_far(one, today)


def _activity(row: dict[str, str]) -> Activity:
    code = row.pop("institution")
    return Activity(code, **{name: int(value) for name, value in row.items()})


def _so_far(one: Activity, today: date) -> Activity:
    """Of the present year, what was reported of it by today."""
    if one.year != today.year:
        return one
    gone = share_gone(today.year, today)
    return replace(
        one,
        teachers_reported=round(one.teachers_reported * gone),
        students_reported=round(one.students_reported * gone),
    )


def _institution(row: dict[str, str], countries: dict[str, int]) -> Row:
    return {
        "code": row["code"],
        "name": row["name"],
        "native_name": row["native_name"] or None,
        "kind": InstitutionKind(row["kind"]),
        "country_id": countries[row["country"]],
        "city": row["city"],
        "time_zone": row["time_zone"] or None,
        "website": f"https://www.{row['domain']}",
        "joined_on": _day(row["joined_on"]),
        "closed_on": CLOSED_ON if row["story"] == "closed" else None,
    }


def _partner(network: Network, row: dict[str, str], institution_id: int) -> Partner:
    shares = (part.split(":") for part in row["names"].split())
    return Partner(
        id=institution_id,
        code=row["code"],
        country=row["country"],
        domain=row["domain"],
        language=row["language"],
        own_numbers=row["own_numbers"],
        story=row["story"],
        joined_on=_day(row["joined_on"]),
        cultures={culture: int(share) for culture, share in shares},
        women=network.rng.uniform(0.44, 0.63),
        ability=network.rng.uniform(0.7, 0.86),
    )


def _add_agreements(network: Network, rows: list[dict[str, str]]) -> None:
    """Term after term: an extension needs the id of the term it extends."""
    signatories = {row["code"]: _signatories(network, row) for row in rows}
    chains = {row["code"]: terms_of(row["story"], _day(row["joined_on"]), network.today) for row in rows}
    previous: dict[str, int] = {}
    for position in range(max(len(chain) for chain in chains.values())):
        current = [row for row in rows if len(chains[row["code"]]) > position]
        agreements = [
            _agreement(network, row, chains[row["code"]], position, previous)
            | {"signatories": signatories[row["code"]]}
            for row in current
        ]
        ids = add_all(Agreement, agreements)
        previous = dict(zip((row["code"] for row in current), ids, strict=True))


def _agreement(
    network: Network, row: dict[str, str], chain: list[TermDates], position: int, previous: dict[str, int]
) -> Row:
    share = 1 if chain[position].ends_on.year >= 2023 else EARLY_SHARE
    first = AgreementKind.MEMORANDUM if row["kind"] == "college" else AgreementKind.PROGRAMME_AGREEMENT
    return chain[position]._asdict() | {
        "institution_id": network.partners[row["code"]].id,
        "kind": AgreementKind.EXTENSION if position else first,
        "extends_id": previous[row["code"]] if position else None,
        "extends_ends_on": chain[position - 1].ends_on if position else None,
        "teachers_target": round(int(row["teachers_target"]) * share),
        "students_target": round(int(row["students_target"]) * share),
    }


def _signatories(network: Network, row: dict[str, str]) -> str:
    culture = network.partners[row["code"]].cultures
    head = network.names.new(
        max(culture, key=lambda name: culture[name]), is_female=network.rng.random() < 0.4
    )
    return f"{head.printed}, {HEADS[InstitutionKind(row['kind'])]}; {OFFICE_SIGNATORY}"


def terms_of(story: str, joined_on: date | None, today: date) -> list[TermDates]:
    """The terms of an institution's chain, one after the other without a gap; none for an applicant."""
    if joined_on is None:
        return []
    final = {
        "expiring": today + timedelta(days=75),
        "in grace": today - timedelta(days=40),
        "lapsed": date(2024, 6, 30),
        "closed": date(2022, 12, 31),
    }.get(story, date(today.year + 1, 12, 31))
    if story == "conference":
        (signed_on, starts_on), ends_on = CONFERENCE_TERMS
        before = _chain(joined_on, joined_on, starts_on - timedelta(days=1))
        after = _chain(ends_on - timedelta(days=28), ends_on + timedelta(days=1), final)
        return [*before, TermDates(signed_on, starts_on, ends_on), *after]
    return _chain(joined_on, joined_on, final)


def _chain(signed_on: date, starts_on: date, final: date) -> list[TermDates]:
    """Terms of about three calendar years; a rest of less than one is part of the last term."""
    chain: list[TermDates] = []
    while True:
        ends_on = date(starts_on.year + TERM_YEARS - 1, 12, 31)
        if final <= ends_on + timedelta(days=300):
            return [*chain, TermDates(signed_on, starts_on, final)]
        chain.append(TermDates(signed_on, starts_on, ends_on))
        signed_on, starts_on = ends_on - timedelta(days=31), ends_on + timedelta(days=1)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
