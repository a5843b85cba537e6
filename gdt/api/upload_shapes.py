"""How files are handed in by programs, and how they and their rows are told."""

from flask_smorest.fields import Upload as FileField
from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from gdt.api.shapes import LONGEST_SEARCH, PagedShape, one_of, page_shape, text
from gdt.api.subjects import SUBJECTS
from gdt.imports.models import UploadState
from gdt.imports.rows import WAITING, RowState
from gdt.jobs import JobState
from gdt.spreadsheets.dates import DayOrder

LARGEST_LINE = 100_000_000
MOST_ROWS = 200
MOST_COLUMNS = 400
MOST_SHEETS = 100


class AnswersShape(Schema):
    """What a page would ask about a file, answered beforehand; the order of days is asked of each file."""

    sheets = fields.List(fields.String(validate=Length(min=1, max=120)), validate=Length(max=MOST_SHEETS))
    day_order = one_of([order.value for order in DayOrder])
    out_of = fields.String(validate=Regexp("^[0-9]{1,6}([.,][0-9]{1,4})?$"), metadata={"example": "20"})

    has_header = fields.Boolean(metadata={"description": "Whether the first row names the columns."})
    otherwise_on = fields.Date(metadata={"description": "The day of rows that need one and say none."})


class SaidColumnsShape(AnswersShape):
    columns = fields.List(
        fields.String(validate=Length(max=40)),
        validate=Length(max=MOST_COLUMNS),
        metadata={"description": "The field of each column in order, an empty text for one kept aside."},
    )


class HandedInShape(AnswersShape):
    """What is said beside the file."""

    kind = one_of(list(SUBJECTS), required=True)
    subject = text(
        metadata={"description": "The code of the cohort, sitting, event or institution the rows go to."}
    )
    dry_run = fields.Boolean(load_default=False)
    file = FileField(required=True)


class KeyShape(Schema):
    key = fields.String(data_key="Idempotency-Key", validate=Regexp("^[!-~]{1,100}$"))


class UploadsAskedShape(PagedShape):
    q = text(LONGEST_SEARCH)
    kind = one_of(["", *SUBJECTS], load_default="")
    state = one_of(["", *(state.value for state in UploadState)], load_default="")


class RowCountsShape(Schema):
    in_ = fields.Integer(required=True, data_key="in", attribute="in")
    kept = fields.Integer(required=True)
    matched = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    changed = fields.Integer(required=True)


class ProgressShape(Schema):
    state = one_of([state.value for state in JobState], required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    failure = fields.String(required=True, allow_none=True)


class ColumnShape(Schema):
    header = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)


class DayQuestionShape(Schema):
    text = fields.String(required=True)
    one = fields.String(required=True)
    other = fields.String(required=True)


class SheetShape(Schema):
    name = fields.String(required=True)
    rows = fields.Integer(required=True)
    header = fields.List(fields.String(), required=True)
    is_alike = fields.Boolean(required=True)


class HeadingsQuestionShape(Schema):
    """A first row of no heading we know: whether we take it for a row like the others."""

    is_row = fields.Boolean(required=True)
    first = fields.List(fields.String(), required=True)


class UndatedQuestionShape(Schema):
    """How many rows need a day and say none, and the day that is likely, empty where none is."""

    rows = fields.Integer(required=True)
    offered = fields.String(required=True)


class MarksQuestionShape(Schema):
    best = fields.String(required=True)
    out_of = fields.String(required=True)


class QuestionShape(Schema):
    """What is asked of a file; send the answers to its `answers`."""

    sheets = fields.List(fields.Nested(SheetShape))
    days = fields.List(fields.Nested(DayQuestionShape))
    marks = fields.Nested(MarksQuestionShape)
    headings = fields.Nested(HeadingsQuestionShape)
    undated = fields.Nested(UndatedQuestionShape)
    columns = fields.String()
    refused = fields.String()


class UploadShape(Schema):
    """A file that was handed in: rows in = rows kept + rows refused, once it is kept."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    filename = fields.String(required=True)
    sha256 = fields.String(required=True)
    uploaded_at = fields.DateTime(required=True, format="iso")
    state = one_of([state.value for state in UploadState], required=True)
    rows = fields.Nested(RowCountsShape, required=True)
    rows_by_state = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    need_a_decision = fields.Integer(required=True)
    progress = fields.Nested(ProgressShape, required=True)
    sheets = fields.List(fields.String(), required=True)
    columns = fields.List(fields.Nested(ColumnShape), required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    question = fields.Nested(QuestionShape, required=True, allow_none=True)
    notices = fields.List(fields.String(), required=True)
    note = fields.String(required=True, allow_none=True)


class ListedUploadShape(UploadShape):
    """A file in a list, where nobody counts what waits for a decision in each."""

    class Meta:
        exclude = ("need_a_decision",)


UploadsShape = page_shape(ListedUploadShape, "Uploads")


class RowProblemShape(Schema):
    line = fields.Integer(required=True)
    sheet = fields.String(metadata={"description": "Where several sheets are read together."})
    column = fields.String(required=True)
    value = fields.String(required=True)
    reason = fields.String(required=True)


class TriedOutShape(Schema):
    """What keeping a file would come to; nothing of it is stored."""

    rows_in = fields.Integer(required=True)
    rows_kept = fields.Integer(required=True)
    rows_matched = fields.Integer(required=True)
    rows_refused = fields.Integer(required=True)
    problems = fields.List(fields.Nested(RowProblemShape), required=True)


class RowsAskedShape(PagedShape):
    state = one_of(["", "needs-you", *(state.value for state in RowState)], load_default="")
    q = text(LONGEST_SEARCH)


class ReasonShape(Schema):
    column = fields.String(required=True)
    value = fields.String(required=True)
    reason = fields.String(required=True)


class CellShape(Schema):
    index = fields.Integer(required=True)
    header = fields.String(required=True)
    text = fields.String(required=True)
    reason = fields.String(required=True)


class ChoiceShape(Schema):
    choice = fields.String(required=True)
    words = fields.String(required=True)


class DifferenceShape(Schema):
    field = fields.String(required=True)
    register = fields.String(required=True)
    file = fields.String(required=True)


class RowShape(Schema):
    """A row of a file: what it is, why it is refused, what can be said of it."""

    line = fields.Integer(required=True)
    line_in_words = fields.String(
        required=True, metadata={"description": "Names the sheet where several are read together."}
    )
    state = one_of([state.value for state in RowState], required=True)
    values = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), required=True)
    reasons = fields.List(fields.Nested(ReasonShape), required=True)
    note = fields.String(required=True)
    cells = fields.List(fields.Nested(CellShape), required=True)
    choices = fields.List(fields.Nested(ChoiceShape), required=True)
    choice = fields.String(required=True)
    differs = fields.List(fields.Nested(DifferenceShape), required=True)


RowsShape = page_shape(RowShape, "Rows")


class RowDecisionShape(Schema):
    """What one row is, or the right text of its cells by the index of their column."""

    line = fields.Integer(required=True, validate=Range(1, LARGEST_LINE))
    choice = fields.String(validate=Length(max=30))
    cells = fields.Dict(
        keys=fields.String(validate=Regexp("^[0-9]{1,3}$")), values=fields.String(validate=Length(max=500))
    )


class ConfirmedShape(Schema):
    """What has to be said of new people: they were given the privacy notice, guardians agreed where asked."""

    people_were_told = fields.Boolean(load_default=False)


class DecisionsShape(Schema):
    """All of it is done, or nothing."""

    for_all = fields.Dict(
        keys=one_of(sorted(WAITING)), values=fields.String(validate=Length(max=30)), load_default=dict
    )
    rows = fields.List(fields.Nested(RowDecisionShape), validate=Length(max=MOST_ROWS), load_default=list)
