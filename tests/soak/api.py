"""P13: what schemathesis makes of the interface's own document, sent by three roles, on either database.

`python -m tests.soak.api [EXAMPLES] [sqlite|postgresql]`

Prints requests sent, server errors and breaks of the document for each role; ends with 1 if there is one.
"""

import io
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from gdt.access import Role
from gdt.app import create_app
from gdt.database import db
from gdt.imports.models import Upload
from gdt.partners.models import Institution
from tests.browser import Browser
from tests.factories import make_agreement, make_exam, make_institution, make_sitting, make_token, make_user
from tests.features.certification.stories import certified_cohort
from tests.hostile_programs import attack
from tests.postgresql import started

ROLES = (Role.COORDINATOR, Role.OFFICER, Role.LEADER)
ROSTER = "Full name,Number,E-mail\nTan Mei Ling,1,mei@x.example\nNguyễn Thị Minh Anh,2,\n,3,\nAna,4,wrong\n"


def main() -> None:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    kind = sys.argv[2] if len(sys.argv) > 2 else "sqlite"
    with (
        tempfile.TemporaryDirectory(prefix="gdt-soak-", ignore_cleanup_errors=True) as folder,
        ExitStack() as stack,
    ):
        url = f"sqlite:///{folder}/gdt.db"
        if kind == "postgresql":
            url = stack.enter_context(started())
        app = create_app(TestConfig(data_dir=Path(folder), database_url=url))
        app.test_client_class = Browser
        with app.app_context():
            upgrade()
            sys.exit(1 if soak(app, examples, kind) else 0)


def soak(app: Flask, examples: int, kind: str) -> int:
    """Let each role send everything; returns how much broke."""
    school, number = network()
    wrong = 0
    for role in ROLES:
        began, sent, broken = time.perf_counter(), 0, []
        token = make_token(
            make_user(role=role, institution=db.session.merge(school) if role is ROLES[0] else None)
        )
        known = {"code": "utar", "measure": "students_trained", "year": 2026, "number": number}
        known["upload_id"] = handed_in(app, token)
        for name, count, failures in attack(app, [token], known, examples=examples, is_random=True):
            sent += count
            broken += [f"{name}: {failure}" for failure in failures]
        seconds = time.perf_counter() - began
        print(f"{kind}, {role.value}: {sent} requests in {seconds:.0f} s, {len(broken)} broke", flush=True)
        for line in broken:
            print(f"  {line[:2000]}", flush=True)
        wrong += len(broken)
    return wrong


def network() -> tuple[Institution, str]:
    """An institution with certificates, a sitting and a cohort; returns it and a certificate's number."""
    school = make_institution(code="utar", name="UTAR")
    make_agreement(school)
    cohort = certified_cohort(3, institution=school, code="dm-2026")
    make_sitting(cohort, make_exam(cohort.course), code="sit-1")
    return school, "GDT-2026-000001"


def handed_in(app: Flask, token: str) -> int:
    """A roster that waits for somebody's word; a leader, who may hand in none, asks about the last one."""
    app.test_client().post(
        "/api/v1/uploads",
        data={"kind": "roster", "subject": "dm-2026", "file": (io.BytesIO(ROSTER.encode()), "roster.csv")},
        headers={"Authorization": f"Bearer {token}"},
    )
    return int(db.session.query(Upload.id).order_by(Upload.id.desc()).first()[0])


if __name__ == "__main__":
    main()
