"""Rules: what a type alone cannot say of a text; the type carries the function that says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

import msgspec

#: takes the name of a field and its text; returns the text as it is kept, or raises `Invalid`
Rule = Callable[[str, str], str | None]


class Ruled(NamedTuple):
    """A field whose text has a rule."""

    attribute: str
    name: str
    rule: Rule


def obeys(rule: Rule) -> msgspec.Meta:
    """Return the mark of a type whose texts obey this rule: `Annotated[str, obeys(one_line)]`."""
    return msgspec.Meta(extra={"rule": rule})


@cache
def ruled_fields(shape: type[msgspec.Struct]) -> tuple[Ruled, ...]:
    return tuple(
        Ruled(field.name, field.encode_name, rule)
        for field in msgspec.structs.fields(shape)
        if (rule := rule_of(field.type)) is not None
    )


def rule_of(kind: Any) -> Rule | None:
    """Return the rule that a type carries, if it has one."""
    found = ((meta.extra or {}).get("rule") for meta in _marks(kind))
    return next(filter(None, found), None)


def words_of(kind: Any) -> str | None:
    """Return what a type says that its texts must be."""
    return next((meta.description for meta in _marks(kind) if meta.description), None)


def _marks(kind: Any) -> Iterator[msgspec.Meta]:
    for part in get_args(kind):
        if isinstance(part, msgspec.Meta):
            yield part
        else:
            yield from _marks(part)
