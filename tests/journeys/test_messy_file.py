"""A coordinator who never saw the page brings a messy file, mends three rows and is done in three clicks."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gdt.spreadsheets.writing import write_xlsx
from tests.journeys.conftest import TOLD, Server, sign_in

HEADER = ["No.", "STUDENT NAME ", "Matric No.", "E-Mail", "Faculty"]
GOOD = [
    [str(n), f"Journey Student {'ABCDEFGHIJ'[n]}", f"M00{n}", f"m{n}@x.example", "FBF"] for n in range(10)
]
BAD = [
    ["11", "", "M011", "m11@x.example", "FBF"],
    ["12", "Lim Ah Beng", "M012", "no address", "FBF"],
    ["13", "Chan Mei", "M000", "m13@x.example", "FBF"],
]
REASONS = {"STUDENT NAME": "name is empty", "E-Mail": "not an e-mail", "Matric No.": "already on line"}


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "students.xlsx"
    path.write_bytes(write_xlsx(HEADER, [*GOOD, *BAD], "Students"))
    return path


class Counted:
    """Clicks on buttons, one by one."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.clicks += 1


def test_a_messy_file_is_put_right_on_the_page(page: Page, server: Server, messy: Path) -> None:
    sign_in(page, "coordinator@utar.example")
    page.goto("/cohorts")
    page.get_by_role("table").get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("link", name="Upload a roster").click()
    counted = Counted(page)
    page.get_by_label("Roster").set_input_files(messy)
    counted.press("Check the file")
    expect(page.get_by_text("3 rows need you")).to_be_visible()
    for column, text in (("STUDENT NAME", "Ong Bee"), ("E-Mail", "beng@x.example"), ("Matric No.", "M013")):
        page.locator("tr").filter(has_text=REASONS[column]).get_by_label(column).fill(text)
    counted.press("Save and check all you typed")
    page.get_by_label(TOLD).check()
    counted.press("Confirm and keep 13 rows")
    expect(page.get_by_text("13 of 13 rows are in the cohort")).to_be_visible(timeout=20_000)
    assert counted.clicks == 3
