"""The pages in a real browser: readable to everyone, narrow and wide, light and dark, without JavaScript."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from tests.features.look.preview import create_preview

PAGES = ["/list", "/record", "/form", "/figures", "/verify", "/work", "/error/404"]


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, create_preview(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(chromium, address):
    """Open a page: `visit("/list", width=390, scheme="dark")`. Complaints in the console fail the test."""
    contexts, complaints = [], []

    def open_page(path, *, width=1280, **settings):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in complaints if "422" not in text] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_locked_out(visit, path, scheme):
    found = Axe().run(visit(path, color_scheme=scheme))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(visit, path):
    page = visit(path, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_right_to_left_pages_stay_within_the_screen(visit):
    for path in ("/list", "/record", "/figures"):
        page = visit(f"{path}?lang=ar", width=390)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_menu_opens_and_closes_on_a_phone(visit):
    page = visit("/list", width=390)
    link = page.get_by_role("link", name="Figures")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_everything_works_without_javascript(visit):
    page = visit("/form", java_script_enabled=False, width=390)
    page.get_by_label("Name", exact=True).fill("taken")
    page.get_by_label("Course").select_option("dm")
    page.get_by_label("Hybrid").check()
    page.get_by_label("First day").fill("2026-02-02")
    page.get_by_role("button", name="Log the cohort").click()
    assert page.get_by_role("alert").get_by_text("Another cohort of this course has this name.").is_visible()
    assert page.get_by_label("Name", exact=True).input_value() == "taken"
    page.get_by_label("Name", exact=True).fill("Spring 2026")
    page.get_by_role("button", name="Log the cohort").click()
    assert page.get_by_text("The cohort is logged.").is_visible()


def test_errors_are_read_first_and_lead_to_their_field(visit):
    page = visit("/form")
    page.get_by_role("button", name="Log the cohort").click()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Mode: Choose how it is taught.").click()
    assert page.evaluate("document.activeElement.id") == "mode-0"


def test_the_dangerous_button_wakes_up_with_the_word(visit):
    page = visit("/work?done=1200")
    button = page.get_by_role("button", name="Revoke the certificate")
    assert button.is_disabled()
    page.get_by_label("Type “revoke” to confirm").fill("revoke")
    assert button.is_enabled()


def test_one_tick_takes_all_rows_of_the_page(visit):
    page = visit("/record")
    page.get_by_label("Select all rows on this page").check()
    assert page.locator("input[name=person]:checked").count() == 4


def test_long_work_moves_on_by_itself_until_it_is_done(visit):
    page = visit("/work/running")
    assert page.get_by_role("progressbar").is_visible()
    page.get_by_role("link", name="See the certificates").wait_for(timeout=8000)


def test_work_whose_page_has_become_another_one_shows_that_page(visit):
    page = visit("/work/becoming")
    assert page.get_by_role("progressbar").is_visible()
    page.get_by_role("table").first.wait_for(timeout=8000)


def test_the_first_stop_of_the_keyboard_is_the_way_to_the_content(visit):
    page = visit("/list")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_gets_the_record_and_not_the_navigation(visit):
    page = visit("/record")
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    for gone in (".site-nav", ".site-user", ".tabs", ".actions", ".site-footer"):
        assert not page.locator(gone).first.is_visible()
