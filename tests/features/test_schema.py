"""The rules of the domain that the database itself keeps, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.database import db
from gdt.partners.models import AgreementKind
from tests.factories import (
    TODAY,
    make_agreement,
    make_cohort,
    make_course,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
)


def refused(make, *args, **columns):
    """Whether the database refuses the record."""
    with pytest.raises(IntegrityError):
        make(*args, **columns)
    db.session.rollback()


def extension_of(agreement, **columns):
    return {
        "kind": AgreementKind.EXTENSION,
        "extends_id": agreement.id,
        "extends_ends_on": agreement.ends_on,
        "starts_on": agreement.ends_on + timedelta(days=1),
        "ends_on": agreement.ends_on + timedelta(days=365),
    } | columns


def test_an_agreement_chain_does_not_fork(app):
    institution = make_institution()
    first = make_agreement(institution)
    make_agreement(institution, **extension_of(first))
    refused(make_agreement, institution, **extension_of(first))


def test_an_extension_does_not_overlap_what_it_extends(app):
    institution = make_institution()
    first = make_agreement(institution)
    refused(make_agreement, institution, **extension_of(first, starts_on=first.ends_on))


def test_an_extension_cannot_extend_another_institutions_agreement(app):
    theirs = make_agreement(make_institution())
    refused(make_agreement, make_institution(), **extension_of(theirs))


def test_nobody_is_enrolled_twice_in_a_cohort(app):
    cohort, person = make_cohort(make_institution()), make_person()
    make_enrolment(cohort, person)
    refused(make_enrolment, cohort, person)


def test_a_cohort_does_not_end_before_it_starts(app):
    refused(make_cohort, make_institution(), starts_on=TODAY, ends_on=TODAY - timedelta(days=1))


def test_a_sitting_holds_an_exam_of_the_cohorts_own_course(app):
    cohort = make_cohort(make_institution())
    refused(make_sitting, cohort, make_exam(make_course()))


def test_two_persons_never_share_an_email(app):
    make_person(email="a@utar.example")
    refused(make_person, email="a@utar.example")
