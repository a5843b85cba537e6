"""The outbox against a real mail server: what is taken, refused, put off, lost on the way, never doubled."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from gdt import mail, outbox
from gdt.database import db, now, unit_of_work
from gdt.mail import DeliveryState, OutgoingMail
from gdt.outgoing import claim_next
from gdt.postman import MAILS_A_CONNECTION
from tests.mail_server import free_port, mail_server


@pytest.fixture
def server(app, monkeypatch):
    """A mail server, and our side set up to use it."""
    with mail_server() as running:
        use(app, monkeypatch, running.port)
        yield running


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    outbox.outage.clear()
    yield
    outbox.outage.clear()


def use(app, monkeypatch, port):
    state = app.extensions["mailman"]
    for name, value in {"backend": "smtp", "server": "127.0.0.1", "port": port, "timeout": 5}.items():
        monkeypatch.setattr(state, name, value)


def queue(*recipients, **columns):
    """Queue a mail to each, without sending yet."""
    with unit_of_work():
        for recipient in recipients:
            note = {
                "subject": "Your certificate",
                "context": {"words": "Dear all"},
                "template": "plain",
            } | columns
            mail.send_all([mail.Note(to=recipient, **note)])
        db.session.info.clear()  # not sent after this commit, but when the test says so


@pytest.fixture(autouse=True)
def plain_template(app, monkeypatch):
    """Words of a mail without a template of their own."""
    monkeypatch.setattr(mail, "render_template", lambda _name, words, **_context: words)


def mails():
    db.session.rollback()
    return {row.recipient: row for row in db.session.query(OutgoingMail).order_by(OutgoingMail.id)}


def states():
    return {recipient: row.state.value for recipient, row in mails().items()}


def let_time_pass():
    """Until everything that waits is due again."""
    outbox.outage.clear()
    with unit_of_work():
        waiting = OutgoingMail.state == DeliveryState.QUEUED
        db.session.execute(
            update(OutgoingMail).where(waiting).values(next_try_at=now() - timedelta(seconds=1))
        )


def test_a_mail_arrives_once_with_its_words_and_its_own_message_id(server):
    queue("a@x.example", context={"words": "Dear Nguyễn Thị Ánh Tuyết,\n\n.a line with a dot\n\n林美玲"})
    outbox.deliver_due()
    outbox.deliver_due()
    ((address, message),) = server.taken
    row = mails()["a@x.example"]
    assert (address, message["To"], message["Subject"]) == ("a@x.example", "a@x.example", "Your certificate")
    assert message["Message-ID"] == row.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines()[:3] == ["Dear Nguyễn Thị Ánh Tuyết,", "", ".a line with a dot"]
    assert (row.state, row.body, row.tries) == (DeliveryState.SENT, "", 1)
    assert row.server_answer == "250 OK: queued"


def test_many_mails_share_a_connection(server):
    count = MAILS_A_CONNECTION + 20
    queue(*(f"p{n}@x.example" for n in range(count)))
    outbox.deliver_due()
    assert server.recipients == [f"p{n}@x.example" for n in range(count)]
    assert server.connections == 2
    assert len({message["Message-ID"] for _address, message in server.taken}) == count


def test_a_refused_recipient_stops_nobody_else(server):
    server.at_rcpt = lambda address: "550 5.1.1 No such user here" if address.startswith("b") else None
    queue("a@x.example", "b@x.example", "c@x.example")
    outbox.deliver_due()
    assert states() == {"a@x.example": "sent", "b@x.example": "refused", "c@x.example": "sent"}
    assert mails()["b@x.example"].server_answer == "550 5.1.1 No such user here"
    assert mails()["b@x.example"].settled_at is not None
    let_time_pass()
    outbox.deliver_due()
    assert server.recipients == ["a@x.example", "c@x.example"]


@pytest.mark.parametrize("door", ["at_rcpt", "at_data"])
def test_a_mail_put_off_is_tried_again_and_arrives_once(server, door):
    tries = []
    setattr(
        server, door, lambda address: "451 Greylisted" if tries.append(address) or len(tries) < 3 else None
    )
    queue("a@x.example")
    for n in (1, 2):
        before = now()
        outbox.deliver_due()
        row = mails()["a@x.example"]
        assert (row.is_waiting, row.tries, row.server_answer) == (True, n, "451 Greylisted")
        assert row.next_try_at >= before + timedelta(minutes=2 ** (n - 1))
        outbox.deliver_due()
        assert len(tries) == n
        let_time_pass()
    outbox.deliver_due()
    assert (states(), server.recipients) == ({"a@x.example": "sent"}, ["a@x.example"])


def test_a_server_that_is_down_for_a_while_loses_nothing(app, monkeypatch):
    port = free_port()
    use(app, monkeypatch, port)
    addresses = [f"p{n}@x.example" for n in range(30)]
    queue(*addresses)
    waits = []
    for _ in range(6):
        assert outbox.deliver_due() is False
        rows = mails()
        assert {row.is_waiting for row in rows.values()} == {True}
        assert "refused" in rows[addresses[0]].server_answer.lower()
        waits.append(round((rows[addresses[0]].next_try_at - now()) / timedelta(minutes=1)))
        outbox.outage.until = outbox.LONG_AGO
        with unit_of_work():
            db.session.execute(update(OutgoingMail).values(next_try_at=now()))
    assert waits == [1, 2, 4, 8, 15, 15]
    with mail_server(port) as server:
        assert outbox.deliver_due() is True
        assert sorted(server.recipients) == sorted(addresses)
    assert set(states().values()) == {"sent"}


def test_while_the_server_is_down_new_mails_wait_without_knocking(app, monkeypatch):
    port = free_port()
    use(app, monkeypatch, port)
    queue("a@x.example")
    outbox.deliver_due()
    with mail_server(port) as server:
        queue("b@x.example")
        assert outbox.deliver_due() is False
        assert server.connections == 0
    rows = mails()
    assert rows["b@x.example"].next_try_at == rows["a@x.example"].next_try_at
    assert rows["b@x.example"].server_answer == rows["a@x.example"].server_answer


def test_a_server_that_will_not_have_our_sender_refuses_no_recipient(server, app, monkeypatch):
    """A wrong setting of ours must not use up ten thousand mails."""
    monkeypatch.setattr(app.extensions["mailman"], "default_sender", "x" * 2000 + "@gdt.example")
    queue("a@x.example", "b@x.example")
    outbox.deliver_due()
    assert {row.is_waiting for row in mails().values()} == {True}
    monkeypatch.undo()
    use(app, monkeypatch, server.port)
    monkeypatch.setattr(mail, "render_template", lambda _name, words, **_context: words)
    let_time_pass()
    outbox.deliver_due()
    assert server.recipients == ["a@x.example", "b@x.example"]


def test_a_line_cut_before_the_content_is_tried_again(server):
    hung_up = []
    server.at_rcpt = lambda address: (
        "drop" if address.startswith("b") and not hung_up.append(1) and len(hung_up) == 1 else None
    )
    queue("a@x.example", "b@x.example", "c@x.example")
    outbox.deliver_due()
    assert states() == {"a@x.example": "sent", "b@x.example": "queued", "c@x.example": "sent"}
    let_time_pass()
    outbox.deliver_due()
    assert sorted(server.recipients) == ["a@x.example", "b@x.example", "c@x.example"]


def test_a_line_cut_after_the_content_is_unclear_and_never_sent_again_by_itself(server):
    server.after_data = lambda address: "drop" if address.startswith("b") else None
    queue("a@x.example", "b@x.example", "c@x.example")
    outbox.deliver_due()
    assert states() == {"a@x.example": "sent", "b@x.example": "unclear", "c@x.example": "sent"}
    let_time_pass()
    outbox.deliver_due()
    assert server.recipients.count("b@x.example") == 1


def test_a_process_that_died_on_the_way_leaves_one_unclear_mail(server):
    queue("a@x.example", "b@x.example")
    with unit_of_work():
        claim_next()
    outbox.deliver_due()
    assert states() == {"a@x.example": "sending", "b@x.example": "sent"}
    with unit_of_work():
        an_hour_ago = now() - timedelta(hours=1)
        db.session.execute(update(OutgoingMail).values(claimed_at=an_hour_ago))
    outbox.deliver_due()
    assert states() == {"a@x.example": "unclear", "b@x.example": "sent"}
    assert "Our process ended" in mails()["a@x.example"].server_answer
    assert server.recipients == ["b@x.example"]


def test_after_three_days_of_trying_a_mail_is_given_up_with_the_last_words(server):
    server.at_rcpt = lambda _address: "452 Mailbox full"
    queue("a@x.example")
    outbox.deliver_due()
    with unit_of_work():
        db.session.execute(update(OutgoingMail).values(queued_at=now() - timedelta(days=4)))
    let_time_pass()
    outbox.deliver_due()
    row = mails()["a@x.example"]
    assert row.state is DeliveryState.REFUSED
    assert "452 Mailbox full" in row.server_answer and "three days" in row.server_answer


@pytest.mark.parametrize(
    "address", ["nobody", "a@x.example\nBcc: all@x.example", "a@x.example,b@x.example", "@"]
)
def test_what_is_no_address_is_refused_and_nothing_is_injected(server, address):
    queue(address, "b@x.example")
    outbox.deliver_due()
    assert states() == {address: "refused", "b@x.example": "sent"}
    assert server.recipients == ["b@x.example"]


def test_a_subject_of_several_lines_becomes_one(server):
    queue("a@x.example", subject="Your certificate\r\nBcc: all@x.example\r\n\r\nHello")
    outbox.deliver_due()
    ((_address, message),) = server.taken
    assert message["Bcc"] is None
    assert message["Subject"] == "Your certificate Bcc: all@x.example Hello"


@pytest.mark.parametrize(("takes_utf8", "state"), [(True, "sent"), (False, "refused")])
def test_an_address_in_another_script_goes_where_it_can(app, monkeypatch, takes_utf8, state):
    with mail_server(takes_utf8=takes_utf8) as server:
        use(app, monkeypatch, server.port)
        queue("info@bücher.example", "用户@x.example", "a@x.example")
        outbox.deliver_due()
    assert states() == {"info@bücher.example": "sent", "用户@x.example": state, "a@x.example": "sent"}
    assert server.recipients[0] == "info@xn--bcher-kva.example"


def test_one_key_is_mailed_once(server):
    queue("a@x.example", key="certificate:1:1")
    with pytest.raises(Exception, match=r"(?i)unique"):
        queue("a@x.example", key="certificate:1:1")
    outbox.deliver_due()
    assert server.recipients == ["a@x.example"]


def test_a_limit_a_minute_is_kept(app, server, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_PER_MINUTE", 5)
    monkeypatch.setitem(app.config, "RATELIMIT_STORAGE_URI", "memory://")
    monkeypatch.setattr(outbox._stopped, "wait", lambda _seconds: True)  # the minute's end, without the wait
    queue(*(f"p{n}@x.example" for n in range(8)))
    outbox.deliver_due()
    assert len(server.taken) == 5
    assert list(states().values()) == ["sent"] * 5 + ["queued"] * 3


def test_the_same_words_come_as_a_page_where_that_is_wanted(server):
    words = "Dear <b>Ana</b>,\n\nhttps://gdt.example/holder/abc\n\nGDT Network"
    queue("a@x.example", context={"words": words}, has_html=True)
    outbox.deliver_due()
    ((_address, message),) = server.taken
    plain, page = message.iter_parts()
    assert plain.get_content().splitlines() == words.splitlines()
    assert '<a href="https://gdt.example/holder/abc"' in page.get_content()
    assert "&lt;b&gt;Ana&lt;/b&gt;" in page.get_content() and "<b>Ana" not in page.get_content()
