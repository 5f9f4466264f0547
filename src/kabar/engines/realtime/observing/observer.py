"""Observer: records traffic, events, errors and webhook attempts for the operator's console."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

import msgspec

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.clock import Clock, Timer
from kabar.engines.realtime.connection.handshake import Handshake, find_app
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.observing.records import (
    MAX_EVENTS,
    MAX_SAMPLES,
    MAX_TEXT,
    Arrival,
    Attempt,
    Record,
    SeenEvent,
    SentError,
    new_errors,
)
from kabar.engines.realtime.protocol import errors

SAMPLE_SECONDS = 10
#: events are recorded while the console has asked about the app within so many seconds
WATCH_SECONDS = 30.0

_ERROR = b'{"event":"pusher:error"'


class Observer:
    """The node calls it when something happens. It returns at once, and its records are bounded.

    An engine without a console has no observer: that costs each call one comparison.
    """

    def __init__(
        self, *, apps: Apps, clock: Clock, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._apps = apps
        self._clock = clock
        self._wall_clock = wall_clock
        self._timer: Timer | None = None
        self._records: dict[str, Record] = {}
        self.arrivals: dict[Socket, Arrival] = {}
        #: when the samples were taken
        self.sampled_at: deque[float] = deque(maxlen=MAX_SAMPLES)
        #: errors of no app: the handshake's key was unknown
        self.errors_of_nobody = new_errors()

    def start(self) -> None:
        self._timer = self._clock.call_later(SAMPLE_SECONDS, self._tick)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def record(self, app_id: str) -> Record:
        found = self._records.get(app_id)
        if found is None:
            found = self._records[app_id] = Record()
        return found

    def watch(self, app_id: str) -> Record:
        """Return an app's record; its events are recorded for `WATCH_SECONDS` from now."""
        record = self.record(app_id)
        record.watched_until = self._clock.now() + WATCH_SECONDS
        if record.events is None:
            record.events = deque(maxlen=MAX_EVENTS)
        return record

    # ── called by the node and by webhooks ───────────────────────────────────────────────────

    def welcomed(self, socket: Socket, address: str) -> None:
        self.arrivals[socket] = Arrival(self._wall_clock(), address)
        self.record(socket.connection.app.id).connections += 1

    def disconnected(self, socket: Socket) -> None:
        if self.arrivals.pop(socket, None) is not None:
            self.record(socket.connection.app.id).connections -= 1

    def refused(self, handshake: Handshake, fatal: errors.Fatal) -> None:
        app = find_app(handshake, self._apps)
        errors = self.errors_of_nobody if app is None else self.record(app.id).errors
        errors.append(
            SentError(self._wall_clock(), fatal.code, fatal.message, None, handshake.address)
        )

    def heard(self, socket: Socket) -> None:
        self.record(socket.connection.app.id).messages_in += 1

    def answered(self, socket: Socket, frame: bytes) -> None:
        connection = socket.connection
        record = self.record(connection.app.id)
        record.messages_out += 1
        if frame.startswith(_ERROR):
            error = msgspec.json.decode(frame, type=_ErrorFrame).data
            arrival = self.arrivals.get(socket)
            record.errors.append(
                SentError(
                    at=self._wall_clock(),
                    code=error.code,
                    message=error.message,
                    socket_id=connection.socket_id,
                    address=arrival.address if arrival is not None else "",
                )
            )

    def delivered(self, publication: Publication, reached: int) -> None:
        """`reached`: how many subscriptions on this node get it."""
        record = self.record(publication.app_id)
        record.messages_out += reached
        if record.events is not None:
            record.events_seen += 1
            record.events.append(self._seen(publication, record.events_seen, reached))

    def attempted(
        self,
        app: App,
        *,
        delivery_id: str,
        url: str,
        lane: str,
        body: str,
        failure: str | None,
        seconds: float,
    ) -> None:
        """A delivery was sent; `failure` is None if its endpoint took it."""
        self.record(app.id).attempts.append(
            Attempt(
                at=self._wall_clock(),
                seconds=seconds,
                delivery_id=delivery_id,
                url=url,
                lane=lane,
                body=body[:MAX_TEXT],
                is_cut=len(body) > MAX_TEXT,
                failure=failure,
            )
        )

    # ── as time passes ───────────────────────────────────────────────────────────────────────

    def _tick(self) -> None:
        self._timer = self._clock.call_later(SAMPLE_SECONDS, self._tick)
        self.sampled_at.append(self._wall_clock())
        self._forget_apps_that_are_gone()
        for app in self._apps:
            record = self.record(app.id)
            record.take_sample()
            if record.watched_until < self._clock.now():
                record.events = None

    def _forget_apps_that_are_gone(self) -> None:
        gone: Iterable[str] = self._records.keys() - {app.id for app in self._apps}
        for app_id in gone:
            if not self._records[app_id].connections:
                del self._records[app_id]

    def _seen(self, publication: Publication, number: int, reached: int) -> SeenEvent:
        return SeenEvent(
            number=number,
            at=self._wall_clock(),
            event=publication.event,
            channels=publication.channels,
            data=publication.data[:MAX_TEXT],
            is_cut=len(publication.data) > MAX_TEXT,
            socket_id=publication.except_socket,
            user_id=publication.user_id,
            reached=reached,
        )


class _Error(msgspec.Struct):
    code: int | None
    message: str


class _ErrorFrame(msgspec.Struct):
    data: _Error
