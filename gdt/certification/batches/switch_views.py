"""The page of the switch that halts all issuing, and the banner the office reads while it is halted."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.audit import list_events
from gdt.certification.batches import halting
from gdt.certification.batches.forms import GoOnForm, HaltForm
from gdt.certification.blueprint import certification
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.histories import in_words

HALT, GO_ON = "halt", "go on"


@certification.route("/issuing", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_HALT)
def issuing_switch() -> ResponseReturnValue:
    """Whether issuing goes on; a POST turns the switch the other way."""
    halt = halting.find_halt()
    form = GoOnForm(request.form, word=GO_ON) if halt else HaltForm(request.form, word=HALT)
    if request.method == "POST" and form.validate():
        try:
            flash(_turn(form.reason.data or "", is_halted=halt is not None))
            return redirect(url_for(".issuing_switch"))
        except DomainError as error:
            form.reject(error)
    events = [in_words(event) for event in list_events(halting.look_at_switch())]
    return form_page("certification/issuing_switch.html", form, halt=halt, events=events)


def _turn(reason: str, *, is_halted: bool) -> str:
    if is_halted:
        halting.resume_issuing(actor=current_user, reason=reason)
        return str(_("Issuing goes on. What was interrupted is taken up again."))
    halting.halt_issuing(actor=current_user, reason=reason)
    return str(_("All issuing is halted. Nothing is issued from this moment on."))


@certification.app_context_processor
def halt_banner() -> dict[str, Any]:
    """What the layouts ask for those who may issue, or may turn the switch."""
    return {"issuing_halt": _halt_to_show}


def _halt_to_show() -> Any:
    concerned = (Permission.CERTIFICATES_ISSUE, Permission.CERTIFICATES_HALT)
    if not current_user.is_authenticated or not any(may(current_user, each) for each in concerned):
        return None
    return halting.find_halt()
