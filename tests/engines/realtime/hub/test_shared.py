"""What many channels share is made once, and comes in its order among what they do not share."""

from __future__ import annotations

import json
from itertools import count

import pytest

from kabar.engines.realtime.hub import fanout
from kabar.engines.realtime.hub.channel import Channel
from kabar.engines.realtime.hub.fanout import FanOut
from kabar.engines.realtime.hub.shared import SharedFrame
from kabar.engines.realtime.protocol import frames
from kabar.engines.realtime.protocol.wire import text_frame
from tests.engines.realtime.support import ListSocket, Turns, new_connection

NAMES = tuple(f"private-user-{number}" for number in range(7, 13))


def data(number: int) -> str:
    return json.dumps({"number": number, "text": 'says " name " and 🙂' * number})


def on(name: str, number: int) -> bytes:
    return frames.channel_event("new-message", name, data(number), None)


class Users:
    """Six users with a socket each, some of them with names of another length."""

    def __init__(self, *, slice_size: int = 500, has_clock: bool = False) -> None:
        self.turns = Turns()
        self.fan_out = FanOut(self.turns.call_soon, slice_size, self.turns if has_clock else None)
        self.sockets = {name: ListSocket(new_connection()) for name in NAMES}
        self.channels: dict[str, Channel] = {}
        for name, socket in self.sockets.items():
            self.channels[name] = Channel()
            self.channels[name].add(socket)

    def share(self, number: int, names: tuple[str, ...] = NAMES) -> None:
        shared = SharedFrame("new-message", data(number))
        self.fan_out.put_shared(self.channels, names, shared)

    def put(self, name: str, number: int) -> None:
        self.fan_out.put(self.channels[name], on(name, number), None, name)

    def heard(self, name: str) -> list[bytes]:
        return self.sockets[name].frames


def numbers(*wanted: int, name: str) -> list[bytes]:
    return [on(name, number) for number in wanted]


def test_each_channel_gets_exactly_the_frames_it_would_get_alone_in_one_write() -> None:
    users = Users()

    for number in (1, 2, 200, 9000):
        users.share(number)
    users.turns.take_all()

    for name in NAMES:
        wanted = numbers(1, 2, 200, 9000, name=name)
        assert users.heard(name) == wanted
        (burst,) = users.sockets[name].writes
        assert burst.wire == b"".join(text_frame(frame) for frame in wanted)
    assert users.fan_out.delivered == 4 * len(NAMES)


@pytest.mark.parametrize("slice_size", [1, 2, 500])
def test_what_comes_before_and_after_keeps_its_place(slice_size: int) -> None:
    users = Users(slice_size=slice_size)
    third = NAMES[3]

    users.put(third, 1)
    users.share(2)
    users.share(3)
    users.put(third, 4)
    users.share(5)
    users.share(6, NAMES[2:5])
    users.turns.take_all()

    assert users.heard(third) == numbers(1, 2, 3, 4, 5, 6, name=third)
    assert users.heard(NAMES[0]) == numbers(2, 3, 5, name=NAMES[0])


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_what_comes_while_others_have_not_had_it_yet_keeps_its_place(number: int) -> None:
    users = Users(slice_size=2)
    users.share(1)
    users.turns.take_one()

    users.put(NAMES[number], 2)
    users.share(3)
    users.turns.take_all()

    for name in NAMES:
        expected = (1, 2, 3) if name == NAMES[number] else (1, 3)
        assert users.heard(name) == numbers(*expected, name=name)


def test_who_has_left_hears_nothing_more() -> None:
    users = Users()
    users.share(1)

    users.channels[NAMES[0]].remove(users.sockets[NAMES[0]])
    del users.channels[NAMES[1]]
    users.turns.take_all()

    assert users.heard(NAMES[0]) == users.heard(NAMES[1]) == []
    assert users.heard(NAMES[2]) == numbers(1, name=NAMES[2])


def test_many_groups_are_not_compared_with_each_other() -> None:
    """Of rooms that have nobody in common each costs what it has in it."""
    fan_out = FanOut(Turns().call_soon)
    crowds = [tuple(f"private-user-{room}-{n}" for n in range(3)) for room in range(50)]
    compared = 0

    class Counting(set[str]):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return super().__eq__(other)

        __hash__ = None

    for names in crowds:
        fan_out.put_shared({}, names, SharedFrame("new-message", "1"))
        fan_out._groups[-1].names = Counting(names)
    for names in crowds:
        fan_out.put_shared({}, (*names,)[:2], SharedFrame("new-message", "2"))

    assert compared <= len(crowds)


def test_what_is_shared_comes_however_much_else_there_is_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What took long to write pauses; turns with other work do not make the pause longer."""
    users = Users(has_clock=True)
    monkeypatch.setattr(fanout, "perf_counter", count(step=0.05).__next__)
    users.share(1)
    users.turns.take_all()
    users.share(2)

    for number in range(3, 8):
        users.put(NAMES[0], number)
        users.turns.pass_time(0.03)

    assert users.heard(NAMES[1]) == numbers(1, 2, name=NAMES[1])
    assert users.heard(NAMES[0]) == numbers(*range(1, 8), name=NAMES[0])
