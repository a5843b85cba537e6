"""What the history of modules, courses, trainings, qualifications, cohorts and enrolments tells."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.filters import language_name
from gdt.partners.models import Institution
from gdt.people.guardians import GuardianWord
from gdt.people.models import Person
from gdt.training.models import (
    Cohort,
    Course,
    Enrolment,
    Headcount,
    Module,
    Qualification,
    TeacherTraining,
    TrainingOutcome,
    TrainingParticipant,
)
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation
from gdt.training.taking_part.words import INVITATIONS, PARTS
from gdt.training.words import ENROLMENT_STATES, MODES, OUTCOMES

GUARDIANS = {GuardianWord.AGREED: _("agreed"), GuardianWord.OF_AGE: _("of age")}
DAYS = {"starts_on": Field(_("First day")), "ends_on": Field(_("Last day"))}
HOW = {"mode": Field(_("Mode"), MODES), "modules": Field(_("Modules"))}

tell(
    Module,
    _("Module"),
    {
        "code": Field(_("Code")),
        "title": Field(_("Title")),
        "hours": Field(_("Hours")),
        "version": Field(_("Version")),
    },
)
tell(
    Course,
    _("Course"),
    {
        "code": Field(_("Code")),
        "title": Field(_("Title")),
        "description": Field(_("Description")),
        "modules": Field(_("Modules")),
    },
)
tell(
    TeacherTraining,
    _("Teacher training"),
    {
        "title": Field(_("Title")),
        **DAYS,
        **HOW,
        "host_id": Field(_("Host"), of=Institution),
        "trainers": Field(_("Trainers")),
    },
    untold="code",
    place=lambda _training: None,
)
tell(
    TrainingOutcome,
    _("Outcome"),
    {"attended": Field(_("Was there")), "outcome": Field(_("Outcome"), OUTCOMES)},
    untold="participant_id training_id module_id",
    part_of={"training_id": TeacherTraining},
    place=lambda outcome: outcome.participant.institution_id,
    name=lambda outcome: f"{outcome.participant.person}, {outcome.module}",
)
tell(
    TrainingParticipant,
    _("Participant"),
    {"institution_id": Field(_("Institution"), of=Institution)},
    untold="training_id person_id",
    part_of={"training_id": TeacherTraining, "person_id": Person},
    name=lambda participant: f"{participant.person}, {participant.training}",
)
tell(
    Qualification,
    _("Qualification"),
    {"valid_from": Field(_("Valid from")), "valid_until": Field(_("Valid until"))},
    untold="person_id module_id institution_id outcome_id",
    part_of={"person_id": Person},
    name=lambda qualification: f"{qualification.person}, {qualification.module}",
)
tell(
    Cohort,
    _("Cohort"),
    {
        "term": Field(_("Term")),
        **DAYS,
        **HOW,
        "language": Field(_("Language"), show=language_name),
        "teachers": Field(_("Teachers")),
    },
    untold="code institution_id course_id created_at",
)
tell(
    Enrolment,
    _("Enrolment"),
    {
        "state": Field(_("State"), ENROLMENT_STATES),
        "attendance_percent": Field(_("Attendance in per cent")),
        "completed_on": Field(_("Completed on")),
        "guardian": Field(_("Guardian"), GUARDIANS),
    },
    untold="cohort_id person_id upload_id guardian",
    part_of={"cohort_id": Cohort, "person_id": Person},
    place=lambda enrolment: enrolment.cohort.institution_id,
    name=lambda enrolment: f"{enrolment.person}, {enrolment.cohort}",
)
tell(
    Headcount,
    _("Headcount"),
    {"people": Field(_("People")), "evidence": Field(_("Evidence")), "verified_at": Field(_("Verified"))},
    untold="institution_id module_id year measure verified_by_id verified_by_name",
    name=lambda headcount: f"{headcount.institution}, {headcount.module}, {headcount.year}",
)
tell(
    TrainingInvitation,
    _("Invitation"),
    {"state": Field(_("State"), INVITATIONS), "places": Field(_("Places"))},
    untold="training_id institution_id invited_at invited_by_name answered_at answered_by_name reason",
)
tell(
    TrainingApplication,
    _("Teacher named"),
    {"state": Field(_("State"), PARTS)},
    untold="training_id person_id institution_id queued_at settled_at named_by_name",
    part_of={"person_id": Person},
)
