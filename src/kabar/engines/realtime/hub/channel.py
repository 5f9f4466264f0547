"""A channel: who listens to it, and which frames wait for them."""

from __future__ import annotations

from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.protocol.wire import OwnBurst


class Channel:
    """The listeners of a channel on this node, and the frames that wait to be written to them."""

    __slots__ = ("_excluded", "_late", "_waiting", "gone", "listeners")

    def __init__(self) -> None:
        #: in the order in which they came, which is near to that of their places in memory
        self.listeners: dict[Socket, None] = {}
        #: listeners that left while a burst is being written; None: none is. One that comes back
        #: stays in here: it gets that burst's events from the history, or not at all.
        self.gone: set[Socket] | None = None
        #: frames that wait for the end of the loop's turn
        self._waiting: list[bytes] | None = None
        #: of listeners that came meanwhile: the index of the first frame that they get
        self._late: dict[Socket, int] | None = None
        #: of listeners that sent some of these frames themselves: the indices of those
        self._excluded: dict[Socket, set[int]] | None = None

    def add(self, listener: Socket) -> None:
        self.listeners[listener] = None
        if self._waiting:
            self._late = self._late or {}
            self._late[listener] = len(self._waiting)

    @property
    def is_waiting(self) -> bool:
        """Whether something is not on its way yet, or not with everybody."""
        return self._waiting is not None or self.gone is not None

    def remove(self, listener: Socket) -> None:
        self.listeners.pop(listener, None)
        if self.gone is not None:
            self.gone.add(listener)

    def put(self, frame: bytes, excluded: Socket | None) -> bool:
        """Let a frame wait for the end of the turn; return whether it is the first."""
        if self._waiting is None:
            self._waiting = []
        if excluded is not None:
            self._excluded = self._excluded or {}
            self._excluded.setdefault(excluded, set()).add(len(self._waiting))
        self._waiting.append(frame)
        return len(self._waiting) == 1

    def take(self) -> tuple[list[bytes], dict[Socket, OwnBurst]]:
        """Return the frames that waited, and a burst for each listener that does not get all."""
        frames, late, excluded = self._waiting or [], self._late or {}, self._excluded or {}
        self._waiting = self._late = self._excluded = None
        self.gone = set()
        exceptions = {
            listener: OwnBurst(
                [
                    frame
                    for index, frame in enumerate(frames)
                    if index >= late.get(listener, 0) and index not in excluded.get(listener, ())
                ]
            )
            for listener in late.keys() | excluded.keys()
        }
        return frames, exceptions
