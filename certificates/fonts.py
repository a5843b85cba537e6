"""Where the fonts are, which one prints which character, and how a face is opened at a weight."""

import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

import uharfbuzz as hb

from certificates.truetype import GlyphTable


class FontMissing(RuntimeError):
    """A font the house needs is not installed; the sentence names the package to install."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One font on disk. `scale` and `lightness` match it to the serif: size factor, weight taken off."""

    path: Path
    scale: float = 1.0
    lightness: int = 0
    bold_path: Path | None = None


@dataclass(frozen=True, slots=True)
class PackagedFont:
    package: str
    pattern: str
    scale: float = 1.0
    lightness: int = 0
    bold_pattern: str = ""


_KURINTO = "static/weblate_fonts/kurinto/ttf/Kurinto"


def _kurinto(cut: str, scale: float) -> PackagedFont:
    return PackagedFont(
        "weblate_fonts", f"{_KURINTO}{cut}-Rg.ttf", scale, bold_pattern=f"{_KURINTO}{cut}-Bd.ttf"
    )


def _noto(script: str, scale: float) -> PackagedFont:
    return PackagedFont(
        f"fontpkg_noto_sans_{script}", "files/NotoSans*[[]wdth,wght].ttf", scale, lightness=60
    )


LEADING_FONTS: dict[tuple[str, bool], PackagedFont] = {
    ("serif", False): PackagedFont("fontpkg_eb_garamond", "files/EBGaramond[[]wght].ttf"),
    ("serif", True): PackagedFont("fontpkg_eb_garamond", "files/EBGaramond-Italic*.ttf"),
    ("sans", False): PackagedFont("fontpkg_inter", "files/Inter[[]*.ttf", 0.86),
    ("sans", True): PackagedFont("fontpkg_inter", "files/Inter-Italic*.ttf", 0.86),
}

FALLBACK_FONTS: tuple[PackagedFont, ...] = (
    _noto("thai", 0.84),
    _noto("khmer", 0.84),
    _noto("arabic", 0.95),
    _noto("tamil", 0.78),
    _noto("devanagari", 0.88),
    _kurinto("SansSC", 0.84),
    _kurinto("Sans", 0.84),
    _kurinto("SansTC", 0.84),
    _kurinto("SansJP", 0.84),
    _kurinto("SansKR", 0.84),
    PackagedFont("fontpkg_noto_sans", "files/NotoSans[[]wdth,wght].ttf", 0.84, lightness=60),
)

_office: dict[str, Path | None] = {"directory": None}
_dependent: list[Callable[[], None]] = []
_Cached = TypeVar("_Cached", bound="_Clearable")


class _Clearable(Protocol):
    def cache_clear(self) -> None: ...


def depends_on_fonts(cached: _Cached) -> _Cached:
    """Decorate a cached function whose results must be forgotten when the office changes its fonts."""
    _dependent.append(cached.cache_clear)
    return cached


class Face:
    """An opened font at one weight: shapes text, tells its advances, hands out its outlines.

    `name` is unique per font and weight. All lengths are thousandths of the em.
    """

    def __init__(self, name: str, blob: bytes | Path, scale: float) -> None:
        source = hb.Blob.from_file_path(str(blob)) if isinstance(blob, Path) else hb.Blob(blob)
        self.name, self.scale = name, scale
        self.hb_face = hb.Face(source)
        self.hb_font = hb.Font(self.hb_face)
        self.per_unit = 1000 / self.hb_face.upem
        self.covered = frozenset(self.hb_face.unicodes)
        self._advances: dict[int, float] = {}

    def advance(self, glyph: int) -> float:
        """Return the glyph's own advance, in thousandths of the em."""
        if glyph not in self._advances:
            self._advances[glyph] = round(self.hb_font.get_glyph_h_advance(glyph) * self.per_unit, 2)
        return self._advances[glyph]

    @property
    def glyphs(self) -> GlyphTable:
        """The outlines, opened on first use."""
        return _glyph_table(self)


@cache
def _glyph_table(face: Face) -> GlyphTable:
    return GlyphTable(face.hb_face)


def use_fonts_directory(directory: Path | None) -> None:
    """Let the TrueType files of a folder go before the packaged fallbacks; None takes that back.

    The leading serif or sans keeps what it covers; the folder's fonts serve the other scripts, in the
    order of their file names. Raises FontMissing when the folder is not there or a file is not TrueType.
    """
    if directory is not None and not directory.is_dir():
        raise FontMissing(f"The fonts folder {directory} does not exist.")
    for path in _office_files(directory):
        if "glyf" not in hb.Face(hb.Blob.from_file_path(str(path))).table_tags:
            raise FontMissing(f"{path.name} has no TrueType outlines; use the .ttf cut of that font.")
    _office["directory"] = directory
    for forget in _dependent:
        forget()


@depends_on_fonts
@lru_cache(maxsize=64)
def font_stack(family: str, weight: int, italic: bool) -> tuple["StackEntry", ...]:
    """Return the fonts a style tries, first to last; each is opened only when its turn comes.

    `family` is "serif" or "sans", `weight` 100 to 900 as in CSS. Raises ValueError for another family.
    """
    if (family, italic) not in LEADING_FONTS:
        raise ValueError(f"There is no font family {family!r}: use 'serif' or 'sans'.")
    office = [FontFile(path, 0.9) for path in _office_files(_office["directory"])]
    files = [_located(LEADING_FONTS[family, italic]), *office, *map(_located, FALLBACK_FONTS)]
    return tuple(StackEntry(file, weight) for file in files)


@dataclass(frozen=True, slots=True)
class StackEntry:
    """A font of a stack at the stack's weight; `face` opens it once per process."""

    file: FontFile
    weight: int

    @property
    def face(self) -> Face:
        return _open_face(self.file, self.weight)


def _office_files(directory: Path | None) -> Iterator[Path]:
    return iter(sorted([*directory.glob("*.ttf"), *directory.glob("*.otf")]) if directory else ())


@cache
def _located(font: PackagedFont) -> FontFile:
    folder = _package_folder(font.package)
    path = _one_file(folder, font.pattern)
    bold = _one_file(folder, font.bold_pattern) if font.bold_pattern else None
    return FontFile(path, font.scale, font.lightness, bold)


@cache
def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FontMissing(f"The font package {package} is missing: pip install {package.replace('_', '-')}")
    return Path(spec.origin).parent


def _one_file(folder: Path, pattern: str) -> Path:
    for path in sorted(folder.glob(pattern)):
        return path
    raise FontMissing(
        f"{folder.name} brings no file like {pattern}; install the version in requirements.txt."
    )


@cache
def _open_face(file: FontFile, weight: int) -> Face:
    source = hb.Face(hb.Blob.from_file_path(str(file.path)))
    axes = {axis.tag for axis in source.axis_infos}
    if not axes:
        path = file.bold_path if file.bold_path and weight >= 600 else file.path
        return Face(_plain_name(path), path, file.scale)
    return Face(
        f"{_plain_name(file.path)}-{weight}",
        _at_weight(source, max(weight - file.lightness, 100)),
        file.scale,
    )


def _plain_name(path: Path) -> str:
    """Return a name that needs no escaping in a PDF, whatever the office calls its files."""
    return re.sub("[^A-Za-z0-9]", "", path.stem.split("[")[0]) or "Font"


def _at_weight(source: hb.Face, weight: int) -> bytes:
    """Make a static cut of a variable font; uharfbuzz does in 0.01 s what fontTools does in seconds."""
    plan = hb.SubsetInput()
    plan.keep_everything()
    plan.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.RETAIN_GIDS
    for axis in source.axis_infos:
        if axis.tag == "wght":
            plan.pin_axis_location(source, "wght", min(max(weight, axis.min_value), axis.max_value))
        else:
            plan.pin_axis_to_default(source, axis.tag)
    return bytes(plan.subset(source).blob.data)
