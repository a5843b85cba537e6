"""A community project from its first words to the public showcase, and everything that is refused."""

import io

from PIL import Image

from gdt.access import Role
from gdt.community.models import Project, ProjectKind
from gdt.community.queries import list_told
from gdt.community.states import ProjectState
from gdt.database import db, now
from tests.browser import submit, token_of
from tests.factories import TODAY, make_institution, make_project

WRITTEN = {
    "kind": "community project",
    "title": "We Care, We Act",
    "story": "Students helped growers to sell online.\n\nThirty products found buyers.",
    "starts_on": TODAY.replace(day=1).isoformat(),
    "ends_on": "",
    "people_taking_part": "60",
    "people_helped": "200",
    "products_helped": "31",
    "businesses_helped": "0",
    "may_be_shown": "y",
}


def jpeg(colour="green", size=(900, 600)):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of a student"
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def post(client, path):
    return client.post(path, data={"csrf_token": token_of(client, "/account")})


def state_of(code):
    db.session.expire_all()
    return db.session.query(Project).filter_by(code=code).one().state


def test_a_project_is_written_sent_asked_back_counted_and_shown_to_everybody(app, client, sign_in):
    utar = make_institution(code="utar", name="UTAR", city="Kampar")
    coordinator, officer = sign_in(Role.COORDINATOR, utar), sign_in(Role.OFFICER)
    answer = submit(coordinator, "/projects/new", institution_code="utar", **WRITTEN)
    here = "/projects/utar-we-care-we-act"
    assert answer.location == here
    page = coordinator.get(here).text
    assert "Add a place where it worked" in page and "Add evidence" in page
    assert submit(coordinator, f"{here}/send", is_true="y").status_code == 422

    submit(
        coordinator,
        f"{here}/places/new",
        name="Kampar",
        country_code="MY",
        latitude="4.3085",
        longitude="101.15",
    )
    again = submit(coordinator, f"{here}/places/new", name="Kampar", country_code="MY")
    assert again.status_code == 422 and "there already" in again.text
    alone = submit(coordinator, f"{here}/places/new", name="Ipoh", country_code="MY", latitude="4.6")
    assert "Give both coordinates" in alone.text
    letter = (io.BytesIO(b"%PDF-1.7 letter"), "letter.pdf")
    assert submit(coordinator, f"{here}/evidence/new", evidence=letter).status_code == 302
    shot = (io.BytesIO(jpeg()), "IMG_1.jpg")
    assert submit(coordinator, f"{here}/pictures/new", picture=shot, alt="").status_code == 422
    shot = (io.BytesIO(jpeg()), "IMG_1.jpg")
    assert submit(coordinator, f"{here}/pictures/new", picture=shot, alt="A market").status_code == 302
    no_picture = (io.BytesIO(b"MZ"), "IMG_2.jpg")
    refused = submit(coordinator, f"{here}/pictures/new", picture=no_picture, alt="A stall")
    assert refused.status_code == 422 and "it holds none" in refused.text and "A stall" in refused.text

    assert submit(coordinator, f"{here}/send", is_true="y").status_code == 302
    assert "nothing of it is changed" in submit(coordinator, f"{here}/edit", **WRITTEN).text
    assert coordinator.get(f"{here}/review").status_code == 403
    assert client.get("/showcase").text.count("We Care") == 0
    assert "Write what you want to know" in submit(officer, f"{here}/review", outcome="ask", words="").text
    submit(officer, f"{here}/review", outcome="ask", words="Which products?")
    assert "Which products?" in coordinator.get(here).text
    assert "a question about 1 community project" in coordinator.get("/").text
    assert "Answer the office" in submit(coordinator, f"{here}/send", is_true="y").text
    submit(coordinator, f"{here}/send", is_true="y", answer="Those in annex 2.")
    assert submit(officer, f"{here}/review", outcome="count", words="").status_code == 302
    assert state_of("utar-we-care-we-act") is ProjectState.COUNTED
    assert "This cannot be done now" in submit(officer, f"{here}/review", outcome="count", words="").text

    shown = client.get("/showcase?country=MY&kind=community+project").text
    assert "We Care, We Act" in shown and "31 local products" in shown and "letter.pdf" not in shown
    assert "No project fits" in client.get("/showcase?country=TH").text
    told = client.get("/showcase/utar-we-care-we-act").text
    assert "Thirty products found buyers" in told and 'alt="A market"' in told
    picture = db.session.query(Project).one().pictures[0]
    served = client.get(f"/showcase/utar-we-care-we-act/pictures/{picture.id}?size=large")
    assert served.mimetype == "image/jpeg" and b"Phone of a student" not in served.data
    [story] = list_told(TODAY.year)
    assert story.title == "We Care, We Act"

    submit(coordinator, f"{here}/showing", page=here)  # the tick is taken away
    assert client.get("/showcase/utar-we-care-we-act").status_code == 404
    assert client.get(f"/showcase/utar-we-care-we-act/pictures/{picture.id}").status_code == 404
    assert state_of("utar-we-care-we-act") is ProjectState.COUNTED
    submit(officer, f"{here}/take-out", words="Counted twice.")
    assert state_of("utar-we-care-we-act") is ProjectState.DECLINED
    assert "Counted twice." in coordinator.get(here).text
    assert post(coordinator, f"{here}/take-back").status_code == 302
    assert state_of("utar-we-care-we-act") is ProjectState.DRAFT


def test_a_file_of_fifty_megabytes_is_answered_with_a_page_that_says_what_to_do(app, sign_in):
    utar = make_institution()
    coordinator = sign_in(Role.COORDINATOR, utar)
    project = make_project(utar)
    path = f"/projects/{project.code}/pictures/new"
    huge = io.BytesIO(b"\xff\xd8\xff" + b"0" * (50 * 1024 * 1024))
    data = {"csrf_token": token_of(coordinator, path), "picture": (huge, "big.jpg"), "alt": "Big"}
    answer = coordinator.post(path, data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "send it in a smaller size" in answer.text
    eleven = (io.BytesIO(b"\xff\xd8\xff" + b"0" * (11 * 1024 * 1024)), "big.jpg")
    assert "larger than 10 MB" in submit(coordinator, path, picture=eleven, alt="Big").text


def test_two_projects_of_one_title_have_addresses_of_their_own_and_lists_stay_narrow(app, sign_in):
    utar, other = make_institution(code="utar"), make_institution()
    coordinator = sign_in(Role.COORDINATOR, utar)
    for _n in range(2):
        submit(coordinator, "/projects/new", institution_code="utar", **WRITTEN)
    codes = {project.code for project in db.session.query(Project)}
    assert codes == {"utar-we-care-we-act", "utar-we-care-we-act-2"}
    theirs = make_project(other, title="Not yours", state=ProjectState.DRAFT)
    assert "Not yours" not in coordinator.get("/projects").text
    assert coordinator.get(f"/projects/{theirs.code}").status_code == 404
    assert submit(coordinator, "/projects/new", institution_code=other.code, **WRITTEN).status_code == 422
    assert "No project fits" in coordinator.get("/projects?state=counted").text
    late = submit(
        coordinator, "/projects/new", institution_code="utar", **WRITTEN | {"ends_on": "2001-01-01"}
    )
    assert "cannot end before it begins" in late.text


def test_the_map_of_the_showcase_has_a_mark_for_each_place_and_says_the_same_as_a_table(app, client):
    utar = make_institution(code="utar", name="UTAR")
    shown = {"state": ProjectState.COUNTED, "decided_by_name": "Lin", "decided_at": now(), "sent_at": now()}
    assert "No place is shown yet" in client.get("/showcase/map").text
    project = make_project(utar, title="We Care", **shown)
    project.places[0].latitude, project.places[0].longitude = 4.3, 101.15
    make_project(utar, kind=ProjectKind.DIGITAL_VILLAGE, title="Kampung", **shown)
    make_project(utar, title="Not public", **shown | {"may_be_shown": False})
    db.session.commit()
    page = client.get("/showcase/map").text
    picture = page.partition("project-map")[2].partition("</figure>")[0]
    assert (picture.count("<circle"), picture.count("<rect")) == (1, 1)
    assert "We Care: Kampar, Malaysia" in page and f'href="/showcase/{project.code}"' in page
    assert "Not public" not in page and page.count('scope="row"') == 2
