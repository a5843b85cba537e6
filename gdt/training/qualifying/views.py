"""The page on which the office renews a qualification."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.training.blueprint import training
from gdt.training.qualifying import reminding  # noqa: F401  (registered by being imported)
from gdt.training.qualifying.forms import RenewalForm
from gdt.training.qualifying.queries import get_qualification
from gdt.training.qualifying.renewing import renew_qualification, renewed_from
from gdt.training.teaching import valid_until


@training.route("/qualifications/<int:qualification_id>/renew", methods=["GET", "POST"])
@requires(Permission.TRAININGS_MANAGE)
def renew_qualified(qualification_id: int) -> ResponseReturnValue:
    held, form = get_qualification(current_user, qualification_id), RenewalForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            renew_qualification(actor=current_user, held=held, why=form.why.data or "")
            flash(_("The qualification is renewed."))
            return redirect(url_for(".person_record", person_id=held.person_id))
        except DomainError as error:
            form.reject(error)
    first = renewed_from(held, now().date())
    return form_page("training/renew_qualified.html", form, held=held, first=first, last=valid_until(first))
