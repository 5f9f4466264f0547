"""Fan-out: how frames get to all sockets of a channel."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from kabar.engines.realtime.hub.channel import Channel
from kabar.engines.realtime.hub.fanout import FanOut
from kabar.engines.realtime.protocol.wire import Burst, text_frame
from tests.engines.realtime.support import ListSocket, Turns, new_connection


def new_socket() -> ListSocket:
    return ListSocket(new_connection())


def filled(*sockets: ListSocket) -> Channel:
    channel = Channel()
    for socket in sockets:
        channel.add(socket)
    return channel


def test_frames_of_one_turn_leave_in_one_write_that_all_share() -> None:
    turns, sockets = Turns(), [new_socket() for _ in range(3)]
    fan_out, channel = FanOut(turns.call_soon), filled(*sockets)

    for frame in (b"a", b"b", b"c"):
        fan_out.put(channel, frame, None)
    assert sockets[0].frames == []
    turns.take_all()

    assert [socket.frames for socket in sockets] == [[b"a", b"b", b"c"]] * 3
    assert [len(socket.writes) for socket in sockets] == [1, 1, 1]
    assert sockets[0].writes[0].wire is sockets[2].writes[0].wire
    assert fan_out.delivered == 9


def test_who_listens_to_several_channels_gets_one_write_for_all_of_them_in_order() -> None:
    turns, both, one = Turns(), new_socket(), new_socket()
    fan_out, first, second = FanOut(turns.call_soon), filled(both, one), filled(both)

    fan_out.put(first, b"1", None)
    fan_out.put(second, b"2", None)
    fan_out.put(first, b"3", None)
    fan_out.put(second, b"said by both", both)
    turns.take_all()

    assert both.frames == [b"1", b"3", b"2"]
    assert len(both.writes) == 1
    assert both.writes[0].wire == b"".join(text_frame(frame) for frame in both.frames)
    assert one.frames == [b"1", b"3"]


def test_whoever_said_it_is_spared_that_and_nothing_else() -> None:
    turns, alice, bob = Turns(), new_socket(), new_socket()
    fan_out, channel = FanOut(turns.call_soon), filled(alice, bob)

    fan_out.put(channel, b"from alice", alice)
    fan_out.put(channel, b"from bob", bob)
    fan_out.put(channel, b"from the server", None)
    fan_out.put(channel, b"alice again", alice)
    turns.take_all()

    assert alice.frames == [b"from bob", b"from the server"]
    assert bob.frames == [b"from alice", b"from the server", b"alice again"]


def test_whoever_says_everything_is_written_nothing() -> None:
    turns, alice, bob = Turns(), new_socket(), new_socket()
    fan_out, channel = FanOut(turns.call_soon), filled(alice, bob)
    fan_out.put(channel, b"a", alice)
    turns.take_all()
    assert alice.writes == []
    assert bob.frames == [b"a"]


def test_a_newcomer_hears_what_is_said_from_now_on() -> None:
    turns, early, late = Turns(), new_socket(), new_socket()
    fan_out, channel = FanOut(turns.call_soon), filled(early)

    fan_out.put(channel, b"before", None)
    channel.add(late)
    fan_out.put(channel, b"after", None)
    turns.take_all()

    assert early.frames == [b"before", b"after"]
    assert late.frames == [b"after"]


def test_whoever_leaves_hears_nothing_more_not_even_what_waits() -> None:
    turns, alice, bob = Turns(), new_socket(), new_socket()
    fan_out, channel = FanOut(turns.call_soon), filled(alice, bob)
    fan_out.put(channel, b"a", None)
    channel.remove(alice)
    turns.take_all()
    assert alice.frames == []
    assert bob.frames == [b"a"]


def test_a_large_channel_is_served_in_slices_and_in_order() -> None:
    turns, sockets = Turns(), [new_socket() for _ in range(25)]
    fan_out, channel = FanOut(turns.call_soon, slice_size=10), filled(*sockets)

    fan_out.put(channel, b"1", None)
    turns.take_one()
    assert sum(bool(socket.frames) for socket in sockets) == 10
    fan_out.put(channel, b"2", None)
    turns.take_one()
    assert sum(bool(socket.frames) for socket in sockets) == 20
    turns.take_all()

    assert all(socket.frames == [b"1", b"2"] for socket in sockets)


def test_whoever_leaves_between_two_slices_hears_nothing_more() -> None:
    turns, sockets = Turns(), [new_socket() for _ in range(20)]
    fan_out, channel = FanOut(turns.call_soon, slice_size=10), filled(*sockets)
    fan_out.put(channel, b"1", None)
    turns.take_one()
    waiting = [socket for socket in sockets if not socket.frames]
    channel.remove(waiting[0])
    turns.take_all()
    assert waiting[0].frames == []
    assert all(socket.frames == [b"1"] for socket in sockets if socket is not waiting[0])


def test_whoever_is_back_between_two_slices_hears_what_is_said_from_then_on() -> None:
    turns, sockets = Turns(), [new_socket() for _ in range(20)]
    fan_out, channel = FanOut(turns.call_soon, slice_size=10), filled(*sockets)
    fan_out.put(channel, b"1", None)
    turns.take_one()
    back = next(socket for socket in sockets if not socket.frames)
    channel.remove(back)
    channel.add(back)
    fan_out.put(channel, b"2", None)
    turns.take_all()
    assert back.frames == [b"2"]
    assert all(socket.frames == [b"1", b"2"] for socket in sockets if socket is not back)


def test_a_quiet_channel_does_not_hold_on_to_those_who_left() -> None:
    turns, alice, bob = Turns(), new_socket(), new_socket()
    fan_out, channel = FanOut(turns.call_soon), filled(alice, bob)
    fan_out.put(channel, b"1", None)
    turns.take_all()
    channel.remove(alice)
    assert channel.gone is None
    assert bob.frames == [b"1"]


def test_many_small_channels_share_turns() -> None:
    turns, sockets = Turns(), [new_socket() for _ in range(30)]
    fan_out = FanOut(turns.call_soon, slice_size=10)
    for number, channel in enumerate([filled(socket) for socket in sockets]):
        fan_out.put(channel, str(number).encode(), None)
    turns.take_one()
    assert sum(bool(socket.frames) for socket in sockets) == 10
    turns.take_all()
    assert [socket.frames for socket in sockets] == [[str(n).encode()] for n in range(30)]


def test_one_socket_that_breaks_does_not_stop_the_others() -> None:
    class Broken(ListSocket):
        def deliver(self, burst: Burst) -> None:
            raise OSError("broken")

    turns, sound = Turns(), new_socket()
    fan_out = FanOut(turns.call_soon)
    fan_out.put(filled(Broken(new_connection())), b"a", None)
    channel = filled(sound)
    fan_out.put(channel, b"b", None)
    with pytest.raises(OSError, match="broken"):
        turns.take_one()
    turns.take_all()
    fan_out.put(channel, b"c", None)
    turns.take_all()
    assert sound.frames == [b"b", b"c"]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 100_000])
def test_the_frame_on_the_wire_is_what_a_websocket_library_reads(length: int) -> None:
    payload = b"x" * length
    reader = StreamReader()
    reader.feed_data(text_frame(payload))
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)
    frame: Frame = done.value.value
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, payload)
    assert not reader.buffer
