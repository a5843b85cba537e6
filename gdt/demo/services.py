"""Loading the demo network: once, whole, and never into a database that holds anything else."""

from flask_babel import gettext as _

from gdt import audit, changes
from gdt.access import OFFICE
from gdt.certification.issuing.issuing import Orderer
from gdt.database import db, now, unit_of_work
from gdt.demo import queries
from gdt.demo.accounts import OFFICER, DemoAccounts, add_users, find_users, known_emails, open_accounts
from gdt.demo.beginnings import add_beginnings
from gdt.demo.certifying import issue_certificates, revoke_one
from gdt.demo.closing import close_announced_year
from gdt.demo.cohorts import add_cohorts
from gdt.demo.contacts import add_contacts
from gdt.demo.curriculum import add_curriculum
from gdt.demo.curriculum_versions import add_versions
from gdt.demo.follow_up import add_follow_up
from gdt.demo.gatherings import add_gatherings
from gdt.demo.headcounts import add_headcounts
from gdt.demo.honours import GIVEN_ON, add_awards, certify_awards
from gdt.demo.institutions import add_institutions
from gdt.demo.network import FIRST_NAMED_YEAR, LAST_YEAR, Network
from gdt.demo.partnerships import add_partnerships
from gdt.demo.present_day import add_present_day
from gdt.demo.projects import add_projects
from gdt.demo.reporting import ASKED, add_reporting
from gdt.demo.results import add_results
from gdt.demo.second_entries import add_second_entries
from gdt.demo.second_marks import add_flags, add_second_marks
from gdt.demo.teachers import add_teacher
from gdt.demo.told import publish_notices
from gdt.demo.training_life import add_training_life
from gdt.demo.trainings import FIRST_RENEWALS, add_renewals, add_trainings
from gdt.errors import DomainError

LOADED = "loaded the demo"


def load_demo(*, password: str | None) -> DemoAccounts:
    """Load the demo network, or go on where an interrupted load stopped; a loaded one stays as it is.

    Raises DomainError when the database holds other data.
    """
    with unit_of_work():
        if queries.is_recorded(LOADED):
            return DemoAccounts(known_emails(), None)
        if not find_users():
            _require_empty()
            _write_network()
    issue_certificates(_officer(), until=GIVEN_ON)
    with unit_of_work():
        certify_awards(_officer())
    issue_certificates(_officer())
    with unit_of_work():
        if not queries.is_recorded(ASKED):
            add_reporting(_officer().name, now().date())
            _leave_untold()
    close_announced_year(_officer())
    with unit_of_work():
        revoke_one(_officer())
        publish_notices()
        add_partnerships(next(user for user in find_users() if user.email == OFFICER), now().date())
        add_follow_up(_officer(), now().date())
        accounts = open_accounts(password)
        for user in find_users():
            audit.record(OFFICE, LOADED, user, _("Set up the demo account of %(name)s", name=user.name))
    return accounts


def _officer() -> Orderer:
    officer = next(user for user in find_users() if user.email == OFFICER)
    return Orderer(officer.id, officer.name)


def _require_empty() -> None:
    if queries.has_other_data():
        raise DomainError(
            _(
                "This database already holds data of its own, so the demo network was not loaded. "
                "Set GDT_DATABASE_URL to an empty database and try again."
            )
        )


def _write_years_since(network: Network) -> None:
    """What went on since the announcement: a few partners by name, the others in numbers."""
    for year in network.years_since:
        add_trainings(network, [year])
        add_results(network, add_cohorts(network, year))
        if year >= FIRST_RENEWALS:
            add_renewals(network, year)
    add_trainings(network, [network.today.year])
    add_results(network, add_cohorts(network, network.today.year))
    add_headcounts(network, range(LAST_YEAR + 1, network.today.year + 1))


def _write_network() -> None:
    network = Network(today=now().date())
    add_institutions(network)
    add_users(network)
    add_curriculum(network)
    add_versions()
    add_headcounts(network, range(LAST_YEAR + 1))
    add_trainings(network, range(FIRST_NAMED_YEAR, LAST_YEAR + 1))
    for year in range(FIRST_NAMED_YEAR + 1, LAST_YEAR + 1):
        add_results(network, add_cohorts(network, year))
    _write_years_since(network)
    add_present_day(network)
    add_training_life(network)
    add_teacher(network)
    add_second_entries(network)
    add_projects(network.officer.name, network.today)
    add_awards(network.today)
    add_gatherings(network.officer.name, network.today)
    add_second_marks(network)
    add_beginnings(network)
    add_flags(network)
    add_contacts(network)
    _leave_untold()


def _leave_untold() -> None:
    """What the loading itself put right is nobody's act; the histories tell what people of the demo did."""
    db.session.flush()
    changes.leave_untold()
