"""Field errors: which fields of a body are wrong, and why, in words for its sender."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from kabar.core.errors import FieldError, Invalid
from kabar.infra.http.rules import rule_of, words_of

#: An answer may not be larger than what it answers: nobody needs more errors than these at once,
#: and no name of ours is as long as this.
_MOST_ERRORS = 20
_LONGEST_NAME = 100
_LONGEST_MESSAGE = 300

_AT = re.compile(r" - at `(?:key in )?\$(.*)`$")
_ONE_FIELD = re.compile(r"^Object (?:contains unknown|missing required) field `(.+)`$")
_NAMES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_LENGTH = re.compile(r"^Expected `(str|array|object)` of length (>=|<=|==) (\d+)$")
_NO_MATCH = "Expected `str` matching regex "
_RANGE = re.compile(r"^Expected `(?:int|float)` (>=|<=|>|<) (-?[\d.]+)$")
_BOUNDS = {">=": "at least", "<=": "at most", "==": "exactly", ">": "more than", "<": "less than"}
_UNITS = {"str": "character", "array": "entry", "object": "entry"}


def refuse(field: str, message: str) -> Invalid:
    """Return the error that refuses one field."""
    return Invalid(errors=[FieldError(field, message)])


def field_errors(found: Any, shape: type[msgspec.Struct]) -> list[FieldError]:
    """Return what is wrong with a JSON value that did not fit its shape: the first of it."""
    if not isinstance(found, dict):
        return [FieldError("", "Send a JSON object.")]
    return _first(_of_fields(found, shape)) or _first(_first_error("", found, shape))


def nul_errors(found: Any) -> list[FieldError]:
    """Return the fields that hold U+0000, which PostgreSQL cannot store: the first of them."""
    message = "May not contain the character U+0000."
    return _first(FieldError(path, message) for path in _with_nul(found))


def _first(errors: Iterable[FieldError]) -> list[FieldError]:
    return [
        FieldError(error.field[:_LONGEST_NAME], error.message[:_LONGEST_MESSAGE])
        for error in islice(errors, _MOST_ERRORS)
    ]


def _of_fields(found: dict[str, Any], shape: type[msgspec.Struct]) -> Iterator[FieldError]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for name, field in fields.items():
        if name in found:
            yield from _first_error(name, found[name], field.type)
        elif field.required:
            yield FieldError(name, "This field is required.")
    for name in found:
        if name not in fields:
            yield FieldError(name, "There is no such field.")


def _first_error(name: str, found: Any, kind: Any) -> Iterator[FieldError]:
    try:
        msgspec.convert(found, kind)
        if isinstance(found, str) and (rule := rule_of(kind)):
            rule(name, found)
    except Invalid as refusal:
        yield from refusal.errors
    except msgspec.ValidationError as failure:
        text = str(failure)
        at = _AT.search(text)
        path = name + (at[1] if at else "")
        what = text[: at.start()] if at else text
        if one := _ONE_FIELD.match(what):
            path = f"{path}.{one[1]}"
        words = words_of(kind) if what.startswith(_NO_MATCH) else None
        yield FieldError(path.removeprefix("."), f"Must be {words}" if words else in_words(what))


def in_words(what: str) -> str:
    """Return msgspec's finding as a sentence for people."""
    if match := _LENGTH.match(what):
        kind, bound, number = match.groups()
        if (bound, number) == (">=", "1"):
            return "May not be empty."
        unit = _UNITS[kind] if number == "1" else f"{_UNITS[kind]}s".replace("ys", "ies")
        return f"Must have {_BOUNDS[bound]} {number} {unit}."
    if match := _RANGE.match(what):
        return f"Must be {_BOUNDS[match[1]]} {match[2]}."
    if match := re.match(r"^Expected `([\w |]+)`, got `(\w+)`$", what):
        wanted = [_NAMES.get(name, name) for name in match[1].split(" | ")]
        return f"Must be {' or '.join(wanted)}, not {_NAMES.get(match[2], match[2])}."
    if what.startswith(_NO_MATCH):
        return "Does not have the form that is described."
    if what.startswith("Object contains unknown field"):
        return "There is no such field."
    if what.startswith("Object missing required field"):
        return "This field is required."
    return f"{what}."


def _with_nul(found: Any, path: str = "") -> Iterator[str]:
    match found:
        case str():
            if "\0" in found:
                yield path
        case list():
            for number, inner in enumerate(found):
                yield from _with_nul(inner, f"{path}[{number}]")
        case dict():
            for name, inner in found.items():
                yield from _with_nul(inner, f"{path}.{name}".removeprefix("."))
