"""A person with a printed sheet and a telephone tells a good certificate from an edited one."""

import io
import re
import subprocess
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests.journeys.conftest import Server, sign_in
from tests.journeys.test_main_job import scanned


@pytest.fixture(scope="session")
def paper(chromium: Browser, server: Server) -> bytes:
    """A certificate of the demo network."""
    context = chromium.new_context(base_url=server.url)
    page = context.new_page()
    sign_in(page, "officer@gdt.example")
    page.goto("/certificates?kind=student&state=valid")
    page.get_by_role("link", name=re.compile(r"^GDT-\d{4}-\d{6}$")).first.click()
    number = page.url.rsplit("/", 1)[-1]
    content = page.request.get(f"/certificates/{number}.pdf").body()
    context.close()
    return content


@pytest.fixture
def sheet(paper: bytes, tmp_path: Path) -> Path:
    """The certificate as its holder has it."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(paper)
    return path


@pytest.fixture
def phone(chromium: Browser, server: Server):
    """A stranger's telephone; `phone(javascript=False)` has it switched off."""
    contexts = []

    def opened(*, javascript: bool = True) -> Page:
        size = {"width": 390, "height": 844}
        contexts.append(
            chromium.new_context(base_url=server.url, viewport=size, java_script_enabled=javascript)
        )
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def edited(sheet: Path, name: str) -> Path:
    """The sheet with another name painted over the holder's, printed to a new file."""
    layer = io.BytesIO()
    canvas = Canvas(layer, pagesize=(841.89, 595.28))
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(150, 300, 540, 110, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.setFont("Times-Roman", 36)
    canvas.drawCentredString(420, 345, name)
    canvas.save()
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(sheet.read_bytes()))
    writer.pages[0].merge_page(pypdf.PdfReader(layer).pages[0])
    path = sheet.with_name("certificate edited.pdf")
    writer.write(path)
    return path


def words_on(sheet: Path) -> str:
    text = subprocess.run(["pdftotext", sheet, "-"], check=True, capture_output=True).stdout.decode()
    return " ".join(text.split())


def fact(page: Page, label: str) -> str:
    return page.locator(".facts div", has_text=label).first.locator("dd").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_sheet_is_compared_line_by_line_on_a_phone(phone, sheet: Path, javascript: bool) -> None:
    page = phone(javascript=javascript)
    page.goto(scanned(sheet))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if javascript else True
    holder, number = fact(page, "Holder"), fact(page, "Number")
    assert holder in page.get_by_role("heading", level=1).inner_text().replace("\n", " ")
    good, bad = words_on(sheet), words_on(edited(sheet, "Mallory"))
    assert holder in good and number in good and "Mallory" not in good
    assert "Mallory" in bad and "Mallory" not in page.content()
    for question in (
        "Is it unaltered?",
        "Did we issue it?",
        "Is it in its dates?",
        "Was it revoked or replaced?",
    ):
        expect(page.get_by_text(question)).to_be_visible()


def test_a_file_is_told_good_or_edited_without_typing_a_code(phone, sheet: Path) -> None:
    page = phone(javascript=False)
    for path, said in (
        (sheet, "It is exactly what we issued."),
        (edited(sheet, "M"), "This file is not what we issued"),
    ):
        page.goto("/verify")
        page.get_by_label("Choose the file you were given").set_input_files(path)
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text(said).first).to_be_visible()


def test_a_file_can_be_dropped_on_the_page(phone, sheet: Path) -> None:
    page = phone()
    page.goto("/verify")
    data = list(sheet.read_bytes())
    transfer = page.evaluate_handle(
        """(bytes) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "c.pdf", {type: "application/pdf"}));
            return files;
        }""",
        data,
    )
    page.dispatch_event("main", "drop", {"dataTransfer": transfer})
    expect(page.get_by_text("It is exactly what we issued.")).to_be_visible()
