"""Types that carry the rules of their texts."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import msgspec
import pytest

from kabar import wiring
from kabar.core.errors import Invalid
from kabar.infra.http.bodies import Body, read_body
from kabar.infra.http.rules import ruled_fields
from kabar.infra.http.texts import LineText, PictureText


class Poster(Body):
    """Something with a title and perhaps pictures."""

    title: LineText
    front_picture: PictureText | msgspec.UnsetType | None = msgspec.UNSET
    number: int = 0


def bodies(shape: type[Body] = Body) -> Iterator[type[Body]]:
    for each in shape.__subclasses__():
        yield each
        yield from bodies(each)


def test_a_text_is_kept_as_its_rule_says_and_what_is_absent_stays_so() -> None:
    poster = read_body(b'{"title": " a  b "}', Poster)
    assert (poster.title, poster.front_picture) == ("a b", msgspec.UNSET)
    assert read_body(b'{"title": "a", "frontPicture": " "}', Poster).front_picture is None
    assert read_body(b'{"title": "a", "frontPicture": null}', Poster).front_picture is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"title": "\\u200b", "frontPicture": "https://:80"}', id="rules"),
        pytest.param(b'{"title": "\\u200b", "frontPicture": "http://a"}', id="a rule and a form"),
        pytest.param(
            b'{"title": "\\u200b", "frontPicture": "https://:80", "number": "1"}', id="and a type"
        ),
    ],
)
def test_whatever_is_wrong_is_told_at_once_by_the_names_of_the_wire(body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_body(body, Poster)

    wrong = {error.field: error.message for error in refused.value.errors}
    assert wrong["title"] == "Must be a line of text."
    assert wrong["frontPicture"] == "Must be an address that begins with https://."
    assert ("number" in wrong) is (b"number" in body)


def test_no_body_forgets_the_rules_that_its_types_carry() -> None:
    assert wiring.ROUTES, "all shapes are known"
    assert any(ruled_fields(body) for body in bodies())
    for body in bodies():
        if "__post_init__" in vars(body):
            first = inspect.getsource(body.__post_init__).splitlines()[1].strip()
            assert first == "super().__post_init__()", body
