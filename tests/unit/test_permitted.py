"""What a partner may do in each state of its agreement, and what it is told when it may not."""

import pytest
from flask import Flask
from flask_babel import Babel

from gdt.partners.models import Institution, InstitutionStatus
from gdt.partners.permitted import PERMITTED, PartnerAct, is_permitted, refusal
from tests.factories import TODAY

NEXT_STEP = ("Ask the programme office", "Renew the agreement", "it applies anew")


def test_the_table_speaks_of_every_state():
    assert set(PERMITTED) == set(InstitutionStatus)


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        (InstitutionStatus.EXPIRING, set(PartnerAct)),
        (InstitutionStatus.IN_GRACE, set(PartnerAct) - {PartnerAct.OPEN_COHORT}),
        (InstitutionStatus.LAPSED, set()),
        (InstitutionStatus.CLOSED, set()),
    ],
)
def test_in_grace_cohorts_are_finished_and_after_it_everything_is_only_read(status, acts):
    assert {act for act in PartnerAct if is_permitted(status, act)} == acts


def test_every_refusal_says_what_to_do_next():
    app = Flask("refusals")
    Babel(app)
    with app.test_request_context():
        for status in InstitutionStatus:
            for act in PartnerAct:
                if not is_permitted(status, act):
                    sentence = refusal(Institution(name="UTAR"), status, act, TODAY)
                    assert sentence.startswith("UTAR cannot ")
                    assert any(step in sentence for step in NEXT_STEP)
