"""Institutions, cohorts and certificates for programs: each as far as its owner sees it."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission
from gdt.accounts.token_models import TokenRight
from gdt.api import record_shapes as shapes
from gdt.api.interface import api, door
from gdt.api.shapes import told_page
from gdt.certification.addresses import file_answer
from gdt.certification.archives.archiving import file_name
from gdt.certification.drawing.documents import stored_pdf
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.queries import get_certificate
from gdt.certification.register import queries as register
from gdt.database import db, now
from gdt.exams.queries import list_sittings
from gdt.exports import hands_out
from gdt.paging import page_of
from gdt.partners.listing import Narrowing, institutions
from gdt.partners.models import Institution
from gdt.partners.queries import get_institution
from gdt.training.models import Cohort
from gdt.training.queries import CohortFilter, cohorts, get_cohort


def _today() -> date:
    return now().date()


@api.route("/institutions")
@door(Permission.INSTITUTIONS_READ, TokenRight.RECORDS)
@api.arguments(shapes.InstitutionsAskedShape, location="query")
@api.response(200, shapes.InstitutionsShape)
def list_partner_institutions(asked: dict[str, Any]) -> Any:
    """The institutions you may see, by name."""
    wanted = Narrowing.read(asked | {"country": asked["country"].upper()})
    statement = institutions(current_user, wanted, _today())
    order = [Institution.name, Institution.id]
    return told_page(page_of(db.session, statement, order=order, after=asked.get("after")), _institution)


@api.route("/institutions/<code>")
@door(Permission.INSTITUTIONS_READ, TokenRight.RECORDS)
@api.response(200, shapes.InstitutionShape)
def get_partner_institution(code: str) -> Any:
    """One institution."""
    return _institution(get_institution(current_user, code))


def _institution(record: Institution) -> dict[str, Any]:
    return {
        "code": record.code,
        "name": record.name,
        "native_name": record.native_name,
        "kind": record.kind.value,
        "status": record.status(_today()).value,
        "country": record.country.code,
        "region": record.country.region.code,
        "city": record.city,
        "website": record.website,
        "joined_on": record.joined_on,
        "agreement_until": max((one.ends_on for one in record.agreements), default=None),
    }


@api.route("/cohorts")
@door(Permission.COHORTS_READ, TokenRight.RECORDS)
@api.arguments(shapes.CohortsAskedShape, location="query")
@api.response(200, shapes.CohortsShape)
def list_all_cohorts(asked: dict[str, Any]) -> Any:
    """The cohorts you may see, the latest first."""
    wanted = CohortFilter(
        asked["q"], asked["institution"].lower(), asked["course"], asked.get("year"), asked["state"]
    )
    order = [Cohort.starts_on.desc(), Cohort.id.desc()]
    page = page_of(db.session, cohorts(current_user, wanted), order=order, after=asked.get("after"))
    return told_page(page, _cohort)


@api.route("/cohorts/<code>")
@door(Permission.COHORTS_READ, TokenRight.RECORDS)
@api.response(200, shapes.WholeCohortShape)
def get_one_cohort(code: str) -> Any:
    """One cohort, with the codes of its sittings."""
    record = get_cohort(current_user, code)
    sittings = [
        {
            "code": one.sitting.code,
            "exam": one.sitting.exam.code,
            "held_on": one.sitting.held_on,
            "taken": one.taken,
            "passed": one.passed,
            "absent": one.absent,
        }
        for one in list_sittings(current_user, record)
    ]
    return _cohort(record) | {"sittings": sittings}


def _cohort(record: Cohort) -> dict[str, Any]:
    told = {name: getattr(record, name) for name in ("code", "term", "starts_on", "ends_on", "language")}
    return told | {
        "institution": record.institution.code,
        "course": record.course.code,
        "title": record.course.title,
        "state": record.stage(_today()).value,
        "mode": record.mode.value,
    }


@api.route("/certificates")
@door(Permission.CERTIFICATES_READ, TokenRight.RECORDS)
@api.arguments(shapes.CertificatesAskedShape, location="query")
@api.response(200, shapes.CertificatesShape)
def list_all_certificates(asked: dict[str, Any]) -> Any:
    """The certificates you may see, the newest first."""
    wanted = register.Wanted(
        day=_today(),
        text=asked["q"].strip(),
        kind=CertificateKind(asked["kind"]) if asked["kind"] else None,
        state=CertificateState(asked["state"]) if asked["state"] else None,
        year=asked.get("year"),
        institution=asked["institution"].lower(),
    )
    statement = register.list_certificates(current_user, wanted)
    page = page_of(db.session, statement, order=register.ORDER, after=asked.get("after"))
    return told_page(page, _certificate)


@api.route("/certificates/<number>")
@door(Permission.CERTIFICATES_READ, TokenRight.RECORDS)
@api.response(200, shapes.CertificateShape)
def get_one_certificate(number: str) -> Any:
    """One certificate by its number."""
    return _certificate(get_certificate(current_user, number))


@api.route("/certificates/<number>/file")
@door(Permission.CERTIFICATES_READ, TokenRight.RECORDS)
@api.alt_response(422, response="UNPROCESSABLE_ENTITY")
@hands_out(lazy_gettext("a certificate"), of=lambda number: get_certificate(current_user, number))
@api.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_certificate_file(number: str) -> Any:
    """The PDF of a certificate, exactly as it was issued; refused where the store holds another one."""
    record = get_certificate(current_user, number)
    return file_answer(stored_pdf(record), "application/pdf", file_name(record.number, printed_name(record)))


def printed_name(record: Certificate) -> str:
    """Whose certificate it is: a person's, or the institution's own."""
    return str(record.facts.get("printed_name") or record.institution.name)


def _certificate(record: Certificate) -> dict[str, Any]:
    told = {name: record.facts.get(name) for name in ("native_name", "achievement")}
    return told | {
        "printed_name": printed_name(record),
        "number": record.number,
        "code": record.code,
        "kind": record.kind.value,
        "state": record.state(_today()).value,
        "institution": record.institution.code,
        "issued_on": record.issued_on,
        "valid_until": record.valid_until,
        "file_sha256": record.file_sha256,
    }
