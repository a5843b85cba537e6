"""The honours page: the awards of a year, for anyone to read."""

from itertools import groupby

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.errors import RecordNotFound
from gdt.recognition import queries, words
from gdt.recognition.blueprint import recognition


@recognition.get("/honours")
@public
def latest_honours() -> ResponseReturnValue:
    years = queries.list_honoured_years()
    if years:
        return redirect(url_for(".honours", year=years[0]))
    return render_template("recognition/honours.html", year=None, years=[], groups=[], projects={})


@recognition.get("/honours/<int:year>")
@public
def honours(year: int) -> ResponseReturnValue:
    given = queries.list_honours(year)
    if not given:
        raise RecordNotFound
    return render_template(
        "recognition/honours.html",
        year=year,
        years=queries.list_honoured_years(),
        groups=[(category, list(awards)) for category, awards in groupby(given, lambda one: one.category)],
        projects=queries.list_public_projects(given),
        honoured=words.honoured,
    )
