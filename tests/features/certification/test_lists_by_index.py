"""The lists of certificates cost the same whatever the size: each walks an index in its own order."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count, product

import pytest
from sqlalchemy import event, insert, select, text

from gdt.access import OFFICE
from gdt.certification.issuing.selecting import find_cohorts_to_certify
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.register import counting, queries
from gdt.certification.register.queries import SOON, Term, Wanted
from gdt.certification.terms.models import CertificateRenewal
from gdt.database import db, now
from gdt.training.models import EnrolmentState
from tests.factories import TODAY, make_cohort, make_course, make_enrolment, make_institution, make_person
from tests.features.certification.stories import certified_cohort, make_ready_cohort


def paper(cohort, person, n, **columns):
    """The columns of one certificate, written past the press: what it says is not read here."""
    return {
        "number": f"G{n}",
        "code": f"X{n}",
        "year": 2020,
        "serial": n,
        "kind": CertificateKind.STUDENT,
        "thing_earned": f"thing{n}",
        "edition": 1,
        "person_id": person.id,
        "institution_id": cohort.institution_id,
        "course_id": cohort.course_id,
        "cohort_id": cohort.id,
        "issued_on": TODAY - timedelta(days=n % 700),
        "facts": {},
        "design": "d",
        "file_key": "k",
        "file_sha256": f"h{n}",
        "file_size": 1,
    } | columns


@pytest.fixture
def many(app):
    """Enough for both databases to prefer an index that is fit, and statistics that say so."""
    cohorts, person = [make_cohort(make_institution()) for _ in range(10)], make_person()
    db.session.execute(insert(Certificate), [paper(cohorts[n % 10], person, n) for n in range(3000)])
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    yield
    db.session.rollback()


def plan_of(statement):
    """How the database reads a statement as it is sent: SQLite plans a limit it is told in another way."""
    sent = []
    event.listen(db.engine, "before_cursor_execute", note := lambda *about: sent.append(about[2:4]))
    db.session.execute(statement)
    event.remove(db.engine, "before_cursor_execute", note)
    words = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    spelled, values = sent[0]
    steps = db.session.connection().exec_driver_sql(f"{words} {spelled}", values)
    return "\n".join(str(step[-1]) for step in steps)


@pytest.mark.parametrize(
    ("narrowing", "index"),
    [
        ({}, "ix_certificates_issued_on_id"),
        ({"kind": CertificateKind.STUDENT}, r"ix_certificates_(kind_)?issued_on_id"),
    ],
)
def test_the_register_is_read_in_its_order(many, narrowing, index):
    listed = queries.list_certificates(OFFICE, Wanted(day=TODAY, **narrowing))
    plan = plan_of(listed.order_by(*queries.ORDER).limit(21))
    assert re.search(index, plan), plan
    assert not re.search("B-TREE FOR ORDER|Sort", plan), plan


def test_a_later_edition_is_found_by_index_however_few_there_are(many):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows that nearly all are NULL")
    plan = plan_of(select(Certificate.id).where(Certificate.replaces_id.in_(range(1, 21))))
    assert "ix_certificates_replacing" in plan, plan


def test_a_certificate_of_another_course_leaves_the_cohort_to_certify(app):
    """Whoever holds one of some course has still earned that of the next."""
    done = certified_cohort(1)
    holder = db.session.query(Certificate).filter_by(cohort_id=done.id).one().person
    next_course = make_ready_cohort(0, institution=done.institution, course=make_course())
    again = make_ready_cohort(0, institution=done.institution, course=done.course)
    for cohort in (next_course, again):
        make_enrolment(cohort, holder, state=EnrolmentState.COMPLETED, completed_on=TODAY)
    db.session.commit()
    assert find_cohorts_to_certify(OFFICE) == [next_course.id]


def papers_of_all_sorts():
    """Each of two kinds at two institutions: with no end, ended, ending, far; revoked, replaced, renewed."""
    cohorts, person, serial = [make_cohort(make_institution()) for _ in range(2)], make_person(), count()
    for cohort, kind in product(cohorts, (CertificateKind.STUDENT, CertificateKind.TEACHER)):
        ends = (None, TODAY - timedelta(days=1), TODAY, TODAY + SOON, TODAY + SOON + timedelta(days=1))
        for end, *is_so in product(ends, *[(False, True)] * 3):
            first = write(cohort, person, next(serial), kind=kind, valid_until=end)
            is_revoked, is_replaced, is_renewed = is_so
            if is_revoked:
                first.revoked_at, first.revoked_reason, first.revoked_by_name = now(), "Lost", "Office"
            if is_replaced:
                anew = {"edition": 2, "replaces_id": first.id, "thing_earned": first.thing_earned}
                write(cohort, person, next(serial), kind=kind, valid_until=end, **anew)
            if is_renewed:
                next_term = write(cohort, person, next(serial), kind=kind, valid_until=ends[-1])
                db.session.add(CertificateRenewal(certificate_id=next_term.id, renews_id=first.id))
    db.session.commit()
    return cohorts


def write(*where, **columns):
    certificate = Certificate(**paper(*where, **columns))
    db.session.add(certificate)
    db.session.flush()
    return certificate


def test_each_count_is_the_number_of_rows_its_narrowing_leaves(app):
    cohorts = papers_of_all_sorts()
    ways = {
        "kind": [None, *CertificateKind],
        "state": [None, *CertificateState],
        "term": [None, *Term],
        "year": [None, TODAY.year, TODAY.year - 1],
        "institution": ["", cohorts[0].institution.code],
    }
    for chosen in product(*ways.values()):
        wanted = Wanted(day=TODAY, **dict(zip(ways, chosen, strict=True)))
        rows = db.session.scalars(queries.list_certificates(OFFICE, wanted)).all()
        counts = counting.count(OFFICE, wanted)
        assert counts.total() == len(rows), wanted
        assert {row.state(TODAY) for row in rows} <= (
            {wanted.state} if wanted.state else set(CertificateState)
        )
        if wanted.state is None:
            assert counts.by_state() == Counter(row.state(TODAY) for row in rows), wanted
        if not wanted.institution:
            told = {code: number for code, _name, number in counts.by_institution()}
            assert told == Counter(row.institution.code for row in rows), wanted
        if wanted.kind is None:
            assert counts.by_kind() == Counter(row.kind for row in rows), wanted
        if wanted.year is None:
            assert counts.by_year() == Counter(row.issued_on.year for row in rows), wanted
        if wanted.term is None:
            left = [replace(wanted, term=term) for term in Term]
            lists = [db.session.scalars(queries.list_certificates(OFFICE, one)).all() for one in left]
            assert list(counts.by_term().values()) == [len(found) for found in lists], wanted
