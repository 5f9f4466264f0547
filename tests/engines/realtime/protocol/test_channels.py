"""Channel names."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.protocol import channels


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "my-channel",
        "private-room.7",
        "presence-a_b=c@d,e.f;g",
        "A" * 164,
        "#server-to-user-7",
        "private-encrypted-x",
    ],
)
def test_a_name_of_the_allowed_characters_is_valid(name: str) -> None:
    assert channels.is_valid(name, 164)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a\n",
        "ä",
        "#x",
        "#server-to-user-",
        "a/b",
        "a:b",
        "A" * 165,
        "x#server-to-user-7",
    ],
)
def test_any_other_name_is_not(name: str) -> None:
    assert not channels.is_valid(name, 164)


@pytest.mark.parametrize(
    ("name", "signed", "presence"),
    [
        ("room", False, False),
        ("private-room", True, False),
        ("private-encrypted-room", True, False),
        ("presence-room", True, True),
        ("privateroom", False, False),
        ("a-private-room", False, False),
        ("presence", False, False),
        ("#server-to-user-1", False, False),
    ],
)
def test_prefixes_are_anchored(name: str, signed: bool, presence: bool) -> None:
    assert channels.needs_signature(name) is signed
    assert channels.is_presence(name) is presence


@pytest.mark.parametrize(
    ("text", "valid"),
    [("1.2", True), ("45481.3166671", True), ("1", False), ("1.2.3", False), ("1.2\n", False)],
)
def test_a_socket_id_is_two_numbers(text: str, valid: bool) -> None:
    assert channels.is_socket_id(text) is valid
