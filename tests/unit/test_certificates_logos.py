import dataclasses
import io
import shutil
import struct
import subprocess
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from certificates import (
    InvalidContent,
    InvalidLogo,
    Kind,
    Logo,
    Sheet,
    content_from_json,
    content_to_json,
    example_content,
    example_logo,
    load_design,
    newest_design,
    read_logo,
    render_certificate,
    write_print_file,
)

LOGO = example_logo()
WITH_LOGO = dataclasses.replace(example_content(Kind.TEACHER), logo=LOGO.sha256)


def _run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"LOUD: {tool} is not installed, so nothing here has looked at the logo.")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def _file(picture, form="PNG", **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _disc(mode="RGB", ground="white"):
    picture = Image.new(mode, (600, 500), ground)
    ImageDraw.Draw(picture).ellipse((100, 100, 499, 399), fill=(200, 30, 40) if mode == "RGB" else "red")
    return picture


def test_a_logo_is_trimmed_and_made_small():
    logo = read_logo(_file(_disc()))
    assert (logo.width, logo.height) == (267, 200)
    assert len(logo.data) < 8000


def test_alpha_is_kept_and_profile_camera_data_and_texts_are_not():
    picture = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    ImageDraw.Draw(picture).ellipse((0, 0, 399, 399), fill=(10, 20, 200, 255))
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret-note")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    logo = read_logo(_file(picture, pnginfo=notes, icc_profile=profile))
    kept = Image.open(io.BytesIO(logo.data))
    assert kept.convert("RGBA").getchannel("A").getextrema()[0] == 0
    assert "icc_profile" not in kept.info
    assert b"secret-note" not in logo.data
    camera = Image.Exif()
    camera[0x010F] = "secret-camera"
    assert b"secret-camera" not in read_logo(_file(_disc(), "JPEG", exif=camera)).data


def test_a_cmyk_photograph_turned_by_its_camera_stands_upright():
    tall = Image.new("CMYK", (300, 600), (0, 255, 255, 0))
    turned = Image.Exif()
    turned[0x0112] = 6
    logo = read_logo(_file(tall, "JPEG", exif=turned))
    assert logo.width > logo.height
    red, green, blue = Image.open(io.BytesIO(logo.data)).convert("RGB").getpixel((5, 5))
    assert red > 200 > 60 > max(green, blue)


def _bomb(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither a PNG nor a JPEG"),
        (b"<svg onload='x()'/>", "neither a PNG nor a JPEG"),
        (_file(_disc(), "GIF"), "neither a PNG nor a JPEG"),
        (_file(_disc(), "TIFF"), "neither a PNG nor a JPEG"),
        (_file(_disc())[:400], "damaged"),
        (_bomb(30_000, 30_000), "too many"),
        (_bomb(100, 7_000_000), "too many"),
        (_bomb(3001, 3000), "too many"),
        (_bomb(500, 500), "damaged"),
        (bytes(2_000_001), "larger than 2 MB"),
        (_file(Image.new("RGB", (500, 500), "white")), "empty"),
        (_file(Image.new("RGBA", (500, 500), (9, 9, 9, 0))), "empty"),
        (_file(_disc().resize((120, 100))), "print needs 200"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_the_reason(data, reason):
    with pytest.raises(InvalidLogo, match=reason):
        read_logo(data)


def test_pictures_with_a_palette_or_in_greys_are_taken_too():
    see_through = Image.new("RGBA", (300, 300), (255, 255, 255, 0))
    ImageDraw.Draw(see_through).ellipse((20, 20, 280, 280), fill=(10, 120, 60, 255))
    for picture in (
        see_through.quantize(16),
        see_through.convert("LA"),
        see_through.convert("RGB").convert("L"),
    ):
        logo = read_logo(_file(picture))
        assert (logo.width, logo.height) == (200, 200)
    assert read_logo(LOGO.data).width == LOGO.width


def test_a_kept_logo_is_opened_again_and_nothing_else_is_taken_for_one():
    assert Logo(LOGO.data) == LOGO
    with pytest.raises(InvalidLogo, match="form read_logo gives"):
        Logo(_file(_disc()))


def test_content_refers_to_its_logo_in_plain_json():
    assert content_from_json(content_to_json(WITH_LOGO)) == WITH_LOGO
    with pytest.raises(InvalidContent, match="SHA-256"):
        dataclasses.replace(WITH_LOGO, logo="logo.png")


@pytest.mark.parametrize("kind", list(Kind))
def test_the_logo_stands_on_every_design_and_changes_nothing_else(kind, tmp_path):
    content = example_content(kind)
    with_logo = dataclasses.replace(content, logo=LOGO.sha256)
    for name, file in (
        ("plain", render_certificate(content)),
        ("worn", render_certificate(with_logo, logo=LOGO)),
    ):
        (tmp_path / f"{name}.pdf").write_bytes(file)
        assert "No syntax" in _run("qpdf", "--check", tmp_path / f"{name}.pdf")
        _run("pdftoppm", "-r", "72", "-singlefile", tmp_path / f"{name}.pdf", tmp_path / name)
    one, other = (Image.open(tmp_path / f"{name}.ppm").convert("RGB") for name in ("plain", "worn"))
    place = newest_design(kind).logo
    box = [
        round(v)
        for v in (place.x - 1, 594 - place.y - place.height, place.x + place.width + 1, 597 - place.y)
    ]
    assert one.crop(box).tobytes() != other.crop(box).tobytes()
    for picture in (one, other):
        picture.paste("white", box)
    assert one.tobytes() == other.tobytes()


def test_a_logo_adds_little_to_a_file():
    assert (
        len(render_certificate(WITH_LOGO, logo=LOGO))
        - len(render_certificate(dataclasses.replace(WITH_LOGO, logo=None)))
        < len(LOGO.data) + 3000
    )


def test_files_with_and_without_a_logo_do_not_disturb_each_other():
    plain = dataclasses.replace(WITH_LOGO, logo=None)
    other = read_logo(_file(_disc()))
    with_other = dataclasses.replace(WITH_LOGO, logo=other.sha256)
    first = [render_certificate(plain), render_certificate(WITH_LOGO, logo=LOGO)]
    render_certificate(with_other, logo=other)
    assert [render_certificate(plain), render_certificate(WITH_LOGO, logo=LOGO)] == first


def test_the_logo_given_must_be_the_one_the_content_refers_to():
    other = read_logo(_file(_disc()))
    for content, logo in ((WITH_LOGO, None), (WITH_LOGO, other), (example_content(Kind.TEACHER), LOGO)):
        with pytest.raises(InvalidContent, match="logo"):
            render_certificate(content, logo=logo)
    with pytest.raises(InvalidContent, match="teacher-1 has no place for a logo"):
        render_certificate(WITH_LOGO, load_design("teacher-1"), logo=LOGO)


def test_a_print_file_holds_each_logo_once(tmp_path):
    other = read_logo(_file(_disc()))
    plain = dataclasses.replace(WITH_LOGO, logo=None)
    with_other = dataclasses.replace(WITH_LOGO, logo=other.sha256)
    sheets = [Sheet(WITH_LOGO, logo=LOGO), Sheet(with_other, logo=other), Sheet(plain)] * 5
    with (tmp_path / "book.pdf").open("wb") as file:
        assert write_print_file(sheets, file) == 15
    rows = [row.split() for row in _run("pdfimages", "-list", tmp_path / "book.pdf").splitlines()[2:]]
    pictures = {(row[0], row[10]) for row in rows if row[2] == "image"}
    assert len(pictures) == 10
    assert len({identity for _page, identity in pictures}) == 2
