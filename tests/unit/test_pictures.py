"""Pictures that people hand in: drawn anew without what the camera wrote, or refused in a sentence."""

import io
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from PIL import Image

from gdt.community.evidence_files import ending_of, tidy_name
from gdt.community.jpeg_scans import count_scans
from gdt.community.pictures import LARGE, MOST_BYTES, SMALL, read_picture
from gdt.errors import DomainError


@pytest.fixture(autouse=True)
def _words(monkeypatch):
    """The sentences as they are written, without an application that would translate them."""
    for module in ("pictures", "evidence_files"):
        monkeypatch.setattr(
            f"gdt.community.{module}._", lambda text, **values: text % values if values else text
        )


def photograph(kind="JPEG", size=(2400, 1200), **options):
    """A picture whose left half is red, with a place and a moment as a phone notes them."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Camera of Lee Pei Shan", "2026:05:04 10:11:12"
    exif.get_ifd(0x8825).update({1: "N", 2: (4.0, 18.0, 30.0), 3: "E", 4: (101.0, 9.0, 13.0)})
    exif.update(options.pop("exif", {}))
    file = io.BytesIO()
    picture.save(file, kind, exif=exif, **options)
    return file.getvalue()


def refusal(content, filename):
    with pytest.raises(DomainError) as refused:
        read_picture(content, filename)
    assert refused.value.field == "picture"
    return refused.value.message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_colours_and_loses_what_the_camera_wrote(kind):
    content = photograph(kind)
    assert b"Lee Pei Shan" in content
    kept = read_picture(content, f"IMG_1.{kind.lower()}")
    assert (kept.width, kept.height) == (LARGE, LARGE // 2)
    for data, side in ((kept.large, LARGE), (kept.small, SMALL)):
        drawn = Image.open(io.BytesIO(data))
        assert (drawn.format, drawn.size) == ("JPEG", (side, side // 2))
        assert not drawn.getexif() and b"Exif" not in data and b"Lee Pei Shan" not in data
        left, right = drawn.getpixel((side // 8, 20)), drawn.getpixel((side - 20, 20))
        assert left[0] > 200 > 60 > left[2] and right[2] > 200 > 60 > right[0]


def test_a_picture_taken_sideways_stands_upright():
    kept = read_picture(photograph(size=(800, 400), exif={0x0112: 6}), "a.jpg")
    assert (kept.width, kept.height) == (400, 800)


def test_what_is_no_picture_or_not_what_it_says_is_refused_in_a_sentence():
    png, jpeg = photograph("PNG", (400, 400)), photograph(size=(400, 400))
    assert "ends in .jpg, but it holds a PNG" in refusal(png, "photo.jpg")
    assert "ends in .pdf, but it holds a JPEG" in refusal(jpeg, "report.pdf")
    assert "called a picture, but it holds none" in refusal(b"MZ this is a program", "photo.jpg")
    assert "not a picture" in refusal(b"%PDF-1.7", "evidence.pdf")
    assert "HEIC" in refusal(b"\0\0\0\x18ftypheic", "IMG_2.HEIC")
    assert "damaged" in refusal(photograph()[:3000], "photo.jpg")
    assert "too small" in refusal(photograph(size=(200, 400)), "icon.jpg")
    assert "larger than 10 MB" in refusal(b"\xff\xd8\xff" + b"0" * MOST_BYTES, "photo.jpg")
    assert "Choose a picture" in refusal(b"", "")


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    assert "too many pixels" in refusal(file.getvalue(), "white.png")


def _with_scans(jpeg, times):
    """The last scan of a progressive JPEG, and the table in front of it, once more and again."""
    table = jpeg.rindex(b"\xff\xc4", 0, jpeg.rindex(b"\xff\xda"))
    return jpeg[:-2] + jpeg[table:-2] * times + b"\xff\xd9"


def test_a_picture_of_few_bytes_takes_neither_memory_nor_processor_without_end():
    """A photograph of 50 million pixels is taken; what is unpacked whole, or again and again, is not."""
    assert read_picture(photograph(size=(8192, 6144), quality=30), "phone.jpg").width == LARGE
    for kind, options in (("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {"method": 0})):
        content = photograph(kind, (4200, 3000), **options)
        assert "13 million pixels; saved in this way it may have 12" in refusal(content, ""), kind
    progressive = photograph(size=(640, 480), progressive=True)
    assert read_picture(progressive, "web.jpg").width == 640
    assert "too many pixels" in refusal(_with_scans(progressive, 40), "web.jpg")


def test_what_a_camera_writes_beside_the_picture_is_no_scan_of_it():
    plain = photograph(size=(640, 480))
    small = photograph(size=(320, 240))
    beside = b"\xff\xe2" + (len(small) + 2).to_bytes(2) + small
    assert [count_scans(one) for one in (plain, plain[:2] + beside + plain[2:], plain + small)] == [1, 1, 1]
    assert count_scans(photograph(size=(640, 480), progressive=True)) == 10
    assert count_scans(b"\xff\xd8\xff") == 0


def test_one_picture_is_unpacked_at_a_time(monkeypatch):
    """Eight people who send one at once need the memory of one."""
    at_once = []

    def unpack(picture):
        at_once.append(1)
        assert len(at_once) == 1
        sleep(0.005)
        at_once.pop()
        return picture.convert("RGB")

    monkeypatch.setattr("gdt.community.pictures._plain", unpack)
    content = photograph(size=(400, 400))
    with ThreadPoolExecutor(8) as people:
        kept = list(people.map(lambda _n: read_picture(content, "a.jpg").width, range(8)))
    assert kept == [400] * 8


def test_evidence_is_a_pdf_or_a_photograph_and_what_its_name_says():
    assert ending_of(b"%PDF-1.7", "letter.PDF") == ".pdf"
    assert ending_of(b"\xff\xd8\xff", "scan.jpeg") == ".jpg"
    assert ending_of(b"%PDF-1.7", "letter") == ".pdf"
    for content, name in ((b"MZ", "letter.pdf"), (b"MZ", "a.exe"), (b"%PDF-", "a.png"), (b"", "a.pdf")):
        with pytest.raises(DomainError):
            ending_of(content, name)
    assert tidy_name("C:\\Users\\lee\\letter.pdf") == "letter.pdf"
    assert len(tidy_name("x" * 400 + ".pdf")) <= 120
