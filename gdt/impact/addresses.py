"""What the pages of years, targets and summaries read from their address, and how they answer with a file."""

from collections.abc import Sequence

from flask import Response, request
from flask_login import current_user

from gdt.errors import RecordNotFound
from gdt.impact import narrowing, queries
from gdt.impact.scopes import EVERYWHERE, RegionName, Scope


def home_here() -> Scope:
    """The place the address asks for; a partner's people have their own institution and no other.

    An officer limited to regions has one of them where she names no country or institution.
    """
    network, asked = queries.load_network(current_user), narrowing.scope_from(request.args)
    home = Scope(institution=asked.institution) if asked.institution else Scope(country=asked.country)
    if current_user.role.is_of_one_institution:
        own = [Scope(institution=place.code) for place in network.institutions.values()]
        if home != EVERYWHERE and home not in own:
            raise RecordNotFound
        return own[0]
    if network.is_part and home == EVERYWHERE:
        home = Scope(region=asked.region)
    return queries.get_scope(network, home)


def own_regions() -> Sequence[RegionName]:
    """The regions to choose from, for an officer limited to several."""
    network = queries.load_network(current_user)
    return network.regions if network.is_part and len(network.regions) > 1 else ()


def summary_home() -> Scope:
    """The place of an annual summary; a region has none: raises RecordNotFound."""
    home = home_here()
    if home.region:
        raise RecordNotFound
    return home


def csv_file(content: bytes, filename: str) -> Response:
    return file_answer(content, filename, "text/csv")


def file_answer(content: bytes, filename: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, mimetype=mimetype, headers=headers)
