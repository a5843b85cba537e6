"""What sessions are called on pages: how they began, and why they ended."""

from flask_babel import lazy_gettext as _

from gdt.accounts.refusal_models import Refusal
from gdt.accounts.session_models import EndReason, SignInMethod

METHODS = {
    SignInMethod.PASSWORD: _("password"),
    SignInMethod.PASSKEY: _("passkey"),
    SignInMethod.INSTITUTION: _("your institution"),
    SignInMethod.LINK: _("mailed link"),
}
ENDS = {
    EndReason.SIGNED_OUT: _("signed out"),
    EndReason.ENDED: _("ended by you"),
    EndReason.PASSWORD: _("ended by the new password"),
    EndReason.ROLE: _("ended by the new role"),
    EndReason.SUSPENDED: _("ended by the suspension"),
    EndReason.SECOND_FACTOR: _("ended by the new second step"),
}
REFUSALS = {
    Refusal.PASSWORD: _("wrong password"),
    Refusal.SECOND_STEP: _("right password, wrong second step"),
    Refusal.PASSKEY: _("a passkey that did not fit"),
    Refusal.THROTTLED: _("too many wrong tries: not looked at"),
    Refusal.SUSPENDED: _("the account is suspended"),
    Refusal.INSTITUTION: _("what an institution's sign-in said did not fit"),
}
