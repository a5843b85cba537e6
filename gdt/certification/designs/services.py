"""Keeping and publishing designs: a version is checked, looked at, and published by somebody, once."""

from hashlib import sha256

from flask_babel import gettext as _

from certificates import Design, InvalidDesign, design_faults
from gdt import audit
from gdt.access import Viewer
from gdt.certification.designs import queries
from gdt.certification.designs.languages import language_for
from gdt.certification.designs.looks import checked_source, design_in_use, parsed
from gdt.certification.designs.models import CertificateDesign
from gdt.certification.designs.versions import DesignState, get_version
from gdt.certification.models import CertificateKind
from gdt.database import db, now
from gdt.errors import DomainError

FAULTS_TOLD = 5


def keep_design(*, actor: Viewer, content: bytes) -> CertificateDesign:
    """Keep a version as a draft, in place of the draft of the same name. Raises DomainError naming the entry.

    Nothing is printed with it before it is published.
    """
    source, design = _read(content)
    kind = CertificateKind(design.kind.value)
    _refuse_older(design, kind)
    record = queries.hold_design(design.name) or CertificateDesign(name=design.name)
    if record.published_at is not None:
        raise DomainError(_("%(name)s is published, so it never changes.", name=design.name), "file")
    record.kind, record.version, record.title = kind, design.version, design.title
    record.source, record.sha256 = source, sha256(source.encode()).hexdigest()
    record.kept_at, record.kept_by_id, record.kept_by_name = now(), actor.id, actor.name
    db.session.add(record)
    audit.record(actor, "kept", record, _("Kept the design %(name)s as a draft", name=design.name))
    return record


def discard_draft(*, actor: Viewer, name: str) -> None:
    """Forget a draft. Raises DomainError when it was published meanwhile."""
    record = queries.hold_design(name)
    if record is None or record.published_at is not None:
        raise DomainError(_("%(name)s is not a draft any more. Nothing was changed.", name=name))
    audit.record(actor, "discarded", record, _("Discarded the draft %(name)s", name=name))
    db.session.delete(record)


def publish_design(*, actor: Viewer, name: str, seen: str) -> CertificateDesign:
    """Publish a version: from now on certificates of its kind are drawn with it. Raises DomainError.

    `seen` is the hash of what the person looked at.
    """
    record = queries.hold_design(name) or _of_library(actor, name)
    if record.published_at is not None:
        raise DomainError(_("%(name)s is published already. Nothing was changed.", name=name))
    if record.sha256 != seen:
        raise DomainError(_("Meanwhile another draft took its place. Look at it before you publish it."))
    design = parsed(checked_source(record), record.name)
    _refuse_older(design, record.kind)
    refuse_missing_languages(design)
    record.published_at, record.published_by_name = now(), actor.name
    summary = _("Published the design %(name)s", name=name)
    audit.record(actor, "published", record, summary, sha256=record.sha256)
    return record


def refuse_missing_languages(design: Design) -> None:
    """Raises DomainError when an institution's certificates are in a language the design does not have."""
    for country_code, chosen in queries.list_chosen_languages():
        try:
            design.second_language(language_for(country_code, chosen))
        except InvalidDesign as error:
            raise DomainError(
                _("%(reason)s Institutions of the network use that language.", reason=str(error))
            ) from error


def _read(content: bytes) -> tuple[str, Design]:
    """The TOML and what it describes, if it holds whatever is printed with it."""
    try:
        source = content.decode("utf-8").replace("\r\n", "\n")
        design = parsed(source)
    except UnicodeDecodeError as error:
        raise DomainError(_("The file is not text in UTF-8."), "file") from error
    except InvalidDesign as error:
        raise DomainError(str(error), "file") from error
    if design.logo is None:
        raise DomainError(
            _("%(name)s: logo is missing. Every design keeps a place for it.", name=design.name), "file"
        )
    faults = design_faults(design)
    if faults:
        told = " ".join(f"{fault}." for fault in faults[:FAULTS_TOLD])
        raise DomainError(
            _("%(name)s does not hold every name. %(faults)s", name=design.name, faults=told), "file"
        )
    return source, design


def _refuse_older(design: Design, kind: CertificateKind) -> None:
    in_use, _source = design_in_use(kind)
    number = int(in_use.rpartition("-")[2])
    if design.version <= number:
        raise DomainError(
            _(
                "%(in_use)s is in use, and a published version never changes. Call the new one %(next)s.",
                in_use=in_use,
                next=f"{kind.value}-{number + 1}",
            ),
            "file",
        )


def _of_library(actor: Viewer, name: str) -> CertificateDesign:
    """A version the library brings, taken into our own keeping to be published."""
    version = get_version(name)
    if version.state is not DesignState.NOT_PUBLISHED or version.source is None:
        raise DomainError(_("%(name)s is published already. Nothing was changed.", name=name))
    record = CertificateDesign(
        name=name,
        kind=version.kind,
        version=version.number,
        title=version.title,
        source=version.source,
        sha256=version.sha256,
        kept_by_id=actor.id,
        kept_by_name=actor.name,
    )
    db.session.add(record)
    return record
