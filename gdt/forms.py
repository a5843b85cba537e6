"""What every form shares: the forgery guard, tidied text, and refusals shown next to the right field."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from flask import Flask, Request, abort, current_app, render_template, request, session
from flask_babel import get_locale, gettext, lazy_gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, PasswordField, StringField
from wtforms.csrf.session import SessionCSRF
from wtforms.validators import ValidationError

from gdt.bearer import carries_bearer
from gdt.database import reading
from gdt.errors import DomainError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD = "csrf_token"  # noqa: S105  (the name of a field, not a secret)
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
VERDICT = "gdt.is_token_good"  # kept with the request itself: `g` may outlive it in tests and commands
DRAWN = "gdt.csrf_token"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # a tab and a line end are typed on purpose
# Controls, line ends, and marks that turn writing round: behind one of them fdp.exe reads exe.pdf.
UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\s*\n\s*")
_ADDRESS = re.compile(r"://|\bwww\.|\.[a-z]{2,}/", re.IGNORECASE)
UNSEEN = lazy_gettext("This holds a character that cannot be seen. Type the text anew.")
STALE = lazy_gettext(
    "This page was open for too long, so nothing has been kept yet. "
    "What you typed is still here: check it and press the button again."
)


class TidyRequest(Request):
    """A request whose files have names that can be kept, shown, and said in a header."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        for _name, file in self.files.items(multi=True):
            if file.filename:
                file.filename = UNSPEAKABLE.sub("", file.filename)


class GuardedCSRF(SessionCSRF):
    """Draws tokens for forms; whether one is good was decided once, by the guard before the request.

    The expiry inside each token makes no two pages carry the same secret, which matters
    because pages are compressed (BREACH).
    """

    def now(self) -> datetime:
        return datetime.now(UTC)

    def validate_csrf_token(self, form: Form, field: StringField) -> None:
        if not _is_token_good():
            raise ValidationError(str(STALE))

    def accepts(self, token: str) -> bool:
        """Tell whether this session handed out the token and it has not expired."""
        if "csrf" not in self.session or "##" not in token:
            return False
        field = _TokenSource().csrf_token
        field.data = token
        try:
            super().validate_csrf_token(None, field)
        except (ValidationError, TypeError):
            return False
        return True


class BaseForm(Form):
    class Meta:
        csrf = True
        csrf_class = GuardedCSRF
        csrf_field_name = TOKEN_FIELD
        csrf_time_limit = timedelta(hours=12)

        @property
        def csrf_secret(self) -> bytes:
            return str(current_app.secret_key).encode()

        @property
        def csrf_context(self) -> Any:
            return session

        @property
        def locales(self) -> list[str]:
            return [str(get_locale() or "en")]

        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """Tidy what was typed; an empty form body means nothing was sent."""
            return _tidied(form, formdata) if formdata else None

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if formdata and request.method in SAFE_METHODS and VERDICT in request.environ:
            self.form_errors.append(str(STALE))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that none holds what nobody can see; a database may not even take it."""
        is_good = super().validate(extra_validators)
        unseen = [field for field in self if isinstance(field.data, str) and CONTROLS.search(field.data)]
        for field in unseen:
            if str(UNSEEN) not in field.errors:
                field.errors = [*field.errors, str(UNSEEN)]
        return is_good and not unseen

    def values(self) -> dict[str, Any]:
        """Return what the person typed, ready to be passed to a service."""
        return {name: value for name, value in self.data.items() if name != TOKEN_FIELD}

    def reject(self, error: DomainError) -> None:
        """Show a business rule's refusal where the person can act on it."""
        if error.field is None or error.field not in self:
            self.form_errors.append(error.message)
        else:
            field = self[error.field]
            field.errors = [*field.errors, error.message]


class ConfirmForm(BaseForm):
    """The typed word before something dangerous: `ConfirmForm(request.form, word="revoke")`."""

    confirm_word = StringField(lazy_gettext("Word"))

    def __init__(self, formdata: Any = None, *, word: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.word = word

    def validate_confirm_word(self, field: StringField) -> None:
        if (field.data or "").casefold() != self.word.casefold():
            raise ValidationError(gettext("Type the word “%(word)s” to confirm.", word=self.word))


class _TokenSource(BaseForm):
    """A form of nothing but the token, for buttons that have no form of their own."""


def no_address(_form: Form, field: Field) -> None:
    """Refuse a web address in a name a stranger types: our mail would carry it to whomever she likes."""
    if _ADDRESS.search(str(field.data or "")):
        raise ValidationError(gettext("Write it without a web address."))


def form_page(template: str, form: BaseForm, **context: Any) -> tuple[str, int]:
    """Render a form. A rejected one is a 422, which also rolls the request back."""
    return render_template(template, form=form, **context), 422 if form.errors else 200


def signed_address(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view whose address nobody can forge: it is signed, and stood in one mail (RFC 8058).

    A mail program posts to it without a page before, so it has no token to send.
    """
    view.has_signed_address = True  # type: ignore[attr-defined]
    return view


def changes_nothing(view: Callable[..., Any]) -> Callable[..., Any]:
    """A POST that only answers a question needs no token, so its page can be the same for everyone.

    What it does to the database is rolled back, so there is nothing for a forged request to gain.
    """

    @wraps(view)
    def looking(*args: Any, **kwargs: Any) -> Any:
        with reading():
            return view(*args, **kwargs)

    looking.changes_nothing = True  # type: ignore[attr-defined]
    return looking


def csrf_token() -> str:
    """Return a fresh token for this session; one per page is enough."""
    if DRAWN not in request.environ:
        request.environ[DRAWN] = _TokenSource().csrf_token.current_token
    return str(request.environ[DRAWN])


def csrf_field() -> Markup:
    """Return the hidden input that every POST form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, csrf_token())


def tidy(text: str) -> str:
    """Trim blanks, use one kind of line end, and normalise to NFC."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def init_app(app: Flask) -> None:
    """Refuse every unsafe request without a good token. Call it before other `before_request` hooks."""
    app.request_class = TidyRequest
    app.before_request(_guard)
    app.add_template_global(csrf_token)
    app.add_template_global(csrf_field)


def _guard() -> None:
    """Deny by default: a bad token never reaches a view as anything but a GET, which cannot write."""
    if request.method in SAFE_METHODS or carries_bearer() or _only_asks():
        return
    token = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, "")
    request.environ[VERDICT] = _TokenSource()._csrf.accepts(token)
    if _is_token_good():
        return
    rule = request.url_rule
    if rule is None or rule.methods is None or "GET" not in rule.methods:
        abort(400, gettext("This page was open for too long. Go back, reload it and press the button again."))
    request.method = "GET"


def _only_asks() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "changes_nothing", False) or getattr(view, "has_signed_address", False)


def _is_token_good() -> bool:
    return request.environ.get(VERDICT) is True


def _tidied(form: Form, formdata: Any) -> MultiDict[str, Any]:
    kinds = {field.name: field for field in form}
    return MultiDict([(name, _tidy_value(kinds.get(name), value)) for name, value in _pairs(formdata)])


def _pairs(formdata: Any) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name in formdata for value in formdata.getlist(name))


def _tidy_value(field: Field | None, value: Any) -> Any:
    """What a browser would have sent: a box of one line has no line ends, whoever wrote the request."""
    if not isinstance(value, str) or isinstance(field, PasswordField):
        return value
    tidied = tidy(value)
    return _LINE_ENDS.sub(" ", tidied) if isinstance(field, StringField) and _is_one_line(field) else tidied


def _is_one_line(field: StringField) -> bool:
    return getattr(field.widget, "input_type", "hidden") != "hidden"  # a large box has no type at all
