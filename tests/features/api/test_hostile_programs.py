"""P13, a small part of it: what schemathesis makes of our document breaks neither server nor document."""

import io

from gdt.access import Role
from gdt.database import db
from gdt.imports.models import Upload
from tests.factories import make_agreement, make_cohort, make_institution, make_token, make_user
from tests.hostile_programs import attack

ROSTER = b"Full name,E-mail\nTan Mei Ling,mei@x.example\nTan Mei Ling,wrong\n"


def test_no_program_of_three_roles_breaks_the_interface_or_its_document(app, client):
    school = make_institution(code="utar")
    make_agreement(school)
    make_cohort(school, code="dm-2026")
    coordinator = make_token(make_user(role=Role.COORDINATOR, institution=school))
    others = [make_token(make_user(role=role)) for role in (Role.OFFICER, Role.LEADER)]
    client.post(
        "/api/v1/uploads",
        data={"kind": "roster", "subject": "dm-2026", "file": (io.BytesIO(ROSTER), "roster.csv")},
        headers={"Authorization": f"Bearer {coordinator}"},
    )
    known = {"code": "utar", "measure": "students_trained", "year": 2026, "number": "GDT-2026-000001"}
    known["upload_id"] = db.session.query(Upload.id).scalar()
    told = list(attack(app, [coordinator, *others], known, examples=2))
    assert {name: broken for name, _sent, broken in told if broken} == {}
    assert len(told) > 20
    assert sum(sent for _name, sent, _broken in told) > 100
