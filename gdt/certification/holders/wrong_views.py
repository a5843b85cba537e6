"""Where a holder says that something is wrong, by her link or by the code, and follows what becomes of it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from gdt.access import public
from gdt.certification.addresses import GUESSES
from gdt.certification.blueprint import certification
from gdt.certification.correction_requests import queries as correction_queries
from gdt.certification.correction_requests import services as correcting
from gdt.certification.correction_requests.evidence_files import MOST_BYTES
from gdt.certification.correction_requests.forms import ComplaintForm, WordsForm
from gdt.certification.correction_requests.models import CameBy, CorrectionRequest
from gdt.certification.correction_requests.services import Complaint
from gdt.certification.delivery import holders
from gdt.certification.holders.views import certificate_by_code
from gdt.certification.models import Certificate
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import form_page
from gdt.security import limiter, secret, throttle_wrong

COMPLAINTS = "10 per hour"


def is_post() -> bool:
    return request.method == "POST"


@certification.route("/holder/<token>/<number>/wrong", methods=["GET", "POST"])
@public
@limiter.limit(COMPLAINTS, exempt_when=lambda: not is_post())
@throttle_wrong(GUESSES, of="codes")
@secret
def wrong(token: str, number: str) -> ResponseReturnValue:
    record = holders.get_held(holders.get_holder(token), number)
    back = url_for(".held", token=token, number=record.number)
    return _complaint_page(record, CameBy.LINK, back)


@certification.route("/verify/<code>/wrong", methods=["GET", "POST"])
@public
@limiter.limit(COMPLAINTS, exempt_when=lambda: not is_post())
@throttle_wrong(GUESSES, of="codes")
@secret
def wrong_by_code(code: str) -> ResponseReturnValue:
    record = certificate_by_code(code)
    return _complaint_page(record, CameBy.CODE, url_for(".mine", code=record.code))


@certification.post("/holder/<token>/corrections/<int:request_id>/confirm")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def confirm_correction(token: str, request_id: int) -> ResponseReturnValue:
    record = _own_request(token, request_id)
    correcting.confirm_request(request=record)
    flash(_("Thank you. The programme office knows now that it was you."))
    return redirect(url_for(".held", token=token, number=record.certificate.number))


@certification.post("/holder/<token>/corrections/<int:request_id>/reply")
@public
@limiter.limit(COMPLAINTS)
@throttle_wrong(GUESSES, of="codes")
@secret
def reply_to_office(token: str, request_id: int) -> ResponseReturnValue:
    record, form = _own_request(token, request_id), WordsForm(request.form)
    if form.validate():
        correcting.reply_to_office(request=record, words=form.words.data)
        flash(_("Your reply is with the programme office."))
    else:
        flash(_("Write a sentence first."), "attention")
    return redirect(url_for(".held", token=token, number=record.certificate.number))


def _complaint_page(record: Certificate, came_by: CameBy, back: str) -> ResponseReturnValue:
    form = ComplaintForm(CombinedMultiDict((request.files, request.form)), facts=record.facts)
    if is_post() and form.validate():
        try:
            correcting.ask_for_correction(certificate=record, complaint=_typed(form), came_by=came_by)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Your request is with the programme office. You see here what becomes of it."))
            return redirect(back)
    return form_page("certification/wrong.html", form, certificate=record, came_by=came_by, back=back)


def _typed(form: ComplaintForm) -> Complaint:
    file = form.evidence.data
    return Complaint(
        fact=form.fact.data,
        wanted=form.wanted.data,
        why=form.why.data,
        contact=form.contact.data,
        evidence=file.read(MOST_BYTES + 1) if file else b"",
        evidence_name=file.filename or "" if file else "",
    )


def _own_request(token: str, request_id: int) -> CorrectionRequest:
    """A request about one of the holder's own certificates. Raises RecordNotFound for any other."""
    for held in holders.get_holder(token).certificates:
        for record in correction_queries.list_of_certificate(held):
            if record.id == request_id:
                return record
    raise RecordNotFound
