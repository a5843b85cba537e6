"""What lists of training go to: a cohort, or an institution, as the engine of imports takes them."""

from gdt.imports.kind_parts import Subject
from gdt.partners.models import Institution
from gdt.training.models import Cohort


def of_cohort(cohort: Cohort, listed: str) -> Subject:
    """A cohort as the record of its lists; `listed` names their pages, such as "roster"."""
    return Subject(
        record=cohort,
        id=cohort.id,
        code=cohort.code,
        name=str(cohort),
        institution_id=cohort.institution_id,
        page="training.cohort",
        upload_page=f"training.upload_{listed}",
        template_page=f"training.{listed}_template",
    )


def of_institution(institution: Institution, listed: str, *, page: str) -> Subject:
    """An institution as the record of its lists, which stand on this page of it."""
    return Subject(
        record=institution,
        id=institution.id,
        code=institution.code,
        name=institution.name,
        institution_id=institution.id,
        page=page,
        upload_page=f"training.upload_{listed}",
        template_page=f"training.{listed}_template",
    )
