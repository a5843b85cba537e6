"""The demo's community projects: UTAR's announced one, eight digital villages, one in each state."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from gdt import documents
from gdt.audit import AuditEvent
from gdt.community.models import Project, ProjectEvidence, ProjectKind, ProjectPicture, ProjectPlace
from gdt.community.parts import EVIDENCE, PICTURES
from gdt.community.pictures import read_picture
from gdt.community.states import ProjectState
from gdt.database import db
from gdt.demo.network import moment
from gdt.demo.scenes import scene
from gdt.partners.models import Institution
from gdt.partners.queries import list_countries

Spot = tuple[str, str, str]  # name, latitude, longitude
WE_CARE = "utar-we-care-we-act"
CARE_STORY = """Teachers and students of UTAR went to the New Villages of four states, where families have \
made chicken biscuits, soy sauce and dried fruit for three generations and sold them at the roadside.

They took what the programme teaches from logistics to marketing, chose with each family what travels well, \
photographed it, wrote about it in three languages and opened the shops online. Over thirty products are \
sold to the whole country today, and the families answer the orders themselves."""
VILLAGE_STORY = """Students of %(school)s spent their practice term in %(place)s. With the families they \
listed what the village makes, opened one shop for all of them and agreed on parcels with the bus that \
passes every morning.

The village school keeps the shop now: each year two pupils learn it from the two before them."""
CARE_PLACES = (
    ("Kampar, Perak", "4.3085", "101.1537"),
    ("Sungai Buloh, Selangor", "3.2083", "101.5600"),
    ("Bentong, Pahang", "3.5222", "101.9083"),
    ("Kulai, Johor", "1.6561", "103.6032"),
)
VILLAGES = (
    ("bajio", "San Felipe de los Nopales", "21.48", "-101.21", 2019, 64),
    ("bajio", "Santa Rosa del Agave", "21.07", "-101.19", 2020, 48),
    ("bajio", "La Cañada Verde", "20.93", "-100.74", 2021, 71),
    ("tonalli", "San Mateo del Telar", "16.95", "-96.59", 2020, 83),
    ("tonalli", "Santiago Barro Negro", "16.91", "-96.66", 2021, 57),
    ("tonalli", "El Cafetal de Pluma", "15.92", "-96.42", 2022, 92),
    ("jacaranda", "Tequesquite", "20.58", "-103.47", 2021, 39),
    ("jacaranda", "San Juan de la Obsidiana", "20.83", "-103.86", 2022, 66),
)
QUESTION = "Your letter names twelve growers, the story thirty. Which number is right?"
REASON = "The workshop was a course of the programme: its students are counted as trained already."


@dataclass(frozen=True)
class Tale:
    """What is told of one project."""

    school: str
    kind: ProjectKind
    title: str
    story: str
    starts_on: date
    ends_on: date | None
    numbers: tuple[int, int, int, int]  # taking part, people, products, businesses
    places: tuple[Spot, ...]
    state: ProjectState = ProjectState.COUNTED
    alts: tuple[str, ...] = field(default=())


def add_projects(officer_name: str, today: date) -> None:
    """Write the projects with places, pictures and evidence, each in its state."""
    schools = {school.code: school for school in db.session.query(Institution)}
    for number, tale in enumerate([_we_care(), *_villages(schools), *_present(today)]):
        _write(schools[tale.school], tale, number, officer_name)
    db.session.flush()


def _we_care() -> Tale:
    alts = ("Families of a New Village sell at a market under the hills", "A New Village of Perak, online")
    kind, numbers = ProjectKind.COMMUNITY_PROJECT, (86, 240, 32, 18)
    days = date(2022, 2, 14), date(2022, 11, 30)
    return Tale("utar", kind, "We Care, We Act", CARE_STORY, *days, numbers, CARE_PLACES, alts=alts)


def _villages(schools: dict[str, Institution]) -> list[Tale]:
    return [
        Tale(
            school,
            ProjectKind.DIGITAL_VILLAGE,
            f"Digital village {name}",
            VILLAGE_STORY % {"school": schools[school].name, "place": name},
            date(year, 3, 1),
            date(year, 9, 30),
            (18 + people % 7, people, people // 8, people // 12),
            ((name, latitude, longitude),),
            alts=(f"The houses of {name}, each with its own connection",),
        )
        for school, name, latitude, longitude, year, people in VILLAGES
    ]


def _present(today: date) -> list[Tale]:
    """One project in each state a newcomer can meet besides."""
    kind, began = ProjectKind.COMMUNITY_PROJECT, today - timedelta(days=120)
    about = "Students visit the growers each week, and write down what sells and what does not."
    return [
        Tale(school, kind, title, about, began, None, (22, people, 9, 4), ((place, "", ""),), state)
        for school, title, place, people, state in (
            ("utar", "Growers of Cameron Highlands", "Ringlet", 60, ProjectState.ASKED_BACK),
            ("utar", "Market of Kampar at night", "Kampar", 35, ProjectState.DRAFT),
            ("thep-nakhon", "Weavers of San Kamphaeng", "San Kamphaeng", 110, ProjectState.CLAIMED),
            ("virunga", "Shops of Musanze", "Musanze", 40, ProjectState.DECLINED),
        )
    ]


def _write(school: Institution, tale: Tale, number: int, officer: str) -> None:
    sent_on = (tale.ends_on or tale.starts_on) + timedelta(days=20)
    is_sent = tale.state is not ProjectState.DRAFT
    is_decided = tale.state in {ProjectState.COUNTED, ProjectState.DECLINED}
    part, helped, products, businesses = tale.numbers
    code = WE_CARE if tale.title == "We Care, We Act" else f"{school.code}-{number}"
    project = Project(
        code=code,
        institution=school,
        kind=tale.kind,
        title=tale.title,
        story=tale.story,
        starts_on=tale.starts_on,
        ends_on=tale.ends_on,
        people_taking_part=part,
        people_helped=helped,
        products_helped=products,
        businesses_helped=businesses,
        may_be_shown=True,
        state=tale.state,
        written_at=moment(tale.starts_on),
        written_by_name=f"Coordinator of {school.code.upper()}",
        sent_at=moment(sent_on) if is_sent else None,
        question=QUESTION if tale.state is ProjectState.ASKED_BACK else None,
        reason=REASON if tale.state is ProjectState.DECLINED else None,
        decided_at=moment(sent_on + timedelta(days=9)) if is_decided else None,
        decided_by_name=officer if is_decided else None,
    )
    db.session.add(project)
    _add_parts(project, school, tale, number)
    db.session.flush()
    _tell_history(project, officer)


def _add_parts(project: Project, school: Institution, tale: Tale, number: int) -> None:
    country = next(one for one in list_countries() if one.id == school.country_id)
    project.places = [
        ProjectPlace(
            name=name,
            country=country,
            latitude=Decimal(north) if north else None,
            longitude=Decimal(east) if east else None,
        )
        for name, north, east in tale.places
    ]
    letter = f"%PDF-1.4\n% Letter about {tale.title}\n%%EOF\n".encode()
    key, digest = documents.keep(EVIDENCE, letter, suffix=".pdf")
    project.evidence = [
        ProjectEvidence(
            name="letter-of-the-community.pdf", file_key=key, file_sha256=digest, file_size=len(letter)
        )
    ]
    for n, alt in enumerate(tale.alts):
        project.pictures.append(_picture(number * 10 + n, alt, has_stalls=tale.school == "utar" and n == 0))


def _picture(number: int, alt: str, *, has_stalls: bool) -> ProjectPicture:
    drawn = read_picture(scene(number, has_stalls=has_stalls), "scene.jpg")
    key, digest = documents.keep(PICTURES, drawn.large, suffix=".jpg")
    small_key, _digest = documents.keep(PICTURES, drawn.small, suffix=".jpg")
    size = {"width": drawn.width, "height": drawn.height}
    return ProjectPicture(alt=alt, file_key=key, file_sha256=digest, small_key=small_key, **size)


def _tell_history(project: Project, officer: str) -> None:
    """What the trail would say, on the days it happened."""
    sent = (project.written_by_name, "sent", "Sent the project.", project.sent_at)
    decided = (officer, "decided", f"The project is {project.state.value}.", project.decided_at)
    for name, action, summary, at in (sent, decided):
        if at is not None:
            db.session.add(
                AuditEvent(
                    happened_at=at,
                    actor_name=name,
                    action=action,
                    subject_kind=Project.__tablename__,
                    subject_id=project.id,
                    subject_name=project.title,
                    institution_id=project.institution_id,
                    summary=summary,
                )
            )
