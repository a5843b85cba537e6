"""How community projects are worded: kinds, states with their shapes, what to do next, what they reached."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.community.models import Project, ProjectKind
from gdt.community.states import ProjectState
from gdt.filters import country_name, ngettext

KINDS = {
    ProjectKind.COMMUNITY_PROJECT: lazy_gettext("Community project"),
    ProjectKind.DIGITAL_VILLAGE: lazy_gettext("Digital village"),
}
STATES: dict[ProjectState, tuple[Any, str]] = {
    ProjectState.DRAFT: (lazy_gettext("Draft"), "neutral"),
    ProjectState.CLAIMED: (lazy_gettext("Claimed"), "progress"),
    ProjectState.ASKED_BACK: (lazy_gettext("Asked back"), "attention"),
    ProjectState.DECLINED: (lazy_gettext("Declined"), "problem"),
    ProjectState.COUNTED: (lazy_gettext("Counted"), "ok"),
}


def reached(project: Project) -> list[str]:
    """What a project reached, each number with its noun."""
    return list(_reached(project))


def _reached(project: Project) -> Iterator[str]:
    if n := project.people_taking_part:
        yield ngettext("%(num)s person took part", "%(num)s people took part", n)
    if n := project.people_helped:
        yield ngettext("%(num)s person helped", "%(num)s people helped", n)
    if n := project.products_helped:
        yield ngettext("%(num)s local product", "%(num)s local products", n)
    if n := project.businesses_helped:
        yield ngettext("%(num)s business", "%(num)s businesses", n)


def countries(project: Project) -> str:
    """The countries of its places, each once."""
    return ", ".join(dict.fromkeys(country_name(place.country.code) for place in project.places))


def beginning(story: str, most: int = 280) -> str:
    """The first sentences of a story, cut at a blank where it is long."""
    first = " ".join(story.split())
    if len(first) <= most:
        return first
    kept = first[:most]
    return f"{kept[: kept.rfind(' ')] if ' ' in kept else kept}…"


def next_sentence(project: Project, *, for_office: bool) -> str:
    """What the reader does next, or whom the project waits for."""
    office, institution = {
        ProjectState.DRAFT: (
            _("The institution is writing it."),
            _("Add its places, pictures and evidence, then send it to the office."),
        ),
        ProjectState.CLAIMED: (
            _("Look at the story and the evidence, then count it, ask back or decline."),
            _("The office looks at it and answers here."),
        ),
        ProjectState.ASKED_BACK: (
            _("It waits for the institution’s answer."),
            _("The office has a question. Answer it and send the project again."),
        ),
        ProjectState.DECLINED: (
            _("It does not count."),
            _("It does not count. You can write it anew and send it again."),
        ),
        ProjectState.COUNTED: (_shown(project), _shown(project)),
    }[project.state]
    return str(office if for_office else institution)


def _shown(project: Project) -> str:
    if project.may_be_shown:
        return str(_("It counts, and stands in the public showcase."))
    return str(_("It counts. It is not public: nobody said that it may be shown."))
