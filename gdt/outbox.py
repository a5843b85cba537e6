"""The outbox: sends what is due, waits longer each time a server will not, and never sends twice by itself.

A mail is marked as being sent, and committed so, in the same transaction that settles the one before: one
commit a mail, and a crash leaves at most one mail a process unclear.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_babel import gettext as _
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import OperationalError

from gdt import outgoing
from gdt.database import now, reading, unit_of_work
from gdt.outgoing import DeliveryState, Letter
from gdt.postman import Outcome, Postman, Result

T = TypeVar("T")
POLL_SECONDS = 2.0
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
LONGEST_OUTAGE_WAIT = timedelta(minutes=15)  # a server that comes back is noticed soon
GIVE_UP = timedelta(days=3)
COMMIT_TRIES = 5
LONG_AGO = datetime.min.replace(tzinfo=UTC)

_wake = threading.Event()
_stopped = threading.Event()
_sender: threading.Thread | None = None


def wait_after(tries: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """1, 2, 4, 8 … minutes, up to the longest."""
    return min(FIRST_WAIT * int(2 ** min(tries - 1, 20)), longest)


def deliver_due(keep_on: Callable[[], bool] = lambda: True) -> bool:
    """Send everything that is due; False when the mail server could not be reached or would not have us."""
    with reading():
        if not outgoing.is_anything_due():
            return True
    _in_one_transaction(_tidy_up)
    if outage.until > now():
        _in_one_transaction(lambda: outgoing.hold_all(outage.until, outage.words))
        return False
    errand = _Errand()
    try:
        while keep_on() and errand.go_on():
            pass
    finally:
        errand.end()
    return not errand.is_in_trouble


def _tidy_up() -> None:
    outgoing.own_up_to_interrupted(_("Our process ended while it handed this mail over."))
    outgoing.give_up_on(now() - GIVE_UP, _("Given up after three days. The last answer was: "))


@dataclass
class Outage:
    """Since the mail server cannot be reached by this process: until when to leave it alone, and why."""

    count: int = 0
    until: datetime = LONG_AGO
    words: str = ""

    def note(self, words: str) -> None:
        self.count += 1
        self.until, self.words = now() + wait_after(self.count, LONGEST_OUTAGE_WAIT), words

    def clear(self) -> None:
        self.count, self.until, self.words = 0, LONG_AGO, ""


outage = Outage()


class _Errand:
    """One walk to the mail server: claims a mail, hands it over, settles it together with the next claim."""

    def __init__(self) -> None:
        self.postman, self.pace = Postman(), _Pace()
        self.letter: Letter | None = None
        self.outcome: Outcome | None = None
        self.is_in_trouble = False

    def go_on(self) -> bool:
        """Settle the last mail and send the next; False when there is none, or no server."""
        if not self.pace.may_go_on(self.settle):
            return False
        trouble = self.postman.open()
        if trouble is None:
            self.letter, self.outcome = _in_one_transaction(self._settle_and_claim), None
            if self.letter is None:
                return False
            self.outcome = self.postman.hand_over(self.letter)
            trouble = self.outcome if self.outcome.result is Result.TROUBLE else None
        if trouble is not None:
            self._hold(trouble)
        return trouble is None

    def settle(self) -> None:
        """Write down what became of the last mail, without taking another."""
        if self.letter is not None:
            _in_one_transaction(self._write_down)
            self.letter = self.outcome = None

    def end(self) -> None:
        self.settle()
        self.postman.close()

    def _settle_and_claim(self) -> Letter | None:
        self._write_down()
        return outgoing.claim_next()

    def _write_down(self) -> None:
        if self.letter is not None and self.outcome is not None:
            outgoing.settle(self.letter, **fate_of(self.letter, self.outcome))

    def _hold(self, trouble: Outcome) -> None:
        self.is_in_trouble = True
        self.settle()
        outage.note(trouble.words)
        _in_one_transaction(lambda: outgoing.hold_all(outage.until, outage.words))


class _Pace:
    """At most so many mails a minute, counted by all processes together."""

    def __init__(self) -> None:
        limit = current_app.config["MAIL_PER_MINUTE"]
        self.limit = parse(f"{limit} per minute") if limit else None
        if self.limit:
            storage = storage_from_string(current_app.config["RATELIMIT_STORAGE_URI"])
            self.counters = FixedWindowRateLimiter(storage)

    def may_go_on(self, before_waiting: Callable[[], None]) -> bool:
        """Wait for this minute's next mail; False when there is none to wait for."""
        if self.limit is None:
            return True
        with reading():
            if not outgoing.is_anything_due():
                return False
        while not self.counters.hit(self.limit, "mail"):
            before_waiting()
            if _stopped.wait(0.5):
                return False
        return True


def fate_of(letter: Letter, outcome: Outcome) -> dict[str, Any]:
    """What the row of a mail says after a try. Once it is settled its words, and their secret, are gone."""
    said = {"server_answer": outcome.words or None}
    if outcome.result in {Result.LATER, Result.TROUBLE}:
        wait = wait_after(letter.tries) if outcome.result is Result.LATER else timedelta()
        return said | {"state": DeliveryState.QUEUED, "next_try_at": now() + wait}
    if outcome.result is Result.SENT:
        outage.clear()
    return said | {
        "state": DeliveryState(outcome.result.value),
        "settled_at": now(),
        "body": "",
        "unsubscribe": None,
    }


def _in_one_transaction(work: Callable[[], T]) -> T:
    """Commit even when the database is busy: what the mail server took must not be forgotten."""
    for left in reversed(range(COMMIT_TRIES)):
        try:
            with unit_of_work():
                return work()
        except OperationalError:
            if not left:
                raise
            time.sleep(0.2)
    raise AssertionError


def launch(app: Flask) -> None:
    """Send from a thread of this process, as long as it lives."""
    global _sender
    if _sender is None:
        _stopped.clear()
        _sender = threading.Thread(target=_run, args=(app,), name="outbox", daemon=True)
        _sender.start()


def stop() -> None:
    """End after the mail that is on its way."""
    global _sender
    _stopped.set()
    _wake.set()
    if _sender is not None:
        _sender.join(timeout=30)
        _sender = None


def wake() -> None:
    """Something was queued; a sender of another process finds it by looking every other second."""
    if _sender is not None:
        _wake.set()
    elif current_app.config["JOBS_MODE"] == "here":
        deliver_due()


def _run(app: Flask) -> None:
    while not _stopped.is_set():
        _wake.wait(POLL_SECONDS)
        _wake.clear()
        try:
            with app.app_context():
                deliver_due(lambda: not _stopped.is_set())
        except Exception:
            logging.getLogger(__name__).exception("The outbox stumbled; it goes on")
