"""The office's queue of what looks unusual, and the look at each."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import page_here
from gdt.errors import DomainError
from gdt.facets import chosen, facet
from gdt.forms import form_page
from gdt.reporting import finding_queries as queries
from gdt.reporting.blueprint import reporting
from gdt.reporting.finding_models import FindingState
from gdt.reporting.finding_queries import WantedFindings
from gdt.reporting.findings import judge_finding
from gdt.reporting.forms import LookForm
from gdt.reporting.risk_rules import THRESHOLDS, Rule
from gdt.reporting.words import FINDING_STATES, RULES, finding_sentence


@reporting.get("/findings")
@requires(Permission.REPORTS_DECIDE)
def findings() -> ResponseReturnValue:
    wanted = _wanted()
    states = queries.count_findings_by_state(current_user, wanted)
    rules = queries.count_findings_by_rule(current_user, wanted)
    groups = [
        facet(_("State"), "state", [(s.value, FINDING_STATES[s][0], n) for s, n in sorted(states.items())]),
        facet(_("Rule"), "rule", [(r.value, RULES[r], n) for r, n in sorted(rules.items())]),
        facet(_("Sample"), "show", [("all", _("With those not sampled"), None)]),
        facet(_("Institution"), "institution", queries.count_findings_by_institution(current_user, wanted)),
    ]
    return render_template(
        "reporting/findings.html",
        page=page_here(queries.select_findings(current_user, wanted), queries.ORDER),
        groups=groups,
        narrowed=chosen(groups),
        total=states.get(wanted.state, 0) if wanted.state else sum(states.values()),
        say=lambda finding: finding_sentence(finding, for_office=True),
        RULES=RULES,
        FINDING_STATES=FINDING_STATES,
        thresholds=THRESHOLDS,
    )


@reporting.route("/findings/<int:finding_id>", methods=["GET", "POST"])
@requires(Permission.REPORTS_DECIDE)
def look_at_finding(finding_id: int) -> ResponseReturnValue:
    found, form = queries.get_finding(current_user, finding_id), LookForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            state = FindingState(form.state.data)
            judge_finding(actor=current_user, finding=found, state=state, note=form.note.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Kept. The institution reads it on its report."))
            report = found.report
            return redirect(url_for(".report", code=report.institution.code, period=report.period_code))
    sentence = finding_sentence(found, for_office=True)
    outcome = FINDING_STATES[found.state]
    return form_page(
        "reporting/look_at_finding.html",
        form,
        finding=found,
        sentence=sentence,
        outcome=outcome,
        rule=RULES[found.rule],
    )


def _wanted() -> WantedFindings:
    asked = request.args
    return WantedFindings(
        state=next((one for one in FindingState if one.value == asked.get("state")), None),
        rule=next((one for one in Rule if one.value == asked.get("rule")), None),
        institution=asked.get("institution", ""),
        everything=asked.get("show") == "all",
    )
