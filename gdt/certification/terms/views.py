"""Pages about certificates that end: who, when, and what to do next."""

from collections.abc import Sequence
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import certificates_answer, facet, page_here, today
from gdt.certification.blueprint import certification
from gdt.certification.eligibility.evidence import assess_teachers
from gdt.certification.models import Certificate
from gdt.certification.terms import expiring
from gdt.certification.terms.expiring import Ending
from gdt.certification.terms.renewal_advice import Advice, advise, by_person
from gdt.certification.wording import Group
from gdt.exports import hands_out


@certification.get("/certificates/expiring")
@requires(Permission.CERTIFICATES_READ)
def expiring_certificates() -> ResponseReturnValue:
    wanted = _wanted_here()
    statement = expiring.list_ending(current_user, wanted)
    page = page_here(statement, expiring.ORDER)
    return render_template(
        "certification/expiring_certificates.html",
        page=page,
        advice=_advice(page.items, wanted.day),
        total=expiring.count_ending(current_user, wanted),
        groups=_facets(wanted),
        today=wanted.day,
    )


@certification.get("/certificates/expiring.csv")
@requires(Permission.CERTIFICATES_READ)
@hands_out(lazy_gettext("a list of certificates that end"))
def expiring_csv() -> ResponseReturnValue:
    wanted = _wanted_here()
    found = expiring.every_ending(current_user, wanted)
    return certificates_answer(found, wanted.day, "expiring.csv")


def _wanted_here() -> Ending:
    asked = request.args
    return Ending(
        day=today(),
        month=asked.get("month", "").strip()[:7],
        institution=asked.get("institution", "").strip().lower(),
    )


def _facets(wanted: Ending) -> list[Group]:
    months = expiring.count_by_month(current_user, wanted)
    groups = [facet(_("Ends in"), "month", [(month, _in_words(month), months[month]) for month in months])]
    if not current_user.role.is_of_one_institution:
        institutions = expiring.count_by_institution(current_user, wanted)
        groups.append(facet(_("Institution"), "institution", institutions))
    return groups


def _in_words(month: str) -> str:
    return str(format_date(date.fromisoformat(f"{month}-01"), "MMM yyyy"))


def _advice(certificates: Sequence[Certificate], day: date) -> dict[int, Advice]:
    """The next step for each certificate of the page, by its id: a constant number of questions."""
    courses = {certificate.course_id for certificate in certificates if certificate.course_id}
    people = {certificate.person_id for certificate in certificates if certificate.person_id}
    findings = by_person(assess_teachers(courses, day, people).items()) if courses else {}
    return {
        certificate.id: advise(
            certificate.valid_until or day,
            findings.get((certificate.course_id or 0, certificate.person_id or 0)),
        )
        for certificate in certificates
    }
