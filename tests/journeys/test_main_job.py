"""The main job, end to end: from a partner's roster to a leader's number, in a browser, on each database."""

import email
import json
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gdt.spreadsheets.writing import write_xlsx
from tests.journeys.conftest import PASSWORD, TOLD, Server, sign_in, sign_out

TODAY = datetime.now(UTC).date()
STUDENTS = [
    ("Nguyễn Thị Ánh Tuyết", "", "J001", "tuyet@students.utar.example", "F"),
    ("Tan Mei Ling", "陈美玲", "J002", "meiling@students.utar.example", "F"),
    ("Kavitha a/p Murugan", "கவிதா முருகன்", "J003", "kavitha@students.utar.example", "F"),
    ("Muhammad Aiman bin Rosli", "محمد أيمن", "J004", "aiman@students.utar.example", "L"),
    ("Suharto", "", "J005", "suharto@students.utar.example", "L"),
    ("", "王美仪", "J006", "nameless@students.utar.example", "P"),
]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A roster as a partner keeps it: odd headers, a further column, one row without a name."""
    header = ["No.", "STUDENT NAME ", "Name in own script", "Matric No.", "E-Mail", "Jantina", "Faculty"]
    rows = [[str(n), *student, "FBF"] for n, student in enumerate(STUDENTS, start=1)]
    path = tmp_path / "roster.xlsx"
    path.write_bytes(write_xlsx(header, rows, "Students"))
    return path


def test_from_a_roster_to_a_number(page: Page, server: Server, roster: Path, tmp_path: Path) -> None:
    before = students_trained(server)
    sign_in(page, "coordinator@utar.example")
    expect(page.get_by_text("in force until")).to_be_visible()
    code = open_a_cohort(page)
    upload_the_roster(page, code, roster)
    mark_attendance_and_completion(page, code)
    enter_results(page, code)
    sign_out(page)

    sign_in(page, "officer@gdt.example")
    issue_the_certificates(page, code)
    take_all_as_zip(page, code, tmp_path)
    number, verify_url = take_one(page, code, tmp_path)
    revoke(page, number)
    sign_out(page)

    verify_as_a_stranger(page, verify_url)

    sign_in(page, "leader@gdt.example")
    read_the_number(page, before + 5)
    take_the_summary_away(page, server)


def test_the_announced_figures_stand_on_the_page_of_their_year(page: Page, server: Server) -> None:
    sign_in(page, "leader@gdt.example")
    page.goto("/impact?year=2022")
    for announced in ("1,400", "32,400"):
        expect(page.get_by_text(announced).first).to_be_visible()
    outcome = server.command("gdt", "impact", "check")
    assert outcome.returncode == 0, outcome.stdout


def test_a_teacher_training_gives_qualifications_and_certificates(page: Page, server: Server) -> None:
    sign_in(page, "officer@gdt.example")
    page.goto("/trainings/new")
    page.get_by_label("Title").fill("Trainers' week")
    page.get_by_label("New Retail", exact=True).check()
    page.get_by_label("First day").fill(str(TODAY - timedelta(days=9)))
    page.get_by_label("Last day").fill(str(TODAY - timedelta(days=5)))
    page.get_by_label("Online").check()
    page.get_by_label("Trainers").fill("Lin Wei")
    page.get_by_role("button", name="Plan the training").click()
    training = page.url
    for institution, teacher in (("utar", "Wong Siew Lan"), ("inti", "Arjun a/l Raman")):
        page.goto(f"{training}/participants/new?institution={institution}")
        page.get_by_label("Full name").fill(teacher)
        page.get_by_role("button", name="Add to the training").click()
    page.goto(training)
    page.get_by_role("button", name="Save, and mark the open ones passed").click()
    expect(page.get_by_label("Wong Siew Lan, New Retail")).to_have_value("passed")
    page.goto("/people?q=Wong+Siew+Lan")
    page.get_by_role("link", name="Wong Siew Lan", exact=True).click()
    page.get_by_role("link", name="Learning and teaching").click()
    expect(page.get_by_text("New Retail").first).to_be_visible()
    page.goto("/certificates/ready")
    page.get_by_role("link", name="New Retail", exact=True).click()
    page.get_by_role("button", name=re.compile(r"^\s*Issue \d+ certificate")).click()
    confirm_the_order(page)
    page.goto("/certificates?q=Wong+Siew+Lan")
    expect(page.get_by_role("link", name=re.compile(r"^GDT-\d{4}-\d{6}$"))).to_be_visible()


def test_an_administrator_invites_a_user_who_then_signs_in(page: Page, server: Server) -> None:
    sign_in(page, "admin@gdt.example")
    page.goto("/users/invite")
    page.get_by_label("Name").fill("Batbayar Enkh")
    page.get_by_label("E-mail address").fill("new@gdt.example")
    page.get_by_label("Role").select_option("officer")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("is on its way")).to_be_visible()
    link = invitation_link(page, server, "new@gdt.example")
    sign_out(page)
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and begin").click()
    expect(page.get_by_text("Programme officer")).to_be_visible()


def test_a_coordinator_works_without_javascript(chromium, server: Server, roster: Path) -> None:
    context = chromium.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "coordinator@inti.example")
    page.goto("/cohorts")
    page.get_by_role("table").get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("link", name="Upload a roster").click()
    page.get_by_label("Roster").set_input_files(roster)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("1 row needs you")).to_be_visible()
    page.get_by_label(TOLD).check()
    page.get_by_role("button", name="Confirm and keep 5 rows").click()
    expect(page.get_by_text("5 of 6 rows are in the cohort")).to_be_visible(timeout=20_000)
    context.close()


def students_trained(server: Server, year: int = TODAY.year) -> int:
    outcome = server.command("gdt", "impact", "--year", str(year), "--json")
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)["students_trained"]


def open_a_cohort(page: Page) -> str:
    """Open a cohort that ended yesterday; returns its code."""
    page.get_by_role("link", name="Open a cohort").click()
    page.get_by_label("New Retail", exact=True).or_(page.get_by_label("Course")).first.wait_for()
    page.get_by_label("Course").select_option(label="New Retail")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Selvi a/p Krishnan").check()
    page.get_by_label("Term").fill("Journey term")
    page.get_by_label("First day").fill(str(TODAY - timedelta(days=30)))
    page.get_by_label("Last day").fill(str(TODAY - timedelta(days=60)))
    page.get_by_label("On site").check()
    page.get_by_role("button", name="Open the cohort").click()
    expect(page.get_by_role("alert")).to_contain_text("Last day")
    expect(page.get_by_label("Term")).to_have_value("Journey term")
    page.get_by_label("Last day").fill(str(TODAY - timedelta(days=1)))
    page.get_by_role("button", name="Open the cohort").click()
    page.wait_for_url(re.compile(r"/cohorts/utar-"))
    return page.url.rsplit("/", 1)[-1]


def upload_the_roster(page: Page, code: str, roster: Path) -> None:
    page.goto(f"/cohorts/{code}/roster")
    page.get_by_label("Roster").set_input_files(roster)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("5 new", exact=True)).to_be_visible()
    expect(page.get_by_text("1 row needs you")).to_be_visible()
    page.get_by_label(TOLD).check()
    page.get_by_role("button", name="Confirm and keep 5 rows").click()
    expect(page.get_by_text("5 of 6 rows are in the cohort")).to_be_visible(timeout=20_000)
    page.goto(f"/cohorts/{code}/roster")
    page.get_by_label("Roster").set_input_files(roster)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("5 already in this cohort", exact=True)).to_be_visible()


def mark_attendance_and_completion(page: Page, code: str) -> None:
    page.goto(f"/cohorts/{code}")
    expect(page.get_by_text("陈美玲")).to_be_visible()
    page.locator("input[name$=attendance], input[name^=a]").first.fill("95")
    page.get_by_role("button", name="Save this page").click()
    page.get_by_role("button", name=re.compile("Mark the whole cohort completed")).click()
    expect(page.get_by_text("5, of whom 5 completed")).to_be_visible()


def enter_results(page: Page, code: str) -> None:
    page.goto(f"/cohorts/{code}/sittings/new")
    page.get_by_label("Date of the exam").fill(str(TODAY - timedelta(days=1)))
    page.get_by_role("button", name="Schedule the sitting").click()
    page.wait_for_url(re.compile(r"/(sittings/|exams)"))
    page.goto(f"/sittings/{code}-e1")
    marks = page.get_by_label(re.compile("^Mark"))
    for position, mark in enumerate(("105", "88", "71.5", "64", "59")):
        marks.nth(position).fill(mark)
    page.get_by_role("button", name="Save this page").click()
    expect(page.get_by_text("above the maximum").first).to_be_visible()
    expect(marks.nth(1)).to_have_value("88")
    marks.nth(0).fill("90")
    page.get_by_role("button", name="Save this page").click()
    expect(page.get_by_text("5 of 5")).to_be_visible()


def issue_the_certificates(page: Page, code: str) -> None:
    page.goto(f"/certificates/ready/cohorts/{code}")
    page.get_by_role("link", name=re.compile("^Not ready")).click()
    expect(page.get_by_text("exam").first).to_be_visible()
    page.goto(f"/certificates/ready/cohorts/{code}")
    page.get_by_role("button", name=re.compile("^Issue 4")).click()
    confirm_the_order(page)
    expect(page.get_by_text("4 certificates are issued")).to_be_visible(timeout=20_000)
    page.reload()
    expect(page.get_by_text("4 certificates are issued")).to_be_visible()


def confirm_the_order(page: Page) -> None:
    """Wait for the order's page, which shows how far it is until it is done."""
    page.wait_for_url(re.compile(r"/certificate-batches/\d+"))
    expect(page.get_by_role("link", name="See the certificates")).to_be_visible(timeout=60_000)


def take_all_as_zip(page: Page, code: str, folder: Path) -> None:
    page.goto(f"/cohorts/{code}/certificates")
    page.get_by_role("button", name="Download all as ZIP").click()
    link = page.get_by_role("link", name="Download the ZIP")
    expect(link).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(folder / "all.zip")
    with zipfile.ZipFile(folder / "all.zip") as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 4


def take_one(page: Page, code: str, folder: Path) -> tuple[str, str]:
    """Download one certificate; returns its number and the address its QR symbol holds."""
    page.goto(f"/cohorts/{code}/certificates")
    page.get_by_role("link", name=re.compile(r"^GDT-\d{4}-\d{6}$")).first.click()
    number = page.url.rsplit("/", 1)[-1]
    pdf = folder / "certificate.pdf"
    pdf.write_bytes(page.request.get(f"/certificates/{number}.pdf").body())
    assert pdf.read_bytes().startswith(b"%PDF-")
    return number, scanned(pdf)


def scanned(pdf: Path) -> str:
    """What a telephone reads from the printed sheet."""
    if not (shutil.which("pdftoppm") and shutil.which("zbarimg")):
        pytest.skip("NO QR READER: install poppler-utils and zbar-tools (see .ci/system-packages).")
    subprocess.run(["pdftoppm", "-r", "150", "-png", pdf, pdf.with_suffix("")], check=True)
    picture = next(pdf.parent.glob("certificate*.png"))
    return subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture], check=True, capture_output=True, text=True
    ).stdout.strip()


def revoke(page: Page, number: str) -> None:
    page.goto(f"/certificates/{number}/revoke")
    page.get_by_label(re.compile("Reason")).fill("Issued to the wrong person")
    page.get_by_label(re.compile("to confirm")).fill(number)
    page.get_by_role("button", name="Revoke the certificate").click()
    expect(page.get_by_text("revoked").first).to_be_visible()


def verify_as_a_stranger(page: Page, verify_url: str) -> None:
    page.goto(verify_url)
    expect(page.get_by_text("Issued to the wrong person").first).to_be_visible()
    expect(page.get_by_text("Universiti Tunku Abdul Rahman").first).to_be_visible()
    page.goto("/verify")
    page.get_by_label("Code").fill(verify_url.rsplit("/", 1)[-1].lower().replace("0", "o"))
    page.get_by_role("button", name="Verify").click()
    page.wait_for_url(re.compile(r"/verify/"))
    page.goto("/verify")
    page.get_by_label("Code").fill("7K3M-9QXR-2TBW")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_label("Code")).to_have_value("7K3M-9QXR-2TBW")


def read_the_number(page: Page, trained: int) -> None:
    page.goto(f"/impact?year={TODAY.year}")
    page.get_by_role("link", name=f"{trained:,}", exact=True).first.click()
    page.wait_for_url(re.compile("/impact/students-trained"))
    expect(page.get_by_text("Tan Mei Ling").first).to_be_visible()


def take_the_summary_away(page: Page, server: Server) -> None:
    pdf = page.request.get("/impact/2022/annual-summary.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")
    csv = page.request.get("/impact/2022/annual-summary.csv").text()
    assert f'"students_trained","year","2022","2022","2022","{students_trained(server, 2022)}"' in csv


def invitation_link(page: Page, server: Server, recipient: str) -> str:
    """The link in the mail, which lies in a file as long as there is no mail server."""
    for _ in range(50):
        for path in (server.data_dir / "mail").glob("*"):
            for part in path.read_text().split("-" * 79):
                message = email.message_from_string(part.strip())
                if message["To"] == recipient:
                    text = message.get_payload(decode=True).decode()
                    return re.search(r"http://\S+/invitation/\S+", text).group(0)
        page.wait_for_timeout(200)
    raise AssertionError(f"No mail to {recipient} arrived.")
