"""MemoryHistory: an app's history in the memory of this process, of bounded size."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence

from kabar.core.events import Publication
from kabar.core.ids import new_id
from kabar.engines.realtime.apps.history_rules import HistoryRule, find_rule
from kabar.engines.realtime.history import Frames
from kabar.engines.realtime.history.frames import EventPosition, with_position
from kabar.engines.realtime.history.stream import KeptEvent, Stream
from kabar.engines.realtime.protocol import frames

# What an event takes beside its frame, and a stream beside its name; test_memory.py measures it.
_KEPT_BYTES = 450
_STREAM_BYTES = 1_200


class MemoryHistory:
    """The streams of one app. When they are too large together, the oldest events are dropped.

    A stream without events still has its offset: a client that comes back to a quiet channel is
    told that it missed nothing. Such streams are dropped before any event is.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._streams: dict[str, Stream] = {}
        #: streams without events, longest unused first
        self._idle: OrderedDict[str, Stream] = OrderedDict()
        #: all events, oldest first, by the seconds that their rule keeps them
        self._by_retention: dict[int, OrderedDict[KeptEvent, Stream]] = {}

    def keep(self, rules: Sequence[HistoryRule], publication: Publication, now: float) -> Frames:
        frames: dict[str, bytes] = {}
        if not publication.event.startswith(("pusher:", "pusher_internal:")):
            event_id = publication.id or new_id()
            for channel in publication.channels:
                rule = find_rule(rules, channel)
                if rule is not None:
                    stream = self._current(rule, channel, now)
                    frames[channel] = self._add(stream, publication, event_id, now)
            self._drop_above_limit()
        return frames

    def stream(self, rule: HistoryRule, channel: str, now: float) -> Stream:
        stream = self._current(rule, channel, now)
        if channel in self._idle:
            self._idle.move_to_end(channel)
        self._drop_above_limit()
        return stream

    def follow(self, rules: Sequence[HistoryRule]) -> None:
        for channel, stream in list(self._streams.items()):
            if find_rule(rules, channel) != stream.rule:
                self._end(stream)

    def _current(self, rule: HistoryRule, channel: str, now: float) -> Stream:
        self._drop_stale(now)
        stream = self._streams.get(channel)
        if stream is not None and stream.rule != rule:
            # Offsets that were given out under the old rule would be wrong under the new one.
            self._end(stream)
            stream = None
        if stream is None:
            stream = self._streams[channel] = self._idle[channel] = Stream(channel, rule)
            self._bytes += _STREAM_BYTES + len(channel)
        return stream

    def _add(self, stream: Stream, publication: Publication, event_id: str, now: float) -> bytes:
        offset = stream.offset + 1
        # Joining copies it to its exact size: the encoder's own bytes hold half as much again.
        frame = with_position(
            frames.channel_event(
                publication.event, stream.channel, publication.data, publication.user_id
            ),
            EventPosition(event_id, offset, stream.epoch),
        )
        kept = KeptEvent(
            offset=offset,
            frame=frame,
            at=now,
            time_ms=time.time_ns() // 1_000_000,
            except_socket=publication.except_socket,
            is_from_client=publication.event.startswith("client-"),
        )
        if not stream.kept:
            del self._idle[stream.channel]
        stream.add(kept)
        self._by_retention.setdefault(stream.rule.seconds, OrderedDict())[kept] = stream
        self._bytes += _KEPT_BYTES + len(frame)
        if len(stream.kept) > stream.rule.size:
            self._drop_oldest(stream)
        return frame

    def _drop_stale(self, now: float) -> None:
        for seconds in list(self._by_retention):
            events = self._by_retention[seconds]
            while events:
                oldest = next(iter(events))
                if now - oldest.at < seconds:
                    break
                self._drop_oldest(events[oldest])
            if not events:
                del self._by_retention[seconds]

    def _drop_above_limit(self) -> None:
        while self._bytes > self._max_bytes:
            if self._idle:
                self._forget(next(iter(self._idle)))
            else:
                heads = [next(iter(all_.items())) for all_ in self._by_retention.values() if all_]
                _, stream = min(heads, key=lambda head: head[0].at)
                self._drop_oldest(stream)

    def _drop_oldest(self, stream: Stream) -> None:
        kept = stream.kept.popleft()
        del self._by_retention[stream.rule.seconds][kept]
        self._bytes -= _KEPT_BYTES + len(kept.frame)
        if not stream.kept:
            self._idle[stream.channel] = stream

    def _end(self, stream: Stream) -> None:
        while stream.kept:
            self._drop_oldest(stream)
        self._forget(stream.channel)

    def _forget(self, channel: str) -> None:
        """Forget a stream without events."""
        del self._idle[channel], self._streams[channel]
        self._bytes -= _STREAM_BYTES + len(channel)
