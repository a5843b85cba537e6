"""A partner sees its numbers beside the median, and can work out nobody else's."""

import re
from statistics import median

from gdt.access import Role
from gdt.database import db, now
from gdt.impact.comparing import LEAST
from gdt.training.models import Headcount, HeadcountMeasure
from tests.browser import counted_queries
from tests.factories import make_country, make_institution, make_module

YEAR = 2024


def trained(country, people, module, name):
    """An institution that trained so many, as the office verified."""
    school = make_institution(country=country, name=name)
    about = {"module": module, "year": YEAR, "measure": HeadcountMeasure.STUDENTS_TRAINED, "evidence": "x"}
    verified = {"verified_at": now(), "verified_by_name": "Office"}
    db.session.add(Headcount(institution=school, people=people, **about, **verified))
    db.session.commit()
    return school


def cells(page):
    """(here, median) of the students trained, as the page shows them; None where there is no median."""
    row = re.search(
        r'<th scope="row">Students trained</th>(.*?)</tr>', page.split("beside the")[1], re.DOTALL
    )
    found = [re.sub(r"<.*?>|\s", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", row[1], re.DOTALL)]
    return found[0], (found[1] if len(found) > 1 else None)


def test_the_median_appears_with_the_fifth_institution_and_names_nobody(app, sign_in, leader):
    module, home = make_module(), make_country()
    people = [40, 10, 90, 70]
    mine = trained(home, people[0], module, "Mine College")
    for n, many in enumerate(people[1:]):
        trained(home, many, module, f"Zyxwv {n}")
    make_institution(country=home, name="Zyxwv idle")
    own, country = f"/institutions/{mine.code}/figures?year={YEAR}", f"/countries/my/figures?year={YEAR}"
    coordinator = sign_in(Role.COORDINATOR, mine)

    page = coordinator.get(own).text
    assert cells(page) == ("40", None)
    assert "fewer than five were active" in page
    kept_back = coordinator.get(country).text
    assert "Too few institutions to show" in kept_back
    assert ">210<" not in kept_back
    assert cells(leader.get(country).text) == ("210", None)

    people.append(65)
    trained(home, people[-1], module, "Zyxwv last")
    assert len(people) == LEAST
    page = coordinator.get(own).text
    assert cells(page) == ("40", str(median(people)))
    assert "below the median" in page
    shown = coordinator.get(country).text
    assert cells(shown) == ("275", None)
    for told in (page, shown, kept_back):
        assert "Zyxwv" not in told
    assert "Zyxwv last" in leader.get(country).text


def test_countries_are_compared_from_the_fifth_on_and_a_partner_opens_its_own_alone(app, sign_in, leader):
    module, totals = make_module(), {"MY": 30, "TH": 10, "SG": 50, "VN": 20, "KH": 40}
    schools = [
        trained(make_country(code=code), many, module, f"College of {code}") for code, many in totals.items()
    ]
    assert cells(leader.get(f"/countries/VN/figures?year={YEAR}").text) == ("20", "30")
    coordinator = sign_in(Role.COORDINATOR, schools[0])
    assert coordinator.get(f"/countries/TH/figures?year={YEAR}").status_code == 404
    assert coordinator.get("/countries/ZZ/figures").status_code == 404
    with counted_queries() as few:
        leader.get(f"/countries/MY/figures?year={YEAR}")
    trained(make_country(code="MN"), 5, module, "College of MN")
    with counted_queries() as more:
        leader.get(f"/countries/MY/figures?year={YEAR}")
    assert len(few) == len(more)
