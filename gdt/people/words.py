"""The words in which the pages show roles and genders."""

from flask_babel import lazy_gettext as _

from gdt.people.models import AffiliationRole, Gender

ROLES = {AffiliationRole.TEACHER: _("teacher"), AffiliationRole.STUDENT: _("student")}
GENDER_WORDS = {Gender.FEMALE: _("female"), Gender.MALE: _("male"), Gender.OTHER: _("other")}
