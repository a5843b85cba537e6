"""How nominations stand after judging: plain counting over scores, no database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Judged:
    """One judge’s scores of a nomination, by criterion; a judge who stood aside gives none."""

    nomination_id: int
    scores: Mapping[int, int]


@dataclass(frozen=True)
class Standing:
    """A nomination’s place among those of its category. `mean` is of the judges’ sums; without one, None.

    `place` is shared by equals: two firsts are followed by a third.
    """

    nomination_id: int
    place: int | None
    judges: int
    mean: Fraction | None
    by_criterion: Mapping[int, Fraction]


def standings(nomination_ids: Iterable[int], judged: Collection[Judged]) -> list[Standing]:
    """The nominations of one category, the best first; those nobody has judged come last, without a place."""
    found = [
        _of(one, [j.scores for j in judged if j.nomination_id == one and j.scores]) for one in nomination_ids
    ]
    means = [standing.mean for standing in found if standing.mean is not None]
    placed = [_placed(standing, means) for standing in found]
    return sorted(placed, key=lambda one: (one.mean is None, -(one.mean or 0), one.nomination_id))


def _of(nomination_id: int, scores: Collection[Mapping[int, int]]) -> Standing:
    if not scores:
        return Standing(nomination_id, None, 0, None, {})
    criteria = sorted({criterion for one in scores for criterion in one})
    by_criterion = {
        criterion: _mean([one[criterion] for one in scores if criterion in one]) for criterion in criteria
    }
    return Standing(nomination_id, None, len(scores), _mean([sum(s.values()) for s in scores]), by_criterion)


def _placed(standing: Standing, means: Collection[Fraction]) -> Standing:
    if standing.mean is None:
        return standing
    place = 1 + sum(mean > standing.mean for mean in means)
    return Standing(standing.nomination_id, place, standing.judges, standing.mean, standing.by_criterion)


def _mean(numbers: Collection[int]) -> Fraction:
    return Fraction(sum(numbers), len(numbers))
