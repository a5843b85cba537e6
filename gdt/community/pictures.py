"""Pictures that people hand in: read with care, drawn anew from their colours alone, in two sizes.

What a camera writes beside the colours (the place, the moment, its number) stays behind.
"""

import io
from dataclasses import dataclass
from pathlib import PurePath
from threading import Lock
from typing import Final

from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps

from gdt.community.jpeg_scans import MOST_SCANS, count_scans
from gdt.errors import DomainError

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 60_000_000  # of a photograph, which is unpacked in an eighth to a half of its size
MOST_WHOLE_PIXELS: Final = 12_000_000  # of what has to be unpacked whole
LEAST_SIDE: Final = 300
LARGE, SMALL = 1600, 640  # pixels of the longer side
FIELD = "picture"
_FORMATS = {"JPEG": ("jpg", "jpeg", "jpe", "jfif"), "PNG": ("png",), "WEBP": ("webp",)}
_NAMED = {ending: name for name, endings in _FORMATS.items() for ending in endings}
_ONE_AT_A_TIME = Lock()  # so that a process needs the memory of one picture, however many send one
_OTHERS = frozenset({"pdf", "gif", "heic", "heif", "tif", "tiff", "bmp", "svg", "doc", "docx", "mp4", "mov"})


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: two JPEG files, and the size of the large one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def read_picture(content: bytes, filename: str) -> Picture:
    """The picture in a JPEG, PNG or WebP file of up to 10 MB.

    Raises DomainError at "picture" for what is too large, damaged, or not what its name says.
    """
    if not content:
        raise DomainError(_("Choose a picture."), FIELD)
    if len(content) > MOST_BYTES:
        raise DomainError(_("This picture is larger than 10 MB. Send it in a smaller size."), FIELD)
    picture = _opened(content, filename)
    if min(picture.size) < LEAST_SIDE:
        raise DomainError(
            _("This picture is too small: each side needs %(n)s pixels at least.", n=LEAST_SIDE), FIELD
        )
    try:
        with _ONE_AT_A_TIME:
            plain = _plain(picture)
    except (OSError, ValueError, SyntaxError, MemoryError, ImageCms.PyCMSError) as error:
        raise DomainError(_("This picture is damaged. Save or take it again."), FIELD) from error
    return Picture(_jpeg(plain, LARGE), _jpeg(plain, SMALL), plain.width, plain.height)


def _opened(content: bytes, filename: str) -> Image.Image:
    """Open without unpacking: the size is known before any pixel is."""
    ending = PurePath(filename).suffix.lower().lstrip(".")
    try:
        picture = Image.open(io.BytesIO(content), formats=tuple(_FORMATS))
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _no_picture(ending) from error
    _refuse_too_many_pixels(picture, content)
    if ending in _OTHERS or _NAMED.get(ending, picture.format) != picture.format:
        raise DomainError(
            _(
                "The name of this file ends in .%(ending)s, but it holds a %(kind)s picture. Open it, save "
                "it anew as a picture, and send that.",
                ending=ending,
                kind=picture.format,
            ),
            FIELD,
        )
    return picture


def _no_picture(ending: str) -> DomainError:
    if ending in {"heic", "heif"}:
        return DomainError(
            _("This is a HEIC picture of a phone. Share or save it as JPEG, and send that."), FIELD
        )
    if ending in _NAMED:
        return DomainError(
            _("This file is called a picture, but it holds none. Choose a JPEG, PNG or WebP picture."), FIELD
        )
    return DomainError(_("This is not a picture. Choose a JPEG, PNG or WebP picture."), FIELD)


def _refuse_too_many_pixels(picture: Image.Image, content: bytes) -> None:
    """A JPEG in one scan needs little memory; one in several is held whole, and each scan takes its time."""
    pixels, scans = picture.width * picture.height, 0
    if picture.format == "JPEG":
        scans = count_scans(content)
    if pixels > MOST_PIXELS or scans > MOST_SCANS:
        raise _too_many_pixels()
    if pixels > MOST_WHOLE_PIXELS and scans != 1:
        raise DomainError(
            _(
                "This picture has %(n)s million pixels; saved in this way it may have %(most)s. Send it as "
                "an ordinary JPEG, or in a smaller size.",
                n=-(-pixels // 1_000_000),
                most=MOST_WHOLE_PIXELS // 1_000_000,
            ),
            FIELD,
        )


def _too_many_pixels() -> DomainError:
    return DomainError(_("This picture has too many pixels. Send it in a smaller size."), FIELD)


def _plain(picture: Image.Image) -> Image.Image:
    """Return the picture upright, as sRGB on white, with nothing but its colours.

    It is made small before anything else is done with it: each step holds one more copy.
    """
    profile = picture.info.get("icc_profile")
    if picture.format == "JPEG":
        smaller = max(max(picture.size) // LARGE, 1)
        picture.draft("RGB", (picture.width // smaller, picture.height // smaller))
    picture.load()
    picture.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(picture)
    if profile and upright.mode in ("RGB", "CMYK"):
        source, wanted = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        upright = ImageCms.profileToProfile(upright, source, wanted, outputMode="RGB") or upright
    colours = upright.convert("RGBA")
    plain = Image.new("RGB", colours.size, "white")
    plain.paste(colours, mask=colours.getchannel("A"))
    return plain


def _jpeg(plain: Image.Image, side: int) -> bytes:
    fitted = plain.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    fitted.save(file, "JPEG", quality=80, optimize=True, progressive=side == LARGE)  # paper wants it plain
    return file.getvalue()
