"""The agreement as a paper to be signed: A4 pages with parties, clauses and two blocks for signatures."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from certificates import TextStyle, draw_text, is_right_to_left, new_canvas, unprintable_characters, wrap_text
from gdt.filters import day as written
from gdt.partners.agreement_wording import Clause, PaperContent

WIDTH, HEIGHT = A4
LEFT, RIGHT = 71.0, WIDTH - 71.0
TOP, BOTTOM = HEIGHT - 78.0, 82.0
MEASURE = RIGHT - LEFT
COLUMN = (MEASURE - 28) / 2
INDENT = 22.0
SIGNATURES = 196.0  # points the two blocks take, which stay together

INK, SOFT, RULE = HexColor("#191b1f"), HexColor("#575c66"), HexColor("#d9d4ca")
ACCENT = HexColor("#b44c06")
TITLE, PROSE = TextStyle(weight=500), TextStyle()
SANS, STRONG = TextStyle(family="sans"), TextStyle(family="sans", weight=600)
KICKER = TextStyle(family="sans", weight=600, tracking=0.08)


def draw_agreement(content: PaperContent) -> bytes:
    """The finished PDF. It is drawn twice, because each page says how many there are."""
    pages = _drawn(content, 0)[1]
    return _drawn(content, pages)[0]


def _drawn(content: PaperContent, pages: int) -> tuple[bytes, int]:
    file = BytesIO()
    paper = _Paper(file, content, pages)
    _opening(paper, content)
    for position, clause in enumerate(content.clauses, start=1):
        _clause(paper, position, clause)
    _signatures(paper, content)
    paper.close_page()
    paper.canvas.save()
    return file.getvalue(), paper.page


class _Paper:
    """The pages under way; `y` is where the next line goes, in points from the foot."""

    def __init__(self, file: BytesIO, content: PaperContent, pages: int) -> None:
        title = f"{content.title}, {content.institution}"
        self.canvas = new_canvas(file, A4, title=title, author="GDT Network")
        self.content, self.pages, self.page, self.y = content, pages, 1, TOP

    def text(
        self,
        x: float,
        text: str,
        style: TextStyle,
        size: float,
        *,
        y: float | None = None,
        ink: Any = INK,
        align: str = "left",
    ) -> None:
        self.canvas.setFillColor(ink)
        draw_text(self.canvas, x, self.y if y is None else y, _printable(text, style), style, size, align)

    def lines(
        self,
        text: str,
        style: TextStyle,
        size: float,
        *,
        x: float = LEFT,
        width: float = MEASURE,
        leading: float = 1.4,
        ink: Any = INK,
    ) -> None:
        """Sentences in a column; what is written from the right stands at its right."""
        is_rightward = is_right_to_left(text)
        for line in wrap_text(_printable(text, style), style, size, width):
            self.need(size * leading)
            self.text(x + width if is_rightward else x, line, style, size, ink=ink, align=_side(is_rightward))
            self.y -= size * leading

    def rule(self, left: float, right: float, y: float, ink: Any = RULE, width: float = 0.6) -> None:
        self.canvas.setStrokeColor(ink)
        self.canvas.setLineWidth(width)
        self.canvas.line(left, y, right, y)

    def need(self, height: float) -> None:
        if self.y - height < BOTTOM:
            self.close_page()
            self.page += 1
            self.y = TOP

    def close_page(self) -> None:
        content = self.content
        self.rule(LEFT, RIGHT, 60)
        self.text(LEFT, f"{content.reference} · {content.institution}"[:90], SANS, 8.5, y=45, ink=SOFT)
        count = _("Page %(n)s of %(all)s", n=self.page, all=self.pages)
        self.text(RIGHT, count, SANS, 8.5, y=45, ink=SOFT, align="right")
        self.canvas.showPage()


def _opening(paper: _Paper, content: PaperContent) -> None:
    paper.text(LEFT, _("Worldwide train-the-trainer programme").upper(), KICKER, 9, ink=ACCENT)
    paper.text(RIGHT, content.reference, SANS, 9, ink=SOFT, align="right")
    paper.rule(LEFT, RIGHT, paper.y - 12, INK, 1.1)
    paper.y -= 62
    paper.lines(content.title, TITLE, 30, leading=1.15)
    paper.lines(content.term, PROSE, 14, ink=SOFT)
    paper.y -= 22
    top = paper.y
    office = [_("The GDT programme office, for the programme.")]
    _party(paper, LEFT, _("Between"), _("GDT Network"), "", office)
    below, paper.y = paper.y, top
    facts = [f"{content.kind}, {content.place}"]
    _party(paper, LEFT + COLUMN + 28, _("and"), content.institution, content.native_name, facts)
    paper.y = min(below, paper.y) - 12
    paper.rule(LEFT, RIGHT, paper.y + 6)
    paper.y -= 18


def _party(paper: _Paper, x: float, word: str, name: str, native_name: str, facts: Sequence[str]) -> None:
    paper.lines(word, SANS, 9.5, x=x, width=COLUMN, ink=SOFT, leading=1.9)
    paper.lines(name, TITLE, 15, x=x, width=COLUMN, leading=1.22)
    if native_name:
        paper.lines(native_name, SANS, 12, x=x, width=COLUMN, leading=1.5)
    paper.y -= 3
    for fact in facts:
        paper.lines(fact, SANS, 9.5, x=x, width=COLUMN, ink=SOFT)


def _clause(paper: _Paper, position: int, clause: Clause) -> None:
    paper.need(58)
    paper.text(LEFT, f"{position}", STRONG, 10.5, ink=ACCENT)
    paper.text(LEFT + INDENT, clause.title, STRONG, 10.5)
    paper.y -= 17
    for sentence in clause.sentences:
        paper.lines(sentence, PROSE, 11, x=LEFT + INDENT, width=MEASURE - INDENT)
        paper.y -= 3
    for point in clause.points:
        paper.need(16)
        paper.text(LEFT + INDENT, "–", PROSE, 11, ink=ACCENT)
        paper.lines(point, PROSE, 11, x=LEFT + INDENT + 14, width=MEASURE - INDENT - 14)
        paper.y -= 1.5
    if clause.table:
        _table(paper, clause.table)
    paper.y -= 11


def _table(paper: _Paper, rows: Sequence[Sequence[str]]) -> None:
    paper.y -= 4
    places = (LEFT + INDENT, LEFT + INDENT + 230, RIGHT)
    for position, row in enumerate(rows):
        paper.need(18)
        style, ink = (SANS, SOFT) if position == 0 else (STRONG, INK)
        for place, cell in zip(places, row, strict=True):
            paper.text(place, cell, style, 9.5, ink=ink, align="left" if place == places[0] else "right")
        paper.rule(places[0], RIGHT, paper.y - 5, INK if position == 0 else RULE)
        paper.y -= 17


def _signatures(paper: _Paper, content: PaperContent) -> None:
    paper.need(SIGNATURES)
    paper.y -= 8
    paper.lines(_("Signed in two copies, one for each party."), PROSE, 11)
    top = paper.y - 18
    for x, party, signatory in (
        (LEFT, _("For the programme"), ""),
        (LEFT + COLUMN + 28, _("For the institution"), content.signs_for_partner),
    ):
        paper.y = top
        paper.text(x, party, STRONG, 10)
        for label, value in ((_("Signature"), ""), (_("Name and duty"), signatory), (_("Place and day"), "")):
            paper.y -= 43
            paper.text(x, value, PROSE, 11, y=paper.y + 5)
            paper.rule(x, x + COLUMN, paper.y, SOFT, 0.7)
            paper.text(x, label, SANS, 8.5, y=paper.y - 11, ink=SOFT)
    paper.y -= 22
    drafted = _("Drawn up on %(day)s. In force only when both have signed.", day=written(content.made_on))
    paper.text(LEFT, drafted, SANS, 8.5, y=paper.y - 8, ink=SOFT)


def _printable(text: str, style: TextStyle) -> str:
    for character in unprintable_characters(text, style):
        text = text.replace(character, "?")
    return text


def _side(is_rightward: bool) -> str:
    return "right" if is_rightward else "left"
