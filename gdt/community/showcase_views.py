"""The showcase: what anyone may see of the projects that count."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gdt.access import public
from gdt.community import queries, words
from gdt.community.blueprint import community
from gdt.community.part_views import picture_answer
from gdt.community.queries import NEWEST, Wanted
from gdt.database import db
from gdt.facets import chosen, facet
from gdt.filters import country_name
from gdt.paging import page_of

CARDS = 12
REMEMBERED = 600  # seconds; who withdraws her consent is seen no longer than this


@community.get("/showcase")
@public
def showcase() -> ResponseReturnValue:
    args = request.args
    wanted = Wanted(kind=args.get("kind", ""), country=args.get("country", ""))
    named = sorted((country_name(code), code, n) for code, n in queries.public_countries().items())
    kinds = [(kind.value, words.KINDS[kind], n) for kind, n in sorted(queries.public_kinds().items())]
    groups = [
        facet(_("Country"), "country", [(code, name, n) for name, code, n in named]),
        facet(_("Kind"), "kind", kinds),
    ]
    statement = queries.public_projects(wanted)
    return render_template(
        "community/showcase.html",
        page=page_of(db.session, statement, order=NEWEST, after=args.get("after"), size=CARDS),
        total=queries.count_public(wanted),
        groups=groups,
        narrowed=chosen(groups),
        beginning=words.beginning,
        countries=words.countries,
    )


@community.get("/showcase/<code>")
@public
def shown_project(code: str) -> ResponseReturnValue:
    record = queries.get_public_project(code)
    paragraphs = [part.strip() for part in record.story.split("\n\n") if part.strip()]
    return render_template(
        "community/shown_project.html", project=record, paragraphs=paragraphs, countries=words.countries
    )


@community.get("/showcase/<code>/pictures/<int:picture_id>")
@public
def shown_picture(code: str, picture_id: int) -> ResponseReturnValue:
    answer: Response = picture_answer(queries.get_picture(queries.get_public_project(code), picture_id))
    answer.cache_control.public, answer.cache_control.max_age = True, REMEMBERED
    return answer
