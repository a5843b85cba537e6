"""What of certification belongs to a person: the papers move with her, exactly as they were issued."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, Table, and_, or_, select

from gdt.certification.batches.models import CertificateBatchRow
from gdt.certification.delivery.models import HolderChoice
from gdt.certification.eligibility.things import thing_of
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.exams.models import Exam, Result
from gdt.people.belongings import Belonging, Row, note, objection, register
from gdt.people.merge_models import Merge, MergeStep
from gdt.training.models import CourseModule, Enrolment, Qualification

CERTIFICATES = cast("Table", Certificate.__table__)
ORDERED = cast("Table", CertificateBatchRow.__table__)
CHOICES = cast("Table", HolderChoice.__table__)


def _tell(rows: Sequence[Row]) -> dict[int, str]:
    return {row["id"]: f"{row['number']}, {row['facts'].get('achievement', '')}" for row in rows}


def _places(person_ids: Collection[int]) -> Select[Any]:
    return select(Certificate.institution_id).where(Certificate.person_id.in_(person_ids))


def _ordered_at(person_ids: Collection[int]) -> Select[Any]:
    return select(CertificateBatchRow.institution_id).where(CertificateBatchRow.person_id.in_(person_ids))


@note
def both_hold_a_certificate(survivor_id: int, other_id: int) -> list[str]:
    """Two papers for one thing: both were printed, so both stand until the office says otherwise."""
    held: list[dict[str, str]] = []
    for person_id in (survivor_id, other_id):
        query = select(Certificate.thing_earned, Certificate.number).where(
            Certificate.person_id == person_id, Certificate.revoked_at.is_(None)
        )
        found = db.session.execute(query.order_by(Certificate.edition)).all()
        held.append({thing_of(thing, survivor_id): number for thing, number in found})
    return [
        _(
            "Both hold a certificate for the same thing: %(one)s and %(other)s. Both stay valid as printed; "
            "the office can revoke one of them.",
            one=held[0][thing],
            other=held[1][thing],
        )
        for thing in held[0]
        if thing in held[1]
    ]


register(
    Belonging(
        position=6,
        table=CERTIFICATES,
        title=lambda: _("Certificates"),
        counted=lambda n: ngettext("%(num)s certificate", "%(num)s certificates", n),
        tell=_tell,
        places=_places,
    )
)
register(
    Belonging(
        position=7,
        table=ORDERED,
        title=lambda: _("Orders"),
        counted=lambda n: ngettext("%(num)s line of an order", "%(num)s lines of orders", n),
        tell=lambda rows: {
            row["id"]: _("line %(n)s of order %(order)s", n=row["position"], order=row["batch_id"])
            for row in rows
        },
        places=_ordered_at,
    )
)
register(
    Belonging(
        position=8,
        table=CHOICES,
        title=lambda: _("Choices as a holder"),
        counted=lambda n: ngettext("%(num)s choice as a holder", "%(num)s choices as a holder", n),
        tell=lambda rows: {row["id"]: _("what the public page shows") for row in rows},
        same=(),
    )
)


@objection
def a_certificate_was_issued_since(merge: Merge, steps: Sequence[MergeStep]) -> str | None:
    """A certificate that stands and was earned, at least in part, by what would go back."""
    cohorts = select(Enrolment.cohort_id).where(Enrolment.id.in_(_touched(steps, "enrolments")))
    results = select(Exam.course_id).join(Result, Result.exam_id == Exam.id)
    courses = results.where(Result.id.in_(_touched(steps, "results")))
    qualified = select(CourseModule.course_id).join(
        Qualification, Qualification.module_id == CourseModule.module_id
    )
    taught = qualified.where(Qualification.id.in_(_touched(steps, "qualifications")))
    number = db.session.scalar(
        select(Certificate.number)
        .where(
            Certificate.person_id == merge.survivor_id,
            Certificate.issued_at >= merge.merged_at,
            Certificate.revoked_at.is_(None),
            Certificate.id.not_in(_touched(steps, "certificates")),
            or_(
                Certificate.cohort_id.in_(cohorts),
                Certificate.course_id.in_(courses),
                and_(Certificate.kind == CertificateKind.TEACHER, Certificate.course_id.in_(taught)),
            ),
        )
        .order_by(Certificate.id)
        .limit(1)
    )
    if number is None:
        return None
    return _(
        "Certificate %(number)s was issued since, and rests on what would go back to %(name)s. "
        "It must be revoked first.",
        number=number,
        name=merge.merged_name,
    )


def _touched(steps: Sequence[MergeStep], table_name: str) -> set[int]:
    return {step.row_id for step in steps if step.table_name == table_name}
