"""The stories and awards of an annual summary: told of counted projects, kept when a year is closed."""

import io
from datetime import date

from pypdf import PdfReader

from gdt.access import OFFICE
from gdt.community.models import Project
from gdt.community.parts import add_picture
from gdt.community.services import allow_showing, count_project
from gdt.community.states import ProjectState
from gdt.database import db, now, unit_of_work
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.closing_queries import get_closed, read_published
from gdt.recognition.models import NomineeKind
from gdt.recognition.stages import NominationState
from tests.browser import squeezed
from tests.factories import (
    TODAY,
    make_award_call,
    make_cohort,
    make_enrolment,
    make_institution,
    make_nomination,
    make_person,
    make_project,
    make_user,
)
from tests.features.community.test_projects import jpeg

YEAR = TODAY.year - 2


def counted(institution, **columns):
    return make_project(
        institution,
        state=ProjectState.COUNTED,
        starts_on=date(YEAR, 4, 1),
        sent_at=now(),
        decided_at=now(),
        decided_by_name="Lin",
        **columns,
    )


def network():
    """Two institutions with projects and an award each, one of them of a lecturer."""
    utar, inti = (make_institution(code=code, name=f"University {code}") for code in ("utar", "inti"))
    cohort = make_cohort(utar, starts_on=date(YEAR, 1, 9), ends_on=date(YEAR, 5, 4))
    make_enrolment(cohort, make_person(), state="completed", completed_on=date(YEAR, 5, 4))
    care = make_project(utar, title="We Care, We Act", starts_on=date(YEAR, 4, 1))
    add_picture(actor=OFFICE, project=care, content=jpeg(), filename="a.jpg", alt="A market stall")
    care.state, care.sent_at, care.decided_at, care.decided_by_name = (
        ProjectState.COUNTED,
        now(),
        now(),
        "Lin",
    )
    db.session.commit()
    counted(inti, title="Village of stories")
    counted(utar, title="Told by nobody", may_be_shown=False, people_helped=80)
    make_project(
        utar, title="Only claimed", state=ProjectState.CLAIMED, sent_at=now(), starts_on=date(YEAR, 4, 1)
    )
    call = make_award_call(
        year=YEAR, opens_on=date(YEAR, 9, 1), closes_on=date(YEAR, 9, 30), judged_by=date(YEAR, 10, 31)
    )
    by, decider = make_user(), make_user()
    given = {
        "state": NominationState.GIVEN,
        "decided_by_id": decider.id,
        "decided_by_name": "Lin",
        "decided_at": now(),
        "reason": "Best.",
        "given_on": date(YEAR, 11, 4),
    }
    make_nomination(call, utar, by, citation="For four states.", **given)
    person = make_person(printed_name="Tan Siew Ling")
    lecturer = {"nominee_kind": NomineeKind.LECTURER, "person": person, "may_be_named": True}
    make_nomination(call, inti, by, citation="For her teaching.", **lecturer, **given)


def text_of(answer):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_a_summary_tells_stories_and_awards_and_a_closed_one_tells_them_for_ever(app, leader):
    network()
    address = f"/impact/{YEAR}/annual-summary"
    page = leader.get(f"{address}?part=all").text
    for words in ("We Care, We Act", "Village of stories", 'alt="A market stall"', "For four states."):
        assert words in page
    assert "3 community projects helped 320 people" in page
    assert "Only claimed" not in page and "Told by nobody" not in page and "Tan Siew Ling" not in page
    document = leader.get(f"{address}.pdf")
    assert sum(len(one.images) for one in PdfReader(io.BytesIO(document.data)).pages) == 1
    text = text_of(document)
    assert "We Care, We Act" in text and "A lecturer" in text and "Tan Siew Ling" not in text
    of_inti = leader.get(f"{address}?institution=inti&part=all").text
    assert "Village of stories" in of_inti and "We Care" not in of_inti and "For four states" not in of_inti

    with unit_of_work():
        close_year(actor=OFFICE, year=YEAR, seen=preview_closing(YEAR).seen)
    facts = read_published(get_closed(YEAR))
    assert {row["title"] for row in facts["stories"]} == {"We Care, We Act", "Village of stories"}
    assert "Tan Siew Ling" not in str(facts)
    published = leader.get(f"{address}.pdf").data
    with unit_of_work():
        care = db.session.query(Project).filter_by(title="We Care, We Act").one()
        allow_showing(actor=OFFICE, project=care, may_be_shown=False)
    page = leader.get(f"{address}?part=all").text
    assert "We Care, We Act" in page and "A market stall" not in page
    assert leader.get(f"{address}.pdf").data == published
    [line] = [row for row in facts["measures"] if row["measure"] == "people_helped" and len(row) == 5]
    assert (line["verified"], line["claimed"]) == (320, 120)
    with unit_of_work():
        late = db.session.query(Project).filter_by(title="Only claimed").one()
        count_project(actor=OFFICE, project=late)
    differs = squeezed(leader.get(f"/impact/years/{YEAR}").text)
    assert "A community project was counted, corrected or taken out" in differs
    assert "headcount was verified" not in differs and "no reason yet" not in differs
