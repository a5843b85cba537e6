"""The register of personal data: a column nobody placed is found, and so is one that is no more."""

import pytest
from sqlalchemy import JSON, Date, DateTime, LargeBinary, String

import gdt.app  # noqa: F401  (every model)
from gdt.database import Model, Moment
from gdt.privacy.copy_sections import SECTIONS
from gdt.privacy.country_rules import every_rule
from gdt.privacy.left_out import LEFT_OUT
from gdt.privacy.other_columns import NOT_PERSONAL, WORK
from gdt.privacy.own_copy import OF_HER, columns_of
from gdt.privacy.personal_columns import REGISTER, Erased, registered_columns
from gdt.privacy.words import ERASED_NAME, Words

TELLING = (String, Date, DateTime, JSON, LargeBinary, Moment)
COUNTRIES = set("SG MY TH ID PH KH VN PK MN AU MX CO BO RW TN ET KZ".split())  # noqa: SIM905
# What is erased under other conditions than by the ids of a table in her copy.
NOT_IN_A_COPY = {"certificate_archives", "upload_row_changes", "revocation_lines", "certificate_seals"} | {
    "person_merge_steps",
    "forgotten_marks",
}


def telling_columns(metadata):
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, TELLING) and column.name not in WORK
    }


def placed_columns():
    personal = {f"{table}.{name}" for table, names in registered_columns().items() for name in names}
    other = {f"{table}.{name}" for table, names in NOT_PERSONAL.items() for name in names.split()}
    assert personal & other == set()
    return personal | other


def test_every_column_that_can_tell_of_a_person_is_registered_or_declared_to_tell_of_none():
    assert telling_columns(Model.metadata) - placed_columns() == set()
    assert placed_columns() - telling_columns(Model.metadata) == set()


def test_no_column_is_registered_twice():
    assert sum(len(names) for names in registered_columns().values()) == len(
        {(table, name) for table, names in registered_columns().items() for name in names}
    )


def test_whatever_is_hers_is_in_her_copy_or_left_out_for_a_reason():
    sections = {section.table for section in SECTIONS}
    hers = {held.table for held in REGISTER if held.who in OF_HER and held.erased is not Erased.NOT_HERS}
    assert hers - sections - NOT_IN_A_COPY == set()
    for table in NOT_IN_A_COPY:
        assert columns_of(table) == [] or table == "upload_row_changes"
    assert LEFT_OUT.keys() <= registered_columns().keys()


def test_every_country_of_the_network_has_a_rule_with_its_source():
    assert set(every_rule()) == COUNTRIES
    for rule in every_rule().values():
        assert 10 < rule.guardian_below <= 21
        assert rule.source.startswith("https://") and rule.law and rule.transfer and rule.age_said
        assert rule.keep_years >= 10


def words(names=(), emails=(), numbers=()):
    return Words(frozenset({1}), frozenset(names), frozenset(names), frozenset(emails), frozenset(numbers))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Entered Lim Ah.", f"Entered {ERASED_NAME}."),
        ("entered LIM AH, again", f"entered {ERASED_NAME}, again"),
        ("Lim Ahmad stays", "Lim Ahmad stays"),
        ("Slim Ah stays", "Slim Ah stays"),
        ("the file Lim Ah.pdf", f"the file {ERASED_NAME}.pdf"),
        ("write to a@x.example.", f"write to {ERASED_NAME}."),
        ("aa@x.example and a@x.example.my stay", "aa@x.example and a@x.example.my stay"),
        ("同学林美玲来了", f"同学{ERASED_NAME}来了"),
    ],
)
def test_her_words_are_taken_out_of_a_text_and_nobody_elses(text, left):
    assert words({"Lim Ah", "林美玲"}, {"a@x.example"}).without(text) == left


def test_a_row_is_hers_by_her_number_at_her_institution_alone():
    hers = words({"Lim Ah"}, numbers={(7, "A-1")})
    assert hers.are_in(["Somebody", "a-1"], 7)
    assert not hers.are_in(["Somebody", "A-1"], 8)
    assert hers.are_in({"texts": ["LIM  AH"]}, 8)
