"""The main navigation of each role: sections, and the pages of the section one is in."""

import re

import pytest

from gdt.access import Role
from tests.factories import make_institution, make_region


def menu_of(page):
    return page.partition('class="site-nav"')[2].partition("</nav>")[0]


def links(page, current):
    return re.findall(rf'<a href="([^"]+)"\s+aria-current="{current}"', menu_of(page))


def test_a_page_of_a_section_marks_the_section_and_itself(officer):
    page = officer.get("/certificates/ready").text
    assert links(page, "true") == ["/certificates"]
    assert links(page, "page") == ["/certificates/ready"]


def test_a_section_of_one_page_is_that_page(sign_in):
    page = sign_in(Role.OFFICER, regions=[make_region()]).get("/users").text
    assert links(page, "page") == ["/users"]
    assert links(page, "true") == []


def test_a_record_stands_in_the_section_of_its_feature(officer):
    place = make_institution()
    page = officer.get(f"/institutions/{place.code}").text
    assert links(page, "true") == ["/institutions"]


@pytest.mark.parametrize("role", Role)
def test_nobody_is_led_to_a_page_that_is_not_hers(sign_in, role):
    browser = sign_in(role, make_institution() if role.is_of_one_institution else None)
    led_to = set(re.findall(r'href="([^"]+)"', menu_of(browser.get("/").text)))
    assert led_to
    assert {path: browser.get(path).status_code for path in led_to} == dict.fromkeys(led_to, 200)
