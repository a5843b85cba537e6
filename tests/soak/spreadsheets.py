"""Ten thousand spoilt spreadsheets and every hostile one, on SQLite or PostgreSQL.

`python -m tests.soak.spreadsheets [COUNT] [SEED] [sqlite|postgresql]`

Prints what P10 promises: server errors, rows in and out, seconds and megabytes of the worst file.
"""

import io
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.exams.models import Sitting
from gdt.imports import large_files
from gdt.imports.checking import hand_in
from gdt.imports.keeping import confirm
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import kind_of
from gdt.imports.models import Upload, UploadState
from gdt.partners.models import Institution
from gdt.spreadsheets.handing_back import return_workbook
from gdt.spreadsheets.refusals import Refused
from gdt.training.models import Cohort
from tests.factories import make_cohort, make_exam, make_institution, make_module, make_sitting
from tests.postgresql import started
from tests.understood import count_known, understand_roster
from tests.unit.hostile_files import hostile_files
from tests.unit.ugly_files import MOODLE, ugly_files

HEADCOUNTS = (
    b"Year,Measure,Module,People,Evidence\n2021,students trained,cloud,1 240,Lists in folder 7\n"
    b"2022,exams passed,Cloud Computing,31,Register\n2019,teachers certified,cloud,4,Letters\n"
)
PARTNERS = (
    b"Code;Name;Kind;Country;City;Partner since\nutar;;;;Kampar;2017-03-01\n"
    b"umt;Universiti Malaysia Terengganu;university;Malaysia;Kuala Nerus;01/02/2020\n"
)
_MEASURED = """
import resource, sys, time
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
data = sys.stdin.buffer.read()
begun = time.perf_counter()
try:
    found = f"{sum(1 for _ in read_table(data, sys.argv[1]).rows)} rows"
except Refused as refusal:
    found = refusal.reason
used = resource.getrusage(resource.RUSAGE_CHILDREN)
wall, processor = time.perf_counter() - begun, used.ru_utime + used.ru_stime
print(f"{wall:.2f}|{processor:.2f}|{used.ru_maxrss // 1024}|{found}")
"""


def main() -> None:
    """Run the soak and end with 1 if something broke a promise."""
    count, seed, database = [*sys.argv[1:], *("10000", "1", "sqlite")[len(sys.argv) - 1 :]]
    worst = _hostile()
    with _register(database):
        outcomes = _mutated(int(count), random.Random(int(seed)))
    sys.stdout.write(f"\n{dict(outcomes)}\nworst hostile file: {worst[0]:.2f} s of CPU, {worst[1]} MB\n")
    sys.exit(1 if outcomes["broken"] else 0)


def _hostile() -> tuple[float, int]:
    seconds, megabytes = 0.0, 0
    for what, name, data in hostile_files():
        command = [sys.executable, "-c", _MEASURED, name]
        said = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
        wall, cpu, memory, found = said.strip().split("|", 3)
        sys.stdout.write(
            f"{what:<34}{float(wall):7.2f} s {float(cpu):6.2f} s CPU {memory:>5} MB  {found[:60]}\n"
        )
        seconds, megabytes = max(seconds, float(cpu)), max(megabytes, int(memory))
    return seconds, megabytes


def _mutated(count: int, chance: random.Random) -> Counter[str]:
    files = [(file.data, file.filename, "roster") for file in ugly_files().values()]
    files += [(data, name, "results") for name, data in MOODLE.values()]
    files += [(HEADCOUNTS, "a.csv", "headcounts"), (PARTNERS, "b.csv", "institutions")] * 5
    outcomes: Counter[str] = Counter()
    begun = time.perf_counter()
    for number in range(count):
        original, filename, kind = chance.choice(files)
        data = mutated(original, chance)
        is_large = chance.random() < 0.3  # read as work of its own, as large ones are
        large_files.AT_ONCE_BYTES = large_files.AT_ONCE_PACKED_BYTES = 0 if is_large else len(data)
        outcomes[_outcome(data, filename, kind)] += 1
        if number % 100 == 99:
            sys.stdout.write(f"{number + 1} files, {time.perf_counter() - begun:.0f} s, {dict(outcomes)}\n")
            sys.stdout.flush()
    return outcomes


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with a few bytes changed; of an archive, now and then within one of its parts."""
    if data[:2] == b"PK" and chance.random() < 0.7:
        return _mutated_part(data, chance)
    content = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(content) or 1)
        what = chance.random()
        if what < 0.6:
            content[place : place + 1] = bytes([chance.randrange(256)])
        elif what < 0.8:
            del content[place : place + chance.randint(1, 40)]
        else:
            content[place:place] = content[place : place + chance.randint(1, 200)] * chance.randint(1, 4)
    return bytes(content)


def _mutated_part(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), chance) if name == chosen else old.read(name))
    return out.getvalue()


@contextmanager
def _register(database: str) -> Iterator[None]:
    """A register of its own, in which every file is taken in and kept."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/gdt.db"
        if database == "postgresql":
            url = stack.enter_context(started())
        app = create_app(TestConfig(data_dir=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
            cohort = make_cohort(make_institution(code="utar"))
            make_sitting(cohort, make_exam(cohort.course))
            make_module(code="cloud", title="Cloud Computing")
            yield
            db.session.remove()
            db.engine.dispose()


def _subject(kind: str) -> Subject:
    if kind == "institutions":
        return kind_of(kind).subject(OFFICE, 0)
    model: Any = {"roster": Cohort, "results": Sitting, "headcounts": Institution}[kind]
    return kind_of(kind).subject(OFFICE, db.session.query(model).order_by(model.id).first().id)


def _taken_in(data: bytes, filename: str, kind: str) -> str:
    """Take a file in and keep it, as the pages do; every row must be accounted for."""
    with unit_of_work():
        about = {"kind": kind_of(kind), "subject": _subject(kind)}
        upload_id = hand_in(actor=OFFICE, filename=filename, data=data, **about).id
    upload = db.session.get_one(Upload, upload_id)
    state, is_refused, has_failed = upload.state, bool(upload.note), upload.job_failure
    db.session.rollback()
    if state is not UploadState.CHECKED:
        is_well = state in {UploadState.ASKING, UploadState.KEPT} or is_refused
        return "broken" if has_failed or not is_well else "refused" if is_refused else "asked"
    with unit_of_work():
        confirm(actor=OFFICE, upload=db.session.get_one(Upload, upload_id))
    upload = db.session.get_one(Upload, upload_id)
    is_whole = upload.state is UploadState.KEPT and upload.rows_in == upload.rows_kept + upload.rows_refused
    db.session.rollback()
    return "kept" if is_whole else "broken"


def _outcome(data: bytes, filename: str, kind: str) -> str:
    """Return "kept", "asked", "refused" or "broken"; every tenth roster is also handed back."""
    try:
        trouble = _trouble(data, filename) if kind == "roster" else ""
        return trouble or _taken_in(data, filename, kind)
    except Refused:
        return "refused"
    except Exception as error:
        db.session.rollback()
        sys.stdout.write(f"BROKEN {filename} ({kind}): {error!r}\n")
        return "broken"


def _trouble(data: bytes, filename: str) -> str:
    """What is wrong with how a roster is understood or handed back, "" where all is well."""
    roster = understand_roster(data, filename)
    if roster.rows_in != len(roster.rows) + len({problem.line for problem in roster.problems}):
        return "broken"
    if roster.rows and len(data) % 10 == 0:
        problem = {"line": roster.rows[-1].line, "column": "", "reason": "Look again."}
        again = return_workbook(data, filename, [problem], count_known)
        if len(understand_roster(again.data, again.filename).rows) != 1:
            return "handed back otherwise"
    return ""


if __name__ == "__main__":
    main()
