"""The second lock: PostgreSQL itself shows a viewer no row of an institution she does not see."""

import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select, text, true
from sqlalchemy.exc import DBAPIError

from gdt import audit, row_security
from gdt.access import OFFICE, Role
from gdt.community.models import Project
from gdt.database import db, now, unit_of_work
from gdt.people.models import Affiliation, Person
from gdt.recognition.judging import _new
from gdt.recognition.judging_models import Judgement, Score
from gdt.recognition.models import Nomination, NominationEvidence
from gdt.row_policies import FUNCTIONS, OPEN, OWNED, ROLE, STRANGER, policies
from gdt.row_security import everything, owner_engine, refuse_owner, seen_by
from gdt.training.models import Cohort
from tests.factories import (
    TODAY,
    make_affiliation,
    make_award_call,
    make_cohort,
    make_country,
    make_enrolment,
    make_institution,
    make_judge,
    make_nomination,
    make_person,
    make_project,
    make_region,
    make_user,
)

ROOT = Path(__file__).parents[2]
# Who may look further than the viewer, and what for.
LOOK_FURTHER = {
    "gdt/jobs.py",  # portions of work are the office's
    "gdt/events/inviting.py",  # somebody answers whom another institution's place was promised
    "gdt/events/people_queries.py",  # whoever has the link of a place may see it
    "gdt/events/queries.py",  # that an agreement was signed at an event is public
    "gdt/events/registering.py",  # places are counted over all institutions
    "gdt/community/queries.py",  # each project's code is its own alone
    "gdt/exams/deciding.py",  # attempts at the same exam elsewhere
    "gdt/exams/flagging.py",  # what is unusual beside others
    "gdt/exams/recording.py",  # attempts at the same exam elsewhere
    "gdt/impact/period_figures.py",  # an institution whose report is looked at by the office
    "gdt/imports/answering.py",  # a file may be read and matched at once
    "gdt/imports/changing.py",  # the same person elsewhere, by her e-mail
    "gdt/imports/checking.py",
    "gdt/imports/undoing.py",  # what others built on it since
    "gdt/impact/queries.py",  # totals and medians are of all
    "gdt/people/duplicate_queries.py",  # whether one of a pair belongs elsewhere, too
    "gdt/people/duplicate_views.py",
    "gdt/people/entered_elsewhere.py",  # who is new here was known elsewhere
    "gdt/people/merging.py",  # every row of a person goes along
    "gdt/people/services.py",  # each e-mail is one person's
    "gdt/people/unmerging.py",
    "gdt/privacy/consents.py",  # what is hers, wherever it is
    "gdt/privacy/own_copy.py",
    "gdt/privacy/requests.py",
    "gdt/recognition/judging_queries.py",  # judges are of other institutions than those they judge
    "gdt/recognition/queries.py",  # who is honoured is shown to everybody
    "gdt/reporting/evidence.py",  # what is unusual beside others
    "gdt/reporting/services.py",
    "gdt/impact/teacher_steps.py",  # what a teacher is asked, wherever she taught
    "gdt/training/own_page/accounts.py",  # whether somebody left where her account is
    "gdt/training/own_page/answering.py",  # a training she was named for, by whichever institution
    "gdt/training/own_page/teaching_views.py",  # a teacher's own pages are hers, wherever she taught
    "gdt/training/own_page/views.py",
    "gdt/training/feedback/services.py",  # who holds a secret link is nobody
    "gdt/training/taking_part/inviting.py",  # places are taken by teachers of all institutions
    "gdt/training/taking_part/office_views.py",
    "gdt/training/taking_part/seating.py",
}


@pytest.fixture
def two_schools(app):
    """Two institutions in two regions, each with a person in a cohort; returns them."""
    home = make_institution(name="Home")
    africa = make_country(code="RW", m49_subregion="014", region=make_region(code="africa", name="Africa"))
    schools = [home, make_institution(name="Elsewhere", country=africa)]
    for school in schools:
        person = make_person(printed_name=f"{school.name} Student")
        make_affiliation(person, school)
        make_enrolment(make_cohort(institution=school), person)
    return schools


@contextmanager
def seen_as(who):
    """What a request of that viewer sees."""
    db.session.remove()
    before = row_security._sees.set(who)
    try:
        yield
    finally:
        db.session.remove()
        row_security._sees.reset(before)


def only_postgresql():
    if db.engine.name != "postgresql":
        pytest.skip("SQLite has no policies; there every query is given its viewer all the same")


def rows_in(connection, table):
    return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def names(model, column):
    return set(db.session.scalars(select(getattr(model, column))))


def test_a_query_that_forgets_its_filter_finds_no_row_of_another_institution(app, two_schools):
    only_postgresql()
    home, elsewhere = two_schools
    region = home.country.region
    viewers = {
        seen_by(make_user(role=Role.COORDINATOR, institution=home)): {"Home Student"},
        seen_by(make_user(role=Role.OFFICER, regions=[region])): {"Home Student"},
        seen_by(make_user(role=Role.LEADER)): {"Home Student", "Elsewhere Student"},
        "": set(),
    }
    own = {home.id: {"Home Student"}, elsewhere.id: {"Elsewhere Student"}}
    for who, expected in viewers.items():
        with seen_as(who):
            found = names(Person, "printed_name")
            places = names(Cohort, "institution_id") | names(Affiliation, "institution_id")
        assert found == expected, who
        assert set().union(*(own[place] for place in places)) == expected, who


def test_a_teacher_whose_filter_is_forgotten_finds_no_cohort_but_her_own(
    app, two_schools, sign_in, monkeypatch
):
    """The planted mistake shows her school’s other cohort on SQLite; PostgreSQL knows which are hers."""
    home = two_schools[0]
    user = make_user(role=Role.TEACHER, institution=home)
    mine = make_cohort(home, code="mine", teachers=[db.session.get_one(Person, user.person_id)])
    make_enrolment(mine, make_person(printed_name="Her Student"))
    theirs = db.session.scalar(
        select(Cohort.code).where(Cohort.institution_id == home.id, Cohort.id != mine.id)
    )
    teacher = sign_in(Role.TEACHER, home, person_id=user.person_id)
    assert "Her Student" in teacher.get("/cohorts/mine").text
    assert teacher.get(f"/cohorts/{theirs}").status_code == 404
    planted = lambda viewer: Cohort.institution_id == viewer.institution_id  # noqa: E731
    monkeypatch.setattr("gdt.training.queries.visible_cohort", planted)
    answer = teacher.get(f"/cohorts/{theirs}")
    assert (answer.status_code == 200) == ("Home Student" in answer.text) == (db.engine.name == "sqlite")
    assert "Her Student" in teacher.get("/cohorts/mine").text


def test_of_projects_a_stranger_reads_the_shown_and_nobody_writes_anothers(app, two_schools):
    """Found without any filter: what is shown, what is one's own; changed: one's own alone."""
    only_postgresql()
    home, elsewhere = two_schools
    decided = {"state": "counted", "sent_at": now(), "decided_at": now(), "decided_by_name": "Amina"}
    for school in two_schools:
        make_project(school, title=f"{school.name} draft")
        make_project(school, title=f"{school.name} shown", **decided)
    make_project(elsewhere, title="Elsewhere hidden", may_be_shown=False, **decided)
    shown = {"Home shown", "Elsewhere shown"}
    for who, read in ((STRANGER, shown), ("", shown), (f"place:{home.id}:1", shown | {"Home draft"})):
        with seen_as(who), db.session.connection() as connection:
            found = names(Project, "title")
            parts = rows_in(connection, "project_places"), rows_in(connection, "project_evidence")
        assert found == read, who
        assert parts == (len(read), 2 if who.startswith("place") else 0), who
    with seen_as(f"place:{home.id}:1"):
        for deed in ("UPDATE projects SET title = 'x'", "DELETE FROM project_places"):
            assert db.session.execute(text(deed)).rowcount == 2, deed


@pytest.fixture
def judging(app, two_schools):
    """A year with a coordinator of Home and a leader as judges, both of whom judged what Elsewhere did."""
    home, elsewhere = two_schools
    call, earlier = make_award_call(), make_award_call(year=2020)
    office, leader = make_user(role=Role.OFFICER), make_user(role=Role.LEADER)
    judge = make_user(role=Role.COORDINATOR, institution=home)
    told = {"state": "withdrawn", "category": call.categories[1]}
    given = {
        "state": "given",
        "reason": "Best.",
        "citation": "For it.",
        "decided_at": now(),
        "decided_by_id": leader.id,
        "decided_by_name": leader.name,
    }
    to_judge = make_nomination(call, elsewhere, office, case_for="to judge")
    make_nomination(call, home, office, case_for="of home")
    make_nomination(call, elsewhere, office, case_for="withdrawn", **told)
    make_nomination(earlier, elsewhere, office, case_for="of another year")
    for category, day in zip(earlier.categories, (TODAY, TODAY + timedelta(days=9)), strict=True):
        place = {"category": category, "nominee_kind": "lecturer", "person_id": make_person().id}
        make_nomination(earlier, elsewhere, office, case_for=f"given {day}", given_on=day, **place | given)
    for said, user in (("hers", judge), ("the leader’s", leader)):
        judgement = _new(make_judge(call, user), to_judge)
        judgement.comment = said
        judgement.scores.append(Score(criterion_id=call.criteria[0].id, points=5))
    to_judge.evidence.append(NominationEvidence(name="f", file_key="f", file_sha256="f", file_size=1))
    db.session.commit()
    return judge


def test_a_judge_reads_what_she_is_to_judge_and_what_she_said_alone(judging, two_schools):
    """Found without any filter; what is given on a day to come is nobody's yet."""
    only_postgresql()
    public = f"given {TODAY}"
    colleague = make_user(role=Role.COORDINATOR, institution=two_schools[0])
    nominee = make_user(role=Role.COORDINATOR, institution=two_schools[1])
    its_own = {"to judge", "withdrawn", "of another year", public, f"given {TODAY + timedelta(days=9)}"}
    reads = {
        seen_by(judging): ({"to judge", "of home", public}, {"hers"}, 1),
        seen_by(colleague): ({"of home", public}, set(), 0),
        seen_by(nominee): (its_own, set(), 1),
        STRANGER: ({public}, set(), 0),
    }
    for who, (nominations, judgements, files) in reads.items():
        with seen_as(who), db.session.connection() as connection:
            assert names(Nomination, "case_for") == nominations, who
            assert names(Judgement, "comment") == judgements, who
            assert rows_in(connection, "award_scores") == len(judgements), who
            assert rows_in(connection, "nomination_evidence") == files, who
    with seen_as(seen_by(judging)):
        assert db.session.execute(text("UPDATE award_nominations SET case_for = 'x'")).rowcount == 1


def test_a_page_whose_filter_is_taken_away_still_shows_nobody_else(app, two_schools, sign_in, monkeypatch):
    """The planted mistake shows everyone on SQLite, so it is one; on PostgreSQL the second lock holds."""
    monkeypatch.setattr("gdt.people.queries.visible_person", lambda _viewer: true())
    page = sign_in(Role.COORDINATOR, two_schools[0]).get("/people").text
    assert "Home Student" in page
    assert ("Elsewhere Student" in page) == (db.engine.name == "sqlite")


def test_nobody_writes_rows_of_another_institution_either(app, two_schools):
    only_postgresql()
    home, elsewhere = two_schools
    with everything():
        person = db.session.scalar(select(Affiliation.person_id).where(Affiliation.institution_id == home.id))
    values = {"person_id": person, "institution_id": elsewhere.id, "role": "teacher", "own_number": ""}
    with seen_as(f"place:{home.id}"):
        with pytest.raises(DBAPIError, match="row-level security"):
            db.session.execute(insert(Affiliation).values(values))
        db.session.rollback()
        changed = db.session.execute(text("UPDATE cohorts SET term = 'x'"))
        assert changed.rowcount == 1


def test_without_a_word_about_who_looks_nothing_is_seen(app, two_schools):
    only_postgresql()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == ROLE
        assert {table: rows_in(connection, table) for table in OWNED} == dict.fromkeys(OWNED, 0)
        assert rows_in(connection, "institutions") == 2


def test_no_statement_is_compiled_because_the_policies_make_it_look_dear(app):
    only_postgresql()
    assert db.session.scalar(text("SELECT current_setting('jit')")) == "off"


def test_strangers_see_only_what_the_pages_of_certificates_print(app, two_schools):
    only_postgresql()
    with seen_as(STRANGER), db.session.connection() as connection:
        seen = {table for table in OWNED if rows_in(connection, table)}
    assert seen == {"persons", "cohorts"}
    assert {table for table in seen if not OWNED[table].is_shown_by_code} == set()


def test_looking_further_ends_where_it_was_said(app, two_schools):
    only_postgresql()
    with seen_as(f"place:{two_schools[0].id}"):
        few = names(Person, "printed_name")
        with everything():
            every = names(Person, "printed_name")
            newcomer = make_person(printed_name="Newcomer")
            make_affiliation(newcomer, db.session.merge(two_schools[0]))
        assert names(Person, "printed_name") == few | {"Newcomer"}
        with pytest.raises(DBAPIError), everything():
            db.session.execute(text("SELECT 1 / 0"))
        db.session.rollback()
        assert names(Person, "printed_name") == few | {"Newcomer"}
    assert few < every


def test_only_named_modules_look_further_than_their_viewer():
    users = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("gdt/**/*.py")
        if re.search(r"\beverything\(\)", path.read_text()) and path.name != "row_security.py"
    }
    assert users == LOOK_FURTHER


def test_every_table_that_leads_to_an_institution_or_a_person_has_a_policy_or_a_reason(app):
    """A new one: put it into OWNED, and the statements of `row_policies.statements` into its migration."""
    leading = {
        table.name
        for table in db.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in {"institutions", "persons"} and column.name != "host_id"
    }
    assert leading - set(OWNED) - set(OPEN) == set()
    assert set(OWNED) & set(OPEN) == set()
    assert set(OWNED) | set(OPEN) <= {table.name for table in db.metadata.sorted_tables}


def test_the_database_has_the_policies_the_code_says(app):
    only_postgresql()
    held = text(
        "SELECT tablename, policyname, qual, with_check, cmd FROM pg_policies WHERE tablename = ANY (:tables)"
    )
    forced = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with owner_engine().connect() as connection:
        assert set(connection.scalars(forced)) == set(OWNED)
        before = set(map(tuple, connection.execute(held, {"tables": list(OWNED)})))
        for table in OWNED:
            for made in policies(table):
                connection.execute(text(f"DROP POLICY {made.split()[2]} ON {table}"))
                connection.exec_driver_sql(made)
        assert set(map(tuple, connection.execute(held, {"tables": list(OWNED)}))) == before
        bodies = dict(map(tuple, connection.execute(text("SELECT proname, prosrc FROM pg_proc"))))
        connection.rollback()
    assert {name: bodies[name] in made for name, made in FUNCTIONS.items()} == dict.fromkeys(FUNCTIONS, True)


def test_the_application_owns_nothing_and_a_login_that_does_is_refused_in_production(app):
    only_postgresql()
    with db.engine.connect() as connection:
        owned = connection.scalar(text(f"SELECT count(*) FROM pg_tables WHERE tableowner = '{ROLE}'"))
        assert owned == 0
        for deed in ("DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"):
            with pytest.raises(DBAPIError, match="must be owner"):
                connection.execute(text(f"ALTER TABLE persons {deed}"))
            connection.rollback()
    with pytest.raises(SystemExit, match="GDT_DATABASE_OWNER_URL"):
        refuse_owner(db.engine)
    with owner_engine().begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS gdt_plain"))
        connection.execute(text(f"CREATE ROLE gdt_plain LOGIN IN ROLE {ROLE}"))
    plain = create_engine(db.engine.url.set(username="gdt_plain", password=None))
    refuse_owner(plain)
    with plain.connect() as connection:
        assert rows_in(connection, "persons") == 0
    plain.dispose()


def test_work_ordered_by_a_coordinator_counts_for_the_whole_and_is_chained(app, two_schools, sign_in):
    """What the system does before a commit (totals, held years, seals) is not narrowed to who commits."""
    only_postgresql()
    with seen_as(f"place:{two_schools[0].id}"), unit_of_work():
        cohort = db.session.scalars(select(Cohort)).one()
        cohort.term = "Another term"
        audit.record(OFFICE, "did", cohort, "Changed the term")
    assert db.session.scalar(text("SELECT count(*) FROM audit_seals")) == 1
