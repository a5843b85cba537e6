"""Codes and numbers of certificates: what people type, and the slips that are noticed."""

import random

import pytest

from gdt.certification.codes import ALPHABET, LENGTH, MistypedCode, Slip, grouped, new_code, parse_code
from gdt.certification.numbering import number_of, parse_number


def test_a_code_has_26_random_symbols_and_a_check():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH == 27 and set(code) <= set(ALPHABET) for code in codes)


def test_the_random_bits_reach_every_symbol_of_the_body():
    codes = [new_code() for _ in range(2000)]
    assert all(len({code[place] for code in codes}) == 32 for place in range(1, 26))
    assert {code[0] for code in codes} == set("01234567")  # 128 bits in 26 symbols of 5


@pytest.mark.parametrize(
    "written",
    [
        str.lower,
        grouped,
        lambda code: " ".join(code),
        lambda code: grouped(code).replace("-", " – "),
        lambda code: grouped(code).replace("0", "o").replace("1", "l"),
        lambda code: grouped(code).replace("0", "O").replace("1", "I"),
        lambda code: f"https://gdt.example/verify/{code}/",
        lambda code: "".join(chr(ord(symbol) + 0xFEE0) for symbol in code),
    ],
)
def test_a_code_is_understood_however_it_is_written(written):
    for _ in range(50):
        code = new_code()
        assert parse_code(written(code)) == code


def test_every_single_wrong_symbol_is_noticed():
    code = new_code()
    for place in range(LENGTH):
        for symbol in set(ALPHABET) - {code[place]}:
            with pytest.raises(MistypedCode) as error:
                parse_code(code[:place] + symbol + code[place + 1 :])
            assert error.value.slip is Slip.CHECK


def test_any_two_swapped_symbols_are_noticed():
    code = new_code()
    for first in range(LENGTH):
        for second in range(first + 1, LENGTH):
            if code[first] != code[second]:
                letters = list(code)
                letters[first], letters[second] = letters[second], letters[first]
                with pytest.raises(MistypedCode):
                    parse_code("".join(letters))


def test_a_missing_symbol_is_told_from_a_foreign_one():
    code = new_code()
    with pytest.raises(MistypedCode) as short:
        parse_code(code[:-1])
    assert (short.value.slip, short.value.count) == (Slip.LENGTH, 26)
    with pytest.raises(MistypedCode) as foreign:
        parse_code("Uä" + code[2:])
    assert (foreign.value.slip, foreign.value.symbols) == (Slip.SYMBOL, "UÄ")


def test_arbitrary_text_is_refused_and_never_breaks():
    generator = random.Random(7)
    for _ in range(3000):
        text = "".join(chr(generator.randrange(1, 0x3000)) for _ in range(generator.randrange(40)))
        with pytest.raises(MistypedCode):
            parse_code(text)


def test_a_number_names_its_year_and_serial():
    assert number_of(2026, 123) == "GDT-2026-000123"
    assert number_of(2026, 1_234_567) == "GDT-2026-1234567"


@pytest.mark.parametrize("typed", ["GDT-2026-000123", "gdt 2026 123", " 2026/000123 ", "GDT2026-123"])
def test_a_number_is_understood_however_it_is_written(typed):
    assert parse_number(typed) == "GDT-2026-000123"


@pytest.mark.parametrize("typed", ["", "Nguyen", "GDT-2026", "GDT-20-1", "7K3M-9QXR"])
def test_what_is_not_a_number_is_not_taken_for_one(typed):
    assert parse_number(typed) is None
