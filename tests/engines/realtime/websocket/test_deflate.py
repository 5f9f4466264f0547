"""Events are compressed once, and anybody with the window that was agreed on can read them."""

from __future__ import annotations

import zlib

import pytest

from kabar.engines.realtime.hub.channel import Channel
from kabar.engines.realtime.hub.fanout import FanOut
from kabar.engines.realtime.protocol.wire import Burst, JoinedBurst, text_frame
from kabar.engines.realtime.websocket.deflate import Deflater, deflater_for
from tests.engines.realtime.support import ListSocket, Turns, new_connection

#: longer than the narrowest window, and alike only far apart
FAR_APART = b"".join(bytes((i % 251, i // 251)) * 2 for i in range(600)) * 3


def inflated(frame: bytes, window_bits: int = 15) -> bytes:
    """Read a frame as a peer does that has this window and remembers nothing."""
    assert frame[0] == 0xC1
    start = 2 if frame[1] < 126 else 4
    data = frame[start:] + b"\x00\x00\xff\xff"
    return zlib.decompressobj(wbits=-window_bits).decompress(data)


@pytest.mark.parametrize("payload", [b"", b"x", b'{"a":1}' * 100, FAR_APART])
def test_every_frame_can_be_read_by_itself(payload: bytes) -> None:
    deflater = deflater_for(15, 0)
    assert [inflated(deflater.text_frame(payload)) for _ in range(2)] == [payload] * 2


@pytest.mark.parametrize("window_bits", range(9, 16))
def test_a_small_window_is_enough_for_who_has_no_larger(window_bits: int) -> None:
    frame = deflater_for(window_bits, 0).text_frame(FAR_APART)
    assert inflated(frame, window_bits) == FAR_APART


def test_there_are_two_forms_at_most() -> None:
    assert len({deflater_for(bits, 0) for bits in range(9, 16)}) == 2


def test_what_is_short_is_not_compressed() -> None:
    deflater = Deflater(15, 100)
    assert deflater.text_frame(b"x" * 99) == text_frame(b"x" * 99)
    assert inflated(deflater.text_frame(b"x" * 100)) == b"x" * 100


# ── once ─────────────────────────────────────────────────────────────────────────────────────


class Counting:
    """Makes frames, and counts them."""

    def __init__(self) -> None:
        self.made: list[bytes] = []

    def text_frame(self, payload: bytes) -> bytes:
        self.made.append(payload)
        return b"<" + payload + b">"


class Hearer(ListSocket):
    """One who gets the other form."""

    maker: Counting
    wire: bytes = b""

    def deliver(self, burst: Burst) -> None:
        self.wire += burst.wire_by(self.maker)


def hearers(count: int) -> tuple[Counting, list[Hearer]]:
    maker = Counting()
    found = [Hearer(new_connection()) for _ in range(count)]
    for hearer in found:
        hearer.maker = maker
    return maker, found


def test_an_event_is_compressed_once_for_a_thousand() -> None:
    turns, channel = Turns(), Channel()
    fan_out = FanOut(turns.call_soon)
    maker, everybody = hearers(1_000)
    for each in everybody:
        channel.add(each)
    for frame in (b"1", b"2"):
        fan_out.put(channel, frame, None)
    turns.take_all()
    assert {each.wire for each in everybody} == {b"<1><2>"}
    assert maker.made == [b"1", b"2"]


def test_the_events_of_several_channels_are_compressed_once_each() -> None:
    turns, channels = Turns(), [Channel(), Channel()]
    fan_out = FanOut(turns.call_soon)
    maker, everybody = hearers(50)
    for number, channel in enumerate(channels):
        for each in everybody:
            channel.add(each)
        fan_out.put(channel, str(number).encode(), None)
    turns.take_all()
    assert {each.wire for each in everybody} == {b"<0><1>"}
    assert sorted(maker.made) == [b"0", b"1"]


def test_what_one_listener_gets_alone_is_not_compressed_for_it() -> None:
    """A hundred who speak in one turn hear ninety-nine events each, and none the same."""
    turns, channel = Turns(), Channel()
    fan_out = FanOut(turns.call_soon)
    maker, everybody = hearers(100)
    for each in everybody:
        channel.add(each)
    for number, each in enumerate(everybody):
        fan_out.put(channel, str(number).encode(), each)
    turns.take_all()
    assert maker.made == []
    assert everybody[0].wire == b"".join(text_frame(str(n).encode()) for n in range(1, 100))


def test_a_joined_burst_is_all_of_its_parts_in_order() -> None:
    maker = Counting()
    burst = JoinedBurst([Burst([b"1", b"2"]), Burst([b"3"])])
    assert burst.frames == [b"1", b"2", b"3"]
    assert burst.wire == text_frame(b"1") + text_frame(b"2") + text_frame(b"3")
    assert burst.wire_by(maker) == b"<1><2><3>"
