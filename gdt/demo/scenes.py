"""Pictures of the demo's projects: landscapes drawn in a few flat colours, each from a number of its own."""

import io
from math import sin
from random import Random

from PIL import Image, ImageDraw

SIZE = (1500, 1000)
DRAWN_AT = 2  # times as large, so that edges are smooth
SKIES = (("#f6d9b0", "#f3b27a"), ("#cfe6ee", "#8fc3d6"), ("#fbe4c4", "#e9a6a0"), ("#dcecd8", "#a9cfae"))
HILLS = (
    ("#7d9d6f", "#5c7f57", "#3f6147"),
    ("#b08d5b", "#8c6b42", "#65503a"),
    ("#6f8fa3", "#4d7187", "#35556b"),
)
WALLS, ROOFS = ("#fff4e3", "#f7e0c0", "#fdf8ef", "#efd3b6"), ("#b5482f", "#8d3a2b", "#c7693c", "#5b4a3f")
Drawing = ImageDraw.ImageDraw


def scene(number: int, *, has_stalls: bool) -> bytes:
    """A village or a market under hills, as JPEG; the same for the same number."""
    chance = Random(number)  # noqa: S311 the same scene every time
    wide, tall = SIZE[0] * DRAWN_AT, SIZE[1] * DRAWN_AT
    picture = Image.linear_gradient("L").resize((wide, tall))
    light, deep = chance.choice(SKIES)
    canvas = Image.composite(
        Image.new("RGB", (wide, tall), light), Image.new("RGB", (wide, tall), deep), picture
    )
    draw = ImageDraw.Draw(canvas)
    _sun(draw, chance, wide, tall)
    for layer, colour in enumerate(chance.choice(HILLS)):
        _hills(draw, chance, wide, tall, 0.40 + 0.11 * layer, colour)
    for place in range(5):
        x = wide * (0.08 + 0.18 * place) + chance.uniform(-40, 40)
        (_stall if has_stalls and place % 2 else _house)(draw, chance, x, tall * 0.73)
    file = io.BytesIO()
    canvas.resize(SIZE, Image.Resampling.LANCZOS).save(file, "JPEG", quality=88)
    return file.getvalue()


def _sun(draw: Drawing, chance: Random, wide: int, tall: int) -> None:
    x, y, r = chance.uniform(0.2, 0.8) * wide, 0.31 * tall, 0.055 * tall
    draw.ellipse((x - r, y - r, x + r, y + r), fill="#fff7e6")


def _hills(draw: Drawing, chance: Random, wide: int, tall: int, height: float, colour: str) -> None:
    first, second = chance.uniform(0, 6), chance.uniform(0, 6)
    edge = [
        (x, tall * (height + 0.06 * sin(x / wide * 5 + first) + 0.02 * sin(x / wide * 17 + second)))
        for x in range(0, wide + 20, 20)
    ]
    draw.polygon([*edge, (wide, tall), (0, tall)], fill=colour)


def _house(draw: Drawing, chance: Random, x: float, foot: float) -> None:
    wide, tall = chance.uniform(300, 400), chance.uniform(200, 280)
    roof = chance.choice(ROOFS)
    draw.rectangle((x, foot - tall, x + wide, foot), fill=chance.choice(WALLS))
    draw.polygon(
        [(x - 40, foot - tall), (x + wide / 2, foot - tall - 170), (x + wide + 40, foot - tall)], fill=roof
    )
    draw.rectangle((x + wide * 0.4, foot - tall * 0.6, x + wide * 0.62, foot), fill="#5b4a3f")
    draw.rectangle((x + wide * 0.1, foot - tall * 0.7, x + wide * 0.3, foot - tall * 0.4), fill="#9fc3cf")
    mast = x + wide * 0.8
    draw.line((mast, foot - tall - 60, mast, foot - tall - 320), fill="#3b3a38", width=10)
    for ring in (60, 110, 160):
        around = (mast - ring, foot - tall - 320 - ring, mast + ring, foot - tall - 320 + ring)
        draw.arc(around, 220, 320, fill="#b44c06", width=12)


def _stall(draw: Drawing, chance: Random, x: float, foot: float) -> None:
    wide, tall = 420, 240
    for post in (x + 12, x + wide - 12):
        draw.line((post, foot, post, foot - tall), fill="#5b4a3f", width=14)
    for stripe in range(6):
        left = x - 30 + stripe * (wide + 60) / 6
        fill = "#b44c06" if stripe % 2 else "#fff4e3"
        draw.rectangle((left, foot - tall - 90, left + (wide + 60) / 6, foot - tall + 10), fill=fill)
    draw.rectangle((x, foot - 110, x + wide, foot), fill="#8c6b42")
    for n in range(7):
        left = x + 24 + n * 54
        draw.ellipse((left, foot - 158, left + 46, foot - 108), fill=chance.choice(ROOFS))
