"""The demo network never mixes with data of somebody else's."""

import pytest

from gdt.accounts.models import User
from gdt.database import db
from gdt.demo.services import load_demo
from gdt.errors import DomainError
from gdt.partners.models import Institution
from tests.factories import make_course, make_institution, make_person


@pytest.mark.parametrize("make", [make_institution, make_person, make_course])
def test_a_database_with_data_of_its_own_is_left_as_it_is(app, make):
    make()
    before = db.session.query(Institution).count()
    with pytest.raises(DomainError, match="already holds data"):
        load_demo(password=None)
    assert db.session.query(Institution).count() == before
    assert db.session.query(User).count() == 0


def test_an_institution_that_only_shares_the_code_of_a_demo_partner_is_not_taken_for_it(app):
    make_institution(code="utar", name="Another house")
    with pytest.raises(DomainError):
        load_demo(password=None)
