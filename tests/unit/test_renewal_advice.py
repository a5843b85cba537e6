"""What to do next about a certificate that ends."""

from datetime import date, timedelta

import pytest

from gdt.certification.eligibility.assessing import Candidate, assess
from gdt.certification.terms.renewal_advice import Advice, NextStep, advise
from gdt.partners.models import InstitutionStatus

END = date(2027, 6, 30)


def finding(*, until=END + timedelta(days=700), status=InstitutionStatus.IN_FORCE, missing=()):
    candidate = Candidate(
        person_id=1,
        printed_name="Dr Lim",
        native_name=None,
        institution_id=1,
        thing_earned="teacher:1:1:x",
        status=status,
        valid_until=until,
        missing_modules=missing,
    )
    return assess(candidate)


@pytest.mark.parametrize(
    ("found", "step"),
    [
        (None, NextStep.TRAIN),
        (finding(until=END), NextStep.TRAIN),
        (finding(until=END - timedelta(days=1)), NextStep.TRAIN),
        (finding(missing=("New Retail",)), NextStep.TRAIN),
        (finding(), NextStep.ISSUE),
        (finding(status=InstitutionStatus.LAPSED), NextStep.MEND),
    ],
)
def test_each_case_has_its_next_step(found, step):
    assert advise(END, found).step is step


def test_what_has_to_be_mended_is_said():
    assert "agreement" in advise(END, finding(status=InstitutionStatus.LAPSED)).reason
    assert advise(END, finding()) == Advice(NextStep.ISSUE)
