"""Pages of the register: its list, one record, and the certificates of a cohort or a person."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification import queries
from gdt.certification.addresses import certificates_answer, file_answer, page_here, today
from gdt.certification.archives import archiving
from gdt.certification.archives import queries as archive_queries
from gdt.certification.badges.open_badges import linkedin_address
from gdt.certification.blueprint import certification
from gdt.certification.delivery import queries as deliveries
from gdt.certification.drawing.documents import stored_pdf
from gdt.certification.log import publishing as log_publishing
from gdt.certification.register import counting, timeline
from gdt.certification.register import queries as register
from gdt.certification.register.addresses import register_facets, wanted_here
from gdt.certification.terms import queries as term_queries
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.people.queries import get_person
from gdt.training.queries import get_cohort


@certification.get("/certificates")
@requires(Permission.CERTIFICATES_READ)
def certificates() -> ResponseReturnValue:
    wanted = wanted_here()
    statement = register.list_certificates(current_user, wanted)
    page, counts = page_here(statement, register.ORDER), counting.count(current_user, wanted)
    return render_template(
        "certification/certificates.html",
        page=page,
        total=counts.total(),
        groups=register_facets(counts),
        today=wanted.day,
    )


@certification.get("/certificates.csv")
@requires(Permission.CERTIFICATES_READ)
@hands_out(lazy_gettext("a list of certificates"))
def certificates_csv() -> ResponseReturnValue:
    wanted = wanted_here()
    found = register.every_certificate(current_user, wanted)
    return certificates_answer(found, wanted.day, "certificates.csv")


@certification.get("/certificates/<number>")
@requires(Permission.CERTIFICATES_READ)
def certificate(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    chain = term_queries.list_chain(record, current_user)
    return render_template(
        "certification/certificate.html",
        certificate=record,
        today=today(),
        chain=chain,
        newer_term=timeline.next_term(record, chain),
        events=timeline.list_happenings(record, chain),
        rounds=deliveries.list_of_certificate(current_user, record),
        linkedin=linkedin_address(record),
        place=log_publishing.place_of(record),
    )


@certification.get("/certificates/<number>.pdf")
@requires(Permission.CERTIFICATES_READ)
@hands_out(lazy_gettext("a certificate"), of=lambda number: queries.get_certificate(current_user, number))
def certificate_file(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    try:
        pdf = stored_pdf(record)
    except DomainError as error:
        return render_template("certification/altered.html", message=error.message), 500
    return file_answer(
        pdf, "application/pdf", archiving.file_name(record.number, record.facts["printed_name"])
    )


@certification.get("/cohorts/<code>/certificates")
@requires(Permission.CERTIFICATES_READ)
def cohort_certificates(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    statement = queries.statement_of_cohort(current_user, cohort)
    page = page_here(statement, queries.NUMBER_ORDER)
    return render_template(
        "certification/cohort_certificates.html",
        cohort=cohort,
        page=page,
        total=queries.count_of_cohort(current_user, cohort),
        archives=archive_queries.list_archives(current_user, cohort),
        today=today(),
    )


@certification.get("/people/<int:person_id>/certificates")
@requires(Permission.CERTIFICATES_READ)
def person_certificates(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    held = queries.list_of_person(current_user, person)
    return render_template(
        "certification/person_certificates.html", person=person, certificates=held, today=today()
    )
