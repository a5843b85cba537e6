"""What an agreement says, clause by clause: the programme's own wording around the facts of a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from gdt.filters import country_name, number
from gdt.filters import day as written
from gdt.partners.agreement_states import GRACE
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, AgreementKind
from gdt.partners.standing import KINDS


@dataclass(frozen=True)
class Clause:
    """A numbered clause: sentences, points under them, and perhaps a table with its heads first."""

    title: str
    sentences: Sequence[str]
    points: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class PaperContent:
    """Everything the paper to be signed says."""

    reference: str
    made_on: date
    title: str
    institution: str
    native_name: str
    place: str
    kind: str
    term: str
    clauses: Sequence[Clause]
    signs_for_partner: str


def paper_of(draft: AgreementDraft, extended: Agreement | None, made_on: date) -> PaperContent:
    institution = draft.institution
    titles = {
        AgreementKind.PROGRAMME_AGREEMENT: _("Programme agreement"),
        AgreementKind.MEMORANDUM: _("Memorandum of understanding"),
        AgreementKind.EXTENSION: _("Extension of the agreement"),
    }
    return PaperContent(
        reference=reference_of(draft),
        made_on=made_on,
        title=titles[draft.kind],
        institution=institution.name,
        native_name=institution.native_name or "",
        place=f"{institution.city}, {country_name(institution.country.code)}",
        kind=str(KINDS[institution.kind]),
        term=_("%(first)s to %(last)s", first=written(draft.starts_on), last=written(draft.ends_on)),
        clauses=_clauses(draft, extended),
        signs_for_partner=draft.signs_for_partner or "",
    )


def reference_of(draft: AgreementDraft) -> str:
    """The name of a draft on paper; its file bears it too."""
    return f"GDT-A-{draft.drafted_at.year}-{draft.id:04d}"


def _clauses(draft: AgreementDraft, extended: Agreement | None) -> list[Clause]:
    clauses = [
        _term(draft, extended),
        _targets(draft),
        _institution_does(),
        _programme_does(),
        _data_protection(),
    ]
    if draft.own_clauses:
        clauses.append(Clause(_("What is agreed besides"), draft.own_clauses.splitlines()))
    return [*clauses, _end()]


def _term(draft: AgreementDraft, extended: Agreement | None) -> Clause:
    sentences = [
        _(
            "This agreement is in force from %(first)s to %(last)s, both days included, once both parties"
            " have signed it.",
            first=written(draft.starts_on),
            last=written(draft.ends_on),
        )
    ]
    if extended is not None:
        sentences.append(
            _(
                "It extends the agreement from %(first)s to %(last)s. What was begun under that one is"
                " carried on under this one.",
                first=written(extended.starts_on),
                last=written(extended.ends_on),
            )
        )
    return Clause(_("Term"), sentences)


def _targets(draft: AgreementDraft) -> Clause:
    years = range(draft.starts_on.year, draft.ends_on.year + 1)
    if not any(any(draft.targets_in(year)) for year in years):
        sentence = _(
            "The parties agree no numbers for single years. What is reached is reported once a year."
        )
        return Clause(_("Targets"), [sentence])
    rows = [(_("Calendar year"), _("Teachers to certify"), _("Students to train"))]
    for year in years:
        teachers, students = (number(one) if one else str(_("none agreed")) for one in draft.targets_in(year))
        rows.append((str(year), teachers, students))
    sentence = _("The parties mean to reach these numbers. What is reached is reported once a year.")
    return Clause(_("Targets"), [sentence], table=rows)


def _institution_does() -> Clause:
    return Clause(
        _("What the institution does"),
        [_("The institution")],
        [
            _("names a coordinator, who keeps its cohorts, lists and results in the programme’s register;"),
            _("lets a module be taught only by teachers qualified for it on the day;"),
            _("holds the exams as the programme sets them, and records each result as it was given;"),
            _("reports its figures once a year, and shows the evidence for them when it is asked;"),
            _("uses the programme’s name and certificates only for what was earned in it."),
        ],
    )


def _programme_does() -> Clause:
    return Clause(
        _("What the programme does"),
        [_("The programme office")],
        [
            _("trains and qualifies the institution’s teachers, and keeps the materials up to date;"),
            _("issues the certificates of teachers and students, which anyone can verify without cost;"),
            _("keeps the register, and gives the institution its own records whenever it asks;"),
            _("publishes totals only, never what is known about a single person."),
        ],
    )


def _data_protection() -> Clause:
    return Clause(
        _("Data protection"),
        [
            _(
                "The institution remains responsible for the personal data of its teachers and students."
                " The programme office keeps what a certificate needs: the name as it is printed, how the"
                " holder is reached, what was attended and what was passed. It keeps nothing else."
            ),
            _(
                "Both parties tell people what is kept about them and why, correct what is wrong, and erase"
                " what a person asks to have erased and the law does not require to be kept. A certificate"
                " that was issued stays verifiable."
            ),
            _(
                "Whoever learns of a breach of the protection of these data tells the other party within"
                " 48 hours. No personal data are passed on to third parties without consent."
            ),
        ],
    )


def _end() -> Clause:
    return Clause(
        _("Renewal and end"),
        [
            _(
                "The programme office reminds the institution nine, six, three months and one month before"
                " the end. The agreement may be renewed by an extension, once, and that one again."
            ),
            _(
                "For %(days)s days after the end the institution may finish its cohorts and have them"
                " certified. Afterwards its records can only be read.",
                days=GRACE.days,
            ),
            _(
                "Either party may terminate the agreement in writing, with a reason. What was certified"
                " before stays valid."
            ),
        ],
    )
