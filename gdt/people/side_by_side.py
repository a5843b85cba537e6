"""Two entries beside each other: every fact of both, what each has, and what merging them would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from gdt.people.belongings import Belonging, every_belonging, every_note
from gdt.people.duplicate_models import ProbablePair
from gdt.people.merge_plans import FACTS, Plan, number_pairs, plan_merge
from gdt.people.merge_queries import count_rows
from gdt.people.models import Person
from gdt.people.words import GENDER_WORDS

SHOWN = 12  # rows of a kind on each side


@dataclass(frozen=True)
class Fact:
    """One fact of both entries; `name` is the field's, if they differ and one must be chosen."""

    label: str
    first: str
    second: str
    name: str | None
    takes_second: bool = False


@dataclass(frozen=True)
class Kept:
    """What both have of one kind: how many, and the first of them in words."""

    first: Sequence[str]
    second: Sequence[str]
    title: str


@dataclass(frozen=True)
class Comparing:
    """What the page shows of a pair."""

    pair: ProbablePair
    survivor: Person
    other: Person
    facts: Sequence[Fact]
    kept: Sequence[Kept]
    plan: Plan
    notes: Sequence[str]

    @property
    def seal(self) -> str:
        return self.plan.seal

    def choices(self, typed: Mapping[str, str]) -> dict[str, bool]:
        """What was chosen, as a merge takes it: whether the survivor takes the other's."""
        others = "second" if self.survivor.id == self.pair.first_id else "first"
        return {f.name: typed[f.name] == others for f in self.facts if f.name and f.name in typed}


def compare_pair(pair: ProbablePair) -> Comparing:
    """The entry with more records stays, of equals the older: fewer rows move."""
    sizes = {person.id: count_rows(person.id) for person in (pair.first, pair.second)}
    is_first = sizes[pair.first_id] >= sizes[pair.second_id]
    survivor, other = (pair.first, pair.second) if is_first else (pair.second, pair.first)
    plan = plan_merge(survivor.id, other.id, {})
    notes = [sentence for note in every_note() for sentence in note(survivor.id, other.id)]
    facts = [*_facts(pair, is_first=is_first), *_numbers(survivor, other, is_first=is_first)]
    return Comparing(pair, survivor, other, facts, _kept(pair), plan, notes)


def _facts(pair: ProbablePair, *, is_first: bool) -> list[Fact]:
    labels = {
        "printed_name": _("Full name"),
        "native_name": _("Name in own script"),
        "email": _("E-mail"),
        "gender": _("Gender"),
    }
    return [
        _fact(labels[name], getattr(pair.first, name), getattr(pair.second, name), name, is_first=is_first)
        for name in FACTS
    ]


def _fact(label: str, first: Any, second: Any, name: str, *, is_first: bool) -> Fact:
    is_choice = bool(first and second and first != second)
    takes_second = bool(second) and (not is_first or not first)
    return Fact(label, _word(first), _word(second), name if is_choice else None, takes_second)


def _word(value: Any) -> str:
    return str(GENDER_WORDS.get(value, value)) if value else ""


def _numbers(survivor: Person, other: Person, *, is_first: bool) -> list[Fact]:
    plan = Plan()
    places = {a.id: str(a.institution) for a in survivor.affiliations}
    found = []
    for hers, others in number_pairs(plan, survivor.id, other.id):
        label = _("Number at %(place)s", place=places[hers["id"]])
        values = [hers["own_number"], others["own_number"]]
        if not any(values):
            continue
        first, second = values if is_first else values[::-1]
        found.append(_fact(label, first, second, f"number_{hers['id']}", is_first=is_first))
    return found


def _kept(pair: ProbablePair) -> list[Kept]:
    return [kept for b in every_belonging() if (kept := _of_kind(b, pair)).first or kept.second]


def _of_kind(belonging: Belonging, pair: ProbablePair) -> Kept:
    sides = []
    for person_id in (pair.first_id, pair.second_id):
        rows = Plan().rows(belonging.table, "person_id", person_id)
        words = belonging.tell(rows[:SHOWN]) if rows else {}
        told = [words[row["id"]] for row in rows[:SHOWN]]
        if len(rows) > SHOWN:
            told.append(_("and %(n)s more", n=len(rows) - SHOWN))
        sides.append(told)
    return Kept(sides[0], sides[1], belonging.title())
