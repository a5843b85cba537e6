"""The accounts of a person, as something that moves when two entries become one."""

from collections.abc import Sequence
from typing import cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Table

from gdt.accounts.models import User
from gdt.people.belongings import Belonging, Row, register


def _tell(rows: Sequence[Row]) -> dict[int, str]:
    return {row["id"]: str(_("Signs in as %(email)s", email=row["email"])) for row in rows}


register(
    Belonging(
        position=0,
        table=cast("Table", User.__table__),
        title=lambda: _("Accounts"),
        counted=lambda n: ngettext("%(num)s account", "%(num)s accounts", n),
        tell=_tell,
    )
)
