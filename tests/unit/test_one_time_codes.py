"""Codes that work once: those of apps, by the vectors of RFC 6238, and recovery codes as people type them."""

from base64 import b32encode
from datetime import UTC, datetime

import pytest

from gdt.accounts.browsers import describe_browser
from gdt.accounts.one_time_codes import app_address, new_recovery_code, step_of, tidy_recovery_code

SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(seconds, code):
    assert step_of(code, SECRET, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


def test_a_clock_half_a_minute_wrong_is_tolerated_and_no_more():
    found = {
        wrong: step_of("081804", SECRET, datetime.fromtimestamp(1111111109 + wrong, UTC))
        for wrong in (-60, -30, 0, 30, 60)
    }
    step = 1111111109 // 30
    assert found == {-60: None, -30: step, 0: step, 30: step, 60: None}


@pytest.mark.parametrize("typed", ["287 082", " 287082 "])
def test_blanks_in_a_code_do_no_harm(typed):
    assert step_of(typed, SECRET, datetime.fromtimestamp(59, UTC)) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "٢٨٧٠٨٢", "abcdef"])
def test_what_is_no_code_is_of_no_half_minute(typed):
    assert step_of(typed, SECRET, datetime.fromtimestamp(59, UTC)) is None


def test_an_app_is_told_whose_account_it_is():
    address = app_address(SECRET, email="lin@gdt.example")
    assert address.startswith("otpauth://totp/GDT%20Network:lin%40gdt.example?secret=" + SECRET)


def test_recovery_codes_are_forgiving_and_never_the_same():
    codes = {new_recovery_code() for _n in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {19}
    assert tidy_recovery_code(" o1l0 abcd-EFGH ijkm ") == "0110-ABCD-EFGH-1JKM"


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) (KHTML, like Gecko) Chrome/142.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(user_agent, words):
    assert describe_browser(user_agent) == words
