"""Opening a round of reports, of a year or a part of one, and moving the day it is due."""

from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day, ngettext
from gdt.impact.period_words import period_words
from gdt.impact.periods import Period
from gdt.partners.models import InstitutionKind
from gdt.reporting import queries
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.overlap import asked_kinds, is_against, round_code

FIRST_YEAR = 2017


def open_round(
    *, actor: Viewer, period: Period, due_on: date, kinds: Collection[InstitutionKind] = ()
) -> ReportingRound:
    """Ask every institution (of these kinds) that was active in a period for its report.

    Raises DomainError for a period that has not begun, or of which one of these kinds reports a day already.
    """
    _refuse_period(period)
    _refuse_early(period, due_on)
    asked = asked_kinds(kinds)
    _refuse_overlap(period, asked)
    round_ = ReportingRound(
        code=round_code(period, asked),
        year=period.year,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        kinds=asked,
        due_on=due_on,
        opened_by_name=actor.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(round_)
            db.session.flush()
            _tell_opened(actor, round_)
            invite_institutions(actor=actor, round_=round_)
    except IntegrityError as error:  # somebody opened another at this moment
        _refuse_overlap(period, asked)
        raise DomainError(_("Somebody opened another round at this moment. Look at the rounds.")) from error
    return round_


def invite_institutions(*, actor: Viewer, round_: ReportingRound) -> int:
    """Give a report to every active institution that reports none of these days yet; returns how many."""
    known = queries.list_reporting_ids(round_.period)
    added = [
        InstitutionReport(
            round_id=round_.id,
            round=round_,
            year=round_.year,
            starts_on=round_.starts_on,
            ends_on=round_.ends_on,
            institution_id=one.id,
            institution=one,
        )
        for one in queries.list_active_institutions(round_.period, round_.kinds)
        if one.id not in known
    ]
    db.session.add_all(added)
    asked = _("Asked for the report of %(what)s, due on %(day)s.", what=round_.words, day=day(round_.due_on))
    if added:
        audit.record_all(actor, "asked", [(report, asked, report.institution_id) for report in added])
        summary = ngettext(
            "Asked %(num)s institution for its report.",
            "Asked %(num)s institutions for their reports.",
            len(added),
        )
        audit.record(actor, "asked", round_, summary)
    return len(added)


def move_due_day(*, actor: Viewer, round_: ReportingRound, due_on: date) -> None:
    """Change the day by which reports come in time, for those sent already too."""
    _refuse_early(round_.period, due_on)
    if due_on == round_.due_on:
        return
    before, round_.due_on = round_.due_on, due_on
    summary = _("Moved the due day from %(before)s to %(now)s.", before=day(before), now=day(due_on))
    audit.record(actor, "moved", round_, summary)


def _tell_opened(actor: Viewer, round_: ReportingRound) -> None:
    summary = _("Opened the round of %(what)s, due on %(day)s.", what=round_.words, day=day(round_.due_on))
    audit.record(actor, "opened", round_, summary)


def _refuse_period(period: Period) -> None:
    if period.year < FIRST_YEAR:
        raise DomainError(
            _("The programme began in %(first)s; give a year up to this one.", first=FIRST_YEAR), "year"
        )
    if period.starts_on > now().date():
        raise DomainError(
            _(
                "%(what)s has not begun. It begins on %(day)s.",
                what=_capital(period),
                day=day(period.starts_on),
            ),
            "year" if period.is_year else "part",
        )


def _refuse_early(period: Period, due_on: date) -> None:
    if due_on <= period.starts_on:
        what = period_words(period)
        raise DomainError(_("The report of %(what)s cannot be due before it has begun.", what=what), "due_on")


def _refuse_overlap(period: Period, kinds: list[str]) -> None:
    """Each day of an institution is in one report at most: else a row would be approved and open at once."""
    for other in queries.list_rounds():
        if is_against(period, kinds, other.period, other.kinds):
            if other.period == period:
                raise DomainError(_("The round of %(what)s is open already.", what=other.title), "year")
            raise DomainError(
                _(
                    "The round of %(other)s holds days of %(what)s for the same institutions. Choose other"
                    " days, or other kinds of institutions.",
                    other=other.title,
                    what=period_words(period),
                ),
                "part",
            )


def _capital(period: Period) -> str:
    words = period_words(period)
    return words[0].upper() + words[1:]
