"""Where signing in may lead, by the address somebody brought along."""

import pytest

from gdt.accounts.own_pages import own_page

OURS = ["/", "/account?x=1", "/verify/AB CD", "/people?q=a%0Ab&after=x", "/events/höhe", "/.//x"]
NOT_OURS = [
    "", None, "account", "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example",
    "\\/evil.example", "/\x0b/evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
    "javascript:alert(1)", "/a\\..\\b",
]  # fmt: skip


@pytest.mark.parametrize("target", OURS)
def test_a_page_of_ours_is_where_it_leads(target):
    assert own_page(target) == target


@pytest.mark.parametrize("target", NOT_OURS)
def test_whatever_a_browser_may_take_for_another_host_leads_to_the_start(target):
    assert own_page(target) == "/"
