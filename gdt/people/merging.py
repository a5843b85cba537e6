"""Making one person of two entries, and saying for ever that two are not one."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, update

from gdt import audit
from gdt.access import Viewer, sees_all
from gdt.database import Model, db, now
from gdt.errors import DomainError, RecordNotFound
from gdt.people.duplicate_models import ProbablePair
from gdt.people.duplicate_queries import list_called_different
from gdt.people.matching import mark_to_compare
from gdt.people.merge_models import Deed, Merge, MergeStep
from gdt.people.merge_plans import Choices, Plan, Step, plan_merge
from gdt.people.merge_queries import list_institutions_by_id, list_institutions_of, list_seen, lock_persons
from gdt.people.models import Person
from gdt.row_security import everything


@everything()
def merge_persons(
    *, actor: Viewer, survivor: Person, other: Person, choices: Choices, seal: str | None = None
) -> Merge:
    """Make `other` part of `survivor`: what belongs to the one belongs to the other from now on.

    `choices` are the facts taken from the other (see `merge_plans`). With the `seal` of a plan that was
    shown, anything that changed since is a refusal. Raises DomainError, or RecordNotFound when one of them
    has records at an institution that is not the actor's.
    """
    locked = lock_persons(survivor.id, other.id)
    _refuse_to_merge(locked[survivor.id], locked[other.id])
    places = list_institutions_of([survivor.id, other.id])
    _refuse_stranger(actor, places)
    db.session.flush()
    if seal is not None and seal != plan_merge(survivor.id, other.id, {}).seal:
        raise DomainError(_("Something about the two changed since this page was drawn. Look again."))
    names = survivor.printed_name, other.printed_name
    plan = plan_merge(survivor.id, other.id, choices)
    carry_out(plan.steps)
    merge = _keep_journal(actor, survivor, other, names[1], places, plan)
    _tell_trail(actor, merge, places, names)
    return merge


def _refuse_to_merge(survivor: Person, other: Person) -> None:
    if survivor.id == other.id:
        raise DomainError(_("This is one entry already."))
    for person in (survivor, other):
        if person.merged_into_id is not None:
            raise DomainError(_("%(name)s is part of another entry already.", name=person))
        if person.erased_at is not None:
            raise DomainError(_("One of the two was erased, and stays so."))
    called = list_called_different([survivor.id])
    if any({one, two} == {survivor.id, other.id} for one, two in called):
        raise DomainError(_("Somebody said that these are two people. Take that back first."))


def _refuse_stranger(actor: Viewer, places: set[int]) -> None:
    if not sees_all(actor) and places != set(list_seen(actor, places)):
        raise RecordNotFound


def carry_out(steps: Sequence[Step]) -> None:
    """Do what a plan says, in its order, past the mapped objects, which are read anew."""
    connection = db.session.connection()
    for step in steps:
        here = step.table.c.id == step.row_id
        if step.deed is Deed.CHANGED:
            connection.execute(update(step.table).where(here).values(step.values_after))
        elif step.deed is Deed.REMOVED:
            connection.execute(delete(step.table).where(here))
    db.session.expire_all()


def _keep_journal(
    actor: Viewer, survivor: Person, other: Person, merged_name: str, places: set[int], plan: Plan
) -> Merge:
    merge = Merge(
        survivor_id=survivor.id,
        merged_id=other.id,
        merged_name=merged_name,
        institution_id=next(iter(places)) if len(places) == 1 else None,
        merged_by_id=actor.id,
        merged_by_name=actor.name,
    )
    merge.steps = [
        MergeStep(
            position=n,
            deed=step.deed,
            table_name=step.table.name,
            row_id=step.row_id,
            before=step.before,
            after=step.after,
        )
        for n, step in enumerate(plan.steps)
    ]
    db.session.add(merge)
    db.session.flush()
    mark_to_compare({survivor.id, other.id})
    return merge


def _tell_trail(actor: Viewer, merge: Merge, places: Collection[int], names: tuple[str, str]) -> None:
    """Across institutions the survivor's history names nobody: who reads it may not know of the other."""
    into = _("%(other)s became part of the entry of %(name)s.", other=names[1], name=names[0])
    hers = (
        into
        if merge.institution_id
        else _("Another entry became part of the entry of %(name)s.", name=names[0])
    )
    survivor, other = (db.session.get_one(Person, one) for one in (merge.survivor_id, merge.merged_id))
    acts: list[tuple[Model, str, int | None]] = [
        (survivor, hers, merge.institution_id),
        (other, into, merge.institution_id),
    ]
    acts += [(place, hers, place.id) for place in list_institutions_by_id(places)]
    audit.record_all(actor, "merged", acts, merge=merge.id, survivor=survivor.id, merged=other.id)


@everything()
def call_different(*, actor: Viewer, pair: ProbablePair) -> ProbablePair:
    """Remember for ever that these are two people; said twice, the first time stands."""
    if pair.different_at is None:
        pair.different_at, pair.different_by_id, pair.different_by_name = now(), actor.id, actor.name
        sentence = _("%(one)s and %(other)s are two people.", one=pair.first, other=pair.second)
        acts = [(person, sentence, pair.institution_id) for person in (pair.first, pair.second)]
        audit.record_all(actor, "called different", acts, pair=pair.id)
    return pair


@everything()
def offer_again(*, actor: Viewer, pair: ProbablePair) -> ProbablePair:
    """Take back that these are two people."""
    if pair.different_at is not None:
        pair.different_at = pair.different_by_id = pair.different_by_name = None
        sentence = _("%(one)s and %(other)s may be one person after all.", one=pair.first, other=pair.second)
        acts = [(person, sentence, pair.institution_id) for person in (pair.first, pair.second)]
        audit.record_all(actor, "offered again", acts, pair=pair.id)
    return pair
