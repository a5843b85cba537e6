"""Blanking the rows that are a person's own, feature by feature, in one transaction."""

from collections.abc import Collection
from functools import partial
from typing import Any

from sqlalchemy import delete, or_, select, update

from gdt import changes
from gdt.certification.archives.models import CertificateArchive
from gdt.certification.badges import statuses
from gdt.certification.codes import grouped, new_code
from gdt.certification.correction_requests.models import CorrectionNote, CorrectionRequest, RequestState
from gdt.certification.delivery.models import CertificateDelivery, HolderChoice, HolderLink
from gdt.certification.editions.models import CertificateReplacement
from gdt.certification.log.writing import destroy_salt
from gdt.certification.models import Certificate, CertificateProof
from gdt.certification.queries import take_log
from gdt.certification.revoking.models import RevocationLine
from gdt.database import Model, db, now
from gdt.exams.models import Result, ResultCorrection
from gdt.exams.moderation_models import DoubleMark
from gdt.outgoing import DeliveryState, OutgoingMail
from gdt.people.duplicate_models import PersonKey, ProbablePair
from gdt.people.merge_models import Merge, MergeStep
from gdt.people.models import Affiliation, Person
from gdt.privacy.blank import BLANK, FORGOTTEN_FACTS
from gdt.privacy.contacts import forget_contacts_of
from gdt.privacy.erasing_awards import blank_nominations
from gdt.privacy.holdings import Holdings
from gdt.privacy.models import ErasureRequest, Outcome
from gdt.privacy.words import ERASED_NAME, Words
from gdt.training.models import Enrolment

GONE = "-"  # where a text may not be empty


def blank_records(held: Holdings, words: Words, outcome: Outcome) -> list[str]:
    """Blank everything kept under her ids; returns the documents that have to go."""
    files = [*_blank_certificates(held, outcome), *_blank_requests(held), *_drop_archives(held)]
    files += blank_nominations(held)
    forget_contacts_of(words)
    _blank_mails(held, words)
    _blank_journeys(held)
    _blank_entries(held)
    db.session.flush()
    changes.leave_untold()
    db.session.expire_all()
    return files


def _change(model: type[Model], *conditions: Any, **values: Any) -> None:
    db.session.execute(
        update(model).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )


def _delete(model: type[Model], *conditions: Any) -> None:
    db.session.execute(delete(model).where(*conditions).execution_options(synchronize_session=False))


def _blank_certificates(held: Holdings, outcome: Outcome) -> list[str]:
    """The papers, their badges and salts. What stops verifying gets a code that nobody was ever told."""
    if not held.certificates:
        return []
    take_log()
    mine = Certificate.id.in_(held.certificates)
    certificates = db.session.scalars(select(Certificate).where(mine)).all()
    files = [certificate.file_key for certificate in certificates if certificate.file_key]
    for certificate in certificates:
        _blank_facts(certificate, outcome)
        certificate.file_key = ""
    of_hers = partial(_of, held.certificates)
    _change(CertificateProof, of_hers(CertificateProof.certificate_id), badge="")
    _change(CertificateReplacement, of_hers(CertificateReplacement.certificate_id), reason=GONE, changes={})
    _change(CertificateDelivery, of_hers(CertificateDelivery.certificate_id), recipient=None, mail_id=None)
    _change(RevocationLine, of_hers(RevocationLine.certificate_id), typed=GONE)
    _delete(HolderLink, of_hers(HolderLink.certificate_id))
    destroy_salt(held.certificates)
    if outcome is Outcome.NOTHING:
        statuses.withdraw(certificates)
    return files


def _blank_facts(certificate: Certificate, outcome: Outcome) -> None:
    if certificate.is_forgotten:
        return
    facts = {name: value for name, value in certificate.facts.items() if name not in FORGOTTEN_FACTS}
    if outcome is Outcome.NOTHING:
        certificate.code = new_code()
        facts |= {"code": grouped(certificate.code), "verify_url": ""}
    certificate.facts = {**facts, "printed_name": ERASED_NAME, "forgotten": outcome.value}
    if certificate.revoked_reason is not None:
        certificate.revoked_reason = GONE


def _of(ids: Collection[int], column: Any) -> Any:
    return column.in_(ids)


def _blank_requests(held: Holdings) -> list[str]:
    """What she asked to have corrected, what was said about it, and her evidence."""
    mine = CorrectionRequest.id.in_(held.requests)
    evidence = db.session.scalars(select(CorrectionRequest.evidence_key).where(mine)).all()
    still_open = CorrectionRequest.state.in_([RequestState.OPEN, RequestState.ASKED])
    _change(CorrectionRequest, mine, still_open, state=RequestState.REFUSED, answered_at=now())
    blank = {"printed": None, "wanted": GONE, "why": GONE, "contact": None}
    _change(CorrectionRequest, mine, **blank, evidence_key=None, evidence_name=None)
    _change(CorrectionNote, CorrectionNote.request_id.in_(held.requests), words=GONE)
    return [key for key in evidence if key]


def _drop_archives(held: Holdings) -> list[str]:
    """ZIPs and print files that may hold her certificates; anyone can order them anew, without her."""
    query = select(CertificateArchive).where(
        or_(CertificateArchive.cohort_id.in_(held.cohorts), CertificateArchive.batch_id.in_(held.batches)),
        CertificateArchive.file_key.is_not(None),
    )
    files = []
    for archive in db.session.scalars(query):
        files.append(archive.file_key or "")
        archive.file_key = archive.file_size = None
    return files


def _blank_mails(held: Holdings, words: Words) -> None:
    """Letters to her or about her certificates; what has not left is never sent."""
    about = or_(OutgoingMail.id.in_(held.mails), OutgoingMail.recipient.in_(words.emails))
    waiting = OutgoingMail.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING])
    _change(OutgoingMail, about, waiting, state=DeliveryState.REFUSED, settled_at=now())
    _change(OutgoingMail, about, recipient="", subject="", body="", server_answer=None)


def _blank_journeys(held: Holdings) -> None:
    """What people wrote about her results, and what merging and comparing noted of her."""
    _change(Enrolment, Enrolment.person_id.in_(held.persons), guardian=None)
    results = select(Result.id).where(Result.person_id.in_(held.persons))
    hers = DoubleMark.person_id.in_(held.persons), DoubleMark.reason.is_not(None)
    _change(DoubleMark, *hers, reason=GONE)
    _change(ResultCorrection, ResultCorrection.result_id.in_(results), reason=GONE)
    _delete(MergeStep, MergeStep.merge_id.in_(held.merges))
    _change(Merge, Merge.id.in_(held.merges), merged_name=ERASED_NAME)
    _delete(PersonKey, PersonKey.person_id.in_(held.persons))
    pairs = or_(ProbablePair.first_id.in_(held.persons), ProbablePair.second_id.in_(held.persons))
    _delete(ProbablePair, pairs)
    _delete(HolderChoice, HolderChoice.person_id.in_(held.persons))


def _blank_entries(held: Holdings) -> None:
    _change(Affiliation, Affiliation.id.in_(held.affiliations), own_number=BLANK["own_number"])
    values = {name: value for name, value in BLANK.items() if name != "own_number"}
    moment = now()
    _change(Person, Person.id.in_(held.persons), **values, compared_at=moment)
    unsaid = Person.id.in_(held.persons), Person.erased_at.is_(None)
    _change(Person, *unsaid, erased_at=moment)
    _change(ErasureRequest, ErasureRequest.person_id.in_(held.persons), words=GONE, answer=None)
