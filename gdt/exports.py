"""What leaves with people's data in it: whoever takes a file out is named in the trail before she gets it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from flask_babel import gettext as _
from flask_login import current_user

from gdt import audit
from gdt.database import SAFE_METHODS, Model, writing

View = Callable[..., Any]
HANDED_OUT = frozenset({200, 206})


def hands_out(what: Any, *, of: Callable[..., Model] | None = None) -> Callable[[View], View]:
    """Guard a view that answers with a file about people: `what` says what is in it.

    `of` gets what the view gets from its address and finds the record that the event is about. The event has
    a transaction of its own, because the request only reads; without it there is no file.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            answer = make_response(view(*args, **kwargs))
            if _hands_out(answer):
                with writing():
                    _record(of(**kwargs) if of else None, str(what), _name_of(answer))
            return answer

        guarded.hands_out = what  # type: ignore[attr-defined]
        return guarded

    return guard


def _hands_out(answer: Response) -> bool:
    if request.method == "HEAD" or request.method not in SAFE_METHODS:
        return False
    return answer.status_code in HANDED_OUT and "attachment" in answer.headers.get("Content-Disposition", "")


def _name_of(answer: Response) -> str:
    """The file's name as the answer says it."""
    return (
        str(answer.headers.get("Content-Disposition", "")).partition("filename=")[2].split(";")[0].strip('"')
    )


def _record(record: Model | None, what: str, filename: str) -> None:
    summary = _("Took out %(what)s", what=what)
    asked = request.query_string.decode("utf-8", "replace")
    details = {"file": filename, "asked": asked} if asked else {"file": filename}
    if record is None:
        audit.record_operation(current_user, audit.TOOK_OUT, summary, **details)
    else:
        place = getattr(record, "institution_id", None)
        audit.record(current_user, audit.TOOK_OUT, record, summary, institution_id=place, **details)
