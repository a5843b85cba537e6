"""Pages of the register of personal data, of the countries' rules, and of the privacy notice."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, public, requires
from gdt.errors import DomainError
from gdt.facets import Group, Option
from gdt.filters import url_with
from gdt.forms import form_page
from gdt.privacy import notices as all_notices
from gdt.privacy.blueprint import privacy
from gdt.privacy.country_rules import every_rule
from gdt.privacy.forms import NoticeForm
from gdt.privacy.personal_columns import REGISTER, Held, Who
from gdt.privacy.register_pdf import register_pdf
from gdt.spreadsheets.writing import write_csv

CSV_HEADER = (
    "table", "columns", "who", "what", "purpose", "legal_basis", "kept", "when_a_person_is_erased",
)  # fmt: skip


@privacy.get("/privacy/register")
@requires(Permission.PRIVACY_READ)
def register() -> ResponseReturnValue:
    wanted = next((who for who in Who if who.name.lower() == request.args.get("who")), Who.LEARNER)
    groups = [Group(_("About"), "who", [_option(who, wanted) for who in Who])]
    entries = [held for held in REGISTER if held.who is wanted]
    return render_template("privacy/register.html", who=wanted, entries=entries, groups=groups)


@privacy.get("/privacy/register.csv")
@requires(Permission.PRIVACY_READ)
def register_csv() -> ResponseReturnValue:
    content = write_csv(CSV_HEADER, (_row(held) for held in REGISTER))
    return _file(content, "text/csv; charset=utf-8", "personal-data.csv")


@privacy.get("/privacy/register.pdf")
@requires(Permission.PRIVACY_READ)
def register_file() -> ResponseReturnValue:
    return _file(register_pdf(), "application/pdf", "personal-data.pdf")


@privacy.get("/privacy/countries")
@requires(Permission.PRIVACY_READ)
def country_rules() -> ResponseReturnValue:
    return render_template("privacy/country_rules.html", rules=every_rule().values())


@privacy.get("/privacy/notice")
@public
def notice() -> ResponseReturnValue:
    current = all_notices.find_current()
    return _notice_page(current.version) if current else render_template("privacy/no_notice.html")


@privacy.get("/privacy/notice/<int:version>")
@public
def notice_version(version: int) -> ResponseReturnValue:
    return _notice_page(version)


@privacy.route("/privacy/notices", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def notices() -> ResponseReturnValue:
    form = NoticeForm(request.form, data={"text": all_notices.draft()})
    if request.method == "POST" and form.validate():
        try:
            record = all_notices.publish_notice(actor=current_user, text=form.text.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Version %(n)s holds from now on.", n=record.version))
            return redirect(url_for(".notices"))
    return form_page("privacy/notices.html", form, versions=all_notices.list_versions())


def _notice_page(version: int) -> str:
    record = all_notices.get_version(version)
    current = all_notices.find_current()
    return render_template(
        "privacy/notice.html", record=record, current=current, paragraphs=all_notices.paragraphs(record.text)
    )


def _option(who: Who, wanted: Who) -> Option:
    count = sum(held.who is who for held in REGISTER)
    return Option(who.value, url_with(who=who.name.lower()), who is wanted, count)


def _row(held: Held) -> Sequence[str]:
    said = (held.who, held.what, held.purpose, held.basis, held.kept, held.erased)
    return (held.table, " ".join(held.columns), *map(str, said))


def _file(content: bytes | object, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)  # type: ignore[arg-type]
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
