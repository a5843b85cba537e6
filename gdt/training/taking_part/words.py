"""The words and shapes of invitations to a training and of taking part."""

from flask_babel import lazy_gettext as _

from gdt.training.taking_part.states import InvitationState, PartState

INVITATIONS = {
    InvitationState.INVITED: (_("Not answered yet"), "attention"),
    InvitationState.ACCEPTED: (_("Accepted"), "ok"),
    InvitationState.DECLINED: (_("Declined"), "neutral"),
    InvitationState.WITHDRAWN: (_("Withdrawn"), "neutral"),
}
PARTS = {
    PartState.NAMED: (_("named"), "neutral"),
    PartState.TAKES_PART: (_("takes part"), "ok"),
    PartState.WAITING: (_("on the waiting list"), "attention"),
    PartState.WITHDREW: (_("withdrew"), "neutral"),
    PartState.NOT_REACHED: (_("no place came free"), "neutral"),
}
