"""The public map of community projects and digital villages, and its places as a table."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.community import queries, words
from gdt.impact.blueprint import impact
from gdt.impact.project_map import project_map
from gdt.paging import page_of_list

ROWS = 30


@impact.get("/showcase/map")
@public
def showcase_map() -> ResponseReturnValue:
    places = queries.list_public_places()
    return render_template(
        "impact/showcase_map.html",
        map=project_map(places),
        page=page_of_list(places, request.args.get("after"), size=ROWS),
        total=len(places),
        countries=len({place.country_id for place in places}),
        kinds=words.KINDS,
        reached=words.reached,
    )
