"""The weekly mail: who wants it reads on her Monday morning what needs doing; without work there is none."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import or_, select, update

from gdt import audit, mail
from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.database import db, now, unit_of_work
from gdt.errors import RecordNotFound
from gdt.impact.digest_models import DigestSubscription
from gdt.impact.home_lists import list_steps
from gdt.impact.home_steps import Step
from gdt.impact.mondays import week_begun, zone_of
from gdt.routines import routine

NAMED = 15  # steps in a mail; the others stand on the home page


@routine
def send_weekly_mails() -> None:
    """Doing it again, or in two places at once, sends nothing twice."""
    send_digests(now())


def send_digests(moment: datetime) -> int:
    """Send the mails whose Monday morning has come, each in a transaction of its own; returns how many."""
    with unit_of_work():
        ids = db.session.scalars(select(DigestSubscription.id).order_by(DigestSubscription.id)).all()
    return sum(_send_one(subscription_id, moment) for subscription_id in ids)


def find_subscription(user: User | Viewer) -> DigestSubscription | None:
    return db.session.scalar(select(DigestSubscription).where(DigestSubscription.user_id == user.id))


def ask_for_digest(*, user: User) -> None:
    """Have the weekly mail from the next Monday on; asking twice changes nothing."""
    if find_subscription(user) is None:
        begun = week_begun(now(), zone_of(user.institution))
        db.session.add(DigestSubscription(user_id=user.id, last_week=begun))
        sentence = _("Asked for the weekly mail")
        audit.record(user, "asked for mails", user, sentence, institution_id=user.institution_id)


def stop_digest(*, user: User) -> None:
    """Have no weekly mail any more; stopping twice changes nothing."""
    found = find_subscription(user)
    if found is not None:
        db.session.delete(found)
        sentence = _("Stopped the weekly mail")
        audit.record(user, "stopped mails", user, sentence, institution_id=user.institution_id)


def stop_address(user: User) -> str:
    """The address in each mail by which it is stopped without signing in."""
    return f"{current_app.config['BASE_URL']}/weekly-mail/{_sealer().dumps(user.id)}/stop"


def user_of_token(token: str) -> User:
    """Whose address it is. Raises RecordNotFound for one that was not made here."""
    try:
        user = db.session.get(User, _sealer().loads(token))
    except BadSignature as error:
        raise RecordNotFound from error
    if user is None:
        raise RecordNotFound
    return user


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="gdt.digest")


def _send_one(subscription_id: int, moment: datetime) -> bool:
    with unit_of_work(), force_locale("en"):
        found = db.session.get(DigestSubscription, subscription_id)
        if found is None or found.user.suspended_at is not None:
            return False
        zone = zone_of(found.user.institution)
        week = week_begun(moment, zone)
        if week is None or not _claim(found, week):
            return False
        steps = _steps(found.user, moment)
        if steps:
            found.last_sent_at = moment
            mail.send_all([_note(found.user, steps, week)])
        return bool(steps)


def _claim(subscription: DigestSubscription, week: str) -> bool:
    """Whether nobody has made this week's mail or a later one yet; from now on somebody has."""
    column = DigestSubscription.last_week
    claimed = db.session.execute(
        update(DigestSubscription)
        .where(DigestSubscription.id == subscription.id, or_(column.is_(None), column < week))
        .values(last_week=week)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(claimed, "rowcount", 0))


def _steps(user: User, moment: datetime) -> list[Step]:
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):  # for the addresses
        return list_steps(user, moment.astimezone(zone_of(user.institution)).date())


def _note(user: User, steps: Sequence[Step], week: str) -> mail.Note:
    base = current_app.config["BASE_URL"]
    return mail.Note(
        template="weekly_digest",
        to=user.email,
        subject=ngettext("%(num)s thing waits for you", "%(num)s things wait for you", len(steps)),
        context={
            "name": user.name,
            "base": base,
            "steps": steps[:NAMED],
            "total": len(steps),
            "more": len(steps) - NAMED,
            "stop": stop_address(user),
        },
        key=f"digest:{user.id}:{week}",
        has_html=True,
        unsubscribe=stop_address(user),
    )
