"""Probable duplicates among 100 thousand people: comparing them all, and the first page of the pairs."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, text

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.paging import page_of
from gdt.people.comparing import compare_new_people
from gdt.people.duplicate_queries import WantedPairs, count_pairs, pairs
from gdt.people.duplicate_views import ORDER, PAGE_PAIRS
from gdt.people.models import Affiliation, AffiliationRole, Person
from tests.factories import TODAY, make_institution

PEOPLE, INSTITUTIONS, TWINS = 100_000, 30, 50  # one in fifty is here twice
GIVEN = [
    "Siti",
    "Ahmad",
    "Tran",
    "Maria",
    "Kofi",
    "Abebe",
    "Aigerim",
    "Wei",
    "Mohammed",
    "Nurul",
    "Somchai",
    "Dara",
    "Jean",
    "Grace",
    "Bat",
]
SYLLABLES = [
    "ba",
    "ko",
    "ri",
    "men",
    "sha",
    "lu",
    "ti",
    "vo",
    "gan",
    "pe",
    "zu",
    "hai",
    "dor",
    "mi",
    "kel",
    "nas",
    "wo",
    "ru",
    "tam",
    "fi",
]


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db"))
        with app.app_context():
            upgrade()
            _people()
            compared = _seconds(compare_new_people)
            scanned = _seconds(lambda: db.session.execute(text("SELECT * FROM persons")).all())
            found = count_pairs(OFFICE, WantedPairs())
            assert found >= PEOPLE // TWINS - 1, found
            first = min(_seconds(_first_page) for _round in range(5))
            bare = text("SELECT * FROM probable_pairs ORDER BY strength DESC, id LIMIT 25")
            plain = min(_seconds(lambda: db.session.execute(bare).all()) for _round in range(5))
            db.session.remove()
            db.engine.dispose()
    return [
        _case(
            "people compared with those like them",
            compared / PEOPLE * 1e6,
            "us of CPU each",
            scanned / PEOPLE * 1e6,
        ),
        _case("first page of probable duplicates, of 100k people", first * 1e3, "ms of CPU", plain * 1e3),
    ]


def _people() -> None:
    with unit_of_work():
        places = [make_institution().id for _ in range(INSTITUTIONS)]
    with unit_of_work():
        names = [_name(n) for n in range(PEOPLE)]
        ids = db.session.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [{"printed_name": name} for name in names],
        ).all()
        rows = [
            {
                "person_id": key,
                "institution_id": places[(n + 1) // TWINS % INSTITUTIONS],
                "role": AffiliationRole.STUDENT,
                "own_number": f"A{n:07d}" if n % TWINS else None,
                "from_on": TODAY,
            }
            for n, key in enumerate(ids)
        ]
        db.session.execute(insert(Affiliation), rows)


def _name(n: int) -> str:
    """Every fiftieth is the one before her, the family name first."""
    if n % TWINS == 0 and n:
        return ", ".join(reversed(_name(n - 1).rsplit(" ", 1))).upper()
    rest, parts = n * 7919 + 13, []
    for _syllable in range(6):
        rest, at = divmod(rest, len(SYLLABLES))
        parts.append(SYLLABLES[(at + rest) % len(SYLLABLES)])
    family, middle = "".join(parts[:3]), "".join(parts[3:])
    return f"{GIVEN[n % len(GIVEN)]} {middle.title()} {family.title()}"


def _first_page() -> None:
    wanted = WantedPairs()
    page_of(db.session, pairs(OFFICE, wanted), order=ORDER, after=None, size=PAGE_PAIRS)
    count_pairs(OFFICE, wanted)
    db.session.rollback()


def _seconds(work: Callable[[], Any]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _case(name: str, value: float, unit: str, bare: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "peer": "bare reading of the rows",
        "peer_value": bare,
        "ratio": value / bare,
    }
