"""What a year's summary tells beside its numbers: stories of counted projects, and the awards of the year.

Nobody is named here: a summary is kept for ever, and who stands on the honours page may ask to leave it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gdt.community.models import Project
from gdt.community.queries import list_told
from gdt.community.words import beginning, reached
from gdt.recognition.queries import list_honours

MOST_STORIES = 3
LONGEST_STORY = 420  # letters


@dataclass(frozen=True)
class StoryPicture:
    """A picture in the document store, and where a page finds it while its project is public."""

    key: str
    project: str
    picture_id: int
    alt: str


@dataclass(frozen=True)
class Story:
    """A project as the summary tells it; `institution` is a code."""

    project: str
    title: str
    kind: str
    institution: str
    institution_name: str
    places: Sequence[tuple[str, str]]  # name, country
    text: str
    reached: Sequence[str]
    picture: StoryPicture | None


@dataclass(frozen=True)
class Honour:
    """An award of the year; of a person only where she works is told."""

    category: str
    nominee_kind: str
    institution: str
    institution_name: str
    country: str
    citation: str


def read_stories(year: int) -> list[Story]:
    """The public projects that began in a year, those that tell most first."""
    return [_story(project) for project in list_told(year)]


def read_honours(year: int) -> list[Honour]:
    return [
        Honour(
            one.category.name,
            one.nominee_kind.value,
            one.institution.code,
            one.institution.name,
            one.institution.country.code,
            one.citation or "",
        )
        for one in list_honours(year)
    ]


def told(stories: Iterable[Story], codes: Collection[str] | None) -> list[Story]:
    """Up to three stories of some institutions (None: of all), first one of each institution."""
    mine = [story for story in stories if codes is None or story.institution in codes]
    firsts = list({story.institution: story for story in reversed(mine)}.values())
    firsts.sort(key=mine.index)
    others = [story for story in mine if story not in firsts]
    return [*firsts, *others][:MOST_STORIES]


def as_rows(records: Iterable[Story | Honour]) -> list[dict[str, Any]]:
    """As the file of a closed year keeps them."""
    return [asdict(record) for record in records]


def stories_from(rows: Iterable[Mapping[str, Any]]) -> list[Story]:
    return [
        Story(**dict(row) | {"picture": StoryPicture(**row["picture"]) if row["picture"] else None})
        for row in rows
    ]


def honours_from(rows: Iterable[Mapping[str, Any]]) -> list[Honour]:
    return [Honour(**row) for row in rows]


def _story(project: Project) -> Story:
    picture = project.pictures[0] if project.pictures else None
    return Story(
        project=project.code,
        title=project.title,
        kind=project.kind.value,
        institution=project.institution.code,
        institution_name=project.institution.name,
        places=[(place.name, place.country.code) for place in project.places],
        text=beginning(project.story, LONGEST_STORY),
        reached=reached(project),
        picture=StoryPicture(picture.small_key, project.code, picture.id, picture.alt) if picture else None,
    )
