"""The words that name what a certificate is for, and whose it is by now."""

from typing import Final

_PERSON_AT: Final = {"student": 3, "teacher": 2}


def thing_of(thing_earned: str, person_id: int) -> str:
    """Return the same thing as earned by this person.

    A certificate keeps the name it was issued under, also when its holder's entry became part of another.
    """
    parts = thing_earned.split(":")
    at = _PERSON_AT.get(parts[0])
    if at is None or at >= len(parts):
        return thing_earned
    return ":".join([*parts[:at], str(person_id), *parts[at + 1 :]])
