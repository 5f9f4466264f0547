"""Typing is passed on as often as people can read it, and never kept."""

from __future__ import annotations

import pytest

from kabar.features.chat.typing import TypingGate
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, channel_of, listen, refused
from tests.infra.db.conftest import held_up
from tests.patience import patiently
from tests.people import Person


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> TypingGate:
    return TypingGate(clock)


def passed(gate: TypingGate, clock: Clock, *said: tuple[float, bool]) -> list[bool]:
    """Say typing or stopped at these times; return what was passed on."""
    begun = clock.time
    answers = []
    for seconds, typing in said:
        clock.time = begun + seconds
        answers.append(gate.may_pass("room", "ann", typing=typing))
    return answers


def test_typing_passes_at_most_every_two_seconds(gate: TypingGate, clock: Clock) -> None:
    said = [(0, True), (0.1, True), (1.9, True), (2, True), (3.9, True), (4, True)]

    assert passed(gate, clock, *said) == [True, False, False, True, False, True]


def test_stopped_passes_once_after_each_typing(gate: TypingGate, clock: Clock) -> None:
    said = [(0, True), (0.5, False), (0.6, False), (2, True), (9, False), (9.1, False)]

    assert passed(gate, clock, *said) == [True, True, False, True, True, False]


def test_stopped_without_typing_says_nothing_and_closes_nothing(
    gate: TypingGate, clock: Clock
) -> None:
    assert passed(gate, clock, (0, False), (0.1, True), (0.2, False)) == [False, True, True]


def test_stopping_does_not_open_the_gate_before_its_time(gate: TypingGate, clock: Clock) -> None:
    said = [(0, True), (0.5, False), (1, True), (1.5, False), (2, True)]

    assert passed(gate, clock, *said) == [True, True, False, False, True]


def test_others_and_other_rooms_have_gates_of_their_own(gate: TypingGate) -> None:
    places = [("room", "ann"), ("room", "ben"), ("other", "ann")]

    assert [gate.may_pass(*place, typing=True) for place in places] == [True] * 3
    assert [gate.may_pass(*place, typing=True) for place in places] == [False] * 3


def test_it_forgets_who_is_long_gone(gate: TypingGate, clock: Clock) -> None:
    for number in range(30_000):
        clock.time += 0.01
        gate.may_pass("room", f"user{number}", typing=True)

    assert len(gate._passed) < 6_100
    assert not gate.may_pass("room", "user0", typing=False), "it is long over"
    assert gate.may_pass("room", "user29999", typing=False), "the latest is still known"


async def test_the_room_is_told_who_types_and_who_types_is_not(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    anns = await listen(kabar, ann, channel_of(room))
    bens = await listen(kabar, ben, channel_of(room))

    for body in ({}, {"typing": True}, {"typing": False}):
        answer = await ann.post(
            "/api/chat/typing",
            {"roomId": room["id"], **body},
            headers={"x-socket-id": anns.socket_id},
        )
        assert (answer.status_code, answer.content) == (204, b"")

    ann_types = {"roomId": room["id"], "userId": ann.id, "name": "Ann"}
    assert await bens.heard() == [
        (channel_of(room), "user-typing", ann_types | {"typing": True}),
        (channel_of(room), "user-typing", ann_types | {"typing": False}),
    ]
    assert await anns.heard() == []


async def test_a_stranger_types_in_vain(
    kabar: Kabar, ben: Person, cleo: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, channel_of(room))

    answer = await cleo.post("/api/chat/typing", {"roomId": room["id"]})

    assert refused(answer) == (404, "room_not_found")
    assert await ear.heard() == []


async def test_typing_does_not_wait_for_whoever_writes(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    """Nothing of it is stored, so a busy database does not hold it up."""
    await ann.get("/api/me")

    async with held_up(kabar.db), patiently():
        answer = await ann.post("/api/chat/typing", {"roomId": room["id"]})

    assert answer.status_code == 204
