"""The status lists that badges name, for whoever checks a badge."""

from flask import Response
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.certification.badges.open_badges import BADGE_TYPE
from gdt.certification.badges.status_publishing import FRESH_SECONDS, published_list
from gdt.certification.blueprint import certification


@certification.get("/status/<int:number>")
@public
def status_list(number: int) -> ResponseReturnValue:
    response = Response(published_list(number), content_type=BADGE_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
