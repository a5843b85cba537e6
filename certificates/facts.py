"""Facts as a certificate words them: places, dates and modules from the content."""

from datetime import date

from certificates.content import CertificateContent

DOT = " \u00b7 "
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fact(content: CertificateContent, name: str) -> tuple[str, ...]:
    """Return the paragraphs of a fact named in designs.FACTS; none when the content is silent."""
    return _WORDINGS[name](content)


def day(value: date) -> str:
    """Return a date as 21 Nov 2026."""
    return f"{value.day} {_month(value)} {value.year}"


def days(start: date, end: date | None) -> str:
    """Return a span of days as 3\u20137 Nov 2026, leaving out what both ends share."""
    if end is None or end == start:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}\u2013{day(end)}"
    first = f"{start.day} {_month(start)}" if start.year == end.year else day(start)
    return f"{first} \u2013 {day(end)}"


def _month(value: date) -> str:
    return MONTHS[value.month - 1]  # strftime would follow the process's locale, and files would differ


def _institution(content: CertificateContent) -> tuple[str, ...]:
    if content.institution == content.printed_name:
        return (content.country,)
    placed = f"{content.institution}, {content.country}"
    return (placed, content.institution_native) if content.institution_native else (placed,)


def _modules(content: CertificateContent) -> tuple[str, ...]:
    hours = (f"{m.title}, {m.hours}\u00a0hour{'s' if m.hours > 1 else ''}" for m in content.modules)
    return (DOT.join(hours),) if content.modules else ()


def _occasion(content: CertificateContent) -> tuple[str, ...]:
    held = days(content.held_from, content.held_to) if content.held_from else None
    when_where = DOT.join(part for part in (held, content.place, content.mode) if part)
    dates = f"Issued on {day(content.issued_on)}"
    if content.valid_until:
        dates += f"{DOT}valid until {day(content.valid_until)}"
    return (when_where, dates) if when_where else (dates,)


_WORDINGS = {
    "institution": _institution,
    "achievement": lambda content: (content.achievement,),
    "modules": _modules,
    "occasion": _occasion,
}
