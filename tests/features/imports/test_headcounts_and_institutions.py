"""Headcounts of an institution, and the office's list of institutions, as rows of a file."""

import io
import json
from datetime import date

import openpyxl
import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.commands.office import gdt as office
from gdt.database import db
from gdt.imports.models import Upload
from gdt.partners.models import Institution
from gdt.training.headcounts import verify_headcount
from gdt.training.models import Headcount, HeadcountMeasure
from tests.browser import submit
from tests.factories import make_agreement, make_country, make_institution, make_module

UPLOAD = "/institutions/utar/headcounts/upload"


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def modules(app):
    return [make_module(code="cloud", title="Cloud Computing"), make_module(code="ai", title="AI Basics")]


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def upload(client, path, content, filename="list.csv"):
    data = content.encode() if isinstance(content, str) else content
    return submit(client, path, file=(io.BytesIO(data), filename)).location


def keep(client, place):
    submit(client, f"{place}/keep", page=place)
    db.session.expire_all()
    return client.get(place).text


def told_by(app, *words):
    """What a command answers as JSON."""
    done = app.test_cli_runner().invoke(office, [*words, "--json"])
    db.session.expire_all()
    return json.loads(done.output)


def reported():
    db.session.expire_all()
    return {(h.year, h.measure.value, h.module.code): h.people for h in db.session.query(Headcount)}


def claim(utar, module, people, **columns):
    record = Headcount(
        institution=utar,
        module=module,
        year=2020,
        measure=HeadcountMeasure.STUDENTS_TRAINED,
        people=people,
        evidence="Lists",
        **columns,
    )
    db.session.add(record)
    db.session.commit()
    return record


def test_headcounts_come_in_a_list_are_claimed_and_can_be_undone(coordinator, officer, utar, modules):
    sheet = (
        "Año,Indicador,Módulo,Número de personas,Evidencia,Nota\n"
        "2021,estudiantes capacitados,cloud,1.240,Actas,x\n"
        "2021,students trained,AI Basics,40,Actas,\n"
        "2021,students trained,cloud,7,Actas,\n"
        "1999,exams,ai,0,,\n"
        "2021,happiness,art,12,Actas,\n"
    )
    place = upload(coordinator, UPLOAD, sheet)
    page = coordinator.get(f"{place}?state=").text
    for words in (
        "2 to be reported",
        "3 refused",
        "as on line 2",
        "when the programme began",
        "The programme has no module “",
    ):
        assert words in page
    assert "They count as claimed" in keep(coordinator, place)
    held = {(2021, "students trained", "cloud"): 1240, (2021, "students trained", "ai"): 40}
    assert reported() == held
    assert db.session.query(Headcount).filter(Headcount.verified_at.is_not(None)).count() == 0
    assert db.session.query(AuditEvent).filter_by(action="reported").count() == 2
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (5, 2, 3)

    again = upload(coordinator, UPLOAD, sheet.replace("Nota", "Nota 2"))
    assert "changes nothing: 2 of its 5 rows are unchanged" in coordinator.get(again).text
    submit(coordinator, f"{place}/undo")
    assert reported() == {}


def test_a_number_the_office_verified_is_never_replaced_nor_undone(coordinator, utar, modules):
    claimed, verified = claim(utar, modules[0], 10), claim(utar, modules[1], 20)
    verify_headcount(actor=OFFICE, headcount=verified)
    db.session.commit()
    sheet = "Year,Measure,Module,People,Evidence\n2020,students trained,cloud,11,New\n"
    sheet += "2020,students trained,ai,21,New\n"
    place = upload(coordinator, UPLOAD, sheet)
    page = coordinator.get(f"{place}?state=").text
    assert "has verified 20 for this already" in page
    assert "the register says “10”, the file “11”" in page
    submit(coordinator, f"{place}/choices", page=place, state="conflict", choice="file")
    keep(coordinator, place)
    assert set(reported().values()) == {11, 20}

    verify_headcount(actor=OFFICE, headcount=db.session.get_one(Headcount, claimed.id))
    db.session.commit()
    page = coordinator.get(f"{place}/undo").text
    assert "1 headcount was verified or changed since." in page
    assert "Open UTAR" in page
    db.session.get_one(Headcount, claimed.id).verified_at = None
    db.session.get_one(Headcount, claimed.id).verified_by_name = None
    db.session.commit()
    submit(coordinator, f"{place}/undo")
    assert set(reported().values()) == {10, 20}


def test_the_template_of_headcounts_offers_the_modules_and_comes_back(coordinator, utar, modules):
    for number in range(12):
        make_module(code=f"m{number}", title=f"A module with a rather long title, number {number}")
    file = coordinator.get("/institutions/utar/headcounts-template.xlsx").data
    workbook = openpyxl.load_workbook(io.BytesIO(file))
    sheet = workbook.active
    assert len(sheet.data_validations.dataValidation) == 4
    for cell, value in zip("ABCDE", (2022, "exams taken", "Cloud Computing", 5, "Lists"), strict=True):
        sheet[f"{cell}2"] = value
    out = io.BytesIO()
    workbook.save(out)
    keep(coordinator, upload(coordinator, UPLOAD, out.getvalue(), "back.xlsx"))
    assert reported() == {(2022, "exams taken", "cloud"): 5}


def test_headcounts_at_the_command_line_replace_only_when_told(app, utar, modules, tmp_path):
    claim(utar, modules[0], 10)
    file = tmp_path / "numbers.csv"
    file.write_text("Year,Measure,Module,People,Evidence\n2020,students trained,cloud,11,New\n")
    command = ("import-headcounts", str(file), "--institution", "utar")
    outcomes = [told_by(app, *command, *more) for more in ((), ("--replace", "--dry-run"), ("--replace",))]
    assert [one["rows_kept"] for one in outcomes] == [0, 1, 1]
    assert set(reported().values()) == {11}


LIST = """Código;Nombre;Tipo;País;Ciudad;Sitio web;Socio desde
UNAM;Universidad Nacional;universidad;México;Ciudad de México;https://unam.mx;2019-03-01
utar;;;;;https://utar.edu.my;
bad code;X;university;MX;A;;
lone;Lone;;MX;A;;
twin;UTAR;university;MX;A;;
"""


def test_institutions_come_in_a_list_of_the_office_and_can_be_undone(officer, utar):
    make_country(code="MX", m49_subregion="013")
    place = upload(officer, "/institutions/upload", LIST)
    page = officer.get(f"{place}?state=").text
    for words in ("1 new", "1 registered already, with something new", "3 refused", "has this name already"):
        assert words in page
    keep(officer, place)
    unam = db.session.query(Institution).filter_by(code="unam").one()
    assert (unam.country.code, unam.kind.value, unam.joined_on) == ("MX", "university", date(2019, 3, 1))
    assert db.session.query(Institution).filter_by(code="utar").one().website == "https://utar.edu.my"
    make_agreement(unam)
    assert "1 agreement was made since." in officer.get(f"{place}/undo").text
    db.session.query(type(unam.agreements[0])).delete()
    db.session.commit()
    submit(officer, f"{place}/undo")
    db.session.expire_all()
    assert [(one.code, one.website) for one in db.session.query(Institution)] == [("utar", None)]


def test_an_institution_much_like_a_registered_one_is_asked_about(officer, app):
    thailand = make_country(code="TH", m49_subregion="035")
    names = {"name": "Thep Nakhon University", "native_name": "มหาวิทยาลัยเทพนคร"}
    make_institution(code="thep", country=thailand, **names)
    sheet = "Code,Name,Native name,Kind,Country,City\n"
    sheet += "tnu,Thep Nakhon Univ.,,university,TH,Bangkok\n"
    sheet += "tn2,TNU,มหาวิทยาลัยเทพนคร,university,Thailand,Bangkok\n"
    sheet += "chula,Chula University,,university,TH,Bangkok\n"
    place = upload(officer, "/institutions/upload", sheet)
    page = officer.get(place).text
    for words in ("1 new", "2 probably known", "2 rows need you", "A new institution", "Same as Thep Nakhon"):
        assert words in page
    submit(officer, f"{place}/rows", page=place, choice="2:same")
    submit(officer, f"{place}/rows", page=place, choice="3:new")
    keep(officer, place)
    assert {one.code for one in db.session.query(Institution)} == {"thep", "tn2", "chula"}
    record = db.session.query(Upload).one()
    assert (record.rows_kept, record.rows_unchanged, record.rows_refused) == (3, 1, 0)


def test_the_list_of_institutions_comes_back_as_it_was_taken_away(officer, utar):
    place = upload(officer, "/institutions/upload", officer.get("/institutions.csv").data)
    assert "its one row is in the register already" in officer.get(place).text
    template = officer.get("/institutions/template.xlsx").data
    again = upload(officer, "/institutions/upload", template, "filled.xlsx")
    assert "its one row is in the register already" in officer.get(again).text


def test_institutions_at_the_command_line_and_never_by_a_partner(app, coordinator, officer, utar, tmp_path):
    file = tmp_path / "partners.csv"
    file.write_text("Code,Name,City\nutar,Universiti TAR,Kampar\n")
    place = upload(officer, "/institutions/upload", file.read_bytes())
    assert coordinator.get(place).status_code == 404
    assert coordinator.get("/institutions/upload").status_code == 403
    command = ("import-institutions", str(file))
    assert told_by(app, *command)["rows_refused"] == 1
    assert told_by(app, *command, "--replace")["rows_kept"] == 1
    db.session.expire_all()
    assert db.session.query(Institution).one().name == "Universiti TAR"
