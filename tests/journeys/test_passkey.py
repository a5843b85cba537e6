"""A passkey, as a person makes and uses one: Chromium with a device that is unlocked by a finger."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD, Server, sign_in, sign_out

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def device(page: Page):
    """The page's window has a device of its own; returns how its owner's finger is (not) recognised."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    made = talk.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    named = {"authenticatorId": made["authenticatorId"]}
    return lambda known: talk.send("WebAuthn.setUserVerified", named | {"isUserVerified": known})


def test_a_leader_makes_a_passkey_signs_in_with_it_and_takes_it_away(page: Page, server: Server, device):
    sign_in(page, "leader@gdt.example")
    page.goto("/account/passkey")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert len(page.locator("ol.codes li").all()) == 10
    page.get_by_role("button", name="I have kept them").click()
    sign_out(page)
    device(known=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The device gave no passkey")).to_be_visible()
    device(known=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"/$"))
    for path in ("/account/second-step", "/account/sessions"):
        page.goto(path)
        assert Axe().run(page).response["violations"] == []
    expect(page.get_by_role("cell", name="passkey").first).to_be_visible()
    page.goto("/account/second-step")
    page.get_by_role("link", name="Take My phone away").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("Taken away: the passkey My phone")).to_be_visible()
    sign_out(page)
    sign_in(page, "leader@gdt.example")
