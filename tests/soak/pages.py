"""Every page of a running demo network as its readers meet it: nobody locked out, nothing scrolling sideways.

`GDT_DEMO_PASSWORD=… python -m tests.soak.pages [http://127.0.0.1:8000]`, beside `make run`.

Signs in as each role, follows links breadth first, and opens one page of each kind at the width of a laptop
and of a phone; says what axe finds (WCAG 2.2 AA and good practice), headings that jump, and pages too wide.
Then walks it by the keyboard alone: all that can be used is reached, shows its focus, and lets go.
"""

import os
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from config import TestConfig
from gdt.app import create_app
from tests.journeys.conftest import CHROMIUM, QUIET

READERS = ["officer@gdt.example", "admin@gdt.example", "coordinator@utar.example"]
READERS += ["teacher@utar.example", "leader@gdt.example"]
LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# An <a> within a drawing has no address of its own in `href`: it is resolved here, as for all others.
LINKS = """[...document.querySelectorAll('a[href]')]
    .map(link => new URL(link.getAttribute('href'), document.baseURI).href)"""
# What the tab key should reach: of radio buttons of one name it is one.
REACHABLE = """() => {
    const groups = new Set();
    return [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
        .filter(one => {
            if (one.type !== 'radio') return true;
            const chosen = document.querySelector(`input[type=radio][name="${one.name}"]:checked`);
            if (groups.has(one.name) || (chosen && chosen !== one)) return false;
            return groups.add(one.name);
        })
        .map((one, place) => { one.dataset.place = place; return one.outerHTML.slice(0, 90); });
}"""
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== 'none';
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {place: one.dataset.place ?? '', seen, inside, what: one.outerHTML.slice(0, 90)};
}"""
MOST_STOPS = 120
HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(heading => Number(heading.tagName[1]))"


def main() -> None:
    """Walk the network and end with 1 if a page locks somebody out."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    doors: set[str] = set()
    troubles = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = f"sqlite:///{folder}/gdt.db"
        app = create_app(TestConfig(data_dir=Path(folder), database_url=address))  # for its map of addresses
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for reader in READERS:
            page = browser.new_context(base_url=url, viewport=LAPTOP).new_page()
            sign_in(page, reader)
            for endpoint, path in walk(page, app):
                found = judged(page) if endpoint not in doors or path == "/" else []
                doors.add(endpoint)
                troubles += len(found)
                sys.stdout.writelines(f"{path} ({reader}): {trouble}\n" for trouble in found)
                sys.stdout.flush()
        browser.close()
    sys.stdout.write(f"{len(doors)} kinds of pages, {troubles} troubles\n")
    sys.exit(1 if troubles else 0)


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(os.environ["GDT_DEMO_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for(state="attached")


def walk(page: Page, app: Flask) -> Iterator[tuple[str, str]]:
    """Follow links from the first page, breadth first; yields each new kind of page, open, with its path."""
    doors: set[str] = set()
    addresses = app.url_map.bind("localhost")
    waiting = deque(["/"])
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = addresses.match(urlsplit(path).path, "GET")[0]
        except (HTTPException, RequestRedirect):
            continue
        if endpoint in doors or endpoint == "static":
            continue
        doors.add(endpoint)
        if "html" not in page.request.get(path).headers.get("content-type", ""):
            continue
        page.goto(path)
        yield endpoint, path
        here = urlsplit(page.url).netloc
        for link in page.evaluate(LINKS):
            parts = urlsplit(link)
            if parts.netloc == here:
                waiting.append(parts._replace(scheme="", netloc="", fragment="").geturl())


def judged(page: Page) -> list[str]:
    """What keeps somebody from reading the page that is open."""
    troubles = []
    levels = page.evaluate(HEADINGS)
    if levels.count(1) != 1:
        troubles.append(f"{levels.count(1)} main headings")
    troubles += [f"a heading jumps from {a} to {b}" for a, b in pairwise(levels) if b > a + 1]
    for size in (LAPTOP, PHONE):
        page.set_viewport_size(size)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            troubles.append(f"is {width} px wide on a screen of {size['width']}")
        for violation in Axe().run(page, options=RULES).response["violations"]:
            places = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
            troubles.append(f"{violation['id']} at {size['width']} px: {places}")
    page.set_viewport_size(LAPTOP)
    return troubles + walked(page)


def walked(page: Page) -> list[str]:
    """What stands in the way of somebody who has a keyboard and no mouse."""
    wanted = page.evaluate(REACHABLE)
    page.evaluate("document.activeElement.blur()")
    reached: set[str] = set()
    before = None
    troubles = []
    for _stop in range(2 * min(len(wanted), MOST_STOPS) + 40):  # a moment of a day has seven parts
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is not None and at["place"] == before:  # a date has a stop for each of its parts
            continue
        if at is None or at["place"] in reached:
            break
        before = at["place"]
        reached.add(before)
        for _moment in range(8):  # the browser scrolls a moment later, on a busy machine two
            if at["inside"]:
                break
            page.wait_for_timeout(250)
            at = page.evaluate(FOCUSED) or at
        if not at["seen"]:
            troubles.append(f"shows no focus: {at['what']}")
        if not at["inside"]:
            troubles.append(f"has the focus and is not on the screen: {at['what']}")
    missed = [what for place, what in enumerate(wanted[:MOST_STOPS]) if str(place) not in reached]
    return troubles[:5] + [f"the tab key does not reach {what}" for what in missed[:3]]


if __name__ == "__main__":
    main()
