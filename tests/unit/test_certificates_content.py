import dataclasses
import json
import unicodedata
from datetime import date

import pytest

from certificates import (
    InvalidContent,
    Kind,
    ModuleLine,
    Signatory,
    content_from_json,
    content_to_json,
    example_content,
)

TEACHER = example_content(Kind.TEACHER)


@pytest.mark.parametrize("kind", list(Kind))
def test_content_written_as_json_reads_back_equal(kind):
    content = example_content(kind)
    assert content_from_json(content_to_json(content)) == content


def test_the_json_keeps_names_readable():
    assert "Nguyễn Thị Ánh Tuyết" in content_to_json(TEACHER)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"kind": "diploma"}, "kind"),
        ({"kind": ["teacher"]}, "kind"),
        ({"issued_on": "21.11.2026"}, "issued_on"),
        ({"issued_on": None}, "issued_on"),
        ({"issued_on": 20261121}, "issued_on"),
        ({"modules": {"title": "x"}}, "modules"),
        ({"modules": [{"title": "x", "hours": 1, "room": "7"}]}, "room"),
        ({"modules": [{"title": "x"}]}, "hours"),
        ({"modules": [{"title": "x", "hours": True}]}, "hours"),
        ({"modules": ["x"]}, "modules"),
        ({"signatories": [{"name": "x", "title": "y"}] * 5}, "signatories"),
        ({"printed_name": 7}, "printed_name"),
    ],
)
def test_json_that_is_not_exactly_a_certificate_is_refused_by_name(change, named):
    facts = json.loads(content_to_json(TEACHER)) | change
    with pytest.raises(InvalidContent, match=named):
        content_from_json(json.dumps(facts))


def test_json_without_a_needed_fact_is_refused():
    facts = json.loads(content_to_json(TEACHER))
    del facts["country"]
    with pytest.raises(InvalidContent, match="country is missing"):
        content_from_json(json.dumps(facts))


def test_a_key_that_stands_twice_is_refused():
    text = content_to_json(TEACHER).replace('"kind":', '"number": "X", "kind":')
    with pytest.raises(InvalidContent, match="twice"):
        content_from_json(text)


@pytest.mark.parametrize("text", ["", "[]", "{", b"\xff\xfe\x00", "null", "[" * 100_000])
def test_what_is_no_json_object_is_refused(text):
    with pytest.raises(InvalidContent):
        content_from_json(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("printed_name", ""),
        ("printed_name", " Ana"),
        ("printed_name", "Ana\nMaria"),
        ("printed_name", "Ana\u202eairaM"),
        ("printed_name", "A" * 121),
        ("native_name", " "),
        ("institution", "\x07"),
        ("code", "abc-def"),
        ("code", "7K3M--9QXR"),
        ("verify_url", "javascript:alert(1)"),
        ("verify_url", "https://gdt.example.org/a b"),
        ("verify_url", "https://gdt.example.org/é"),
        ("language", "English"),
        ("language", "en)/Title(x"),
        ("kind", "teacher"),
        ("modules", []),
        ("issued_on", "2026-11-21"),
        ("valid_until", date(2020, 1, 1)),
        ("held_to", date(2020, 1, 1)),
    ],
)
def test_a_fact_that_cannot_be_printed_is_refused_and_named(field, value):
    with pytest.raises(InvalidContent, match=field):
        dataclasses.replace(TEACHER, **{field: value})


def test_a_certificate_may_not_end_a_course_that_never_began():
    with pytest.raises(InvalidContent, match="held_from"):
        dataclasses.replace(TEACHER, held_from=None)


def test_text_is_kept_composed():
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ánh Tuyết")
    assert dataclasses.replace(TEACHER, printed_name=apart).printed_name == "Nguyễn Thị Ánh Tuyết"


def test_names_keep_joiners_that_scripts_need():
    name = "श्री\u200dकृष्ण"
    assert dataclasses.replace(TEACHER, native_name=name).native_name == name


@pytest.mark.parametrize("hours", [0, -1, 2001, 1.5, "12"])
def test_hours_are_whole_and_believable(hours):
    with pytest.raises(InvalidContent, match="hours"):
        ModuleLine(title="New Retail", hours=hours)


def test_a_signatory_has_a_name_and_an_office():
    with pytest.raises(InvalidContent, match="title"):
        Signatory(name="Lin Meihua", title="")
