"""What stands in the place of a name and is none; and names that look odd and are names."""

import pytest

from gdt.people.person_columns import name_problem
from tests.unit.test_roster import only_reason, roster


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("wei.tan@utar.example", "e-mail address"),
        ("TBC", "not a name"),
        ("To be confirmed", "not a name"),
        ("=cmd|calc", "a formula"),
        ("+cmd|' /C calc'!A0", "a formula"),
        ("Ð¡Ð¼Ð¸Ñ€Ð½Ð¾Ð²Ð°", "Смирнова"),
        ("Ð¡Ð¼Ð¸Ñ€Ð½Ð¾Ð²Ð° Anna", "Смирнова Anna"),
        ("RenÃ© Dupont", "René Dupont"),
        ("Nguyá»…n VÄƒn An", "Nguyễn Văn An"),
        ("РЎРјРёСЂРЅРѕРІР°", "Смирнова"),
    ],
)
def test_what_cannot_be_a_name_is_refused_with_its_reason(text, why):
    assert why in only_reason(roster(["Name", "Matric No"], [text, "1"], ["Ann", "2"]))


@pytest.mark.parametrize(
    "name",
    [
        *("Suharto", "Na", "Nil", "O", "Ng", "Mr. T", "MÍŠEK", "VÝŠEK", "Núñez", "Ó’Brien", "D’Ávila"),
        *("Lim Ah Kow @ Lim Kow", "Siti@Fatimah binti Ali", "Сі Цзиньпін", "Смирнова", "陈美玲", "สมชาย ใจดี"),
        *("አበበ ቢቂላ", "محمد", "សុខ ចាន់ធូ", "Đặng Thị Ánh", "Ñusta", "Jean-François", "Ærøskøbing", "Þóra Ýr"),
        *("Åsa Öberg", "Çağla Şahin", "Ли", "Jr. Smith (Ann)", "N'Golo Kanté", "Ðorđe", "X Æ A-12"),
    ],
)
def test_a_real_name_of_any_script_is_never_refused(name):
    assert name_problem(name) is None
    assert roster(["Name", "Matric No"], [name, "1"]).rows[0].printed_name == name
