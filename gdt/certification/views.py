"""Pages about certificates: the register, one record, and those of a cohort or a person."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification import (
    archive_queries,
    archive_views,  # noqa: F401
    archiving,
    badge_views,  # noqa: F401  (its pages join the blueprint)
    batch_views,  # noqa: F401
    correction_views,  # noqa: F401
    deliveries,
    delivery_views,  # noqa: F401
    design_views,  # noqa: F401
    expiring_views,  # noqa: F401
    holder_views,  # noqa: F401
    key_views,  # noqa: F401
    log_publishing,
    log_views,  # noqa: F401
    look_views,  # noqa: F401
    ordering_views,  # noqa: F401
    person_belongings,  # noqa: F401
    queries,
    register,
    replacing_views,  # noqa: F401
    revocation_views,  # noqa: F401
    revoking,
    status_views,  # noqa: F401
    switch_views,  # noqa: F401
    term_queries,
    timeline,
    verify_api_views,  # noqa: F401
    verify_views,  # noqa: F401
    witness_views,  # noqa: F401
    wording,
    wrong_views,  # noqa: F401
)
from gdt.certification.addresses import (
    ROWS,
    file_answer,
    register_facets,
    today,
    wanted_here,
)
from gdt.certification.badges import linkedin_address
from gdt.certification.blueprint import certification as certification
from gdt.certification.documents import stored_pdf
from gdt.certification.forms import RevokeForm
from gdt.database import db
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.people.queries import get_person
from gdt.spreadsheets.writing import write_csv
from gdt.training.queries import get_cohort


@certification.get("/certificates")
@requires(Permission.CERTIFICATES_READ)
def certificates() -> ResponseReturnValue:
    wanted = wanted_here()
    statement = register.list_certificates(current_user, wanted)
    page = page_of(db.session, statement, order=register.ORDER, after=request.args.get("after"), size=ROWS)
    return render_template(
        "certification/certificates.html",
        page=page,
        total=register.count_certificates(current_user, wanted),
        groups=register_facets(wanted),
        today=wanted.day,
    )


@certification.get("/certificates.csv")
@requires(Permission.CERTIFICATES_READ)
def certificates_csv() -> ResponseReturnValue:
    wanted = wanted_here()
    found = register.every_certificate(current_user, wanted)
    rows = (wording.csv_row(record, wanted.day) for record in found)
    return file_answer(write_csv(wording.csv_header(), rows), "text/csv; charset=utf-8", "certificates.csv")


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
def certificate_file(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    try:
        pdf = stored_pdf(record)
    except DomainError as error:
        return render_template("certification/altered.html", message=error.message), 500
    return file_answer(
        pdf, "application/pdf", archiving.file_name(record.number, record.facts["printed_name"])
    )


@certification.route("/certificates/<number>/revoke", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_REVOKE)
def revoke(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    form = RevokeForm(request.form, number=record.number)
    if request.method == "POST" and form.validate():
        try:
            revoking.revoke_certificate(actor=current_user, certificate=record, reason=form.reason.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _("%(number)s is revoked. Whoever verifies it sees that from now on.", number=record.number)
            )
            return redirect(url_for(".certificate", number=record.number))
    return form_page("certification/revoke.html", form, certificate=record, today=today())


@certification.get("/cohorts/<code>/certificates")
@requires(Permission.CERTIFICATES_READ)
def cohort_certificates(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    statement = queries.statement_of_cohort(current_user, cohort)
    page = page_of(
        db.session, statement, order=queries.NUMBER_ORDER, after=request.args.get("after"), size=ROWS
    )
    return render_template(
        "certification/cohort_certificates.html",
        cohort=cohort,
        page=page,
        total=queries.count_of_cohort(current_user, cohort),
        archives=archive_queries.list_archives(current_user, cohort),
        today=today(),
    )


@certification.post("/cohorts/<code>/certificates/archives")
@requires(Permission.COHORTS_MANAGE)
def order_archive(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    try:
        record = archiving.order_archive(actor=current_user, subject=cohort)
    except DomainError as error:
        flash(error.message, "attention")
        return redirect(url_for(".cohort_certificates", code=cohort.code))
    return redirect(url_for(".archive", archive_id=record.id))


@certification.get("/people/<int:person_id>/certificates")
@requires(Permission.CERTIFICATES_READ)
def person_certificates(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    held = queries.list_of_person(current_user, person)
    return render_template(
        "certification/person_certificates.html", person=person, certificates=held, today=today()
    )
