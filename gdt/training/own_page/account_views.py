"""The account of a teacher as her coordinator or the office gives it: from her entry in the register."""

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from gdt.access import Permission, requires
from gdt.accounts.queries import list_accounts_of
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.people.queries import get_person
from gdt.training.blueprint import training
from gdt.training.own_page.account_forms import TeacherAccountForm
from gdt.training.own_page.accounts import invite_teacher
from gdt.training.own_page.queries import list_places_taught


@training.route("/people/<int:person_id>/account", methods=["GET", "POST"])
@requires(Permission.USERS_INVITE)
def teacher_account(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    places = {place.code: place for place in list_places_taught(current_user, person)}
    form = TeacherAccountForm(request.form, data={"institution": next(iter(places), "")})
    form.institution.choices = [SelectChoice(code, place.name) for code, place in places.items()]
    if request.method == "POST" and form.validate():
        try:
            place = places[form.institution.data]
            link = f"{current_app.config['BASE_URL']}/invitation/{{token}}"
            user = invite_teacher(actor=current_user, person=person, institution=place, link=link)
            flash(_("The invitation to %(email)s is on its way.", email=user.email))
            return redirect(url_for("accounts.user", user_id=user.id))
        except DomainError as error:
            form.reject(error)
    accounts = list_accounts_of(current_user, person.id)
    page = "training/own_page/teacher_account.html"
    return form_page(page, form, person=person, places=places, accounts=accounts)
