"""Pages for issuing: what is ready, who is and who is not, and the order at work."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification import batch_queries, delivering, readiness, services, wording
from gdt.certification.addresses import ROWS, facet, slice_here, today
from gdt.certification.batch_models import CertificateBatch
from gdt.certification.blueprint import certification
from gdt.certification.forms import IssueForm
from gdt.database import db
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.training.queries import get_cohort


@certification.get("/certificates/ready")
@requires(Permission.CERTIFICATES_ISSUE)
def ready() -> ResponseReturnValue:
    institution = request.args.get("institution", "")
    statement = readiness.list_cohorts_to_certify(institution)
    page = page_of(
        db.session, statement, order=readiness.COHORT_ORDER, after=request.args.get("after"), size=ROWS
    )
    counts = readiness.count_cohorts_by_institution()
    return render_template(
        "certification/ready.html",
        page=page,
        cohorts=readiness.sort_cohorts(page.items, today()),
        courses=readiness.sort_courses(today()),
        groups=[facet(_("Institution"), "institution", counts)],
        total=sum(count for code, _name, count in counts if institution in ("", code)),
    )


@certification.route("/certificates/ready/cohorts/<code>", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def ready_cohort(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    found = readiness.sort_findings(services.list_findings(cohort=cohort, day=today()))
    return _order_page("certification/ready_cohort.html", found, cohort=cohort, wishes={"cohort": cohort})


@certification.route("/certificates/ready/teachers/<course_code>", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def ready_teachers(course_code: str) -> ResponseReturnValue:
    course, wanted = readiness.get_course(course_code), request.args.get("institution", "")
    everyone = services.list_findings(course=course, day=today())
    names = readiness.names_of_institutions(everyone)
    shown = [f for f in everyone if wanted in ("", names[f.candidate.institution_id][0])]
    counts = [
        (institution, name, sum(f.is_eligible and f.candidate.institution_id == key for f in everyone))
        for key, (institution, name) in names.items()
    ]
    return _order_page(
        "certification/ready_teachers.html",
        readiness.sort_findings(shown),
        course=course,
        names=names,
        groups=[facet(_("Institution"), "institution", counts)],
        wishes={"course": course},
    )


def _order_page(
    template: str, found: readiness.Sorted, *, wishes: dict[str, Any], **context: Any
) -> ResponseReturnValue:
    """Show who is ready and who is not; a POST orders the certificates the person saw or ticked."""
    form = IssueForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            batch = _order(form, found, wishes)
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(url_for(".batch", batch_id=batch.id))
    shown = {"ready": found.ready, "refused": found.refused, "certified": found.certified}
    show = request.args.get("show", "ready")
    page = slice_here(shown.get(show, found.ready))
    return form_page(template, form, found=found, show=show, page=page, today=today(), **context)


def _order(form: IssueForm, found: readiness.Sorted, wishes: dict[str, Any]) -> CertificateBatch:
    people = form.chosen
    if people is None:
        services.check_count(seen=form.count.data, ready=len(found.ready))
        people = [finding.candidate.person_id for finding in found.ready]
    batch = services.order_batch(actor=current_user, issued_on=today(), person_ids=people, **wishes)
    if form.mails.data:
        delivering.mail_holders_of(batch)
    return batch


@certification.get("/certificate-batches/<int:batch_id>")
@requires(Permission.CERTIFICATES_ISSUE)
def batch(batch_id: int) -> ResponseReturnValue:
    record = batch_queries.get_batch(batch_id)
    show = wording.row_state(request.args.get("show"))
    statement = batch_queries.list_rows(record, show)
    page = page_of(
        db.session, statement, order=batch_queries.ROW_ORDER, after=request.args.get("after"), size=ROWS
    )
    return render_template(
        "certification/batch.html",
        batch=record,
        page=page,
        counts=batch_queries.count_rows(record),
        show=show,
        today=today(),
    )
