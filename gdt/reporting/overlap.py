"""Which rounds go together: no institution reports the same day in two of them. Plain rules, no database."""

from collections.abc import Collection

from gdt.impact.periods import Period
from gdt.partners.models import InstitutionKind

EVERY = tuple(kind.value for kind in InstitutionKind)


def asked_kinds(kinds: Collection[str]) -> list[str]:
    """The kinds as a round keeps them: in their order, and none where all are asked."""
    chosen = [kind for kind in EVERY if kind in set(kinds)]
    return [] if len(chosen) == len(EVERY) else chosen


def is_against(period: Period, kinds: Collection[str], other: Period, other_kinds: Collection[str]) -> bool:
    """Whether an institution of one kind would report a day twice; no kinds: all of them."""
    return period.overlaps(other) and bool(set(kinds or EVERY) & set(other_kinds or EVERY))


def round_code(period: Period, kinds: Collection[str]) -> str:
    """The round's place in an address: 2026-s1, or 2026-s1-college-university."""
    return "-".join([period.code, *(kind.replace(" ", "-") for kind in kinds)])
