"""A chart's bars as shares of the longest, for a table that draws them: readable on the smallest screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

Number = int | float


@dataclass(frozen=True)
class Bar:
    """A row: how long its bar is, and where its target stands, in percent of the longest of all."""

    label: str
    text: str
    share: str
    target: str | None
    is_now: bool

    @property
    def svg(self) -> Markup:
        """The bar, and a mark where its target stands; nothing of nothing. The stylesheet says how high."""
        look = ' class="c-now"' if self.is_now else ""
        drawn = f'<rect{look} width="{self.share}"/>' if self.share != "0%" else ""
        drawn += f'<rect class="c-aim" x="{self.target}"/>' if self.target else ""
        return Markup(f"<svg aria-hidden=true>{drawn}</svg>" if drawn else "")  # noqa: S704  (numbers alone)


def bars(
    rows: Iterable[tuple[str, Number]],
    texts: Sequence[str],
    targets: Sequence[Number | None],
    highlight: str | None,
) -> list[Bar]:
    """`targets` has one for each row, or is empty."""
    kept = list(rows)
    aims = targets or [None] * len(kept)
    most = max([*(value for _, value in kept), *(aim for aim in aims if aim)], default=0) or 1
    return [
        Bar(label, text, _percent(value, most), _percent(aim, most) if aim else None, label == highlight)
        for (label, value), text, aim in zip(kept, texts, aims, strict=True)
    ]


def _percent(value: Number, most: Number) -> str:
    """A width with one decimal, as short as it can be; what is there is seen."""
    share = 100 * value / most
    return f"{max(share, 0.3) if value else 0:.1f}".rstrip("0").rstrip(".") + "%"
