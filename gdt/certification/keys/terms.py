"""Until when the signing certificate counts, and what to say before and after."""

from datetime import datetime, timedelta

from cryptography import x509
from flask_babel import gettext as _

from gdt.filters import day as written

WARNED_BEFORE = timedelta(days=60)


def warning(certificate: x509.Certificate, moment: datetime) -> str | None:
    """What an administrator should know of the certificate at a moment; None while there is nothing."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < first:
        return f"The signing certificate is valid only from {written(first.date())}; nothing is issued yet."
    if moment > last:
        return f"The signing certificate expired on {written(last.date())}. Nothing can be issued: renew it."
    if moment > last - WARNED_BEFORE:
        days = (last - moment).days
        return f"The signing certificate expires on {written(last.date())}, in {days} days. Renew it in time."
    return None


def refusal(certificate: x509.Certificate, moment: datetime) -> str:
    """Why nothing is issued at a moment when the certificate is not in force, and what to do."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < first:
        day = written(first.date())
        return str(_("The signing certificate is valid only from %(day)s; nothing was issued.", day=day))
    sentence = _(
        "The signing certificate expired on %(day)s; nothing was issued. Ask the administrator to put a "
        "renewed one in its place (GDT_SIGNING_KEY) and start again; then the work goes on.",
        day=written(last.date()),
    )
    return str(sentence)
