"""Blanking what was written to honour a person: the case, the citation, what judges said, the evidence."""

from sqlalchemy import select, update

from gdt.database import db
from gdt.privacy.holdings import Holdings
from gdt.recognition.judging_models import Judgement
from gdt.recognition.models import Nomination, NominationEvidence

GONE = "-"  # where a text may not be empty


def blank_nominations(held: Holdings) -> list[str]:
    """That somebody was nominated, and given an award, still counts; returns the evidence that has to go."""
    mine = select(Nomination.id).where(Nomination.person_id.in_(held.persons))
    evidence = NominationEvidence.nomination_id.in_(mine)
    files = db.session.scalars(select(NominationEvidence.file_key).where(evidence)).all()
    for statement in (
        update(Nomination).where(Nomination.id.in_(mine)).values(case_for=GONE, may_be_named=False),
        update(Nomination)
        .where(Nomination.id.in_(mine), Nomination.citation.is_not(None))
        .values(citation=GONE),
        update(Nomination).where(Nomination.id.in_(mine), Nomination.reason.is_not(None)).values(reason=GONE),
        update(Judgement).where(Judgement.nomination_id.in_(mine)).values(comment=GONE),
        update(NominationEvidence).where(evidence).values(name=GONE, file_key=""),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    return [key for key in files if key]
