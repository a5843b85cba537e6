"""What the pages of years, targets and summaries read from their address, and how they answer with a file."""

from flask import Response, request
from flask_login import current_user

from gdt.errors import RecordNotFound
from gdt.impact import narrowing, queries
from gdt.impact.scopes import EVERYWHERE, Scope


def home_here() -> Scope:
    """The place the address asks for; a partner's people have their own institution and no other."""
    network, asked = queries.load_network(current_user), narrowing.scope_from(request.args)
    home = Scope(institution=asked.institution) if asked.institution else Scope(country=asked.country)
    if current_user.role.is_of_one_institution:
        own = [Scope(institution=place.code) for place in network.institutions.values()]
        if home != EVERYWHERE and home not in own:
            raise RecordNotFound
        return own[0]
    return queries.get_scope(network, home)


def csv_file(content: bytes, filename: str) -> Response:
    return file_answer(content, filename, "text/csv")


def file_answer(content: bytes, filename: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, mimetype=mimetype, headers=headers)
