"""A tiny real application that shows every layout and component: `python -m tests.features.look.preview`."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace as Thing

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from gdt import delivery, filters, forms
from gdt.charts import BarChart, ColumnChart
from gdt.errors import DomainError
from gdt.navigation import Group, Link
from gdt.security import POLICY

ROOT = Path(__file__).parents[3]
PAGES = Path(__file__).parent / "pages"
AS_OF = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
MODULES = [
    SelectChoice("dm", "Digital Marketing"),
    SelectChoice("nr", "New Retail"),
    SelectChoice("sl", "Smart Logistics"),
]
COURSES = [SelectChoice("", "Choose a course"), *MODULES]
MENU = (("Home", "/record"), ("Institutions", "/list"), ("Figures", "/figures"), ("Certificates", "/work"))


class TickboxesField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CohortForm(forms.BaseForm):
    name = StringField(
        "Name", [DataRequired("Give the cohort a name.")], description="As the timetable has it."
    )
    course = SelectField("Course", [InputRequired("Choose a course.")], choices=COURSES)
    mode = RadioField(
        "Mode", [InputRequired("Choose how it is taught.")], choices=["On site", "Online", "Hybrid"]
    )
    starts_on = DateField("First day", [InputRequired("Give the first day, such as 2 Feb 2026.")])
    students = IntegerField("Expected students", [Optional(), NumberRange(1, 2000)])
    modules = TickboxesField("Modules", choices=MODULES)
    note = TextAreaField("Note to the office", [Optional()])
    roster = FileField(
        "Roster", [Optional()], description="A spreadsheet with one student in each row: .xlsx or .csv."
    )
    agreed = BooleanField("The students have agreed that their names are kept")


INSTITUTIONS = [
    ("Adama Science and Technology University", "ET", "In force", "ok", date(2027, 8, 31), 41, 1206),
    ("Institut Teknologi Sepuluh Nopember", "ID", "Expiring", "attention", date(2026, 12, 15), 36, 2310),
    ("INTI International University & Colleges", "MY", "In force", "ok", date(2028, 1, 31), 88, 2915),
    (
        "Nazarbayev University Graduate School of Business",
        "KZ",
        "Lapsed",
        "problem",
        date(2026, 6, 30),
        12,
        204,
    ),
    ("NTUC LearningHub Pte Ltd", "SG", "In force", "ok", date(2028, 1, 31), 57, 1988),
    ("Royal University of Phnom Penh", "KH", "Applicant", "neutral", None, 0, 0),
    ("Universidad Tecnológica de Bolívar", "CO", "In grace", "attention", date(2026, 10, 31), 23, 640),
    ("Universiti Tunku Abdul Rahman", "MY", "In force", "ok", date(2027, 2, 1), 112, 3894),
    ("มหาวิทยาลัยธรรมศาสตร์ (Thammasat University)", "TH", "In force", "ok", date(2027, 5, 31), 64, 2177),
    ("University of Rwanda", "RW", "Renewal under way", "progress", date(2026, 12, 31), 29, 917),
]
TEACHERS = [
    ("Tan Mei Ling", "S-10213", "Digital Marketing", 2025, "Qualified", "ok", "GDT-2025-000412"),
    ("Nurul Huda binti Ismail", "S-10877", "New Retail", 2024, "Ends soon", "attention", "GDT-2024-001033"),
    ("Sivakumar s/o Ramasamy", "S-11020", "Smart Logistics", 2023, "Expired", "problem", "GDT-2023-000088"),
    ("Ooi", "S-11954", "Start-up Investment and Financing", 2026, "In training", "progress", "–"),
]


def create_preview() -> Flask:
    app = Flask("gdt.app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "gdt/static"))
    app.config.update(SECRET_KEY="preview", BOOTSTRAP_SERVE_LOCAL=True, BABEL_DEFAULT_LOCALE="en")
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(PAGES)])
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"))
    for part in (forms, filters, delivery):
        part.init_app(app)
    _neighbours(app)
    _pages(app)
    app.context_processor(_context)
    app.after_request(_harden)
    return app


def _harden(response):
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _context():
    nav = [Group(label, request.path == url, [Link(label, url, request.path == url)]) for label, url in MENU]
    tabs = [
        Thing(label=label, url=f"/record?tab={label}", is_current=not count, count=count)
        for label, count in (("Overview", None), ("Teachers", 112), ("Cohorts", 41), ("Certificates", 3991))
    ]
    user = Thing(name="Siti Rahmah binti Yusof", role_label="Programme officer", is_authenticated=True)
    is_public = request.path == "/verify"
    return {
        "nav_items": nav,
        "current_user": Thing(is_authenticated=False) if is_public else user,
        "tabs": tabs,
    }


def _neighbours(app: Flask) -> None:
    """The endpoints of other features that the layouts link to."""
    accounts, certification = Blueprint("accounts", __name__), Blueprint("certification", __name__)
    accounts.add_url_rule("/account", "account", lambda: "account")
    accounts.add_url_rule("/sign-in", "sign_in", lambda: "sign in")
    accounts.add_url_rule("/sign-out", "sign_out", lambda: "signed out", methods=["POST"])
    certification.add_url_rule("/log", "log", lambda: "log")
    certification.add_url_rule("/verify", "verify_form", lambda: render_template("verify.html", **_dates()))
    community, recognition = Blueprint("community", __name__), Blueprint("recognition", __name__)
    community.add_url_rule("/showcase", "showcase", lambda: "showcase")
    recognition.add_url_rule("/honours", "latest_honours", lambda: "honours")
    events = Blueprint("events", __name__)
    events.add_url_rule("/events", "events", lambda: "events")
    privacy = Blueprint("privacy", __name__)
    privacy.add_url_rule("/privacy/notice", "notice", lambda: "notice")
    for blueprint in (accounts, certification, community, recognition, events, privacy):
        app.register_blueprint(blueprint)


def _pages(app: Flask) -> None:
    app.add_url_rule("/list", "list", show_list)
    app.add_url_rule("/record", "record", show_record)
    app.add_url_rule("/form", "form", show_form, methods=["GET", "POST"])
    app.add_url_rule("/figures", "figures", show_figures)
    app.add_url_rule("/work", "work", show_work, methods=["GET", "POST"])
    app.add_url_rule("/work/running", "running", show_running(app))
    app.add_url_rule("/work/becoming", "becoming", show_becoming())
    app.add_url_rule("/error/<int:code>", "error", lambda code: render_template(f"errors/{code}.html"))


def _dates():
    return {
        "as_of": AS_OF,
        "issued_on": date(2026, 7, 3),
        "starts_on": date(2017, 2, 1),
        "ends_on": date(2027, 2, 1),
    }


def show_list():
    keys = ("name", "country", "word", "kind", "ends_on", "teachers", "students")
    rows = [Thing(**dict(zip(keys, row, strict=True))) for row in INSTITUTIONS]
    regions = [("All", 30), ("Asia-Pacific", 18), ("Latin America", 5), ("Africa", 6), ("Central Asia", 1)]
    states = [("In force", 21), ("Expiring", 4), ("In grace", 2), ("Lapsed", 2), ("Applicant", 1)]
    groups = [
        Thing(label=label, options=_options(options))
        for label, options in (("Region", regions), ("State", states))
    ]
    page = Thing(next_cursor="abc", previous_cursor="xyz")
    chosen = [Thing(label="Name has “uni”", url="/list")]
    return render_template("list.html", rows=rows, groups=groups, page=page, filters=chosen)


def _options(options):
    return [
        Thing(label=label, url="/list?x=" + label, count=count, is_current=label == "All")
        for label, count in options
    ]


def show_record():
    keys = ("name", "number", "module", "year", "word", "kind", "certificate")
    teachers = [Thing(**dict(zip(keys, row, strict=True))) for row in TEACHERS]
    for teacher in teachers:
        teacher.from_on, teacher.until_on = date(teacher.year, 3, 1), date(teacher.year + 2, 2, 28)
    tasks = [
        Thing(
            sentence="12 of 340 roster rows need you before they count.", url="/form", action="Open the rows"
        ),
        Thing(
            sentence="48 students have passed and can be certified.",
            url="/work",
            action="Certify",
            kind="progress",
        ),
        Thing(
            sentence="Results of the sitting on 14 Nov 2026 are missing.",
            url="/form",
            action="Enter results",
            kind="problem",
        ),
    ]
    return render_template("record.html", teachers=teachers, tasks=tasks, **_dates())


def show_form():
    form = CohortForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            _keep(form.values())
        except DomainError as error:
            form.reject(error)
        else:
            flash("The cohort is logged. Add its students next.")
            return redirect(url_for("record"))
    return forms.form_page("form.html", form)


def _keep(values):
    if values["name"] == "taken":
        raise DomainError("Another cohort of this course has this name.", "name")


def show_figures():
    years = [str(year) for year in range(2017, 2027)]
    certified = ColumnChart(
        title="Teachers certified each year, with the year's target",
        by="Year",
        unit="Teachers certified",
        rows=list(zip(years, (38, 84, 156, 171, 243, 318, 190, 236, 262, 214), strict=True)),
        targets=[None] * 6 + [200, 250, 300, 400],
        highlight="2026",
        number=filters.number,
    )
    countries = (
        ("MY", 11342),
        ("TH", 7221),
        ("ID", 6904),
        ("PH", 5120),
        ("VN", 4873),
        ("MX", 4410),
        ("KZ", 204),
    )
    reached = BarChart(
        title="Students trained by country, 2017–2026",
        by="Country",
        unit="Students",
        rows=[(filters.country_name(code), value, round(value * 0.3)) for code, value in countries],
        parts=("recorded", "claimed"),
        number=filters.number,
    )
    against = BarChart(
        title="Teachers certified in 2026 against the target",
        by="Institution",
        unit="Teachers certified",
        rows=[
            ("Universiti Tunku Abdul Rahman", 31),
            ("INTI International University & Colleges", 22),
            ("NTUC LearningHub Pte Ltd", 9),
        ],
        targets=[40, 20, 30],
        number=filters.number,
    )
    return render_template("figures.html", drawn=[certified, reached, against], tabs=[], **_dates())


def show_work():
    form = forms.ConfirmForm(request.form, word="revoke")
    if request.method == "POST":
        form.validate()
    done = int(request.args.get("done", 430))
    return forms.form_page("work.html", form, done=done, finished=done >= 1200, tabs=[])


def show_running(app):
    """Work that is done at the third look."""
    app.extensions["looks"] = 0

    def running():
        app.extensions["looks"] += 1
        is_done = app.extensions["looks"] >= 3
        form = forms.ConfirmForm(word="revoke")
        return render_template("work.html", form=form, done=430, finished=is_done, tabs=[])

    return running


def show_becoming():
    """Work whose page is another one when it is done."""
    looks = iter([show_work, show_work])
    return lambda: next(looks, show_list)()


if __name__ == "__main__":
    create_preview().run(port=5055)
