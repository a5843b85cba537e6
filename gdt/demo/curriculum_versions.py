"""The curriculum's history in the demo: first versions of 2017, the revision of 2023, a draft, materials."""

import io
from datetime import date, timedelta
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from gdt import documents
from gdt.database import db, now
from gdt.training.curriculum.models import CourseVersion, Material, ModuleVersion
from gdt.training.curriculum.states import VersionState
from gdt.training.models import Course, Module

FIRST, REVISED = date(2017, 1, 1), date(2023, 9, 1)
OUTCOMES = {
    "NR": ("Map a customer's way across shop and screen", "Plan stock from sales data", "Run a live sale"),
    "SL": ("Choose a warehouse layout", "Plan routes with data", "Clear a parcel through customs"),
    "DM": ("Describe an audience", "Plan a campaign across two channels", "Read what a campaign brought"),
    "SI": ("Write a one-page plan", "Pitch in three minutes", "Compare ways of funding"),
}
NEW_IN_2023 = {
    "NR": ("Live sales and their data are taught as a part of their own.", 20),
    "SL": ("Customs for small parcels is new.", 20),
    "DM": ("Measuring a campaign replaces the history of advertising.", 24),
    "SI": ("Funding beyond banks is new.", 18),
}
BY = "Lin Wei"


def add_versions() -> None:
    """Each module as it was first taught and as it is taught now; the next New Retail is being written."""
    for module in db.session.scalars(select(Module)):
        outcomes, (changes, hours) = OUTCOMES[module.code], NEW_IN_2023[module.code]
        first = _version(module, 1, hours, outcomes[:2], ["en"])
        first.state, first.taught_from = VersionState.RETIRED, FIRST
        first.taught_until = REVISED - timedelta(days=1)
        second = _version(module, 2, module.hours, outcomes, ["en", "es", "ms", "th", "zh"], changes)
        second.state, second.taught_from = VersionState.PUBLISHED, REVISED
        for one in (first, second):
            one.published_at, one.published_by_name = now(), BY
        second.materials = [_handout(module, outcomes), _film(module)]
        db.session.add_all([first, second])
        if module.code == "NR":
            _draft(module, outcomes, second)
    for course in db.session.scalars(select(Course)):
        db.session.add(_course_version(course))
    db.session.flush()


def _version(
    module: Module, number: int, hours: int, outcomes: Any, languages: list[str], changes: str = ""
) -> ModuleVersion:
    said = {"number": number, "label": str(number), "hours": hours, "changes": changes}
    summary = f"{module.title}, taught with cases of companies in the teachers' own country."
    return ModuleVersion(module=module, summary=summary, outcomes=list(outcomes), languages=languages, **said)


def _draft(module: Module, outcomes: Any, before: ModuleVersion) -> None:
    more = (*outcomes, "Use a language model with a customer's question, and check its answer")
    draft = _version(module, 3, 30, more, before.languages, "Work with language models is new.")
    draft.materials = [_film(module)]
    db.session.add(draft)


def _course_version(course: Course) -> CourseVersion:
    outcomes = [OUTCOMES[module.code][0] for module in course.modules]
    version = CourseVersion(course=course, number=1, label="1", summary=course.description, changes="")
    version.outcomes, version.languages, version.modules = outcomes, ["en"], list(course.modules)
    version.state, version.taught_from = VersionState.PUBLISHED, FIRST
    version.published_at, version.published_by_name = now(), BY
    return version


def _film(module: Module) -> Material:
    address = f"https://learning.example.org/{module.code.lower()}/film"
    return Material(title=f"{module.title}: a film of the first lesson", language="en", url=address)


def _handout(module: Module, outcomes: Any) -> Material:
    content = _page([module.title, "Handout for teachers", "", *outcomes])
    key, digest = documents.keep("materials", content, suffix=".pdf")
    handout = Material(title=f"{module.title}: handout for teachers", language="en", file_key=key)
    handout.file_name = f"{module.title}.pdf".replace(" ", "-")
    handout.file_sha256, handout.file_size = digest, len(content)
    return handout


def _page(lines: list[str]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for position, line in enumerate(lines):
        canvas.setFont("Helvetica", 22 if position == 0 else 12)
        canvas.drawString(72, 740 - 28 * position, line)
    canvas.save()
    return file.getvalue()
