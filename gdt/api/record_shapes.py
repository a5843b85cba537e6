"""How institutions, cohorts and certificates are told to programs."""

from marshmallow import Schema, fields

from gdt.api.shapes import LONGEST_SEARCH, PagedShape, one_of, page_shape, text, year
from gdt.certification.models import CertificateKind, CertificateState
from gdt.partners.models import InstitutionKind, InstitutionStatus
from gdt.training.models import CohortStage


class InstitutionsAskedShape(PagedShape):
    q = text(LONGEST_SEARCH)
    region = text()
    country = text(2)
    kind = one_of(["", *(kind.value for kind in InstitutionKind)], load_default="")
    status = one_of(["", *(status.value for status in InstitutionStatus)], load_default="")


class InstitutionShape(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    native_name = fields.String(required=True, allow_none=True)
    kind = one_of([kind.value for kind in InstitutionKind], required=True)
    status = one_of([status.value for status in InstitutionStatus], required=True)
    country = fields.String(required=True)
    region = fields.String(required=True)
    city = fields.String(required=True)
    website = fields.String(required=True, allow_none=True)
    joined_on = fields.Date(required=True, allow_none=True)
    agreement_until = fields.Date(required=True, allow_none=True)


InstitutionsShape = page_shape(InstitutionShape, "Institutions")


class CohortsAskedShape(PagedShape):
    q = text(LONGEST_SEARCH)
    institution = text()
    course = text()
    year = year()
    state = one_of(["", *(stage.value for stage in CohortStage)], load_default="")


class CohortShape(Schema):
    code = fields.String(required=True)
    institution = fields.String(required=True)
    course = fields.String(required=True)
    title = fields.String(required=True)
    term = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    state = one_of([stage.value for stage in CohortStage], required=True)
    mode = fields.String(required=True)
    language = fields.String(required=True)


CohortsShape = page_shape(CohortShape, "Cohorts")


class SittingShape(Schema):
    """A sitting of an exam: its code is what results are handed in for."""

    code = fields.String(required=True)
    exam = fields.String(required=True)
    held_on = fields.Date(required=True)
    taken = fields.Integer(required=True)
    passed = fields.Integer(required=True)
    absent = fields.Integer(required=True)


class WholeCohortShape(CohortShape):
    sittings = fields.List(fields.Nested(SittingShape), required=True)


class CertificatesAskedShape(PagedShape):
    q = text(LONGEST_SEARCH)
    kind = one_of(["", *(kind.value for kind in CertificateKind)], load_default="")
    state = one_of(["", *(state.value for state in CertificateState)], load_default="")
    year = year()
    institution = text()


class CertificateShape(Schema):
    """A certificate as it was printed, and whether it stands today."""

    number = fields.String(required=True)
    code = fields.String(required=True)
    kind = one_of([kind.value for kind in CertificateKind], required=True)
    state = one_of([state.value for state in CertificateState], required=True)
    institution = fields.String(required=True)
    printed_name = fields.String(required=True)
    native_name = fields.String(required=True, allow_none=True)
    achievement = fields.String(required=True, allow_none=True)
    issued_on = fields.Date(required=True)
    valid_until = fields.Date(required=True, allow_none=True)
    file_sha256 = fields.String(required=True)


CertificatesShape = page_shape(CertificateShape, "Certificates")
