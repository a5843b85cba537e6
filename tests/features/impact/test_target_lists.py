"""Targets as rows of a file: of the network, countries and institutions, kept, undone, and at the command."""

import io
import json

import openpyxl
import pytest

from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.commands.office import gdt as office
from gdt.database import db
from gdt.impact.target_models import Target
from tests.browser import squeezed, submit
from tests.factories import TODAY, make_agreement, make_country, make_institution

YEAR = TODAY.year
UPLOAD = "/impact/targets/upload"
LIST = f"""Jahr?;Year;Place;Indicator;Number
x;{YEAR};;students trained;10 000
x;{YEAR};;teachers certified;400
x;{YEAR};Malaysia;estudiantes formados;700
x;{YEAR + 543};mine;students trained;60
x;{YEAR};mine;students trained;61
x;{YEAR};nowhere;students trained;1
x;{YEAR};MY;exams taken;1
x;1999;MY;students trained;-5
"""


@pytest.fixture
def mine(app):
    mine = make_institution(code="mine", name="My College", country=make_country(code="MY"))
    make_institution(code="other", name="Their College", country=mine.country)
    make_agreement(mine, teachers_target=7, students_target=100)
    return mine


def upload(client, content, filename="targets.csv"):
    data = content.encode() if isinstance(content, str) else content
    return submit(client, UPLOAD, file=(io.BytesIO(data), filename)).location


def keep(client, place):
    submit(client, f"{place}/keep", page=place)
    db.session.expire_all()


def held():
    db.session.expire_all()
    return {(one.level, one.place_id): (one.teachers, one.students) for one in db.session.query(Target)}


def test_a_list_of_targets_is_kept_shows_its_source_and_can_be_undone(officer, leader, mine):
    country = mine.country_id
    submit(officer, f"/impact/targets/set?year={YEAR}&institution=mine", teachers="", students="50")
    place = upload(officer, LIST)
    page = officer.get(f"{place}?state=").text
    for words in ("3 to be set", "1 with another number than is set", "4 refused", "Delete one row."):
        assert words in page, words
    reasons = officer.get(f"{place}?state=refused").text
    for words in ("has no place", "Write teachers certified or students trained.", f"to {YEAR + 10}"):
        assert words in reasons, words
    submit(officer, f"{place}/rows", page=place, choice="5:file")
    keep(officer, place)
    assert held() == {(0, 0): (400, 10_000), (2, country): (None, 700), (3, mine.id): (None, 60)}
    shown = squeezed(leader.get("/impact/targets").text)
    assert "of the target, 10,000 (from the office’s list)" in shown
    own = squeezed(leader.get(f"/institutions/mine/figures?year={YEAR}").text)
    assert "60 (from the office’s list)" in own and "7 (from the agreement)" in own
    told = db.session.query(AuditEvent.summary).filter_by(subject_kind="targets").all()
    assert (f"Set the targets of MY for {YEAR} from a list.",) in told
    submit(officer, f"{place}/undo")
    assert held() == {(3, mine.id): (None, 50)}
    assert "50 (set by the office)" in squeezed(leader.get(f"/institutions/mine/figures?year={YEAR}").text)


def test_what_somebody_typed_since_stands_in_the_way_of_undoing(officer, mine):
    place = upload(officer, f"Year,Place,Measure,Number\n{YEAR},,students trained,10\n")
    keep(officer, place)
    submit(officer, f"/impact/targets/set?year={YEAR}", teachers="", students="11")
    assert "1 target was changed since." in squeezed(officer.get(f"{place}/undo").text)


def test_the_workbook_of_targets_comes_back_filled_in_and_a_word_of_two_places_is_refused(officer, mine):
    make_institution(code="two", name="Malaysia", country=mine.country)
    book = openpyxl.load_workbook(io.BytesIO(officer.get("/impact/targets-template.xlsx?language=th").data))
    sheet = book.worksheets[0]
    assert "mine" in sheet.data_validations.dataValidation[1].formula1
    sheet.append([str(YEAR), "mine", "students trained", "70"])
    sheet.append([str(YEAR), "malaysia", "students trained", "71"])
    out = io.BytesIO()
    book.save(out)
    place = upload(officer, out.getvalue(), "targets.xlsx")
    assert "is the word of several places" in officer.get(f"{place}?state=refused").text
    keep(officer, place)
    assert held() == {(3, mine.id): (None, 70)}


def test_targets_at_the_command_line_replace_only_when_told(app, mine, tmp_path):
    file = tmp_path / "targets.csv"
    outcomes = []
    for number, more in ((5, ()), (6, ()), (6, ("--replace", "--dry-run")), (6, ("--replace",))):
        file.write_text(f"Year,Place,Measure,Number\n{YEAR},network,teachers,{number}\n")
        words = ["import-targets", str(file), *more, "--json"]
        outcomes.append(json.loads(app.test_cli_runner().invoke(office, words).output)["rows_kept"])
    assert outcomes == [1, 0, 1, 1]
    assert held() == {(0, 0): (6, None)}


def test_nobody_but_the_whole_office_uploads_targets(mine, sign_in, officer):
    place = upload(officer, f"Year,Place,Measure,Number\n{YEAR},,students trained,10\n")
    others = [sign_in(Role.LEADER), sign_in(Role.COORDINATOR, mine)]
    others.append(sign_in(Role.OFFICER, regions=[mine.country.region]))
    for client in others:
        assert client.get(UPLOAD).status_code == 403
        assert client.get(place).status_code in (403, 404)
