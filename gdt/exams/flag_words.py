"""The words of what looks unusual in a sitting."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.exams.flag_models import FlagState, SittingFlag
from gdt.exams.suspicion import THRESHOLDS, FlagRule

RULES = {
    FlagRule.SAME_MARK: lazy_gettext("Everyone has the same mark"),
    FlagRule.JUMP: lazy_gettext("Far above its own history"),
    FlagRule.FAR_ABOVE: lazy_gettext("Far above the network"),
    FlagRule.AT_PASS_MARK: lazy_gettext("Many at exactly the pass mark"),
}
# A word for each state, and the shape beside it.
FLAG_STATES = {
    FlagState.TO_LOOK_AT: (lazy_gettext("To look at"), "attention"),
    FlagState.FINE: (lazy_gettext("Fine"), "ok"),
    FlagState.WRONG: (lazy_gettext("Something was wrong"), "problem"),
}


def flag_sentence(flag: SittingFlag) -> str:
    """What the rule found, with its numbers."""
    sentences = {
        FlagRule.SAME_MARK: _("All %(count)s students have %(mark)s."),
        FlagRule.JUMP: _(
            "%(count)s students reached %(mean)s of 100 points on average; at this institution it was"
            " %(usual)s before, of %(others)s students."
        ),
        FlagRule.FAR_ABOVE: _(
            "%(count)s students reached %(mean)s of 100 points on average; elsewhere it is %(usual)s, of"
            " %(others)s students."
        ),
        FlagRule.AT_PASS_MARK: _("%(at_pass)s of %(count)s students have exactly the pass mark."),
    }
    return str(sentences[flag.rule]) % flag.facts


def rules_in_words() -> list[str]:
    """When a sitting is flagged, for whoever looks."""
    limits = THRESHOLDS
    return [
        _("%(n)s or more students, all with the same mark.", n=limits.same_at_least),
        _(
            "An average %(points)s points of 100 above the institution’s earlier sittings of the exam.",
            points=limits.jump_points,
        ),
        _(
            "An average %(points)s points of 100 above all other institutions in the exam.",
            points=limits.above_points,
        ),
        _(
            "%(n)s or more students, and %(share)s %% of all, with exactly the pass mark.",
            n=limits.at_pass_at_least,
            share=limits.at_pass_percent,
        ),
    ]
