"""An institution's logo: read with care from an upload, kept in one plain form, embedded once in a file."""

import io
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from PIL import Image, ImageCms, ImageOps

from certificates.embedding import AddObject
from certificates.pdffile import stream

BYTES_LIMIT, PIXELS_LIMIT, LONGEST_SIDE = 2_000_000, 9_000_000, 8000
SMALLEST_SIDE = 200
"""Pixels the longer side must have, so that print does not show them."""

_KEPT = (600, 200)
"""Pixels that are kept: 240 to the inch in a place of 180 by 60 points."""

_COLOURS, _WHITE = 64, 250
_LEVEL = 9


class InvalidLogo(ValueError):
    """The bytes cannot be used as a logo; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo in the form that is kept: PNG with at most 64 colours, alpha and all, and nothing else in it.

    Content refers to it by `sha256`, in hexadecimal. Raises InvalidLogo for bytes of another form.
    """

    data: bytes = field(repr=False)
    sha256: str = field(init=False)
    width: int = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        picture = _opened(self.data, ("PNG",))
        if picture.mode != "P" or picture.width > _KEPT[0] or picture.height > _KEPT[1]:
            raise InvalidLogo("This is not a logo in the form read_logo gives.")
        object.__setattr__(self, "sha256", sha256(self.data).hexdigest())
        object.__setattr__(self, "width", picture.width)
        object.__setattr__(self, "height", picture.height)


def read_logo(data: bytes) -> Logo:
    """Return the logo in a PNG or JPEG of up to 2 MB, empty margins cut off and made small enough.

    Colours are brought to sRGB; profile, camera data, texts and further frames are left behind.
    Raises InvalidLogo.
    """
    if len(data) > BYTES_LIMIT:
        raise InvalidLogo(f"The file is larger than {BYTES_LIMIT // 1_000_000} MB.")
    picture = _opened(data, ("PNG", "JPEG"))
    try:
        plain = _plain(picture)
    except (OSError, ValueError, SyntaxError, MemoryError, ImageCms.PyCMSError) as error:
        raise InvalidLogo("The picture is damaged.") from error
    plain = _trimmed(plain)
    if max(plain.size) < SMALLEST_SIDE:
        raise InvalidLogo(
            f"The logo is {plain.width} \u00d7 {plain.height} pixels; print needs {SMALLEST_SIDE} at least."
        )
    plain.thumbnail(_KEPT, Image.Resampling.LANCZOS)
    return Logo(_png(plain))


def embed_logo(logo: Logo, add: AddObject) -> str:
    """Add the logo's image objects to a file; return the reference (ISO 32000-1 section 8.9.5)."""
    head, pixels, mask = _image(logo)
    veil = f"/SMask {add(mask)}" if mask else ""
    return add(pixels.replace(b"<<", f"<<{head}{veil}".encode(), 1))


@lru_cache(maxsize=64)
def _image(logo: Logo) -> tuple[str, bytes, bytes]:
    """Return the entries of the image, its colours and its alpha as streams, compressed once."""
    with Image.open(io.BytesIO(logo.data), formats=("PNG",)) as picture:
        colours = bytes(picture.getpalette("RGB") or ())
        alpha = picture.convert("RGBA").getchannel("A")
        pixels = picture.tobytes()
    size = f"/Type/XObject/Subtype/Image/Width {logo.width}/Height {logo.height}"
    palette = f"[/Indexed/DeviceRGB {len(colours) // 3 - 1}<{colours.hex()}>]"
    head = f"{size}/BitsPerComponent 8/ColorSpace{palette}"
    if alpha.getextrema() == (255, 255):
        return head, stream(pixels), b""
    return head, stream(pixels), stream(_nibbles(alpha), f"{size}/BitsPerComponent 4/ColorSpace/DeviceGray")


def _nibbles(alpha: Image.Image) -> bytes:
    """Return alpha in sixteen steps, two pixels to a byte: edges stay smooth and take half the room."""
    packed = bytearray()
    for y in range(alpha.height):
        row = [(veil * 15 + 127) // 255 for veil in alpha.crop((0, y, alpha.width, y + 1)).tobytes()]
        row.append(0)
        packed += bytes(
            left << 4 | right for left, right in zip(row[: alpha.width : 2], row[1::2], strict=False)
        )
    return bytes(packed)


def _opened(data: bytes, formats: tuple[str, ...]) -> Image.Image:
    """Open a picture without unpacking it; its size is known before any pixel is."""
    try:
        picture = Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise InvalidLogo("The picture has far too many pixels for a logo.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise InvalidLogo("This is neither a PNG nor a JPEG picture.") from error
    if picture.width * picture.height > PIXELS_LIMIT or max(picture.size) > LONGEST_SIDE:
        raise InvalidLogo(
            f"The picture has {picture.width:,} \u00d7 {picture.height:,} pixels, which is too many."
        )
    return picture


def _plain(picture: Image.Image) -> Image.Image:
    """Return the picture upright, as sRGB with alpha."""
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("P", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
    alpha = upright.getchannel("A") if upright.mode == "RGBA" else None
    colours = upright.convert("RGB") if alpha is not None else upright
    if profile and colours.mode in ("RGB", "CMYK"):
        source, wanted = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        colours = ImageCms.profileToProfile(colours, source, wanted, outputMode="RGB") or colours
    plain = colours.convert("RGB").convert("RGBA")
    if alpha is not None:
        plain.putalpha(alpha)
    return plain


def _trimmed(plain: Image.Image) -> Image.Image:
    """Cut off margins that are white or transparent, so that logos stand equally large."""
    sheet = Image.new("RGBA", plain.size, "white")
    seen = Image.alpha_composite(sheet, plain).convert("L").point(lambda tone: 255 * (tone < _WHITE))
    inked = seen.getbbox()
    if inked is None:
        raise InvalidLogo("The picture is empty: all of it is white or transparent.")
    return plain.crop(inked)


def _png(plain: Image.Image) -> bytes:
    if plain.getchannel("A").getextrema() == (255, 255):
        reduced = plain.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    else:
        reduced = plain.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    reduced.info.clear()  # Pillow would write the profile and the camera's data again
    out = io.BytesIO()
    reduced.save(out, "PNG", optimize=True)
    return out.getvalue()
