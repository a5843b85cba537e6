"""What the pages say of access tokens: their rights and why they ended."""

from flask_babel import lazy_gettext as _

from gdt.accounts.token_models import TokenEnd, TokenRight

RIGHTS = {
    TokenRight.FIGURES: _("Read figures, targets and what differs from published years"),
    TokenRight.RECORDS: _("Read institutions, cohorts and certificates"),
    TokenRight.UPLOADS: _("Hand in spreadsheets, decide about their rows, keep and undo them"),
}
IN_A_TABLE = {
    TokenRight.FIGURES: _("read figures"),
    TokenRight.RECORDS: _("read records"),
    TokenRight.UPLOADS: _("hand in files"),
}
ENDS = {
    TokenEnd.OWNER: _("ended by its owner"),
    TokenEnd.ADMINISTRATOR: _("ended by an administrator"),
    TokenEnd.PASSWORD: _("ended with the old password"),
    TokenEnd.ROLE: _("ended with the old role"),
    TokenEnd.SUSPENDED: _("ended with the suspension"),
    TokenEnd.SECOND_FACTOR: _("ended with the second step"),
}
