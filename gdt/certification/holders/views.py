"""The holder's page, by the secret link that was mailed, or with less of it by the code on the paper."""

import segno
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gdt.access import public
from gdt.certification import queries
from gdt.certification.addresses import GUESSES, file_answer, today
from gdt.certification.archives import archiving
from gdt.certification.badges.open_badges import PROGRAMME, linkedin_address
from gdt.certification.blueprint import certification
from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.correction_requests import queries as correction_queries
from gdt.certification.delivery import holders
from gdt.certification.drawing.documents import stored_pdf
from gdt.certification.holders import services
from gdt.certification.holders.forms import ChoiceForm
from gdt.certification.models import Certificate
from gdt.certification.verifying.comparing import answers
from gdt.errors import RecordNotFound
from gdt.forms import form_page
from gdt.security import limiter, secret, throttle_wrong

LINK_WISHES = "5 per hour"


@certification.get("/holder/<token>")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def holder(token: str) -> ResponseReturnValue:
    found = holders.get_holder(token)
    return _page(found.certificate, token, found, _choice_form(found))


@certification.get("/holder/<token>/<number>")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def held(token: str, number: str) -> ResponseReturnValue:
    found = holders.get_holder(token)
    return _page(holders.get_held(found, number), token, found, _choice_form(found))


@certification.get("/holder/<token>/<number>.pdf")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def held_file(token: str, number: str) -> ResponseReturnValue:
    return _paper(holders.get_held(holders.get_holder(token), number))


@certification.post("/holder/<token>/choices")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def choose(token: str) -> ResponseReturnValue:
    found, form = holders.get_holder(token), ChoiceForm(request.form)
    if not form.validate():
        return _page(found.certificate, token, found, form)
    services.choose_what_strangers_see(holder=found, **form.values())
    flash(_("Kept. Strangers who verify your certificate see it from now on."))
    return redirect(url_for(".holder", token=token))


@certification.get("/verify/<code>/mine")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def mine(code: str) -> ResponseReturnValue:
    return _page(certificate_by_code(code), None, None, ChoiceForm())


@certification.get("/verify/<code>/certificate.pdf")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def paper(code: str) -> ResponseReturnValue:
    return _paper(certificate_by_code(code))


@certification.post("/verify/<code>/mine/link")
@public
@limiter.limit(LINK_WISHES)
@throttle_wrong(GUESSES, of="codes")
@secret
def mail_my_link(code: str) -> ResponseReturnValue:
    record = certificate_by_code(code)
    services.mail_link(certificate=record)
    flash(_("If we know an address of the holder, a link is on its way to it. Look into that mailbox."))
    return redirect(url_for(".mine", code=record.code))


def _page(
    record: Certificate, token: str | None, found: holders.Holder | None, form: ChoiceForm
) -> ResponseReturnValue:
    return form_page(
        "certification/holder.html",
        form,
        certificate=record,
        answers=answers(record, today(), None),
        token=token,
        holder=found,
        requests=correction_queries.list_of_certificate(record) if found else [],
        today=today(),
        programme=PROGRAMME,
        linkedin=linkedin_address(record),
        symbol=segno.make(record.facts["verify_url"], error="m", micro=False),
    )


def _choice_form(found: holders.Holder) -> ChoiceForm:
    return ChoiceForm(obj=found.choice)


def _paper(record: Certificate) -> ResponseReturnValue:
    name = archiving.file_name(record.number, record.facts["printed_name"])
    return file_answer(stored_pdf(record), "application/pdf", name)


def certificate_by_code(code: str) -> Certificate:
    try:
        record = queries.find_by_code(parse_code(code))
    except MistypedCode as error:
        raise RecordNotFound from error
    if record is None or record.is_forgotten:
        raise RecordNotFound
    return record
