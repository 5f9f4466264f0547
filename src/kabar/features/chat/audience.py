"""The audience: which channels of a room's participants have listeners here."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import select

from kabar.core.events import Publisher
from kabar.features.accounts.channels import user_channels, user_of_channel
from kabar.features.chat.models import ChatParticipant, RoomType
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

#: names of channels that are kept, over all rooms: some hundred bytes each
_MOST_NAMES = 400_000


class RoomKey(NamedTuple):
    """What says who is in a room: of a direct room the two, of a group its version."""

    room_id: str
    type: str
    user1_id: str | None
    user2_id: str | None
    participants_version: int


class Crowd:
    """The channels of all who are in a room, and who of them listened when it was asked."""

    __slots__ = ("_arrivals", "_publisher", "heard_by", "names")

    def __init__(self, publisher: Publisher | None, names: AbstractSet[str]) -> None:
        self._publisher = publisher
        self.names = names
        self._arrivals = publisher.arrivals if publisher else 0
        #: by user, the channels that they listen to
        self.heard_by: dict[str, list[str]] = defaultdict(list)
        for name in publisher.listening(names) if publisher else ():
            self.heard_by[user_of_channel(name) or ""].append(name)

    def latecomers(self) -> dict[str, list[str]]:
        """Return who listens now and did not then: they may have read the room before a commit
        that they would hear nothing of."""
        if self._publisher is None or self._publisher.arrivals == self._arrivals:
            return {}
        now = self._publisher.listening(self.names)
        late: dict[str, list[str]] = defaultdict(list)
        for name in now:
            user_id = user_of_channel(name) or ""
            if name not in self.heard_by.get(user_id, ()):
                late[user_id].append(name)
        return late


class Audience:
    """Knows who is in a room without reading all of them at each message.

    What it keeps of a group is as old as the room's `participants_version`, which a transaction
    reads with the room; so it is never out of date, whoever else serves the same database.
    """

    def __init__(self, publisher: Publisher | None) -> None:
        self._publisher = publisher
        self._groups: OrderedDict[str, tuple[int, set[str]]] = OrderedDict()
        self._kept = 0
        self._lock = Lock()

    def crowds(self, tx: Transaction, rooms: Iterable[RoomKey]) -> dict[str, Crowd]:
        """Return, for each of these rooms, the crowd as it is in this transaction."""
        if self._publisher is None:
            return {}
        names: dict[str, set[str]] = {}
        unknown: dict[str, RoomKey] = {}
        for room in rooms:
            if room.type == RoomType.DIRECT:
                both = (room.user1_id or "", room.user2_id or "")
                names[room.room_id] = {name for one in both for name in user_channels(one)}
                continue
            version, known = self._groups.get(room.room_id, (None, set[str]()))
            if version == room.participants_version:
                names[room.room_id] = known
            else:
                unknown[room.room_id] = room
        if unknown:
            names |= self._load(tx, unknown)
        return {room_id: Crowd(self._publisher, found) for room_id, found in names.items()}

    def _load(self, tx: Transaction, rooms: Mapping[str, RoomKey]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {room_id: set() for room_id in rooms}
        rows = as_rows((room_id,) for room_id in rooms)
        for row in tx.execute(_PARTICIPANTS, {"rooms": rows}):
            found[row.room_id].update(user_channels(row.user_id))
        with self._lock:
            for room_id, names in found.items():
                _, old = self._groups.pop(room_id, (0, set[str]()))
                self._groups[room_id] = rooms[room_id].participants_version, names
                self._kept += len(names) - len(old)
            while self._kept > _MOST_NAMES and len(self._groups) > 1:
                _, (_, dropped) = self._groups.popitem(last=False)
                self._kept -= len(dropped)
        return found


_ROOMS = Rows("rooms")
_PARTICIPANTS: Any = select(ChatParticipant.room_id, ChatParticipant.user_id).where(
    ChatParticipant.room_id.in_(select(_ROOMS.text(0)).select_from(_ROOMS.table))
)
