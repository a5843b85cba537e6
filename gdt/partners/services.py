"""What the office does with partner institutions: it registers them and keeps their facts right."""

import csv
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import Viewer
from gdt.database import broken_constraint, db
from gdt.errors import DomainError
from gdt.partners.models import Country, Institution, InstitutionKind, Region
from gdt.partners.queries import find_country, list_countries, list_regions
from gdt.partners.time_zones import zones_of

CONTAINMENT = Path(__file__).parent / "m49_containment.csv"
REGIONS = {
    "asia-pacific": ("Asia-Pacific", ("SG", "MY", "TH", "ID", "PH", "KH", "VN", "PK", "MN", "AU")),
    "latin-america": ("Latin America", ("MX", "CO", "BO")),
    "africa": ("Africa", ("RW", "TN", "ET")),
    "central-asia": ("Central Asia", ("KZ",)),
}
FACTS = (
    *("name", "native_name", "kind", "country_id", "city", "website", "time_zone", "joined_on", "closed_on"),
)


def load_reference() -> int:
    """Put in the programme's regions and countries that are not there yet; returns how many were added."""
    regions = {region.code: region for region in list_regions()}
    countries = {country.code for country in list_countries()}
    before = len(regions) + len(countries)
    for position, (code, (name, members)) in enumerate(REGIONS.items(), start=1):
        region = regions.setdefault(code, Region(code=code, name=name, position=position))
        db.session.add(region)
        for member in members:
            if member not in countries:
                countries.add(member)
                db.session.add(Country(code=member, region=region, m49_subregion=_subregions()[member]))
    db.session.flush()
    return len(regions) + len(countries) - before


@cache
def _subregions() -> dict[str, str]:
    with CONTAINMENT.open(encoding="utf-8", newline="") as file:
        return {row["country"]: row["subregion_m49"] for row in csv.DictReader(file)}


def register_institution(
    *,
    viewer: Viewer,
    code: str,
    name: str,
    kind: InstitutionKind,
    country_code: str,
    city: str,
    **more: str | date | None,
) -> Institution:
    """Add a partner to the network. It is an applicant until an agreement is in force.

    `more` may hold native_name, website and joined_on.
    """
    institution = Institution(
        code=code.strip().lower(),
        name=name,
        kind=kind,
        country=_country(viewer, country_code),
        city=city,
        **more,
    )
    _keep(institution)
    audit.record(
        viewer,
        "registered",
        institution,
        _("Registered %(name)s", name=institution.name),
        institution_id=institution.id,
    )
    return institution


def change_institution(
    *,
    viewer: Viewer,
    institution: Institution,
    seen: str,
    country_code: str,
    **facts: object,
) -> None:
    """Put an institution's facts right; `seen` is the state of the record the form was drawn from."""
    db.session.refresh(institution, with_for_update={"of": Institution})
    if seen != state_of(institution):
        raise DomainError(
            _(
                "Somebody else changed this institution while you were typing. "
                "Open the page again in another tab, compare, and save what is right."
            )
        )
    put_right(viewer=viewer, institution=institution, country_code=country_code, **facts)


def put_right(*, viewer: Viewer, institution: Institution, country_code: str, **facts: object) -> None:
    """Write these facts of an institution, and tell the trail what they were."""
    before = state_of(institution)
    institution.country = _country(viewer, country_code)
    for name, value in facts.items():
        setattr(institution, name, value)
    if institution.time_zone not in zones_of(institution.country.code):
        institution.time_zone = None  # it moved to another country, whose time it keeps
    _keep(institution)
    if before != state_of(institution):
        audit.record(
            viewer,
            "changed",
            institution,
            _("Changed %(name)s", name=institution.name),
            institution_id=institution.id,
        )


def state_of(institution: Institution) -> str:
    """A short mark of the facts as they stand, by which a form knows whether they moved under it."""
    return sha256(repr(_facts(institution)).encode()).hexdigest()[:16]


def _facts(institution: Institution) -> dict[str, str]:
    return {name: str(getattr(institution, name) or "") for name in FACTS}


def _country(viewer: Viewer, code: str) -> Country:
    country = find_country(code)
    if country is None:
        raise DomainError(_("Choose one of the programme's countries."), "country_code")
    if viewer.region_ids and country.region_id not in viewer.region_ids:
        raise DomainError(_("This country is in none of your regions."), "country_code")
    return country


def _keep(institution: Institution) -> None:
    """The database decides whether code and name are free: asking first would lose a race."""
    try:
        with db.session.begin_nested():
            db.session.add(institution)
            db.session.flush()
    except IntegrityError as error:
        raise _refusal(broken_constraint(error)) from error


def _refusal(constraint: str) -> DomainError:
    if constraint == "uq_institutions_code":
        return DomainError(_("Another institution has this code. Choose another one."), "code")
    return DomainError(_("An institution with this name is already registered."), "name")
