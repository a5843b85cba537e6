"""A network of so many enrolments, written straight into the tables: what the figures are measured on.

Of each enrolment: 0.7 people, 0.01 cohorts, a quarter of a result and a tenth of a certificate. Triggers and
indexes wait until the rows are there, as they would where a register is restored.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_migrate import upgrade
from sqlalchemy import Connection, text

from gdt.database import db, unit_of_work
from gdt.impact.settling import settle
from gdt.row_security import owner_engine

INSTITUTIONS = 30
LARGE = ("persons", "enrolments", "results", "certificates")
Say = Callable[[str], None]

NETWORK = """
INSERT INTO regions (id, code, name, position) VALUES (1, 'r1', 'Region 1', 1), (2, 'r2', 'Region 2', 2);
INSERT INTO countries (id, code, m49_subregion, region_id)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
  SELECT i, substr('ABCDEFGHIJKLMNOPQRST', i, 1) || 'A', '035', 1 + i % 2 FROM n;
INSERT INTO institutions (id, code, name, kind, country_id, city)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
  SELECT i, 'inst' || i, 'Institution ' || i, 'university', 1 + i % 15, 'City' FROM n;
INSERT INTO modules (id, code, title, hours, version)
  VALUES (1, 'M1', 'Module 1', 8, '1'), (2, 'M2', 'Module 2', 8, '1'),
         (3, 'M3', 'Module 3', 8, '1'), (4, 'M4', 'Module 4', 8, '1');
INSERT INTO courses (id, code, title, description)
  VALUES (1, 'C1', 'Course 1', ''), (2, 'C2', 'Course 2', '');
INSERT INTO course_modules (course_id, module_id) VALUES (1, 1), (1, 2), (2, 3), (2, 4);
INSERT INTO exams (id, code, course_id, title, pass_mark, maximum_mark, attempts_allowed, resit_after_days)
  VALUES (1, 'E1', 1, 'Exam 1', 60, 100, 9, 0), (2, 'E2', 2, 'Exam 2', 60, 100, 9, 0);
INSERT INTO cohorts
    (id, code, institution_id, course_id, term, starts_on, ends_on, mode, language, created_at)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :cohorts)
  SELECT i, 'c' || i, 1 + i % 30, 1 + i % 2, 'Term', CAST((2018 + i / 30 % 8) || '-02-01' AS {day}),
         CAST((2018 + i / 30 % 8) || '-06-30' AS {day}), 'online', 'en', '2018-01-01' FROM n;
INSERT INTO cohort_modules (cohort_id, module_id)
  SELECT id, 2 * course_id - 1 FROM cohorts UNION ALL SELECT id, 2 * course_id FROM cohorts;
INSERT INTO sittings (id, code, exam_id, cohort_id, course_id, held_on, platform)
  SELECT id, 's' || id, course_id, id, course_id, ends_on, 'paper' FROM cohorts;
INSERT INTO persons (id, printed_name, name_key, gender, created_at)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)
  SELECT i, 'Person ' || i, i || ' person',
    CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'male' ELSE 'female' END, '2018-01-01' FROM n;
INSERT INTO enrolments (cohort_id, person_id, state, completed_on)
  WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :enrolments),
  placed AS (SELECT i, 1 + i % :people AS person_id,
    1 + (i % 30 + 30 * ((i / 30 * 7919 + i / :people * 31) % (:cohorts / 30))) % :cohorts AS cohort_id FROM n)
  SELECT cohort_id, person_id, CASE WHEN i % 10 <> 0 THEN 'completed' ELSE 'enrolled' END,
    CASE WHEN i % 10 <> 0 THEN cohorts.ends_on END FROM placed JOIN cohorts ON cohorts.id = cohort_id;
INSERT INTO results (sitting_id, exam_id, person_id, attempt, mark, outcome, recorded_at)
  SELECT cohort_id, course_id, person_id, enrolments.id, 75, 'passed', '2018-01-01'
  FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE enrolments.id % 4 = 0;
INSERT INTO certificates (number, code, year, serial, kind, thing_earned, edition, person_id, institution_id,
    course_id, cohort_id, issued_on, issued_at, facts, design, file_key, file_sha256, file_size)
  SELECT 'G' || enrolments.id, 'X' || enrolments.id, 2018, enrolments.id,
    CASE WHEN enrolments.id % 100 <> 0 THEN 'student' ELSE 'teacher' END, 'thing' || enrolments.id, 1,
    person_id, institution_id, course_id, cohort_id, ends_on, '2018-01-01', '{}', 'd', 'k', 'h', 1
  FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE enrolments.id % 10 = 1;
INSERT INTO users (id, email, name, role, created_at)
  VALUES (1, 'leader@gdt.example', 'Leader', 'leader', '2018-01-01');
"""


def fill(size: int, say: Say) -> None:
    """Make the tables, the rows and their totals, unless they are there: a run that was stopped goes on."""
    upgrade()
    db.session.remove()
    with owner_engine().connect() as connection:
        if connection.scalar(text("SELECT count(*) FROM counted_totals")):
            return
        assert not connection.scalar(text("SELECT count(*) FROM regions")), "half filled: remove it first"
    _write_rows(size, say)
    _told("looked over by the database", look_over, say)
    with unit_of_work():
        db.session.execute(text("DELETE FROM counting_marks"))
        db.session.execute(text("INSERT INTO counting_marks (subject, subject_id) VALUES ('everything', 0)"))
        _told("counted", settle, say)
    look_over()


def _write_rows(size: int, say: Say) -> None:
    cohorts = size // 100 // INSTITUTIONS * INSTITUTIONS
    values = {"cohorts": cohorts, "people": size * 7 // 10, "enrolments": size}
    day = "text" if _is_sqlite() else "date"
    statements = [part.strip() for part in NETWORK.replace("{day}", day).split(";\n") if part.strip()]
    with owner_engine().connect() as connection, _only_rows(connection, say):
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            table = statement.split()[2]
            _told(f"rows of {table}", lambda s=statement, u=used: connection.execute(text(s), u), say)
            connection.commit()


def look_over() -> None:
    """What PostgreSQL's autovacuum does within minutes, and nothing does on SQLite unless it is asked."""
    engine = owner_engine()
    if _is_sqlite():
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _told(what: str, work: Callable[[], object], say: Say) -> None:
    begun = time.monotonic()
    work()
    seconds = time.monotonic() - begun
    if seconds > 1:
        say(f"{what}: {seconds:.0f} s")


@contextmanager
def _only_rows(connection: Connection, say: Say) -> Iterator[None]:
    """No trigger, no foreign key and no index that could wait while the rows are written."""
    names = ", ".join(f"'{table}'" for table in LARGE)
    if _is_sqlite():
        found = "SELECT type, name, sql FROM sqlite_master WHERE type = 'trigger' OR type = 'index'"
        found += f" AND sql IS NOT NULL AND tbl_name IN ({names})"
        begin = ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-1500000")
        end = ("foreign_keys=ON", "synchronous=FULL", "cache_size=-16000")
    else:
        found = "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix_%'"
        found += f" AND tablename IN ({names})"
        begin = ("session_replication_role = replica", "maintenance_work_mem = '512MB'")
        end = ("session_replication_role = origin",)
    kept = connection.execute(text(found)).all()
    connection.rollback()
    _set(connection, begin)
    for kind, name, _made_by in kept:
        connection.execute(text(f"DROP {kind} {name}"))
    connection.commit()
    yield
    for _kind, name, made_by in kept:
        made = text(made_by.replace(":", "\\:"))
        _told(f"index {name}", lambda made=made: connection.execute(made), say)
        connection.commit()
    _set(connection, end)


def _set(connection: Connection, settings: tuple[str, ...]) -> None:
    """Outside of any transaction, where SQLite takes them."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    for setting in settings:
        driver.execute(f"{'PRAGMA' if _is_sqlite() else 'SET'} {setting}")
    if not _is_sqlite():
        driver.commit()


def _is_sqlite() -> bool:
    return bool(db.engine.dialect.name == "sqlite")
