"""What is added to a project and taken off again: places, pictures, and evidence for the office."""

from decimal import Decimal

from flask_babel import gettext as _

from gdt import audit, documents
from gdt.access import Viewer
from gdt.community.evidence_files import ending_of, tidy_name
from gdt.community.models import Project, ProjectEvidence, ProjectPicture, ProjectPlace
from gdt.community.pictures import read_picture
from gdt.community.services import refuse_unless_written
from gdt.database import db
from gdt.errors import DomainError
from gdt.partners.models import Country

PICTURES, EVIDENCE = "project-pictures", "project-evidence"
MOST_PICTURES, MOST_PLACES, MOST_EVIDENCE = 12, 40, 20


def add_place(
    *,
    actor: Viewer,
    project: Project,
    name: str,
    country: Country,
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
) -> ProjectPlace:
    """Say that a project worked in a place. Raises DomainError."""
    refuse_unless_written(project)
    _refuse_many(len(project.places), MOST_PLACES)
    if (latitude is None) != (longitude is None):
        field = "latitude" if latitude is None else "longitude"
        raise DomainError(_("Give both coordinates, or none."), field)
    if any(place.country_id == country.id and place.name == name for place in project.places):
        raise DomainError(_("%(name)s is there already.", name=name), "name")
    place = ProjectPlace(name=name, country=country, latitude=latitude, longitude=longitude)
    project.places.append(place)
    _record(actor, "added", project, _("Added the place %(name)s.", name=name))
    return place


def add_picture(
    *, actor: Viewer, project: Project, content: bytes, filename: str, alt: str
) -> ProjectPicture:
    """Keep a picture, drawn anew without what the camera wrote into it. Raises DomainError."""
    refuse_unless_written(project)
    _refuse_many(len(project.pictures), MOST_PICTURES)
    picture = read_picture(content, filename)
    key, digest = documents.keep(PICTURES, picture.large, suffix=".jpg")
    if any(kept.file_sha256 == digest for kept in project.pictures):
        raise DomainError(_("This picture is there already."), "picture")
    small_key, _digest = documents.keep(PICTURES, picture.small, suffix=".jpg")
    kept = ProjectPicture(
        alt=alt,
        file_key=key,
        file_sha256=digest,
        small_key=small_key,
        width=picture.width,
        height=picture.height,
    )
    project.pictures.append(kept)
    _record(actor, "added", project, _("Added a picture: %(alt)s", alt=alt))
    return kept


def add_evidence(*, actor: Viewer, project: Project, content: bytes, filename: str) -> ProjectEvidence:
    """Keep a file the office will look at. Raises DomainError."""
    refuse_unless_written(project)
    _refuse_many(len(project.evidence), MOST_EVIDENCE)
    key, digest = documents.keep(EVIDENCE, content, suffix=ending_of(content, filename))
    if any(kept.file_sha256 == digest for kept in project.evidence):
        raise DomainError(_("This file is there already."), "evidence")
    name = tidy_name(filename)
    kept = ProjectEvidence(name=name, file_key=key, file_sha256=digest, file_size=len(content))
    project.evidence.append(kept)
    _record(actor, "added", project, _("Added evidence: %(name)s", name=name))
    return kept


def remove_part(
    *, actor: Viewer, project: Project, part: ProjectPlace | ProjectPicture | ProjectEvidence
) -> None:
    """Take a place, a picture or evidence off a project that is being written."""
    refuse_unless_written(project)
    summary = _("Took off: %(name)s", name=str(part))
    db.session.delete(part)
    _record(actor, "took off", project, summary)


def _refuse_many(there: int, most: int) -> None:
    if there >= most:
        raise DomainError(_("There are %(most)s already. Take one off first.", most=most))


def _record(actor: Viewer, action: str, project: Project, summary: str) -> None:
    audit.record(actor, action, project, summary, institution_id=project.institution_id)
