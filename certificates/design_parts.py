"""What a design is made of: frozen values in points, colours from 0 to 1, texts in one or two languages."""

from dataclasses import dataclass, field

from certificates.content import Kind
from certificates.languages import language_name
from certificates.shaping import TextStyle

PAGE = (841.89, 595.28)

Colour = tuple[float, float, float]


class InvalidDesign(ValueError):
    """A design file cannot be used; the sentence names the file and the entry."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Strand:
    """Waves of the border: `amplitude` and `swell` are shares of half the border's width."""

    amplitude: float
    swell: float
    waves: int
    copies: int
    colour: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Ring:
    """A rosette ring: r = radius + amplitude cos(lobes t + phase), one curve per copy."""

    radius: float
    amplitude: float
    lobes: int
    copies: int
    colour: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Border:
    inset: float
    width: float
    module: float
    line: float
    corner: float
    strands: tuple[Strand, ...]
    corners: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rosette:
    """Rings about a centre; `disc` is the radius of white laid under them, 0 for none."""

    x: float
    y: float
    line: float
    rings: tuple[Ring, ...]
    disc: float = 0.0
    monogram: str = ""
    monogram_size: float = 12.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Names:
    """The zone of the holder's names, in points."""

    bottom: float
    top: float
    width: float
    largest: float
    style: str
    colour: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One text on the axis: fixed (`text`, with translations in `also`) or a fact of the content.

    untranslated: the same in every language, as names are; stacked: the second language under the first.
    """

    baseline: float
    size: float
    style: str
    colour: str
    text: str = ""
    also: dict[str, str] = field(default_factory=dict)
    untranslated: bool = False
    stacked: bool = False
    fact: str = ""
    smallest: float = 7.0
    most: int = 1
    width: float = 640.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Check:
    """The QR symbol's lower left corner and size, and the width of the words beside it."""

    x: float
    y: float
    size: float
    width: float
    text: str
    also: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class LogoPlace:
    """The zone in which an institution's logo stands, as large as it may be, against one side."""

    x: float
    y: float
    width: float
    height: float
    side: str = "left"


@dataclass(frozen=True, kw_only=True, eq=False)
class Signatures:
    left: float
    right: float
    rule: float
    widest: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """Everything that makes one look. Two designs are equal only when they are the same object.

    languages: those that can stand beside English; every text has a translation into each of them.
    """

    name: str
    kind: Kind
    version: int
    title: str
    colours: dict[str, Colour]
    styles: dict[str, TextStyle]
    border: Border
    seal: Rosette
    ground: Rosette
    names: Names
    lines: tuple[Line, ...]
    check: Check
    signatures: Signatures
    languages: tuple[str, ...] = ()
    logo: LogoPlace | None = None

    def second_language(self, language: str) -> str | None:
        """Return the language beside English for a BCP 47 tag; None for English alone.

        Raises InvalidDesign naming a text that the design does not have in that language.
        """
        bare = language.split("-")[0]
        if bare == "en":
            return None
        if bare not in self.languages:
            text = next((part.text for part in self.translated if bare not in part.also), self.title)
            raise InvalidDesign(f"{self.name} lacks the text \u201c{text}\u201d in {language_name(bare)}.")
        return bare

    @property
    def translated(self) -> list["Line | Check"]:
        """The parts with fixed words that need a translation."""
        return [part for part in self.fixed if not (isinstance(part, Line) and part.untranslated)]

    @property
    def fixed(self) -> list["Line | Check"]:
        """The parts with words that are the same on every certificate."""
        return [*(line for line in self.lines if line.text), self.check]
