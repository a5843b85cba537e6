"""Tests of how access tokens are written: found by scanners, and a slip told without the database."""

import re

from gdt.accounts.token_texts import is_token, new_token


def test_a_token_begins_so_that_scanners_find_it_and_no_two_are_the_same():
    tokens = {new_token() for _n in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch("gdt_[0-9A-Za-z]{49}", token) for token in tokens)
    assert all(map(is_token, tokens))


def test_a_single_wrong_letter_anywhere_is_found_by_the_checksum():
    token = new_token()
    for place in range(len(token)):
        for letter in "0Aa":
            changed = token[:place] + letter + token[place + 1 :]
            assert is_token(changed) == (changed == token)


def test_what_is_no_token_is_none():
    token = new_token()
    for text in (
        "",
        "gdt_",
        token[:-1],
        token + "a",
        token.swapcase(),
        token + "\n",
        " " + token,
        "gdt_" + "é" * 49,
    ):
        assert not is_token(text)
