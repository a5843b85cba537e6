"""The interface for programs: one blueprint, and the OpenAPI document made of what its views declare."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, Final

from flask import Flask
from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response
from marshmallow import RAISE, Schema, fields
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict

from gdt.access import Permission
from gdt.accounts.token_bearer import opens_to_tokens, whose_requests
from gdt.accounts.token_models import TokenRight
from gdt.api import verifying
from gdt.errors import PROBLEM
from gdt.security import limiter


class FormsWithFiles(FlaskParser):
    """Takes a form and its file as one body, as it is sent and as OpenAPI describes it."""

    __location_map__ = {  # noqa: RUF012  (as the library declares it)
        **FlaskParser.__location_map__,
        "multipart": "load_multipart",
    }
    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,  # a filter that is misspelt must not tell everything
        "multipart": RAISE,
    }

    def load_multipart(self, sent: Any, schema: Any) -> Any:
        return self._makeproxy(CombinedMultiDict((sent.files, sent.form)), schema)


class Doors(Blueprint):
    """The blueprint of the interface, which describes bodies of forms with files, too."""

    ARGUMENTS_PARSER = FormsWithFiles()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": "multipart/form-data",
    }


api = Doors("api", __name__, url_prefix="/api/v1")
LIMIT: Final = "600 per minute"
LIMIT_OF_FILES: Final = "60 per minute"
DESCRIPTION: Final = (
    "What a signed-in person does on the pages of GDT Network, for her programs. A token is made on the "
    "account page under Access tokens and sent as `Authorization: Bearer gdt_…`. It sees and does what its "
    "owner may, and never more."
)
_counted_together = limiter.shared_limit(LIMIT, scope="api", key_func=whose_requests)
_files_together = limiter.shared_limit(LIMIT_OF_FILES, scope="api files", key_func=whose_requests)


class FaultShape(Schema):
    field = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemShape(Schema):
    """A refusal as RFC 9457 has it; `detail` is the sentence the pages show."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultShape))


class Interface(Api):
    """Refusals are the application's own, so none of the library's handlers is asked."""

    ERROR_SCHEMA = ProblemShape

    def _register_error_handlers(self) -> None:
        return

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            told = {"description": status.phrase, "schema": ProblemShape}
            prepare_response(told, self.spec, PROBLEM)
            self.spec.components.response(status.name, told, lazy=True)
        told = {"description": "Any other refusal", "schema": ProblemShape}
        prepare_response(told, self.spec, PROBLEM)
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, told, lazy=True)


def door(
    permission: Permission, right: TokenRight, *, takes_files: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard and describe a view of the interface: who may, how often, and how it refuses."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        name = "".join(word.capitalize() for word in view.__name__.split("_"))
        needs = f"Needs a token that may “{right.value}”, of someone whose role has {permission.value}."
        declared = api.doc(operationId=name[0].lower() + name[1:], description=needs)(view)
        for status in (
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.TOO_MANY_REQUESTS,
        ):
            declared = api.alt_response(status.value, response=status.name)(declared)
        counted = _counted_together(opens_to_tokens(permission, right)(declared))
        return _files_together(counted) if takes_files else counted  # type: ignore[no-any-return]

    return declare


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of the running application."""
    described: dict[str, Any] = app.extensions["gdt_api"].spec.to_dict()
    return described


def init_app(app: Flask) -> None:
    interface = Interface(
        app,
        spec_kwargs={
            "title": "GDT Network",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": DESCRIPTION},
            "security": [{"token": []}],
        },
    )
    interface.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    interface.register_blueprint(api)
    verifying.describe(interface.spec, app.url_map.iter_rules())
    app.extensions["gdt_api"] = interface
