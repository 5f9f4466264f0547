"""Which fields are wrong, and why, in words for people."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta

from kabar.core.errors import FieldError, Invalid
from kabar.infra.http.bodies import Body, read_body
from kabar.infra.http.field_errors import refuse


class Inner(Body):
    name: str


class Shape(Body):
    name: Annotated[str, Meta(min_length=1, max_length=5)]
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    tags: Annotated[list[Annotated[str, Meta(max_length=3)]], Meta(max_length=2)] = []
    inner_part: Inner | None = None
    kind: Literal["a", "b"] = "a"
    texts: dict[str, str] = {}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.name == "evil":
            raise refuse("name", "Must not be evil.")


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ('{"name":1}', "name", "Must be a text, not a whole number."),
        ('{"name":null}', "name", "Must be a text, not null."),
        ('{"name":""}', "name", "May not be empty."),
        ('{"name":"abcdef"}', "name", "Must have at most 5 characters."),
        ('{"name":"a","count":0}', "count", "Must be at least 1."),
        ('{"name":"a","count":"7"}', "count", "Must be a whole number, not a text."),
        ('{"name":"a","count":1.5}', "count", "Must be a whole number, not a number."),
        ('{"name":"a","count":true}', "count", "Must be a whole number, not true or false."),
        ('{"name":"a","tags":{}}', "tags", "Must be a list, not an object."),
        ('{"name":"a","tags":["a","b","c"]}', "tags", "Must have at most 2 entries."),
        ('{"name":"a","tags":["a","bcde"]}', "tags[1]", "Must have at most 3 characters."),
        ('{"name":"a","innerPart":{}}', "innerPart.name", "This field is required."),
        (
            '{"name":"a","innerPart":7}',
            "innerPart",
            "Must be an object or null, not a whole number.",
        ),
        ('{"name":"a","innerPart":{"name":"a","x":1}}', "innerPart.x", "There is no such field."),
        ('{"name":"a","inner_part":null}', "inner_part", "There is no such field."),
        ('{"name":"a","kind":"c"}', "kind", "Invalid enum value 'c'."),
        ('{"name":"evil"}', "name", "Must not be evil."),
        ('{"name":"a\\u0000"}', "name", "May not contain the character U+0000."),
        (
            '{"name":"a","innerPart":{"name":"\\u0000"}}',
            "innerPart.name",
            "May not contain the character U+0000.",
        ),
        ('{"name":"a","tags":["x","\\u0000"]}', "tags[1]", "May not contain the character U+0000."),
        ("[]", "", "Send a JSON object."),
    ],
)
def test_a_wrong_field_is_told_in_words(body: str, field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_body(body.encode(), Shape)

    assert refused.value.errors == [FieldError(field, message)]


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_body(b'{"count":0,"tags":7,"more":1}', Shape)

    assert {error.field for error in refused.value.errors} == {"name", "count", "tags", "more"}


@pytest.mark.parametrize(
    "body",
    [
        {f"x{number}": 1 for number in range(1_000)},
        {"x" * 10_000: 1},
        {"name": "a", "innerPart": {"name": "a", "x" * 10_000: 1}},
        {"name": "a", "kind": "x" * 10_000},
        {"name": "a", "texts": {f"x{number}": "\0" for number in range(1_000)}},
        {"name": "a", "texts": {"x" * 10_000: "\0"}},
    ],
)
def test_what_is_wrong_is_told_in_few_words_however_much_it_is(body: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        read_body(json.dumps(body).encode(), Shape)

    errors = refused.value.errors
    assert 1 <= len(errors) <= 20
    assert all(len(field) <= 100 and len(message) <= 300 for field, message in errors)


def test_unknown_fields_do_not_hide_a_wrong_one() -> None:
    with pytest.raises(Invalid) as refused:
        read_body(json.dumps({f"x{number}": 1 for number in range(1_000)}).encode(), Shape)

    assert refused.value.errors[0] == FieldError("name", "This field is required.")


def test_what_is_right_is_read() -> None:
    read = read_body(b'{"name":"abc","count":9,"innerPart":{"name":"x"},"kind":"b"}', Shape)
    assert (read.name, read.count, read.kind) == ("abc", 9, "b")
