"""Places on the outline, beside the capitals that were projected when it was made."""

from math import hypot

import pytest

from gdt.impact.equal_earth import on_outline
from gdt.impact.map_layout import outline

CAPITALS = {"SG": (1.29, 103.86), "MX": (19.44, -99.13), "ET": (9.03, 38.7), "BO": (-16.5, -68.15)}


@pytest.mark.parametrize("country", CAPITALS)
def test_a_capital_stands_where_the_outline_has_it(country):
    x, y = on_outline(*CAPITALS[country])
    at = outline()["capitals"][country]
    assert hypot(x - at[0], y - at[1]) < 3
