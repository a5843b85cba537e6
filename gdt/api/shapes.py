"""Shapes that many answers share: a place in a list, a page of it, what narrows figures."""

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from gdt.impact.narrowing import scope_from
from gdt.impact.scopes import DIMENSIONS, Scope
from gdt.paging import LONGEST_CURSOR, Page

LONGEST_CODE = 60
LONGEST_SEARCH = 200


def text(most: int = LONGEST_CODE, **more: Any) -> fields.String:
    """A field of an address that takes a short text."""
    return fields.String(validate=Length(max=most), load_default="", **more)


def one_of(words: Sequence[str], **more: Any) -> fields.String:
    return fields.String(validate=OneOf([str(word) for word in words]), **more)


def year(**more: Any) -> fields.Integer:
    return fields.Integer(validate=Range(1, 9999), **more)


class PagedShape(Schema):
    """Where in a list to go on."""

    after = fields.String(
        validate=Length(max=LONGEST_CURSOR), metadata={"description": "`next` of the page before."}
    )


class ScopeShape(Schema):
    """What figures are about; everything where nothing is chosen."""

    year = year()
    region = text()
    country = text(2, metadata={"description": "Two letters, such as MY."})
    institution = text()
    module = text()
    gender = text(metadata={"description": "For who may see people: female, male, other or not-given."})


class PlaceShape(Schema):
    """The place whose years and targets are asked for; all its owner sees where none is named.

    An officer of some regions sees one of them at a time, the first where she names none.
    """

    region = text()
    country = text(2)
    institution = text()


def scope_of(asked: dict[str, Any]) -> Scope:
    """The scope an address asks for, as the pages understand it."""
    named = {name: asked.get(name) for name in DIMENSIONS if name != "year"}
    return scope_from({**named, "year": str(asked["year"]) if "year" in asked else ""})


def page_shape(items: type[Schema], name: str) -> type[Schema]:
    """The shape of one page of a list: its items, and the cursor of the page after it."""
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(items), required=True),
        "next": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(members, name=name)


def told_page(page: Page[Any], tell: Callable[[Any], Any]) -> dict[str, Any]:
    """A page as a program is told of it."""
    return {"items": [tell(item) for item in page.items], "next": page.next_cursor}
