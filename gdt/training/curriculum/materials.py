"""Adding teaching materials to a draft, and taking them out of it again."""

from flask_babel import gettext as _

from gdt import audit, documents
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError
from gdt.training.curriculum.material_files import ending_of, tidy_name
from gdt.training.curriculum.models import Material, ModuleVersion
from gdt.training.curriculum.services import refuse_unless_draft

FOLDER = "materials"
MOST = 60


def add_file(
    *, actor: Viewer, version: ModuleVersion, title: str, language: str, content: bytes, filename: str
) -> Material:
    """Keep a file of up to 10 MB that is what its name says. Raises DomainError otherwise."""
    refuse_unless_draft(version)
    ending = ending_of(content, filename)
    key, digest = documents.keep(FOLDER, content, suffix=ending)
    material = Material(title=title, language=language, file_key=key, file_sha256=digest)
    material.file_name, material.file_size = tidy_name(filename, ending), len(content)
    return _added(actor, version, material)


def add_link(*, actor: Viewer, version: ModuleVersion, title: str, language: str, url: str) -> Material:
    """Keep a link; what is behind it is not ours and may change."""
    refuse_unless_draft(version)
    return _added(actor, version, Material(title=title, language=language, url=url))


def take_out(*, actor: Viewer, material: Material) -> None:
    """Take a material out of a draft; versions before it keep theirs."""
    refuse_unless_draft(material.version)
    said = _("Took the material “%(title)s” out of the draft.", title=material.title)
    audit.record(actor, "took out", material.version.module, said)
    material.version.materials.remove(material)
    db.session.flush()


def _added(actor: Viewer, version: ModuleVersion, material: Material) -> Material:
    if len(version.materials) >= MOST:
        raise DomainError(_("A version holds %(n)s materials at most.", n=MOST), "title")
    if any(one.title == material.title for one in version.materials):
        raise DomainError(_("This version has a material of this title. Choose another title."), "title")
    version.materials.append(material)
    said = _("Added the material “%(title)s” to the draft.", title=material.title)
    audit.record(actor, "added", version.module, said)
    return material
