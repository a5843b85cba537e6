"""Pages of people who are probably one: the list, two of them side by side, and what is decided."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.facets import Group, chosen, facet
from gdt.forms import BaseForm
from gdt.paging import page_of
from gdt.partners.queries import list_institutions
from gdt.people import comparing, duplicate_queries, merging
from gdt.people.blueprint import people
from gdt.people.duplicate_models import ProbablePair
from gdt.people.duplicate_queries import WantedPairs
from gdt.people.duplicate_words import REASONS, STRENGTHS, against
from gdt.people.likeness import Reason
from gdt.people.side_by_side import compare_pair
from gdt.row_security import everything

PAGE_PAIRS = 25
ORDER = [ProbablePair.strength.desc(), ProbablePair.id]


@people.get("/people/duplicates")
@requires(Permission.PEOPLE_MERGE)
def duplicates() -> ResponseReturnValue:
    args = request.args
    wanted = WantedPairs(args.get("q", ""), args.get("institution", ""), args.get("reason", ""))
    found = duplicate_queries.pairs(current_user, wanted)
    with everything():
        page = page_of(db.session, found, order=ORDER, after=args.get("after"), size=PAGE_PAIRS)
        total = duplicate_queries.count_pairs(current_user, wanted)
    ids = {one for pair in page.items for one in (pair.first_id, pair.second_id)}
    groups = _facets()
    return render_template(
        "people/duplicates.html",
        page=page,
        total=total,
        places=duplicate_queries.list_places(current_user, ids),
        comparison=duplicate_queries.find_comparison(),
        waiting=duplicate_queries.count_to_compare(),
        groups=groups,
        chosen_filters=chosen(groups),
        REASONS=REASONS,
        STRENGTHS=STRENGTHS,
    )


def _facets() -> list[Group]:
    groups = [facet(_("Why"), "reason", [(reason.value, REASONS[reason], None) for reason in Reason])]
    if not current_user.role.is_of_one_institution:
        choices = [(i.code, i.name, None) for i in list_institutions(current_user)]
        groups.append(facet(_("Institution"), "institution", choices))
    return groups


@people.post("/people/duplicates/compare-now")
@requires(Permission.PEOPLE_MERGE)
def compare_now() -> ResponseReturnValue:
    comparing.begin_comparing(wait_seconds=1.5)
    return redirect(url_for(".duplicates"))


@people.get("/people/duplicates/<int:pair_id>")
@requires(Permission.PEOPLE_MERGE)
def duplicate(pair_id: int) -> ResponseReturnValue:
    return _draw(duplicate_queries.get_pair(current_user, pair_id), BaseForm())


@people.post("/people/duplicates/<int:pair_id>")
@requires(Permission.PEOPLE_MERGE)
def merge_pair(pair_id: int) -> ResponseReturnValue:
    pair = duplicate_queries.get_pair(current_user, pair_id)
    form, shown = BaseForm(request.form), compare_pair(pair)
    survivor, other = shown.survivor, shown.other
    if not form.validate():
        return _draw(pair, form), 422
    try:
        merging.merge_persons(
            actor=current_user,
            survivor=survivor,
            other=other,
            choices=shown.choices(request.form),
            seal=request.form.get("seal", ""),
        )
    except DomainError as error:
        form.reject(error)
        return _draw(pair, form), 422
    flash(_("The two are one person now: %(name)s. It can be undone on this page.", name=survivor))
    return redirect(url_for(".person", person_id=survivor.id))


def _draw(pair: ProbablePair, form: BaseForm) -> str:
    entries = [comparing.entry_of(person) for person in (pair.first, pair.second)]
    return render_template(
        "people/duplicate.html",
        pair=pair,
        form=form,
        shown=compare_pair(pair),
        typed=request.form,
        against=against(*entries),
        REASONS=REASONS,
        STRENGTHS=STRENGTHS,
    )


@people.post("/people/duplicates/<int:pair_id>/different")
@requires(Permission.PEOPLE_MERGE)
def call_different(pair_id: int) -> ResponseReturnValue:
    pair = duplicate_queries.get_pair(current_user, pair_id)
    merging.call_different(actor=current_user, pair=pair)
    flash(_("%(pair)s: two people. They are not offered again.", pair=pair))
    return redirect(url_for(".duplicates"))


@people.post("/people/duplicates/<int:pair_id>/offer-again")
@requires(Permission.PEOPLE_MERGE)
def offer_again(pair_id: int) -> ResponseReturnValue:
    merging.offer_again(actor=current_user, pair=duplicate_queries.get_pair(current_user, pair_id))
    return redirect(url_for(".duplicate", pair_id=pair_id))
