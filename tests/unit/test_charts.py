"""Charts: exact figures, zero-based, the same shapes on the page and in the PDF."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics import renderPDF

from gdt.charts import BarChart, ColumnChart
from gdt.shapes import Box, Stroke, Words, text_width

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.integers(0, 10**9)
LABELS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)


def bars(*rows, **more):
    return BarChart(title="Students", by="Country", unit="Students", rows=rows, **more)


def columns(*rows, **more):
    return ColumnChart(title="Teachers", by="Year", unit="Teachers", rows=rows, **more)


def of(picture, kind):
    return [shape for shape in picture.shapes if isinstance(shape, kind)]


def test_bars_are_as_long_as_their_values():
    boxes = of(bars(("Malaysia", 300), ("Thailand", 150)).picture(560), Box)
    assert boxes[0].width == pytest.approx(2 * boxes[1].width)


def test_columns_are_as_tall_as_their_values_and_stand_on_one_line():
    low, high = of(columns(("2025", 50), ("2026", 200)).picture(560), Box)
    assert high.height == pytest.approx(4 * low.height)
    assert low.y + low.height == pytest.approx(high.y + high.height)


def test_every_bar_carries_its_exact_figure():
    chart = bars(("Malaysia", 11342), number=lambda value: f"{value:,}")
    assert "11,342" in {words.text for words in of(chart.picture(560), Words)}


def test_parts_are_drawn_end_to_end_and_never_added_up():
    chart = bars(("MY", 30, 10), ("TH", 20, 5), parts=("recorded", "claimed"))
    first, second = of(chart.picture(560), Box)[:2]
    assert second.x == pytest.approx(first.x + first.width)
    texts = {words.text for words in of(chart.picture(560), Words)}
    assert {"30 recorded + 10 claimed", "20 + 5"} <= texts
    assert chart.table == (["Country", "recorded", "claimed"], [["MY", "30", "10"], ["TH", "20", "5"]])


def test_a_target_is_a_mark_and_a_word():
    picture = bars(("UTAR", 31), ("INTI", 22), targets=[40, None]).picture(560)
    assert len([stroke for stroke in of(picture, Stroke) if stroke.kind == "target"]) == 1
    assert {"31 of 40", "22"} <= {words.text for words in of(picture, Words)}


def test_a_column_s_figure_never_runs_into_the_mark_of_its_target():
    picture = columns(("2025", 262), ("2026", 100), targets=[300, 320]).picture(560)
    mark = next(stroke for stroke in of(picture, Stroke) if stroke.kind == "target")
    figure = next(words for words in of(picture, Words) if words.text == "262")
    assert figure.y < mark.points[0][1] or figure.y - 12 > mark.points[0][1]


def test_the_highlighted_column_alone_is_in_the_accent():
    kinds = [box.kind for box in of(columns(("2025", 1), ("2026", 2), highlight="2026").picture(560), Box)]
    assert kinds == ["bar", "now"]


def test_columns_turn_into_bars_where_the_figures_would_not_fit():
    chart = columns(*((str(year), 1_000_000 + year) for year in range(2010, 2027)))
    boxes = of(chart.picture(340), Box)
    assert len({box.height for box in boxes}) == 1
    assert len(boxes) == 17


def test_a_table_s_bars_are_shares_of_the_longest_or_of_the_furthest_target():
    first, second, third = columns(("2024", 60), ("2025", 0), ("2026", 30), targets=[80, None, 40]).bars
    assert (first.share, second.share, third.share) == ("75%", "0%", "37.5%")
    assert (first.target, second.target, third.target) == ("100%", None, "50%")
    assert second.svg == ""
    assert [bar.share for bar in bars(("MY", 1), ("TH", 100_000)).bars] == ["0.3%", "100%"]


def test_the_bar_of_the_present_is_in_the_accent_and_its_figure_says_its_target():
    _before, present = columns(("2025", 1), ("2026", 2), targets=[4, 4], highlight="2026").bars
    assert (present.text, "c-now" in present.svg, "c-now" in _before.svg) == ("2 of 4", True, False)


def test_parts_have_no_single_bar():
    assert bars(("MY", 30, 10), parts=("recorded", "claimed")).bars == []


@pytest.mark.parametrize("make", [lambda: bars(("A", -1)), lambda: columns(("A", -1))])
def test_a_negative_value_is_refused(make):
    with pytest.raises(ValueError, match="start at zero"):
        make()


@pytest.mark.parametrize("chart", [bars(), columns(), bars(("A", 0)), columns(("A", 0))])
def test_nothing_to_draw_still_draws(chart):
    assert ElementTree.fromstring(chart.svg(560)).tag in ("svg", SVG + "svg")
    assert renderPDF.drawToString(chart.drawing(400))


def test_the_page_s_drawing_names_and_describes_itself_and_brings_no_style():
    svg = bars(("R&D <b>", 5)).svg(560)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert [child.text for child in root][:2] == ["Students", "R&D <b> 5"]
    assert not re.search(r"style=|<style|font-family|<script| on\w+=", svg)


def _end(words):
    return words.x if words.anchor == "end" else words.x + text_width(words.text)


@given(st.lists(st.tuples(LABELS, NUMBERS), max_size=12), st.integers(240, 900))
def test_bars_and_their_figures_stay_on_the_sheet(rows, width):
    chart = bars(*rows)
    picture = chart.picture(width)
    for box in of(picture, Box):
        assert box.x >= 0
        assert box.x + box.width <= width + 1
        assert box.y + box.height <= picture.height
    assert all(words.x + text_width(words.text) <= width + 1 for words in of(picture, Words) if words.x == 0)
    for label, value in rows:
        written = [words for words in of(picture, Words) if words.text == str(value) and words.text != label]
        assert all(_end(words) <= width + 1 for words in written)
    ElementTree.fromstring(chart.svg(width))


@given(st.lists(st.tuples(LABELS, NUMBERS), max_size=30), st.integers(240, 900))
def test_columns_stay_on_the_sheet(rows, width):
    picture = columns(*rows).picture(width)
    for box in of(picture, Box):
        assert box.y >= -0.01
        assert box.y + box.height <= picture.height
        assert box.x + box.width <= width + 1


def test_one_description_gives_page_and_paper_the_same_shapes():
    chart = bars(("Malaysia", 3), ("Thailand", 2), targets=[4, 4])
    drawn = chart.drawing(500).contents[0].contents
    assert len(drawn) == len(chart.picture(500 * 16 / 14).shapes)


def test_letters_on_paper_are_as_large_as_asked():
    group = bars(("Malaysia", 3)).drawing(400, size=8).contents[0]
    assert group.transform[0] == pytest.approx(0.5)


def test_wide_scripts_are_measured_wider():
    assert text_width("拉曼大学") == 64
    assert text_width("Kampar") < text_width("KAMPAR")


def test_bars_of_a_kind_share_one_path_and_an_empty_bar_has_none():
    svg = bars(("Kampar", 5), ("Ipoh", 0), ("Penang", 9)).svg(560)
    assert svg.count("<path") == 1
    assert len(re.findall(r"M[\d.]+ [\d.]+h", svg)) == 2
