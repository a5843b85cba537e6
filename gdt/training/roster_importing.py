"""A roster checked and kept in one go: what the command line does."""

from typing import Any

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.errors import DomainError
from gdt.imports.keeping import import_now
from gdt.imports.understanding import Said
from gdt.partners.queries import get_institution
from gdt.training.queries import find_cohort
from gdt.training.roster_kind import ROSTER, subject_of


def import_roster(
    *,
    viewer: Viewer,
    institution_code: str,
    cohort_code: str,
    filename: str,
    data: bytes,
    is_dry: bool = False,
    sheets: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Check and keep a roster in the caller's transaction; returns the counts and the problems.

    Of a workbook `sheets` are read, or all that have the same columns.
    Raises `Refused` (file), RecordNotFound or DomainError (codes), and then stores nothing.
    """
    institution = get_institution(viewer, institution_code)
    cohort = find_cohort(viewer, cohort_code)
    if cohort is None or cohort.institution_id != institution.id:
        raise DomainError(
            _("%(place)s has no cohort “%(code)s”.", place=institution, code=cohort_code), "cohort"
        )
    return import_now(
        viewer=viewer,
        kind=ROSTER,
        subject=subject_of(cohort),
        filename=filename,
        data=data,
        is_dry=is_dry,
        said=Said(sheets),
    )
