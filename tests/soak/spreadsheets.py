"""Ten thousand spoilt spreadsheets and every hostile one: `python -m tests.soak.spreadsheets [COUNT] [SEED]`.

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
from contextlib import contextmanager
from pathlib import Path

from flask_migrate import upgrade

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.imports.checking import hand_in
from gdt.imports.keeping import confirm
from gdt.imports.models import Upload, UploadState
from gdt.spreadsheets.handing_back import return_workbook
from gdt.spreadsheets.refusals import Refused
from gdt.training.models import Cohort
from gdt.training.roster_kind import ROSTER, subject_of
from tests.factories import make_cohort, make_institution
from tests.understood import count_known, understand_roster
from tests.unit.hostile_files import hostile_files
from tests.unit.ugly_files import ugly_files

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
    count, seed = (int(text) for text in [*sys.argv[1:], "10000", "1"][:2])
    worst = _hostile()
    with _register():
        outcomes = _mutated(count, random.Random(seed))
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
    files = list(ugly_files().values())
    outcomes: Counter[str] = Counter()
    begun = time.perf_counter()
    for number in range(count):
        file = chance.choice(files)
        data = mutated(file.data, chance)
        outcomes[_outcome(data, file.filename)] += 1
        if number % 500 == 499:
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
def _register() -> Iterator[None]:
    """A register of its own, in which every file is taken in and kept."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db"))
        with app.app_context():
            upgrade()
            make_cohort(make_institution())
            yield


def _taken_in(data: bytes, filename: str) -> str:
    """Take a file in and keep it, as the pages do; every row must be accounted for."""
    with unit_of_work():
        subject = subject_of(db.session.query(Cohort).one())
        upload = hand_in(actor=OFFICE, kind=ROSTER, subject=subject, filename=filename, data=data)
        if upload.question or upload.state is not UploadState.CHECKED:
            return "asked"
        upload_id = upload.id
    with unit_of_work():
        confirm(actor=OFFICE, upload=db.session.get_one(Upload, upload_id))
    upload = db.session.get_one(Upload, upload_id)
    is_whole = upload.state is UploadState.KEPT and upload.rows_in == upload.rows_kept + upload.rows_refused
    db.session.rollback()
    return "kept" if is_whole else "broken"


def _outcome(data: bytes, filename: str) -> str:
    """Return "kept", "asked", "refused" or "broken"; every tenth file is also handed back."""
    try:
        roster = understand_roster(data, filename)
        if roster.rows_in != len(roster.rows) + len({problem.line for problem in roster.problems}):
            return "broken"
        if roster.rows and len(data) % 10 == 0:
            problem = {"line": roster.rows[-1].line, "column": "", "reason": "Look again."}
            again = return_workbook(data, filename, [problem], count_known)
            if len(understand_roster(again.data, again.filename).rows) != 1:
                return "handed back otherwise"
        return _taken_in(data, filename)
    except Refused:
        return "refused"
    except Exception as error:
        sys.stdout.write(f"BROKEN {filename}: {error!r}\n")
        return "broken"


if __name__ == "__main__":
    main()
