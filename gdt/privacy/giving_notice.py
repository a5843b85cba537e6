"""At an upload: that everyone in it was given the notice, and guardians agreed where they must."""

from flask_babel import gettext as _
from sqlalchemy import select

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.imports.declaring import Declaration, ask_before_keeping
from gdt.imports.models import Upload, UploadState
from gdt.partners.models import Institution
from gdt.privacy.country_rules import guardian_below
from gdt.privacy.notice_models import NoticeGiven
from gdt.privacy.notices import find_current

OF_PEOPLE = ("roster", "teachers")  # the kinds of files that bring new people
OF_STUDENTS = "roster"


def asked_age(upload: Upload) -> int:
    """Below which age a guardian has to agree for the people of a file; 0 for teachers."""
    if upload.kind != OF_STUDENTS:
        return 0
    place = db.session.get(Institution, upload.institution_id) if upload.institution_id else None
    return guardian_below(place.country.code if place else None)


def asks(upload: Upload) -> Declaration | None:
    """What is to be confirmed of a file that waits to be kept; nothing before a notice was published."""
    notice = find_current() if upload.kind in OF_PEOPLE and upload.state is UploadState.CHECKED else None
    if notice is None:
        return None
    age = asked_age(upload)
    sentence = _("Everyone in this file was given version %(n)s of the privacy notice.", n=notice.version)
    if age and (column := _guardian_column(upload)):
        sentence = _(
            "Everyone in this file was given version %(n)s of the privacy notice. For everyone under %(age)s "
            "we hold the consent of a parent or guardian, as the column “%(column)s” says row by row.",
            n=notice.version,
            age=age,
            column=column,
        )
    elif age:
        sentence = _(
            "Everyone in this file was given version %(n)s of the privacy notice, and for everyone under "
            "%(age)s we hold the consent of a parent or guardian.",
            n=notice.version,
            age=age,
        )
    meaning = _("We keep who confirmed it and when. Dates of birth are not asked for, and not kept.")
    return Declaration(sentence, meaning, _("Read the notice"), "privacy.notice")


def _guardian_column(upload: Upload) -> str:
    """The header of the column that says row by row for whom a guardian agreed; empty: there is none."""
    told = zip(upload.header, upload.mapping or (), strict=False)
    return next((text for text, field in told if field == "guardian"), "")


def keeps(actor: Viewer, upload: Upload) -> None:
    """Write down who confirmed what. A second confirmation of the same file changes nothing."""
    notice = find_current()
    known = db.session.scalar(select(NoticeGiven.id).where(NoticeGiven.upload_id == upload.id))
    if notice is None or known is not None:
        return
    given = NoticeGiven(notice_id=notice.id, upload_id=upload.id, institution_id=upload.institution_id)
    given.asked_age, given.confirmed_by_name = asked_age(upload), actor.name
    db.session.add(given)
    summary = _("Confirmed that the people of a file were given the privacy notice")
    audit.record(
        actor, "confirmed", upload, summary, institution_id=upload.institution_id, age=given.asked_age
    )


ask_before_keeping(asks, keeps)
