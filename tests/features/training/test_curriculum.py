"""Modules and courses through their versions: drafted, published, taught, followed by the next, retired."""

import io
import zipfile
from datetime import timedelta

from gdt.access import Role
from gdt.certification.drawing.documents import occasion_of_cohort
from gdt.database import db
from gdt.people.models import AffiliationRole
from gdt.training.curriculum.models import CourseVersion, Material, ModuleVersion
from gdt.training.models import Course, Module
from tests.browser import squeezed, submit
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_cohort,
    make_course,
    make_exam,
    make_institution,
    make_module,
    make_person,
    make_qualification,
)

TOMORROW = TODAY + timedelta(days=1)
MODULE = {
    "title": "New Retail",
    "code": "nr",
    "label": "1",
    "hours": "24",
    "summary": "How online and offline trade become one.",
    "outcomes": "Plan a shop\nCount stock\nCount stock",
    "languages": ["en", "ms"],
}


def published(version, day=TODAY):
    """A published first version of a module that the factories made."""
    version.state, version.taught_from, version.published_by_name = "published", day, "Lin"
    db.session.add(version)
    db.session.commit()
    return version


def first_version(module, **columns):
    said = {"summary": "", "outcomes": ["Plan"], "languages": ["en"], "changes": "", "hours": module.hours}
    return published(
        ModuleVersion(module=module, number=1, label="1", **said | columns), TODAY - timedelta(days=900)
    )


def office_file(part, *more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return file.getvalue()


def test_a_module_is_drafted_published_followed_and_retired_and_its_history_stays(officer, sign_in):
    assert submit(officer, "/modules/new", **MODULE).location == "/modules/NR"
    again = submit(officer, "/modules/new", **MODULE | {"title": "Other"})
    assert (again.status_code, "Another one has this code" in again.text) == (422, True)
    leader = sign_in(Role.LEADER)
    assert leader.get("/modules/nr").status_code == 404
    assert "New Retail" not in leader.get("/modules").text
    path = "/modules/NR/versions/1"
    slides = (io.BytesIO(office_file("ppt/presentation.xml")), "Slides.pptx")
    assert submit(officer, f"{path}/materials", title="Slides", language="en", file=slides).status_code == 302
    early = submit(officer, f"{path}/publish", taught_from=str(TODAY - timedelta(days=1)))
    assert "or a later day" in early.text
    assert submit(officer, f"{path}/publish", taught_from=str(TODAY)).status_code == 302
    assert "Count stock" in leader.get("/modules/nr").text
    assert submit(officer, f"{path}/publish", page="/modules/new", taught_from=str(TODAY)).status_code == 422
    assert submit(officer, f"{path}/edit", page="/modules/new", **MODULE).location == path

    assert (
        submit(officer, "/modules/NR/versions", page="/modules/NR").location == "/modules/NR/versions/2/edit"
    )
    assert submit(officer, "/modules/NR/versions", page="/modules/NR/versions/1").location.endswith("/2/edit")
    second = "/modules/NR/versions/2"
    silent = submit(officer, f"{second}/publish", taught_from=str(TOMORROW))
    assert "Say in a sentence what is new" in silent.text
    changed = MODULE | {
        "label": "2",
        "hours": "30",
        "outcomes": "Plan a shop\nRead data",
        "changes": "More data.",
    }
    assert submit(officer, f"{second}/edit", **changed).status_code == 302
    link = {"title": "Film", "language": "en", "url": "https://example.org/film"}
    assert submit(officer, f"{second}/materials", **link).status_code == 302
    same_day = submit(officer, f"{second}/publish", taught_from=str(TODAY))
    assert "taught the version that stands" in same_day.text
    assert leader.get(second).status_code == 404
    assert submit(officer, f"{second}/publish", taught_from=str(TOMORROW)).status_code == 302

    page = squeezed(leader.get("/modules/NR").text)
    for sentence in ("More data.", "30 hours instead of 24.", "New outcome: Read data", "New material: Film"):
        assert sentence in page
    first, latest = db.session.query(ModuleVersion).order_by(ModuleVersion.number)
    assert (first.hours, first.taught_until, [m.title for m in first.materials]) == (24, TODAY, ["Slides"])
    assert (latest.hours, latest.taught_from, latest.module.hours) == (30, TOMORROW, 30)
    retired = submit(officer, "/modules/NR/retire", taught_until=str(TOMORROW), why="Merged.")
    assert retired.status_code == 302
    assert "Retire it" not in officer.get("/modules/NR").text
    assert "New Retail" in officer.get("/modules?state=retired&sort=-code").text


def test_what_was_taught_keeps_its_hours_and_its_modules_when_the_next_version_comes(app, officer, sign_in):
    module, added = make_module(title="New Retail", hours=24), make_module(title="Smart Logistics")
    course = make_course(code="NR", modules=[module])
    make_exam(course)
    first_version(module, hours=24)
    facts = {"summary": "Trade.", "outcomes": ["Plan"], "languages": ["en"], "changes": ""}
    earlier = CourseVersion(course=course, number=1, label="1", modules=[module], **facts)
    published(earlier, TODAY - timedelta(days=900))
    school = make_institution()
    make_agreement(school)
    teacher = make_person(printed_name="Tan Mei Ling")
    make_affiliation(teacher, school, role=AffiliationRole.TEACHER)
    for one in (module, added):
        make_qualification(teacher, one, school)
    before = make_cohort(school, course=course, modules=[module], teachers=[teacher])
    submit(officer, f"/modules/{module.code}/versions", page=f"/modules/{module.code}")
    submit(
        officer,
        f"/modules/{module.code}/versions/2/edit",
        **MODULE | {"label": "2", "hours": "40", "changes": "Longer."},
    )
    submit(officer, f"/modules/{module.code}/versions/2/publish", taught_from=str(TOMORROW))
    submit(officer, "/courses/NR/versions", page="/courses/NR")
    both = {"label": "2", "summary": "Trade.", "outcomes": "Plan", "languages": ["en"], "changes": "Two."}
    submit(officer, "/courses/NR/versions/2/edit", **both, modules=[module.id, added.id])
    assert submit(officer, "/courses/NR/versions/2/publish", taught_from=str(TOMORROW)).status_code == 302

    occasion = occasion_of_cohort(db.session.merge(before), TOMORROW)
    assert occasion.hours == {module.id: 24}
    later = make_cohort(school, course=course, modules=[module], starts_on=TOMORROW, ends_on=TOMORROW)
    assert occasion_of_cohort(later, TOMORROW).hours == {module.id: 40}
    coordinator = sign_in(Role.COORDINATOR, school)
    assert "New Retail (version 1)" in coordinator.get(f"/cohorts/{before.code}").text
    assert "New Retail (version 2)" in coordinator.get(f"/cohorts/{later.code}").text
    page = squeezed(coordinator.get("/courses/NR").text)
    assert "New module: Smart Logistics" in page
    assert "60 of 100 marks pass. 3 attempts, 14 days apart." in page

    plan = {
        "modules": [module.id, added.id],
        "teachers": [teacher.id],
        "term": "Spring",
        "ends_on": str(TODAY + timedelta(days=60)),
        "mode": "online",
        "language": "en",
    }
    path = f"/cohorts/new?course=NR&institution={school.code}"
    today = submit(coordinator, path, starts_on=str(TODAY), **plan)
    assert "is taught version 1: choose among New Retail." in today.text
    assert submit(coordinator, path, starts_on=str(TOMORROW), **plan).status_code == 302
    submit(officer, f"/modules/{added.code}/versions", page=f"/modules/{added.code}")
    assert "Smart Logistics" in officer.get(f"/modules/{added.code}/versions/1").text


def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(officer):
    submit(officer, "/modules/new", **MODULE)
    refused = {
        "Slides.pptx": (b"%PDF-1.7", "but it holds a .pdf"),
        "Notes.pdf": (b"MZ\x90 a program", "but it holds none"),
        "Film.mp4": (b"\0\0\0 ftyp", "This is not a PDF"),
        "Sums.xlsx": (office_file("xl/workbook.xml", "xl/vbaProject.bin"), "holds macros"),
        "Plan.docx": (b"PK\x03\x04 cut off", "damaged"),
        "Large.pdf": (b"%PDF-" + b"\0" * (10 * 1024 * 1024), "larger than 10 MB"),
    }
    path = "/modules/NR/versions/1/materials"
    for name, (content, sentence) in refused.items():
        answer = submit(officer, path, title=name, language="en", file=(io.BytesIO(content), name))
        assert (answer.status_code, sentence in answer.text) == (422, True), name
    nothing = submit(officer, path, title="Nothing", language="en")
    assert "Choose a file, or give a link." in nothing.text
    huge = (io.BytesIO(b"%PDF-" + b"\0" * (50 * 1024 * 1024)), "Huge.pdf")
    too_large = submit(officer, path, title="Huge", language="en", file=huge)
    assert (too_large.status_code, "Nothing was kept." in too_large.text) == (413, True)
    assert db.session.query(Material).count() == 0


def test_materials_are_for_those_who_teach_the_module_and_drafts_are_thrown_away_whole(app, officer, sign_in):
    submit(officer, "/modules/new", **MODULE)
    path = "/modules/NR/versions/1"
    handout = (io.BytesIO(b"%PDF-1.7 handout"), "../Hand out.pdf")
    submit(officer, f"{path}/materials", title="Handout", language="en", file=handout)
    key = db.session.query(Material).one().id
    school, elsewhere = make_institution(), make_institution()
    coordinator, stranger = sign_in(Role.COORDINATOR, school), sign_in(Role.COORDINATOR, elsewhere)
    module = db.session.query(Module).one()
    teacher = make_person()
    make_affiliation(teacher, school, role=AffiliationRole.TEACHER)
    make_qualification(teacher, module, school)
    assert coordinator.get(f"/materials/{key}").status_code == 404
    submit(officer, f"{path}/publish", taught_from=str(TODAY))

    answer = coordinator.get(f"/materials/{key}")
    assert (answer.status_code, answer.data) == (200, b"%PDF-1.7 handout")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Hand out.pdf"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert stranger.get(f"/materials/{key}").status_code == 404
    assert "can take these along" in stranger.get("/modules/NR").text
    assert submit(officer, f"/materials/{key}/remove", page="/modules/new").status_code == 422

    new = {"title": "Foundations", "code": "def", "label": "1", "summary": "All.", "outcomes": "All"}
    submit(officer, "/courses/new", **new, languages=["en"], modules=[module.id])
    assert coordinator.get("/courses/DEF").status_code == 404
    assert "Foundations" not in coordinator.get("/cohorts/new").text
    assert officer.get("/courses/DEF/versions/1/discard").status_code == 200
    assert submit(officer, "/courses/DEF/versions/1/discard").location == "/courses"
    assert db.session.query(Course).count() == 0
