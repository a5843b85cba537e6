"""The grid of a training's outcomes: participants by modules, as they stand or as they were typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gdt.training.models import Module, Outcome, TeacherTraining, TrainingParticipant
from gdt.training.outcomes import Cell, Mark, shown

DRAWN = re.compile(r"w([0-9]{1,9})_([0-9]{1,9})")  # the field that says what a cell showed when it was drawn


@dataclass(frozen=True)
class GridCell:
    """One participant in one module."""

    name: str
    module: Module
    outcome: str
    attended: bool
    was: str
    reason: str


@dataclass(frozen=True)
class GridRow:
    participant: TrainingParticipant
    cells: list[GridCell]


def grid_of(
    training: TeacherTraining,
    participants: Sequence[TrainingParticipant],
    typed: Mapping[Cell, Mark],
    reasons: Mapping[Cell, str],
) -> list[GridRow]:
    """The lines of a page, with what was typed where something was."""
    return [
        GridRow(p, [_cell(p, module, typed.get((p.id, module.id)), reasons) for module in training.modules])
        for p in participants
    ]


def _cell(
    participant: TrainingParticipant, module: Module, mark: Mark | None, reasons: Mapping[Cell, str]
) -> GridCell:
    kept = next((o for o in participant.outcomes if o.module_id == module.id), None)
    was = shown(kept)
    return GridCell(
        name=f"{participant.id}_{module.id}",
        module=module,
        outcome=mark.outcome if mark else (kept.outcome.value if kept else ""),
        attended=mark.attended if mark else (kept.attended if kept else True),
        was=mark.was if mark else was,
        reason=reasons.get((participant.id, module.id), ""),
    )


def typed_marks(form: Mapping[str, str]) -> dict[Cell, Mark]:
    """The cells of a sent grid: fields `o<cell>` outcome, `t<cell>` attended, `w<cell>` as drawn.

    With `action=pass` every cell of the page that is still open counts as passed and attended.
    """
    marks = {}
    for name in form:
        drawn = DRAWN.fullmatch(name)
        if drawn is None:
            continue
        outcome, attended = form.get(f"o{name[1:]}", ""), f"t{name[1:]}" in form
        if not outcome and form.get("action") == "pass":
            outcome, attended = Outcome.PASSED.value, True
        cell = int(drawn[1]), int(drawn[2])
        marks[cell] = Mark(*cell, outcome=outcome, attended=attended, was=form[name])
    return marks
