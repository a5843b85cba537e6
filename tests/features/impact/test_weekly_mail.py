"""The weekly mail: asked for, sent once by a real mail server, stopped by a link or by the mail program."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from urllib.parse import urlsplit

import pytest

from gdt import outbox
from gdt.access import Role
from gdt.database import db, now
from gdt.impact.digest_models import DigestSubscription
from gdt.impact.digesting import send_digests
from tests.browser import squeezed, submit
from tests.factories import TODAY, make_agreement, make_cohort, make_institution, make_user
from tests.mail_server import mail_server

PAGE = "/account/weekly-mail"
MONDAY = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(days=7 - TODAY.weekday(), hours=4)


@pytest.fixture
def server(app, monkeypatch):
    """A mail server, and our side set up to use it."""
    outbox.outage.clear()
    with mail_server() as running:
        state = app.extensions["mailman"]
        for name, value in {"backend": "smtp", "server": "127.0.0.1", "port": running.port}.items():
            monkeypatch.setattr(state, name, value)
        yield running
    outbox.outage.clear()


def wanting(school, **columns):
    user = make_user(role=Role.COORDINATOR, institution=school, **columns)
    db.session.add(DigestSubscription(user_id=user.id))
    db.session.commit()
    return user


def at_work():
    """An institution of Malaysia with a cohort whose roster is late and an agreement that ends soon."""
    school = make_institution(code="utar", name="UTAR")
    make_agreement(school, ends_on=TODAY + timedelta(days=40))
    make_cohort(school, code="utar-2026-001", term="Spring", starts_on=TODAY - timedelta(days=3))
    return school


def part(message, kind):
    return message.get_body((kind,)).get_content()


def test_it_says_what_waits_the_late_first_and_is_stopped_by_one_click(app, server, client):
    wanting(at_work(), name="Lee Pei Shan", email="lee@utar.example")
    wanting(make_institution(code="idle", name="Idle"), email="nothing@idle.example")
    assert send_digests(MONDAY - timedelta(hours=8)) == 0  # Sunday night in Kampar
    assert send_digests(MONDAY) == 1 and send_digests(MONDAY + timedelta(hours=5)) == 0
    ((recipient, message),) = server.taken
    assert recipient == "lee@utar.example" and message["Subject"] == "2 things wait for you"
    text, html = part(message, "plain"), part(message, "html")
    late, ends = text.index("Late:"), text.index("Your agreement ends in")
    assert text.index("Dear Lee Pei Shan,") < late < text.index("has no students yet.") < ends
    roster = f"{app.config['BASE_URL']}/cohorts/utar-2026-001/roster"
    assert roster in text and f'href="{roster}"' in html

    address = message["List-Unsubscribe"].strip(" <>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and address in text
    path = urlsplit(address).path
    assert "Stop that?" in client.get(path).text and db.session.query(DigestSubscription).count() == 2
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "gets no weekly mail" in answer.text
    assert "gets no weekly mail" in client.post(path).text
    assert db.session.query(DigestSubscription).count() == 1
    assert client.post(path.replace("/stop", "x/stop")).status_code == 404
    assert send_digests(MONDAY + timedelta(days=7)) == 0


def test_it_is_sent_once_however_many_workers_make_it(app, server):
    wanting(at_work())
    together, sent = Barrier(4), []

    def work():
        with app.app_context():
            together.wait()
            sent.append(send_digests(MONDAY))

    workers = [Thread(target=work) for _n in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(sent) == [0, 0, 0, 1] and len(server.taken) == 1


def test_each_chooses_on_her_own_page_and_the_first_mail_comes_the_next_monday(app, sign_in):
    coordinator = sign_in(Role.COORDINATOR, at_work())
    assert "Weekly mail" in coordinator.get("/account").text
    assert submit(coordinator, PAGE, wants="y").location == PAGE
    assert submit(coordinator, PAGE, wants="y").location == PAGE  # from another tab
    page = coordinator.get(PAGE).text
    assert "checked" in page and "You get the mail on Monday mornings" in squeezed(page)
    assert send_digests(now()) == 0
    submit(coordinator, PAGE)
    assert db.session.query(DigestSubscription).count() == 0


def test_a_clock_put_back_sends_no_earlier_week_and_keeps_nobody_from_hers(app, server):
    school = at_work()
    wanting(school)
    later = MONDAY + timedelta(days=7)
    assert [send_digests(one) for one in (MONDAY, later)] == [1, 1]
    wanting(school, email="second@utar.example")
    assert send_digests(MONDAY) == 1 and len(server.taken) == 3
