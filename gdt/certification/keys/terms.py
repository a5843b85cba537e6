"""Until when the signing certificate counts, and what to say before and after."""

from datetime import date, datetime, timedelta

from cryptography import x509
from flask_babel import format_date
from flask_babel import gettext as _

WARNED_BEFORE = timedelta(days=60)


def warning(certificate: x509.Certificate, moment: datetime) -> str | None:
    """What an administrator should know of the certificate at a moment; None while there is nothing."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < first:
        return f"The signing certificate is valid only from {_plain(first.date())}; nothing is issued yet."
    if moment > last:
        return f"The signing certificate expired on {_plain(last.date())}. Nothing can be issued: renew it."
    if moment > last - WARNED_BEFORE:
        days = (last - moment).days
        return f"The signing certificate expires on {_plain(last.date())}, in {days} days. Renew it in time."
    return None


def refusal(certificate: x509.Certificate, moment: datetime) -> str:
    """Why nothing is issued at a moment when the certificate is not in force, and what to do."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < first:
        day = format_date(first.date(), "d MMM yyyy")
        return str(_("The signing certificate is valid only from %(day)s; nothing was issued.", day=day))
    sentence = _(
        "The signing certificate expired on %(day)s; nothing was issued. Ask the administrator to put a "
        "renewed one in its place (GDT_SIGNING_KEY) and start again; then the work goes on.",
        day=format_date(last.date(), "d MMM yyyy"),
    )
    return str(sentence)


def _plain(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
