"""How a year is said to have grown or fallen beside the one before."""

import pytest

from gdt.impact.summary_story import beside_the_year_before

PERCENT = "\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (
            9420,
            7038,
            f"Students trained: 9,420 in 2022, 7,038 in 2021. That is 2,382 more (+34{PERCENT}).",
        ),
        (
            75,
            100,
            f"Students trained: 75 in 2022, 100 in 2021. That is 25 fewer (\N{MINUS SIGN}25{PERCENT}).",
        ),
        (12, 12, "Students trained: 12 in 2022, 12 in 2021. That is as many."),
        (12, 0, "Students trained: 12 in 2022, 0 in 2021."),
        (0, 12, "Students trained: 0 in 2022, 12 in 2021."),
    ],
)
def test_growth_is_the_share_that_came_or_went_and_none_from_or_to_nothing(now, before, sentence):
    assert beside_the_year_before(2022, now, before) == sentence
