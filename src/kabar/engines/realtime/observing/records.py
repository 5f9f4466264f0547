"""Records: what the observer keeps of each app, and at most how much of it."""

from __future__ import annotations

from collections import deque

import msgspec

#: an hour of samples
MAX_SAMPLES = 360
MAX_EVENTS = 300
#: characters of an event's data, or of a webhook's body, that are kept
MAX_TEXT = 8_192
_MAX_ERRORS = 100
_MAX_ATTEMPTS = 100

#: connections, and the messages that came in and went out since the sample before
Sample = tuple[int, int, int]
_NOTHING: Sample = (0, 0, 0)


class Arrival(msgspec.Struct, frozen=True):
    """When a socket was opened, and from which address."""

    since: float
    address: str


class SeenEvent(msgspec.Struct, frozen=True):
    """An event that passed through this node."""

    number: int
    at: float
    event: str
    channels: tuple[str, ...]
    data: str
    is_cut: bool
    #: the socket that caused it and did not get it
    socket_id: str | None
    user_id: str | None
    #: subscriptions on this node that got it
    reached: int


class SentError(msgspec.Struct, frozen=True):
    """An error that was sent to a client."""

    at: float
    code: int | None
    message: str
    socket_id: str | None
    address: str


class Attempt(msgspec.Struct, frozen=True):
    """A delivery that was sent once, and what became of it."""

    at: float
    seconds: float
    delivery_id: str
    url: str
    lane: str
    body: str
    is_cut: bool
    failure: str | None


class Record:
    """What has been recorded of one app."""

    __slots__ = (
        "_sampled_in",
        "_sampled_out",
        "attempts",
        "connections",
        "errors",
        "events",
        "events_seen",
        "messages_in",
        "messages_out",
        "samples",
        "watched_until",
    )

    def __init__(self) -> None:
        self.connections = 0
        self.messages_in = 0
        self.messages_out = 0
        self._sampled_in = 0
        self._sampled_out = 0
        self.samples: deque[Sample] = deque(maxlen=MAX_SAMPLES)
        #: None while nobody watches
        self.events: deque[SeenEvent] | None = None
        #: how many events were ever recorded: the number of the last one
        self.events_seen = 0
        self.watched_until = 0.0
        self.errors = new_errors()
        self.attempts: deque[Attempt] = deque(maxlen=_MAX_ATTEMPTS)

    def take_sample(self) -> None:
        """Note how many connections there are, and what has happened since the last time."""
        sample = (
            self.connections,
            self.messages_in - self._sampled_in,
            self.messages_out - self._sampled_out,
        )
        self._sampled_in, self._sampled_out = self.messages_in, self.messages_out
        # Of thousands of apps most do nothing most of the time.
        self.samples.append(sample if any(sample) else _NOTHING)


def new_errors() -> deque[SentError]:
    return deque(maxlen=_MAX_ERRORS)
