"""The office's command line: `flask --app wsgi gdt …`."""

import signal
import threading
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from gdt import jobs, outbox
from gdt.access import OFFICE, Role
from gdt.accounts.inviting import invite_user
from gdt.certification.issuing.services import issue_for_cohort
from gdt.commands.answers import as_json
from gdt.commands.answers import refuse as _refuse
from gdt.commands.answers import say as _say
from gdt.commands.backup import backup, restore_command
from gdt.commands.batches import batches, documents, halt, resume
from gdt.commands.certificates import remind, replace, revoke
from gdt.commands.impact import impact
from gdt.commands.keys import keys
from gdt.commands.lists import IMPORT_COMMANDS
from gdt.commands.log import log
from gdt.commands.people import people
from gdt.commands.privacy import privacy
from gdt.commands.rounds import rounds
from gdt.commands.trail import trail
from gdt.commands.years import YEAR_COMMANDS
from gdt.database import db, now, unit_of_work
from gdt.demo.samples import write_samples
from gdt.demo.services import load_demo
from gdt.errors import DomainError, RecordNotFound
from gdt.impact.annual_summary import annual_summary_pdf
from gdt.partners.services import load_reference
from gdt.row_security import refuse_owner
from gdt.training.queries import get_cohort

gdt = AppGroup("gdt", help="The GDT office at the command line.")
for command in (
    *(revoke, replace, remind, log, keys, halt, resume, batches, documents, impact, people, privacy),
    *(rounds, backup, restore_command, trail, *IMPORT_COMMANDS),
):
    gdt.add_command(command)
for command in YEAR_COMMANDS:
    impact.add_command(command)
SWEEP_SECONDS = 30


@gdt.command("demo")
def demo() -> None:
    """Load the demo network and its accounts. Running it again keeps the data."""
    if current_app.config["PRODUCTION"]:
        _refuse("Production has no demo network: its accounts have a known name.", as_json=False)
    try:
        accounts = load_demo(password=current_app.config["DEMO_PASSWORD"])
    except DomainError as error:
        _refuse(error.message, as_json=False)
    click.echo("The demo network is loaded. Who can sign in:")
    for email in accounts.emails:
        click.echo(f"  {email}")
    click.echo(f"Password of all of them: {accounts.password or 'as it was set when they were made'}")
    samples = write_samples(current_app.config["DATA_DIR"] / "samples")
    click.echo(f"Files to try: {samples.roster_csv} for the cohort {samples.cohort_code},")
    click.echo(f"  {samples.results_csv} for the sitting {samples.sitting_code}")


@gdt.command("worker")
def worker() -> None:
    """Do long work here until stopped: issuing, archives, uploads, mail."""
    if current_app.config["PRODUCTION"]:
        refuse_owner(db.engine)
    current_app.config["JOBS_MODE"] = "queue"
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs.launch(app)
    outbox.launch(app)
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    click.echo("Worker is ready.")
    while not stopped.wait(SWEEP_SECONDS):
        jobs.take_up_forgotten()
    outbox.stop()
    jobs.stop()


@gdt.command("load-reference")
def load_reference_command() -> None:
    """Put in the programme's regions and countries; what an empty production database starts with."""
    with unit_of_work():
        load_reference()


@gdt.command("invite-administrator")
@click.argument("email")
@click.argument("name")
def invite_administrator(email: str, name: str) -> None:
    """Mail the first administrator a link to set a password."""
    link = f"{current_app.config['BASE_URL']}/invitation/{{token}}"
    try:
        with unit_of_work(), force_locale("en"):
            invite_user(
                actor=OFFICE, name=name, email=email, role=Role.ADMINISTRATOR, institution=None, link=link
            )
    except DomainError as error:
        _refuse(error.message, as_json=False)
    click.echo(f"The invitation to {email} is queued.")


@gdt.command("issue")
@click.option("--cohort", required=True, help="The cohort's code.")
@as_json
def issue(cohort: str, as_json: bool) -> None:
    """Issue the student certificates of a cohort to everyone who is eligible."""
    try:
        outcome = issue_for_cohort(get_cohort(OFFICE, cohort), actor=OFFICE, issued_on=now().date())
    except RecordNotFound:
        _refuse(f"There is no cohort with the code {cohort}.", as_json)
    except DomainError as error:
        _refuse(error.message, as_json)
    sentence = "{issued} issued, {already} certified already, {n} not eligible."
    _say(outcome, sentence.format(n=len(outcome["refused"]), **outcome), as_json)


@gdt.command("annual-summary")
@click.option("--year", type=int, required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
def annual_summary(year: int, out: Path) -> None:
    """Write the annual summary of a year as PDF."""
    try:
        out.write_bytes(annual_summary_pdf(year=year))
    except DomainError as error:
        _refuse(error.message, as_json=False)
    except OSError as error:
        _refuse(f"{out} cannot be written: {error.strerror}.", as_json=False)
    click.echo(f"Written: {out}")
