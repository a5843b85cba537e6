"""The history of records: every form that changes one leaves from what to what, in words, on its page."""

from datetime import timedelta
from html.parser import HTMLParser

from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.database import db, now, unit_of_work
from gdt.exams.recording import Entry, record_marks
from gdt.exams.results_kind import RESULTS
from gdt.filters import day
from gdt.imports.checking import hand_in
from gdt.imports.keeping import confirm
from gdt.imports.models import Upload
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import AgreementKind
from gdt.people.models import Person
from gdt.training.curriculum.models import CourseVersion, ModuleVersion
from gdt.training.meetings.models import Meeting
from gdt.training.models import Enrolment, EnrolmentState
from gdt.training.progress_kind import PROGRESS
from gdt.training.roster_kind import ROSTER
from tests.browser import counted_queries, squeezed, submit
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_award_call,
    make_cohort,
    make_contact,
    make_course,
    make_enrolment,
    make_event,
    make_exam,
    make_institution,
    make_person,
    make_project,
    make_qualification,
    make_sitting,
    make_training,
    make_user,
)

LATER, HOUR = TODAY + timedelta(days=60), timedelta(hours=1)
SHOWN_AT = {  # where that is not the address without /edit
    "training.edit_cohort": "{}/history",
    "training.edit_meeting": "/trainings/tt-1",
    "events.edit_event": "{}/desk",
    "partners.edit_contact": "/institutions/utar",
}


class Form(HTMLParser):
    """What a form holds when nobody has typed yet."""

    def __init__(self, page):
        super().__init__()
        self.data, self.name, self.text = {}, "", None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in {"select", "textarea"}:
            self.name, self.text = found.get("name"), ""
        elif tag == "option" and "selected" in found:
            self.add(self.name, found["value"])
        elif tag == "input" and (found.get("type") not in {"checkbox", "radio"} or "checked" in found):
            self.add(found.get("name"), found.get("value") or "")

    def add(self, name, value):
        if name and name not in {"q", "csrf_token"}:
            self.data.setdefault(name, []).append(value)

    def handle_data(self, data):
        self.text = None if self.text is None else self.text + data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.add(self.name, (self.text or "").strip())


def drafted(school):
    draft = AgreementDraft(
        institution=school,
        kind=AgreementKind.PROGRAMME_AGREEMENT,
        starts_on=TODAY,
        ends_on=LATER,
        drafted_by_name="Lin",
    )
    db.session.add(draft)
    db.session.commit()
    return draft


def everything_that_is_edited():
    """By endpoint: where it is edited and shown, what is typed, and the sentences its history then has."""
    school = make_institution(code="utar", name="UTAR", city="Kampar")
    make_agreement(school)
    course = make_course(code="retail", title="New Retail")
    teacher = make_person(printed_name="Tan Mei Lin")
    place = make_affiliation(teacher, school, role="teacher", own_number="T-1")
    make_qualification(teacher, course.modules[0], school)
    cohort = make_cohort(school, course=course, code="utar-2026-001", term="Spring", teachers=[teacher])
    exam = make_exam(course, code="retail-exam")
    project = make_project(school, code="utar-care", title="We Care")
    make_award_call(year=TODAY.year)
    lead = make_contact(school)
    draft = drafted(make_institution(code="inti"))
    training = make_training(code="tt-1", starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    written = make_course(title="Being written")
    module = written.modules[0]
    starts_at = now().replace(hour=9) + timedelta(days=3)
    meeting = Meeting(training=training, title="Opening", starts_at=starts_at, ends_at=starts_at + HOUR)
    words = {"number": 1, "label": "2027", "summary": "Shops.", "outcomes": ["Sells."], "languages": ["en"]}
    words |= {"changes": "All of it."}
    db.session.add_all([meeting, ModuleVersion(module=module, hours=24, **words)])
    db.session.add(CourseVersion(course=written, modules=list(course.modules), **words))
    db.session.commit()
    ends = cohort.ends_on
    return {
        "partners.edit_institution": (
            "/institutions/utar",
            {"city": "Sungai Long", "kind": "college"},
            ["City: Kampar → now Sungai Long", "Kind: University → now College"],
        ),
        "partners.edit_contact": (
            f"/institutions/utar/contacts/{lead.id}",
            {"duty": "exam officer", "phone": "+60 5 468 8888"},
            ["Duty: Programme lead → now Exam officer", "Telephone: nothing → now +60 5 468 8888"],
        ),
        "partners.edit_draft": (
            f"/institutions/inti/drafts/{draft.id}",
            {"signs_for_partner": "Prof. Ewe"},
            ["Signs for the partner: nothing → now Prof. Ewe"],
        ),
        "people.edit_person": (
            f"/people/{teacher.id}",
            {"printed_name": "Tan Mei Ling", "gender": "female", f"number_{place.id}": "T-2"},
            [
                "Printed name: Tan Mei Lin → now Tan Mei Ling",
                "Gender: nothing → now female",
                "Number: T-1 → now T-2",
            ],
        ),
        "training.edit_cohort": (
            "/cohorts/utar-2026-001",
            {"term": "Autumn", "mode": "online", "ends_on": LATER.isoformat()},
            [
                "Term: Spring → now Autumn",
                "Mode: On site → now Online",
                f"Last day: {day(ends)} → now {day(LATER)}",
            ],
        ),
        "exams.edit_exam": (f"/exams/{exam.code}", {"pass_mark": "70"}, ["Pass mark: 60 → now 70"]),
        "community.edit_project": (
            f"/projects/{project.code}",
            {"people_helped": "1500", "kind": "digital village"},
            ["People helped: 120 → now 1,500", "Kind: Community project → now Digital village"],
        ),
        "events.edit_event": (
            f"/events/{make_event().code}",
            {"place": "Raffles Hall, Singapore"},
            ["Place: Convention Centre, Singapore → now Raffles Hall, Singapore"],
        ),
        "training.edit_module": (
            f"/modules/{module.code}/versions/1",
            {"hours": "30"},
            ["Hours: 24 → now 30"],
        ),
        "training.edit_course": (
            f"/courses/{written.code}/versions/1",
            {"summary": "Shops that last."},
            ["Summary: Shops. → now Shops that last."],
        ),
        "training.edit_meeting": (
            f"/trainings/tt-1/meetings/{meeting.id}",
            {"title": "Welcome"},
            ["Title: Opening → now Welcome"],
        ),
        "recognition.edit_call": (
            f"/awards/{TODAY.year}",
            {"judged_by": LATER.isoformat()},
            [f"→ now {day(LATER)}"],
        ),
    }


def test_what_a_form_changes_stands_in_the_history_of_the_record_from_what_to_what(app, officer):
    edited = everything_that_is_edited()
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and rule.endpoint.partition(".")[2].startswith("edit_")
    }
    # A look is no record of its own: it is told in the sentence of the trail.
    assert forms == edited.keys() | {"certification.edit_look"}
    for endpoint, (path, typed, told) in edited.items():
        form = Form(officer.get(f"{path}/edit").text)
        answer = submit(officer, f"{path}/edit", **form.data | typed)
        assert answer.status_code == 302, (
            endpoint,
            squeezed(answer.text.partition("error-summary")[2])[:200],
        )
        page = squeezed(officer.get(SHOWN_AT.get(endpoint, "{}").format(path)).text)
        assert [sentence for sentence in told if sentence not in page] == [], endpoint


def test_what_no_act_tells_gets_an_event_of_its_own_and_shows_where_it_belongs(app, sign_in):
    school, other = make_institution(code="utar"), make_institution(code="inti")
    person = make_person(printed_name="Aisyah")
    for place in (school, other):
        make_affiliation(person, place)
        make_enrolment(make_cohort(place, code=f"{place.code}-1"), person)
    with unit_of_work():
        for one in db.session.query(Enrolment):
            one.state, one.completed_on = EnrolmentState.COMPLETED, TODAY
    page = squeezed(sign_in(Role.COORDINATOR, school).get("/cohorts/utar-1/history").text)
    assert f"{OFFICE.name} : Enrolment changed: Aisyah" in page
    assert f"Completed on: nothing → now {day(TODAY)}" in page
    hers = squeezed(sign_in(Role.COORDINATOR, school).get(f"/people/{person.id}").text)
    assert hers.count("State: enrolled → now completed") == 1  # the other institution's is not hers to see
    assert squeezed(sign_in(Role.OFFICER).get(f"/people/{person.id}").text).count("now completed") == 2


def test_what_was_done_to_many_at_once_stands_in_the_history_of_each_and_once_on_the_page_of_all(
    app, sign_in
):
    school = make_institution(code="utar")
    cohort = make_cohort(school, code="utar-1")
    people = [make_person(printed_name=f"Student {n}") for n in range(12)]
    for person in people:
        make_affiliation(person, school)
        make_enrolment(cohort, person)
    sitting = make_sitting(cohort, make_exam(cohort.course), code="utar-e1")
    coordinator = sign_in(Role.COORDINATOR, school, name="Aina")
    marks = {person.id: Entry(str(60 + n)) for n, person in enumerate(people)}
    with unit_of_work(), counted_queries() as few:
        two = dict(list(marks.items())[:2])
        record_marks(viewer=db.session.query(User).one(), sitting=db.session.merge(sitting), entries=two)
    with unit_of_work(), counted_queries() as many:
        rest = dict(list(marks.items())[2:])
        record_marks(viewer=db.session.query(User).one(), sitting=db.session.merge(sitting), entries=rest)
    reads = [sum(one.startswith("SELECT") for one in sent) for sent in (few, many)]
    assert reads[1] <= reads[0]
    hers = squeezed(coordinator.get(f"/people/{people[7].id}").text)
    assert f"Aina : Recorded the result of {sitting}" in hers
    assert "Mark: nothing → now 67" in hers and "Outcome: nothing → now passed" in hers
    page = squeezed(coordinator.get("/sittings/utar-e1").text)
    assert "Recorded 10 results" in page and "Recorded 2 results" in page
    assert "Recorded the result" not in page
    assert "67" not in squeezed(coordinator.get(f"/people/{people[6].id}").text).partition("History")[2]


def test_what_a_file_did_to_a_person_stands_in_her_history_and_in_nobody_elses(app, sign_in):
    school = make_institution(code="utar")
    make_agreement(school)
    cohort = make_cohort(school, code="utar-1", starts_on=TODAY - timedelta(days=90))
    sitting = make_sitting(cohort, make_exam(cohort.course), code="utar-e1")
    aina = make_user(role=Role.COORDINATOR, institution=school, name="Aina")

    def keep(kind, subject, text, name):
        with unit_of_work():
            actor = db.session.merge(aina)
            about = kind.subject(actor, subject.id)
            upload = hand_in(actor=actor, kind=kind, subject=about, filename=name, data=text.encode())
            confirm(actor=actor, upload=upload)
        db.session.rollback()

    keep(ROSTER, cohort, "Full name,Student number\nSiti Kartini,A-1\nLim Ah Kow,A-2\n", "roster.csv")
    keep(RESULTS, sitting, "Student number,Mark\nA-1,71\nA-2,44\n", "marks.csv")
    keep(PROGRESS, cohort, "Student number,Attendance %\nA-1,95\n", "progress.csv")
    siti, lim = (
        db.session.query(Person).filter_by(printed_name=n).one() for n in ("Siti Kartini", "Lim Ah Kow")
    )
    page = squeezed(sign_in(Role.COORDINATOR, school).get(f"/people/{siti.id}").text).partition("History")[2]
    assert "Aina : Kept “roster.csv”: 2 of 2 rows" in page
    assert "Printed name: nothing → now Siti Kartini" in page and "State: nothing → now enrolled" in page
    assert "Mark: nothing → now 71" in page and "Attendance" in page and "nothing → now 95" in page
    assert "44" not in page and "Lim" not in page
    his = squeezed(sign_in(Role.LEADER).get(f"/people/{lim.id}").text).partition("History")[2]
    assert "Mark: nothing → now 44" in his and "progress.csv" not in his
    upload = db.session.query(Upload).filter_by(filename="marks.csv").one()
    upload.journal = []  # as retention leaves it after a year
    db.session.commit()
    later = squeezed(sign_in(Role.OFFICER).get(f"/people/{lim.id}").text).partition("History")[2]
    assert "Kept “marks.csv”: 2 of 2 rows" in later and "44" not in later


def test_what_came_back_or_was_rolled_back_is_no_change_and_an_old_value_is_read_where_it_was_not(app):
    school = make_institution(city="Kampar", website="https://old.example")
    with unit_of_work():
        school.city = "Ipoh"
        db.session.flush()
        try:
            with db.session.begin_nested():
                school.website = "https://new.example"
                db.session.flush()
                raise ValueError
        except ValueError:
            pass
        school.city = "Kampar"
    assert db.session.query(AuditEvent).count() == 0
    with unit_of_work():
        db.session.expire(school)
        school.city = "Penang"
    assert db.session.query(AuditEvent).one().details == {"changes": {"city": ["Kampar", "Penang"]}}


def test_a_long_history_is_turned_page_by_page(app, officer):
    school = make_institution(code="utar", city="City 0")
    for n in range(1, 21):
        with unit_of_work():
            db.session.merge(school).city = f"City {n}"
    first = officer.get("/institutions/utar").text
    assert "City 20" in first and "City 11<" not in first and ">Newer<" not in first
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "City 12<" in officer.get(older).text


def test_nobody_reads_a_secret_of_an_account_in_its_history(app, administrator):
    user = make_user(role=Role.OFFICER, name="Lin")
    with unit_of_work():
        user = db.session.merge(user)
        user.name, user.password_hash = "Lin Wei", "a secret"
    page = squeezed(administrator.get(f"/users/{user.id}").text)
    assert "Name: Lin → now Lin Wei" in page
    assert "secret" not in str(db.session.query(AuditEvent).all()[-1].details)
