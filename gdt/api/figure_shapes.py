"""How figures, their rows, targets and restatements are told to programs."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from gdt.api.shapes import LONGEST_CODE, PagedShape, PlaceShape, ScopeShape, one_of, page_shape, year
from gdt.impact.genders import CHOICES
from gdt.impact.measures import COUNTED_IN_TABLES, MEASURES
from gdt.impact.scopes import DIMENSIONS


class MeasureShape(Schema):
    """One number of the catalogue, in words."""

    measure = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    definition = fields.String(required=True)
    rows = fields.String(required=True)
    year = fields.String(required=True)
    made_of = fields.String(required=True)
    by_gender = fields.String(required=True)


class MeasuresShape(Schema):
    measures = fields.List(fields.Nested(MeasureShape), required=True)


class SharesShape(Schema):
    """How much is recorded by name, verified by the office, and claimed (which no total holds)."""

    recorded = fields.Integer(required=True)
    verified = fields.Integer(required=True)
    claimed = fields.Integer(required=True)


def _of_every_measure(of: Callable[[bool], Any]) -> dict[str, Any]:
    """A member for each measure; by gender there are none of places, so those may be missing."""
    return {measure.key: of(measure.is_of_people) for measure in MEASURES}


def _number(is_there: bool) -> fields.Integer:
    return fields.Integer(required=is_there)


NumbersShape = Schema.from_dict(_of_every_measure(_number), name="Numbers")
GendersShape = Schema.from_dict({gender: fields.Integer(required=True) for gender in CHOICES}, name="Genders")
FiguresShape = Schema.from_dict(
    {
        **{name: fields.String(required=True, allow_none=True) for name in DIMENSIONS if name != "year"},
        "year": fields.Integer(required=True, allow_none=True),
        "as_of": fields.String(required=True),
        **_of_every_measure(_number),
        "shares": fields.Nested(
            Schema.from_dict(
                _of_every_measure(lambda is_there: fields.Nested(SharesShape, required=is_there)),
                name="Shares",
            ),
            required=True,
        ),
        "by_gender": fields.Nested(
            Schema.from_dict(
                {measure.key: fields.Nested(GendersShape) for measure in COUNTED_IN_TABLES}, name="ByGender"
            ),
            metadata={"description": "For who may see people, where no gender was asked for."},
        ),
        "published": fields.Nested(
            NumbersShape, metadata={"description": "Of a closed year: what was published, once and for all."}
        ),
    },
    name="Figures",
)


class ExplainedShape(Schema):
    """A number with the parts it is made of; people are counted once in each part."""

    measure = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    definition = fields.String(required=True)
    year_is_that_of = fields.String(required=True)
    scope = fields.Dict(keys=fields.String(), required=True)
    as_of = fields.String(required=True)
    published = fields.Integer()
    total = fields.Integer(required=True)
    recorded = fields.Integer(required=True)
    verified = fields.Integer(required=True)
    claimed = fields.Integer(required=True)
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
    )


class ScopedPageShape(ScopeShape, PagedShape):
    pass


class CountedRowShape(Schema):
    """A row that was counted: a place, or what a person did; names only for those who may see people."""

    place = fields.String()
    id = fields.Integer()
    person = fields.Integer(allow_none=True)
    name = fields.String(allow_none=True)
    native_name = fields.String(allow_none=True)
    on = fields.String()
    institution = fields.String()
    reference = fields.String(allow_none=True)


class HeadcountShape(Schema):
    institution = fields.String(required=True)
    module = fields.String(required=True)
    year = fields.Integer(required=True)
    people = fields.Integer(required=True)
    state = one_of(("verified", "claimed"), required=True)
    evidence = fields.String(required=True, allow_none=True)


CountedRowsShape = page_shape(CountedRowShape, "CountedRows")
HeadcountsShape = page_shape(HeadcountShape, "Headcounts")


class RestatementShape(Schema):
    """One published figure that is another one today, and why."""

    year = fields.Integer(required=True)
    measure = fields.String(required=True)
    by = fields.String(required=True)
    code = fields.String(required=True)
    module = fields.String(required=True)
    published = fields.Integer(required=True)
    now = fields.Integer(required=True)
    difference = fields.Integer(required=True)
    reason = fields.String(required=True)


class RestatementsAskedShape(PlaceShape, PagedShape):
    pass


RestatementsShape = page_shape(RestatementShape, "Restatements")


class ClosedYearShape(Schema):
    year = fields.Integer(required=True)
    closed_at = fields.DateTime(required=True, format="iso")
    figures_sha256 = fields.String(required=True)


class ClosedYearsShape(Schema):
    years = fields.List(fields.Nested(ClosedYearShape), required=True)


class TargetsAskedShape(PagedShape):
    year = year(metadata={"description": "The present year, if none is named."})
    by = one_of(("country", "institution"), load_default="country")
    region = fields.String(validate=Length(max=LONGEST_CODE), load_default="")
    country = fields.String(validate=Length(max=2), load_default="")
    institution = fields.String(validate=Length(max=LONGEST_CODE), load_default="")


class PaceShape(Schema):
    """What was reached of a target; `expected` is what an even pace would have reached by today."""

    measure = fields.String(required=True)
    reached = fields.Integer(required=True)
    target = fields.Integer(required=True)
    expected = fields.Integer(required=True)
    state = one_of(("no target", "reached", "missed", "on pace", "behind"), required=True)
    from_ = fields.String(required=True, allow_none=True, data_key="from")


class TargetShape(Schema):
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    paces = fields.List(fields.Nested(PaceShape), required=True)


class TargetsShape(Schema):
    year = fields.Integer(required=True)
    whole = fields.Nested(TargetShape, required=True)
    items = fields.List(fields.Nested(TargetShape), required=True)
    not_reported = fields.List(fields.String(), required=True)
    next = fields.String(required=True, allow_none=True)
