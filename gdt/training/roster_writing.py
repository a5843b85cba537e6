"""Writing a portion of a roster in bulk: persons, affiliations and enrolments, hundreds to a statement."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gdt.database import Model, db, now
from gdt.people.matching import Known
from gdt.people.models import Affiliation, AffiliationRole, Gender, Person, Upload
from gdt.people.name_keys import name_key
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from gdt.training.roster_checking import CheckedRow, Decided, RowState, decide

TRIES = 5


def write_rows(
    upload: Upload, cohort: Cohort, rows: Sequence[CheckedRow], decided: list[Decided] | None = None
) -> list[Decided]:
    """Decide the rows, unless this transaction has just done so, and write them; twice changes nothing.

    The constraints are the judge: if another transaction has entered one of these people meanwhile, the
    portion is undone and decided again, now knowing her.
    """
    for attempt in range(1, TRIES + 1):
        decided = decided or decide(cohort, rows)
        try:
            with db.session.begin_nested():
                _write(upload, cohort, decided)
        except IntegrityError:
            if attempt == TRIES:
                raise
            decided = None
        else:
            return decided
    return []


def _write(upload: Upload, cohort: Cohort, decided: list[Decided]) -> None:
    fresh = [one.row for one in decided if one.row.state == RowState.NEW]
    ids = _insert_persons(fresh)
    affiliations = [
        _affiliation(cohort, person_id, row.own_number) for person_id, row in zip(ids, fresh, strict=True)
    ]
    for one in decided:
        if one.known is not None and one.row.state == RowState.KNOWN:
            ids.append(one.known.person_id)
            if one.known.affiliation_id is None:
                affiliations.append(_affiliation(cohort, one.known.person_id, one.row.own_number))
    if affiliations:
        _insert(Affiliation, affiliations)
    if ids:
        _insert(Enrolment, [_enrolment(upload, cohort, person_id) for person_id in ids])
    _fill_in(decided)


def _insert(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Straight into the table: the rows are written and not looked at again in this portion."""
    db.session.connection().execute(insert(cast("Table", model.__table__)), rows)


def _insert_persons(rows: list[CheckedRow]) -> list[int]:
    if not rows:
        return []
    ids, moment = _reserve_person_ids(len(rows)), now()
    values = [
        {
            "id": person_id,
            "printed_name": row.printed_name,
            "name_key": name_key(row.printed_name),
            "native_name": row.native_name,
            "email": row.email,
            "gender": Gender(row.gender) if row.gender else None,
            "created_at": moment,
        }
        for person_id, row in zip(ids, rows, strict=True)
    ]
    _insert(Person, values)
    return ids


def _reserve_person_ids(count: int) -> list[int]:
    """The next ids: asking for each new one as it is inserted would be a statement for every row.

    PostgreSQL gives them from the sequence; on SQLite this transaction holds the only write lock.
    """
    if db.engine.dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence("persons", "id"))
        reserved = select(sequence).select_from(func.generate_series(1, count))
        return [int(person_id) for person_id in db.session.scalars(reserved)]
    last = db.session.scalar(select(func.max(Person.id))) or 0
    return list(range(last + 1, last + 1 + count))


def _affiliation(cohort: Cohort, person_id: int, own_number: str | None) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "institution_id": cohort.institution_id,
        "role": AffiliationRole.STUDENT,
        "own_number": own_number,
        "from_on": cohort.starts_on,
    }


def _enrolment(upload: Upload, cohort: Cohort, person_id: int) -> dict[str, Any]:
    return {
        "cohort_id": cohort.id,
        "person_id": person_id,
        "state": EnrolmentState.ENROLLED,
        "upload_id": upload.id,
    }


def _fill_in(decided: list[Decided]) -> None:
    """Fill what the register did not have of known people; what it has stays as it is."""
    adding = [(one.known, one.row, one.adds) for one in decided if one.known is not None and one.adds]
    persons = [_completed(known, row) for known, row, _adds in adding]
    numbers = [
        {"id": known.affiliation_id, "own_number": row.own_number}
        for known, row, adds in adding
        if "own_number" in adds and known.affiliation_id is not None
    ]
    if persons:
        db.session.execute(update(Person), persons)
    if numbers:
        db.session.execute(update(Affiliation), numbers)


def _completed(known: Known, row: CheckedRow) -> dict[str, Any]:
    return {
        "id": known.person_id,
        "native_name": known.native_name or row.native_name,
        "email": known.email or row.email,
        "gender": known.gender or (Gender(row.gender) if row.gender else None),
        "compared_at": None,
    }
