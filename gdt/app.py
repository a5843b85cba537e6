"""The whole application on one page: plumbing first, then the features, lowest first."""

from pathlib import Path

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_migrate import Migrate
from sqlalchemy import text

from gdt import (
    access,
    bearer,
    database,
    delivery,
    documents,
    errors,
    filters,
    forms,
    jobs,
    mail,
    navigation,
    routines,
    row_security,
    security,
    trail,
)
from gdt.accounts import told as told_of_accounts
from gdt.accounts.views import accounts
from gdt.api import interface
from gdt.api.views import described
from gdt.certification.keys import signing_keys
from gdt.certification.register import told as told_of_certification
from gdt.certification.views import certification
from gdt.community import told as told_of_community
from gdt.community.views import community
from gdt.events import told as told_of_events
from gdt.events.views import events
from gdt.exams import told as told_of_exams
from gdt.exams.views import exams
from gdt.impact import target_told
from gdt.impact.views import impact
from gdt.imports import views as import_views
from gdt.joining import told as told_of_joining
from gdt.joining.views import joining
from gdt.operation import metrics, readiness, request_log
from gdt.partners import told as told_of_partners
from gdt.partners.views import partners
from gdt.people import told as told_of_people
from gdt.people.views import people
from gdt.privacy.views import privacy
from gdt.recognition import told as told_of_recognition
from gdt.recognition.views import recognition
from gdt.renewals.views import renewals
from gdt.reporting import told as told_of_reporting
from gdt.reporting.views import reporting
from gdt.training import told as told_of_training
from gdt.training.curriculum import told as told_of_curriculum
from gdt.training.meetings import told as told_of_meetings
from gdt.training.views import training

ROOT = Path(__file__).parent.parent
PLUMBING = (
    request_log,
    metrics,
    bearer,
    forms,
    database,
    routines,
    jobs,
    documents,
    mail,
    access,
    row_security,
    navigation,
    filters,
    delivery,
    security,
    errors,
    trail,
)
# What the history of each kind of record tells; to be imported is all they need.
HISTORIES = (
    told_of_partners,
    told_of_accounts,
    told_of_people,
    told_of_training,
    told_of_curriculum,
    told_of_meetings,
    told_of_exams,
    told_of_events,
    told_of_certification,
    told_of_community,
    told_of_recognition,
    target_told,
    told_of_reporting,
    told_of_joining,
)
FEATURES = (
    import_views.imports,
    partners,
    accounts,
    people,
    training,
    exams,
    certification,
    community,
    recognition,
    events,
    impact,
    reporting,
    renewals,
    joining,
    described,
    privacy,
)


def create_app(config: object) -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.from_object(config)
    signing_keys.init_app(app)  # first of all: without good keys nothing starts
    Babel(app)
    for part in PLUMBING:
        part.init_app(app)
    Migrate(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    for feature in FEATURES:
        app.register_blueprint(feature)
    interface.init_app(app)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readiness.readyz)
    app.add_url_rule("/metrics", "metrics", metrics.metrics)
    return app


@access.public
def healthz() -> ResponseReturnValue:
    """Answer whether this process can serve: the database is asked one question."""
    database.db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
