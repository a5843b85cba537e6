"""P13, a small part of it: what schemathesis makes of our document breaks neither server nor document."""

import io
import re

import pytest

from gdt.access import Role
from gdt.api import figure_views
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


def falls_over() -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    ("planted", "found"),
    [(falls_over, "Server error"), (lambda: [{"measure": "only a name"}], "does not conform|violates")],
)
def test_a_planted_fault_is_found(app, monkeypatch, planted, found):
    monkeypatch.setattr(figure_views, "definitions", planted)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    token = make_token(make_user(role=Role.LEADER))
    told = list(attack(app, [token], {}, examples=1, only="/measures"))
    assert [name for name, _sent, _broken in told] == ["GET /api/v1/measures"]
    assert re.search(found, str(told[0][2]), re.IGNORECASE), told
