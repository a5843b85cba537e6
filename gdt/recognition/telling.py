"""Telling about awards: once an award is public its winner and whoever nominated her hear of it by mail.

The others who nominated are thanked when the awards of the year are public and every nomination is decided.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from gdt import mail
from gdt.accounts.models import User
from gdt.accounts.queries import list_coordinators
from gdt.certification.models import Certificate
from gdt.database import db, now, unit_of_work
from gdt.recognition import telling_queries as queries
from gdt.recognition.models import Nomination
from gdt.routines import routine

NEWS = timedelta(days=30)  # what became public earlier is no news any more


@routine
def tell_about_awards() -> None:
    """Doing it again, or in two places at once, tells nothing twice."""
    tell_of(now().date())


def tell_of(today: date) -> int:
    """Mail what became public by a day; returns how many nominations were told of."""
    with unit_of_work(), force_locale("en"):
        public = queries.list_untold_awards(today - NEWS, today)
        others = queries.list_untold_others(today - NEWS, today)
        for nomination in public:
            mail.send_all([*_to_winners(nomination), *_to_nominator(nomination, "award_nominated")])
        for nomination in others:
            mail.send_all(list(_to_nominator(nomination, "award_thanks")))
        for nomination in (*public, *others):
            nomination.told_at = now()
        return len(public) + len(others)


def tell_of_certificates(issued: Sequence[tuple[Certificate, Nomination]]) -> None:
    """A mail about each award's certificate, to the coordinators of its institution, who hand it over."""
    mail.send_all(
        [
            mail.Note(
                template="award_certificate",
                to=user.email,
                subject=_("The certificate of the award %(award)s", award=_award(nomination)),
                context={
                    "name": user.name,
                    "nominee": nomination.nominee,
                    "award": _award(nomination),
                    "number": certificate.number,
                    "url": f"{current_app.config['BASE_URL']}/certificates/{certificate.number}",
                },
                key=f"award-certificate:{certificate.id}:{user.id}",
                has_html=True,
            )
            for certificate, nomination in issued
            for user in list_coordinators(nomination.institution_id)
        ]
    )


def _to_winners(nomination: Nomination) -> Iterator[mail.Note]:
    """The person herself, and the coordinators of her institution."""
    person, people = nomination.person, list_coordinators(nomination.institution_id)
    addressed = {user.email: user.name for user in people}
    if person is not None and person.email and person.erased_at is None:
        addressed[person.email] = person.printed_name
    for address, name in addressed.items():
        yield _note(nomination, "award_won", address, name)


def _to_nominator(nomination: Nomination, template: str) -> Iterator[mail.Note]:
    """Whoever nominated, if she still signs in and was not written to as a winner."""
    user = db.session.get(User, nomination.nominated_by_id)
    is_winners = user is not None and user.institution_id == nomination.institution_id
    if user is None or user.suspended_at is not None or (template == "award_nominated" and is_winners):
        return
    yield _note(nomination, template, user.email, user.name)


def _note(nomination: Nomination, template: str, address: str, name: str) -> mail.Note:
    subject = {
        "award_won": _("The award %(award)s is yours", award=_award(nomination)),
        "award_nominated": _("Whom you nominated was given %(award)s", award=_award(nomination)),
        "award_thanks": _("Your nomination for %(award)s", award=_award(nomination)),
    }[template]
    decided = nomination.decided_at or now()
    return mail.Note(
        template=template,
        to=address,
        subject=subject,
        context={
            "name": name,
            "nomination": nomination,
            "award": _award(nomination),
            "url": f"{current_app.config['BASE_URL']}/honours/{nomination.call.year}",
        },
        key=f"{template}:{nomination.id}:{decided:%Y%m%d%H%M%S}:{address}"[:120],
        has_html=True,
    )


def _award(nomination: Nomination) -> str:
    return f"{nomination.category.name} {nomination.call.year}"
