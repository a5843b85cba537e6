"""Pages for ordering: what is ready, who is and who is not, and one order over many cohorts."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import ROWS, facet, page_here, today
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.forms import PrepareForm
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.wording import batch_title
from gdt.certification.blueprint import certification
from gdt.certification.delivery import services as delivering
from gdt.certification.eligibility import readiness
from gdt.certification.eligibility.assessing import Finding
from gdt.certification.issuing import selecting, services
from gdt.certification.issuing.forms import IssueForm
from gdt.certification.issuing.preparing import prepare_batch
from gdt.certification.issuing.selecting import CohortsWanted
from gdt.certification.wording import Group, chosen_words
from gdt.errors import DomainError
from gdt.filters import country_name
from gdt.forms import form_page
from gdt.paging import Page
from gdt.training.queries import get_cohort


@certification.route("/certificates/ready", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def ready() -> ResponseReturnValue:
    """What is ready to certify; a POST has the cohorts that were seen, or ticked, checked as one batch."""
    form, wanted = PrepareForm(request.form), _cohorts_wanted()
    if request.method == "POST" and form.validate():
        try:
            return redirect(url_for(".batch", batch_id=_prepare(form, wanted).id))
        except DomainError as error:
            form.reject(error)
    statement = selecting.list_cohorts_to_certify(wanted)
    page = page_here(statement, selecting.ORDER)
    return form_page(
        "certification/ready.html",
        form,
        page=page,
        cohorts=readiness.sort_cohorts(page.items, today()),
        courses=readiness.sort_courses(current_user, today()),
        groups=_cohort_facets(wanted),
        total=selecting.count_cohorts(wanted),
        batches=batch_queries.list_open_batches(current_user),
    )


def _cohorts_wanted() -> CohortsWanted:
    """The cohorts with somebody to certify, and what the address narrows them to."""
    names = ("institution", "country", "term", "course")
    typed = {name: request.args.get(name, "").replace("\0", "").strip() for name in names}
    return CohortsWanted(selecting.find_cohorts_to_certify(current_user), **typed)


def _prepare(form: PrepareForm, wanted: CohortsWanted) -> CertificateBatch:
    chosen = selecting.list_chosen(wanted, form.chosen)
    if form.chosen is None and form.count.data != len(chosen):
        raise DomainError(_("Meanwhile this list changed. Look at it and press again."))
    title = batch_title(chosen_words(_cohort_facets(wanted)), len(chosen))
    return prepare_batch(actor=current_user, cohort_ids=chosen, title=title, issued_on=today())


def _cohort_facets(wanted: CohortsWanted) -> list[Group]:
    countries = [(code, country_name(code), n) for code, _code, n in selecting.count_by_country(wanted)]
    return [
        facet(_("Country"), "country", countries),
        facet(_("Institution"), "institution", selecting.count_by_institution(wanted)),
        facet(_("Term"), "term", selecting.count_by_term(wanted)),
        facet(_("Course"), "course", selecting.count_by_course(wanted)),
    ]


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
    everyone = readiness.seen_by(current_user, services.list_findings(course=course, day=today()))
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
    page = _slice_here(shown.get(show, found.ready))
    return form_page(template, form, found=found, show=show, page=page, today=today(), **context)


def _order(form: IssueForm, found: readiness.Sorted, wishes: dict[str, Any]) -> CertificateBatch:
    people = form.chosen
    if people is None:
        services.check_count(seen=form.count.data, ready=len(found.ready))
        people = [finding.candidate.person_id for finding in found.ready]
    readiness.require_seen(current_user, people, found)
    batch = services.order_batch(actor=current_user, issued_on=today(), person_ids=people, **wishes)
    if form.mails.data:
        delivering.mail_holders_of(batch)
    return batch


def _slice_here(findings: Sequence[Finding]) -> Page[Finding]:
    """A page of what is in memory anyway; the cursor is a position."""
    start = max(request.args.get("after", 0, type=int), 0)
    has_more = len(findings) > start + ROWS
    return Page(
        items=findings[start : start + ROWS],
        next_cursor=str(start + ROWS) if has_more else None,
        previous_cursor=str(max(start - ROWS, 0)) if start else None,
    )
