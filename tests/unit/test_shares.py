"""Percentages written in shares of one: understood where a whole column says so."""

import pytest

from gdt.imports.scales import example_of_shares, percent_of, share_of


@pytest.mark.parametrize(
    ("texts", "example"),
    [
        (["0.9", "0.87", "1", "0", ""], "0.9"),
        (["1", "0,875"], "0,875"),
        ([".5"], ".5"),
        (["1", "0", "1"], None),
        (["0.9", "85"], None),
        (["0.9", "90%"], None),
        (["0.9", "ill"], None),
        (["1.5", "0.5"], None),
        ([], None),
    ],
)
def test_a_column_of_shares_is_known_by_all_its_values(texts, example):
    assert example_of_shares(texts) == example


@pytest.mark.parametrize(
    ("text", "percent"), [("0.9", 90), ("0,875", 88), (".005", 1), ("1", 100), ("1.0", 100)]
)
def test_a_share_is_so_many_per_cent(text, percent):
    assert percent_of(share_of(text)) == percent
