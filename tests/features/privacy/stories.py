"""One person with everything the register can hold of her, beside somebody who stays."""

import io
import re
import zlib
from urllib.parse import quote
from zipfile import ZipFile

import openpyxl

from gdt.access import OFFICE
from gdt.certification.archives.archiving import order_archive
from gdt.certification.correction_requests.models import CameBy
from gdt.certification.correction_requests.services import Complaint, ask_for_correction
from gdt.certification.delivery.services import deliver_issued
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.models import Certificate
from gdt.database import db, unit_of_work
from gdt.exams.models import Result, ResultCorrection
from gdt.imports.checking import hand_in
from gdt.imports.keeping import confirm
from gdt.imports.models import Upload
from gdt.people.merging import merge_persons
from gdt.people.models import Gender, Person
from gdt.people.services import PersonFacts, correct_person
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from gdt.training.roster_kind import ROSTER, subject_of
from tests.factories import TODAY, make_affiliation, make_exam, make_person, make_sitting
from tests.features.certification.stories import give_result, make_ready_cohort

NAME, NATIVE = "Siti Zubaidah Kartini", "กิตติยา ทองแท้"
FORMER, TWIN = "Siti Zubaydah Kartiny", "Zubaidah Kartini Siti"
EMAIL, OLD_EMAIL = "siti.zubaidah@students.example", "old.zubaidah@students.example"
NUMBER, TWIN_NUMBER = "TZQ-7781-K", "TZQ-9942-K"
OTHER = "Lim Ah Kow"
HERS = (NAME, NATIVE, FORMER, TWIN, EMAIL, OLD_EMAIL, NUMBER, TWIN_NUMBER)
HEADER = ("Full name", "Native name", "Student number", "E-mail", "Gender")


def workbook():
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append((FORMER, NATIVE, NUMBER, OLD_EMAIL, "female"))
    book.active.append((OTHER, "", "OK-1", "lim@students.example", "male"))
    book.active.append((NAME, "", "OK-2", "not an address", ""))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def handed_in(cohort, data, filename, *, keep):
    with unit_of_work():
        subject = subject_of(db.session.merge(cohort))
        upload = hand_in(actor=OFFICE, kind=ROSTER, subject=subject, filename=filename, data=data)
        upload_id = upload.id
    if keep:
        with unit_of_work():
            confirm(actor=OFFICE, upload=db.session.get(Upload, upload_id))
    return upload_id


def a_whole_life(**columns):
    """Her person id, after imports, a correction, a merge, results, certificates, mails, a ZIP."""
    cohort = make_ready_cohort(0, **columns)
    cohort_id = cohort.id
    handed_in(cohort, workbook(), "roster.xlsx", keep=True)
    again = "\t".join(HEADER) + f"\n{NAME}\t\t{NUMBER}\t{EMAIL}\t\n"
    handed_in(cohort, again.encode("utf-16"), f"{NAME}.txt", keep=False)
    person = db.session.query(Person).filter_by(email=OLD_EMAIL).one()
    person_id = person.id
    with unit_of_work():
        facts = PersonFacts(
            printed_name=NAME, native_name=NATIVE, own_number=NUMBER, email=EMAIL, gender=Gender.FEMALE
        )
        correct_person(actor=OFFICE, person=db.session.get(Person, person_id), facts=facts, numbers={})
    twin = make_person(printed_name=TWIN)
    make_affiliation(twin, db.session.get(Cohort, cohort_id).institution, own_number=TWIN_NUMBER)
    with unit_of_work():
        merge_persons(
            actor=OFFICE,
            survivor=db.session.get(Person, person_id),
            other=db.session.get(Person, twin.id),
            choices={},
        )
    with unit_of_work():
        for enrolment in db.session.query(Enrolment).filter_by(cohort_id=cohort_id):
            enrolment.state, enrolment.completed_on = EnrolmentState.COMPLETED, TODAY
    cohort = db.session.get(Cohort, cohort_id)
    sitting = make_sitting(cohort, make_exam(cohort.course))
    for enrolment in db.session.query(Enrolment).filter_by(cohort_id=cohort_id):
        give_result(sitting, enrolment.person, 71)
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    _afterwards(cohort_id, person_id)
    return person_id


def _afterwards(cohort_id, person_id):
    with unit_of_work():
        certificate = db.session.query(Certificate).filter_by(person_id=person_id).one()
        deliver_issued([certificate], batch_id=None, is_new=False)
        words = Complaint(
            fact="printed_name",
            wanted=TWIN,
            why=f"I am {TWIN}.",
            contact=OLD_EMAIL,
            evidence=b"%PDF-1.4 " + NAME.encode(),
            evidence_name=f"{NAME}.pdf",
        )
        ask_for_correction(certificate=certificate, complaint=words, came_by=CameBy.LINK)
        result = db.session.query(Result).filter_by(person_id=person_id).one()
        db.session.add(
            ResultCorrection(result_id=result.id, reason=f"Typed wrong for {NAME}", corrected_by_name="Ann")
        )
        order_archive(actor=OFFICE, subject=db.session.get(Cohort, cohort_id))


def every_form(word):
    """A word as it may stand in bytes, without asking the code under test."""
    texts = {word, word.lower(), word.upper(), quote(word), quote(word, safe="@"), re.sub(" ", "+", word)}
    escaped = {word.encode("unicode_escape"), word.encode("ascii", "xmlcharrefreplace")}
    return escaped | {text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")}


def unpacked(data):
    """The bytes of a file and of all that is compressed in it: ZIP members, zlib streams."""
    yield data
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            piece = zlib.decompressobj().decompress(data[found.start() :])
        except zlib.error:
            continue
        if piece:
            yield piece
