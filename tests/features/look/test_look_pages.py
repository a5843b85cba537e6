"""Every layout and component, rendered by a real application and read like a careful browser would."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.features.look.preview import create_preview

PAGES = ["/list", "/record", "/form", "/figures", "/verify", "/work", "/work?done=1200"]
ERRORS = [f"/error/{code}" for code in (400, 403, 404, 413, 429, 500)]
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ROOT = Path(__file__).parents[3]
CLOSED_BY_THEMSELVES = {"circle", "path", "rect", "polyline", "line"}


class Page(HTMLParser):
    """The elements of a page, and what is wrong with how they nest."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.faults = [], [], []
        self.feed(html)
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"an attribute twice on {tag}: {names}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID | CLOSED_BY_THEMSELVES:
            self.faults.append(f"{tag} cannot close itself")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, attribute):
        return [found[attribute] for _, found in self.elements if attribute in found]


@pytest.fixture(scope="module")
def visitor():
    app = create_preview()
    app.testing = True
    return app.test_client()


@pytest.fixture(params=[*PAGES, *ERRORS, "/form rejected"])
def seen(request, visitor):
    address, _, rejected = request.param.partition(" ")
    if rejected:
        return Page(visitor.post(address, data={"csrf_token": token(visitor), "name": "x"}).text)
    answer = visitor.get(address)
    assert answer.status_code == 200
    return Page(answer.text)


def token(visitor):
    return re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/form").text)[1]


def test_elements_nest_and_close(seen):
    assert seen.faults == []


def test_nothing_inline_that_the_policy_forbids(seen):
    assert seen.values("style") == []
    assert seen.all("style") == []
    assert all(script.get("src") for script in seen.all("script"))
    assert [name for _, found in seen.elements for name in found if name.startswith("on")] == []


def test_every_page_has_one_title_of_its_own(seen):
    assert (
        len(seen.all("h1")) == len(seen.all("title")) - len(seen.all("svg")) + drawn_without_title(seen) == 1
    )


def drawn_without_title(seen):
    """Shapes beside words are hidden from readers and carry no title; charts carry one each."""
    return sum(1 for svg in seen.all("svg") if svg.get("aria-hidden") == "true")


def test_ids_are_given_once_and_every_pointer_finds_its_target(seen):
    ids = seen.values("id")
    assert len(ids) == len(set(ids))
    pointers = [target for name in ("for", "popovertarget") for target in seen.values(name)]
    pointers += " ".join(seen.values("aria-describedby") + seen.values("aria-labelledby")).split()
    pointers += [href[1:] for href in seen.values("href") if href.startswith("#")]
    assert set(pointers) <= set(ids)


def test_every_input_has_a_name_to_read_out(seen):
    labelled = set(seen.values("for"))
    for tag in ("input", "select", "textarea"):
        for field in seen.all(tag):
            assert field.get("type") == "hidden" or field.get("id") in labelled or field.get("aria-label"), (
                field
            )


def test_every_form_that_changes_something_carries_a_token(visitor, seen):
    forms = [form for form in seen.all("form") if form.get("method") == "post"]
    tokens = [field for field in seen.all("input") if field.get("name") == "csrf_token"]
    assert len(tokens) == len(forms)


def test_language_and_direction_are_said(visitor):
    assert Page(visitor.get("/form").text).all("html") == [{"lang": "en", "dir": "ltr"}]
    assert Page(visitor.get("/form?lang=ar").text).all("html") == [{"lang": "ar", "dir": "rtl"}]


def test_states_are_words_and_shapes(visitor):
    assert '<span class="state state-problem">Lapsed</span>' in visitor.get("/list").text
    css = (ROOT / "gdt/static/gdt.css").read_text()
    kinds = ("ok", "attention", "progress", "neutral")  # a problem is the plain square
    shapes = [re.search(rf"\.state-{kind}::before {{([^}}]+)}}", css).group(1) for kind in kinds]
    assert len(set(shapes)) == len(kinds)


def test_a_sorted_column_says_so_and_links_to_the_other_way(visitor):
    seen = Page(visitor.get("/list?q=uni&after=abc").text)
    assert [head.get("aria-sort") for head in seen.all("th") if "aria-sort" in head] == ["ascending"]
    assert "/list?q=uni&sort=-name" in seen.values("href")


def test_the_pager_keeps_the_address_and_changes_only_the_cursor(visitor):
    seen = Page(visitor.get("/list?q=uni&after=old").text)
    links = {link["rel"]: link["href"] for link in seen.all("a") if "rel" in link}
    assert links == {"prev": "/list?q=uni&after=xyz", "next": "/list?q=uni&after=abc"}


def test_a_search_keeps_the_other_filters_but_not_the_place(visitor):
    seen = Page(visitor.get("/list?state=open&q=uni&after=old").text)
    hidden = {field["name"]: field["value"] for field in seen.all("input") if field.get("type") == "hidden"}
    hidden.pop("csrf_token")
    assert hidden == {"state": "open"}


def test_rejected_fields_point_at_their_errors(visitor):
    answer = visitor.post("/form", data={"csrf_token": token(visitor), "name": "x"})
    seen = Page(answer.text)
    assert answer.status_code == 422
    course = next(field for field in seen.all("select") if field["id"] == "course")
    assert (course["aria-invalid"], course["aria-describedby"]) == ("true", "course-error")
    assert {"#course", "#mode-0", "#starts_on"} <= set(seen.values("href"))
    assert "<title>Error:" in re.sub(r"\s*\n\s*", "", answer.text)


def test_unfinished_work_looks_again_by_itself_and_finished_work_gives_the_result(visitor):
    running, finished = visitor.get("/work").text, visitor.get("/work?done=1200").text
    assert 'http-equiv="refresh"' in running
    assert re.search(r'<progress\s+max="1200"\s+value="430"', running)
    assert "430 of 1,200 done" in running
    assert 'http-equiv="refresh"' not in finished
    assert "data-done" in finished
    assert "See the certificates" in finished


def test_danger_wants_the_word(visitor):
    wrong = visitor.post("/work", data={"csrf_token": token(visitor), "confirm_word": "no"})
    right = visitor.post("/work", data={"csrf_token": token(visitor), "confirm_word": " Revoke "})
    assert wrong.status_code == 422
    assert "Type the word “revoke” to confirm." in wrong.text
    assert right.status_code == 200


def test_a_chart_has_its_figures_in_a_table(visitor):
    html = visitor.get("/figures").text
    assert html.count("<details>") == 3
    assert html.count("<svg role") == 4  # two of the charts are bars of their tables on a narrow screen
    assert html.count("<svg aria-hidden=true>") > 4
    assert re.search(r'<th scope="row">Malaysia</th>\s*<td>11,342</td>', html)


def test_signed_out_people_are_offered_to_sign_in_only_where_pages_need_it(visitor):
    assert "Siti Rahmah" not in visitor.get("/verify").text
    assert "Siti Rahmah" in visitor.get("/list").text
