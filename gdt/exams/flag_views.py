"""The office's queue of sittings that look unusual, and the look at each."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.exams import flag_queries as queries
from gdt.exams.blueprint import exams
from gdt.exams.flag_models import FlagState
from gdt.exams.flag_queries import WantedFlags
from gdt.exams.flag_words import FLAG_STATES, RULES, flag_sentence, rules_in_words
from gdt.exams.flagging import judge_flag
from gdt.exams.forms import LookForm
from gdt.exams.suspicion import FlagRule
from gdt.facets import chosen, facet
from gdt.forms import form_page
from gdt.paging import page_of

ROWS = 20


@exams.get("/exam-flags")
@requires(Permission.RESULTS_MODERATE)
def flags() -> ResponseReturnValue:
    wanted = _wanted()
    states = queries.count_by_state(current_user, wanted)
    rules = queries.count_by_rule(current_user, wanted)
    groups = [
        facet(_("State"), "state", [(s.value, FLAG_STATES[s][0], n) for s, n in sorted(states.items())]),
        facet(_("Rule"), "rule", [(r.value, RULES[r], n) for r, n in sorted(rules.items())]),
        facet(_("Institution"), "institution", queries.count_by_institution(current_user, wanted)),
    ]
    statement, after = queries.select_flags(current_user, wanted), request.args.get("after")
    return render_template(
        "exams/flags.html",
        page=page_of(db.session, statement, order=queries.ORDER, after=after, size=ROWS),
        groups=groups,
        narrowed=chosen(groups),
        total=states.get(wanted.state, 0) if wanted.state else sum(states.values()),
        say=flag_sentence,
        RULES=RULES,
        FLAG_STATES=FLAG_STATES,
        rules=rules_in_words(),
    )


@exams.route("/exam-flags/<int:flag_id>", methods=["GET", "POST"])
@requires(Permission.RESULTS_MODERATE)
def look_at_flag(flag_id: int) -> ResponseReturnValue:
    found, form = queries.get_flag(current_user, flag_id), LookForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            judge_flag(
                actor=current_user, flag=found, state=FlagState(form.state.data), note=form.note.data or ""
            )
            flash(_("Kept, with your name."))
            return redirect(url_for(".flags"))
        except DomainError as error:
            form.reject(error)
    return form_page(
        "exams/look_at_flag.html",
        form,
        flag=found,
        sentence=flag_sentence(found),
        rule=RULES[found.rule],
        outcome=FLAG_STATES[found.state],
    )


def _wanted() -> WantedFlags:
    asked = request.args
    return WantedFlags(
        state=next((one for one in FlagState if one.value == asked.get("state")), None),
        rule=next((one for one in FlagRule if one.value == asked.get("rule")), None),
        institution=asked.get("institution", ""),
    )
