"""What describes the interface itself: the OpenAPI document for programs, a page for who writes them."""

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.api import figure_views as figure_views
from gdt.api import record_views as record_views
from gdt.api import upload_views as upload_views
from gdt.api.interface import LIMIT, LIMIT_OF_FILES, document

described = Blueprint("api_pages", __name__)


@described.get("/api/v1/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    answer = jsonify(document(current_app))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@described.get("/api")
@public
def guide() -> ResponseReturnValue:
    """How to begin, in the words of who writes programs for an institution."""
    return render_template(
        "api/guide.html",
        base=current_app.config["BASE_URL"],
        groups=_operations(),
        limit=LIMIT.partition(" ")[0],
        limit_of_files=LIMIT_OF_FILES.partition(" ")[0],
    )


def _operations() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Every operation as (method, address, sentence), under the first word of its address."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods in document(current_app)["paths"].items():
        for method, told in methods.items():
            if method in {"get", "post"}:
                word = path.split("/")[3]
                groups.setdefault(word, []).append((method.upper(), path, told["summary"]))
    return sorted(groups.items())
