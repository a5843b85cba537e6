"""Drafts of agreements: prepared, changed, withdrawn, and signed into a term."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import Viewer
from gdt.database import broken_constraint, db, now
from gdt.errors import DomainError
from gdt.filters import period
from gdt.partners.agreement_states import Act, is_possible
from gdt.partners.agreements import check_term, sign_agreement
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, AgreementKind, Institution


def prepare_draft(
    *,
    viewer: Viewer,
    institution: Institution,
    kind: AgreementKind,
    extends_id: int | None,
    starts_on: date,
    ends_on: date,
    **terms: Any,
) -> AgreementDraft:
    """Propose a term to an institution.

    `terms` are teachers_target, students_target, signs_for_partner and own_clauses.
    """
    extended = check_term(institution, kind, extends_id, starts_on, ends_on)
    draft = AgreementDraft(
        institution_id=institution.id,
        kind=kind,
        extends_id=extended.id if extended else None,
        starts_on=starts_on,
        ends_on=ends_on,
        drafted_by_name=viewer.name,
        **terms,
    )
    _keep(draft)
    _record(viewer, draft, "drafted", _("Drafted the %(kind)s for %(term)s"))
    return draft


def change_draft(
    *, viewer: Viewer, draft: AgreementDraft, starts_on: date, ends_on: date, **terms: Any
) -> None:
    """Put an open draft right; its kind and the term it extends stay. Targets of years outside it fall."""
    _require(draft, Act.SIGN)
    check_term(draft.institution, draft.kind, draft.extends_id, starts_on, ends_on)
    for name, value in {"starts_on": starts_on, "ends_on": ends_on, **terms}.items():
        setattr(draft, name, value)
    by_year = draft.targets_by_year or {}
    draft.targets_by_year = {
        year: by_year[year] for year in map(str, years_of(draft)) if year in by_year
    } or None
    _record(viewer, draft, "changed", _("Changed the draft of the %(kind)s for %(term)s"))


def set_yearly_targets(
    *, viewer: Viewer, draft: AgreementDraft, targets: Mapping[int, tuple[int, int]]
) -> None:
    """Agree other numbers for single calendar years: (teachers, students) for each year of the term."""
    _require(draft, Act.SIGN)
    draft.targets_by_year = {str(year): [*targets[year]] for year in years_of(draft) if year in targets}
    _record(viewer, draft, "set targets", _("Set the yearly targets of the %(kind)s for %(term)s"))


def withdraw_draft(*, viewer: Viewer, draft: AgreementDraft, reason: str) -> None:
    _require(draft, Act.WITHDRAW)
    draft.withdrawn_at, draft.withdrawn_because = now(), reason
    _record(viewer, draft, "withdrew", _("Withdrew the draft of the %(kind)s for %(term)s"), reason=reason)


def sign_draft(
    *, viewer: Viewer, draft: AgreementDraft, signed_on: date, signatories: str, document: bytes
) -> Agreement:
    """The paper came back signed: the draft becomes a term with the document, known by its hash."""
    _require(draft, Act.SIGN)
    if draft.ends_on < now().date():
        raise DomainError(_("This term is over already. Change the dates of the draft first."))
    agreement = sign_agreement(
        viewer=viewer,
        institution=draft.institution,
        kind=draft.kind,
        extends_id=draft.extends_id,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        document=document,
        signed_on=signed_on,
        signatories=signatories,
        teachers_target=draft.teachers_target,
        students_target=draft.students_target,
        targets_by_year=draft.targets_by_year,
    )
    draft.agreement_id = agreement.id
    return agreement


def years_of(term: AgreementDraft | Agreement) -> range:
    """The calendar years with a day of the term."""
    return range(term.starts_on.year, term.ends_on.year + 1)


def _require(draft: AgreementDraft, act: Act) -> None:
    db.session.refresh(draft, with_for_update={"of": AgreementDraft})
    if not is_possible(act, draft.life, now().date()):
        signed = _("This draft was signed already. Look at the agreement it became.")
        raise DomainError(signed if draft.agreement_id else _("This draft was withdrawn. Draft a new one."))


def _keep(draft: AgreementDraft) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(draft)
            db.session.flush()
    except IntegrityError as error:
        if broken_constraint(error) in {
            "uq_agreement_drafts_open",
            "uq_agreement_drafts_institution_id_kind",
        }:
            sentence = _("There is an open draft of this kind. Change that one, or withdraw it first.")
            raise DomainError(sentence, "kind") from error
        raise


def _record(viewer: Viewer, draft: AgreementDraft, action: str, summary: str, **details: str) -> None:
    term = period(draft.starts_on, draft.ends_on)
    sentence = summary % {"kind": draft.kind.value, "term": term}
    audit.record(viewer, action, draft, sentence, institution_id=draft.institution_id, **details)
