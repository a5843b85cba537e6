"""The page on which the office lets somebody back in who had been forgotten and wants to be here again."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.partners.queries import find_institution, list_institutions
from gdt.people.forgotten import let_back_in
from gdt.privacy.blueprint import privacy
from gdt.privacy.forms import LetBackForm


@privacy.route("/privacy/let-back", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def let_back() -> ResponseReturnValue:
    form = LetBackForm(request.form)
    form.offer([(place.code, place.name) for place in list_institutions(current_user)])
    if request.method == "POST" and form.validate():
        told = form.values()
        place = find_institution(current_user, told.pop("institution") or "")
        try:
            let_back_in(actor=current_user, institution=place, **told)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Done. The next roster or form with this number or address is taken."))
            return redirect(url_for(".let_back"))
    return form_page("privacy/let_back.html", form)
