"""The two JSON-LD contexts of Open Badges 3.0, shipped with the package, and what their terms mean.

Nothing is ever fetched. Only the part of JSON-LD 1.1 that the shapes need is read: terms of the base
context and of type-scoped contexts (section 4.1.3 there). The tests hold it against a full processor.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_FOLDER = Path(__file__).parent / "contexts"
_FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "ob-context-3.0.3.json"}


class UnknownContext(ValueError):
    """A document asks for a context that is not shipped with the package."""


@dataclass(frozen=True, slots=True)
class Term:
    """A property's IRI and how its values are typed: a datatype IRI, "@id" for references, "" for text."""

    iri: str
    typed: str


@cache
def load_context(url: str) -> dict[str, Any]:
    """Return a shipped context document. Raises UnknownContext for any other address."""
    if url not in _FILES:
        raise UnknownContext(f"The context {url!r} is not one of {', '.join(_FILES)}.")
    document: dict[str, Any] = json.loads((_FOLDER / _FILES[url]).read_bytes())
    return document


class Vocabulary:
    """The terms that a list of contexts defines, later contexts over earlier ones."""

    def __init__(self, *urls: str) -> None:
        self._terms: dict[str, Any] = {}
        for url in urls:
            self._terms |= load_context(url)["@context"]

    def type_iri(self, name: str) -> str:
        """Return the IRI of a type. Raises KeyError when the contexts do not define it."""
        return _iri(self._terms[name])

    def term(self, types: tuple[str, ...], name: str) -> Term:
        """Return what a property means on a node of these types. Raises KeyError when it is unknown."""
        found = self._terms.get(name)
        for kind in sorted(types):
            scoped = self._terms[kind]
            if isinstance(scoped, dict):
                found = scoped.get("@context", {}).get(name, found)
        if found is None:
            raise KeyError(name)
        return Term(_iri(found), found.get("@type", "") if isinstance(found, dict) else "")


def _iri(definition: Any) -> str:
    iri: str = definition["@id"] if isinstance(definition, dict) else definition
    return iri
