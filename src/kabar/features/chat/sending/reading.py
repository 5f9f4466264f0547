"""What is read: whatever decides about a batch, in a statement for each kind of thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from sqlalchemy import select

from kabar.core.errors import KabarError
from kabar.core.times import CLOCK_TOLERANCE
from kabar.features.accounts.signed_in import find_signed_out
from kabar.features.chat.audience import Audience, Crowd, RoomKey
from kabar.features.chat.errors import OnlyAdminsWrite, SlowMode
from kabar.features.chat.mentions.finding import NameKey, find_named
from kabar.features.chat.models import OWN_CHANGES, ChatParticipant, ChatRoom
from kabar.features.chat.permissions import Act, may
from kabar.features.chat.recipients import Listeners, Standing, standings
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.sending.earlier import load_replies, load_seen
from kabar.features.chat.sending.incoming import AnswerKey, MessageKey, PlaceKey, Send, SendKey
from kabar.features.chat.threads.roots import Root, load_roots
from kabar.features.follows.quiet import muters_among
from kabar.features.follows.walls import blockers_among
from kabar.features.uploads.attaching import Offered, find_offered
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows


@dataclass(slots=True)
class Room:
    """What a batch knows of a room, kept current while its messages are numbered."""

    key: RoomKey
    last_seq: int
    last_said_seq: int
    last_message_at: datetime | None
    deleted_count: int
    participants_count: int
    is_announcement: bool
    slow_mode_seconds: int
    message_ttl_seconds: int
    #: of a direct room: nothing more is said in it
    is_closed: bool
    #: the first of the silent messages at the end, or 0
    silent_from: int
    #: what each sender has read, and how much they deleted for themselves
    read: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    #: those of the senders who block somebody in it
    blockers: set[str] = field(default_factory=set)
    #: when each wrote last, where there is slow mode
    sent_at: dict[str, datetime] = field(default_factory=dict)
    #: who of them has half written something
    drafting: set[str] = field(default_factory=set)
    #: all who are in the room, and those of them who listen
    crowd: Crowd | None = None
    listeners: Listeners | None = None

    def expiry(self, said_at: datetime) -> datetime | None:
        """Return when what is said then disappears."""
        lives = self.message_ttl_seconds
        return said_at + timedelta(seconds=lives) if lives else None

    def refusal(self, user_id: str, now: datetime) -> KabarError | None:
        """Return why somebody may not write here now."""
        role = self.roles[user_id]
        if self.is_announcement and not may(role, Act.WRITE_ANNOUNCEMENTS):
            return OnlyAdminsWrite()
        last = self.sent_at.get(user_id)
        if last is None or may(role, Act.SKIP_SLOW_MODE):
            return None
        wait = last + timedelta(seconds=self.slow_mode_seconds) - now
        # What was written in a future that no clock can be ahead by, holds nobody up.
        if wait <= timedelta() or last > now + CLOCK_TOLERANCE:
            return None
        return SlowMode(headers={"Retry-After": str(ceil(wait.total_seconds()))})


class Known(NamedTuple):
    """What a batch knows before it decides."""

    #: those that exist, by id, as far as senders are in them
    rooms: dict[str, Room]
    #: what was sent before under the same client ids
    seen: dict[SendKey, MessageView]
    #: the messages that are answered
    replies: dict[AnswerKey, ReplyView]
    #: the messages that threads hang on in which something is said
    roots: dict[MessageKey, Root]
    #: sessions and tokens of senders that have ended since their requests came
    signed_out: set[str]
    #: the files that are to be sent, by id
    offered: dict[str, Offered]
    #: those whom messages mention, by room and name
    named: dict[NameKey, str]


def read(tx: Transaction, sends: Sequence[Send]) -> Known:
    """Read all that the batch asks for."""
    rooms = _load_rooms(tx, {send.place for send in sends}, sends[0].audience)
    return Known(
        rooms,
        load_seen(tx, {key for send in sends if (key := send.key) is not None}),
        load_replies(tx, {message for send in sends if (message := send.answers) is not None}),
        load_roots(tx, {root for send in sends if (root := send.hangs_on) is not None}),
        find_signed_out(tx, [send.sender for send in sends]),
        _load_offered(tx, {upload_id for send in sends for upload_id in send.offers}),
        _load_named(tx, sends, rooms),
    )


class _PlaceRow(NamedRow, frozen=True):
    room_id: str
    type: str
    user1_id: str | None
    user2_id: str | None
    participants_version: int
    last_seq: int
    last_said_seq: int
    last_message_at: datetime | None
    deleted_count: int
    participants_count: int
    is_announcement: bool
    slow_mode_seconds: int
    message_ttl_seconds: int
    is_closed: bool
    silent_from: int
    user_id: str
    role: str
    last_read_seq: int
    last_sent_at: datetime | None
    own_changes: int
    folds_some: bool
    has_draft: bool


_ROOM_IDS = Rows("room_ids")
_LOCK_ROOMS = Prepared(
    select(ChatRoom.id)
    .where(ChatRoom.id.in_(select(_ROOM_IDS.text(0)).select_from(_ROOM_IDS.table)))
    .order_by(ChatRoom.id)
    .with_for_update()
)
_PLACES = Rows("places")
_SELECT_PLACES = Prepared(
    select(
        *columns_of(
            _PlaceRow,
            room_id=ChatRoom.id,
            type=ChatRoom.type,
            user1_id=ChatRoom.user1_id,
            user2_id=ChatRoom.user2_id,
            participants_version=ChatRoom.participants_version,
            last_seq=ChatRoom.last_seq,
            last_said_seq=ChatRoom.last_said_seq,
            last_message_at=ChatRoom.last_message_at,
            deleted_count=ChatRoom.deleted_count,
            participants_count=ChatRoom.participants_count,
            is_announcement=ChatRoom.is_announcement,
            slow_mode_seconds=ChatRoom.slow_mode_seconds,
            message_ttl_seconds=ChatRoom.message_ttl_seconds,
            is_closed=ChatRoom.is_closed,
            silent_from=ChatRoom.silent_from,
            user_id=ChatParticipant.user_id,
            role=ChatParticipant.role,
            last_read_seq=ChatParticipant.last_read_seq,
            last_sent_at=ChatParticipant.last_sent_at,
            own_changes=OWN_CHANGES,
            folds_some=ChatParticipant.folds_some,
            has_draft=ChatParticipant.draft.is_not(None),
        )
    )
    .select_from(in_this_order(_PLACES.table, ChatRoom, ChatParticipant))
    .where(
        ChatRoom.id == _PLACES.text(0),
        ChatParticipant.room_id == _PLACES.text(0),
        ChatParticipant.user_id == _PLACES.text(1),
    )
)


def _load_rooms(tx: Transaction, places: set[PlaceKey], audience: Audience) -> dict[str, Room]:
    """Read each room with the senders' places, and where those stand who listen to it."""
    if tx.is_postgresql:
        # In one order, so that two nodes cannot wait for each other. What follows reads what has
        # been committed while we waited.
        _LOCK_ROOMS.rows(tx, {"room_ids": as_rows({(room_id,) for room_id, _ in places})})
    rooms: dict[str, Room] = {}
    for row in _SELECT_PLACES.rows(tx, {"places": as_rows(places)}):
        place = _PlaceRow(*row)
        room = rooms.get(place.room_id)
        if room is None:
            room = rooms[place.room_id] = _room(place)
        room.read[place.user_id] = place.last_read_seq
        room.roles[place.user_id] = place.role
        if place.folds_some:
            room.blockers.add(place.user_id)
        if place.has_draft:
            room.drafting.add(place.user_id)
        if place.slow_mode_seconds and place.last_sent_at is not None:
            room.sent_at[place.user_id] = place.last_sent_at
        room.hidden[place.user_id] = place.own_changes
    _find_listeners(tx, rooms, audience)
    return rooms


def _room(place: _PlaceRow) -> Room:
    key = RoomKey(
        place.room_id, place.type, place.user1_id, place.user2_id, place.participants_version
    )
    return Room(
        key=key,
        last_seq=place.last_seq,
        last_said_seq=place.last_said_seq,
        last_message_at=place.last_message_at,
        deleted_count=place.deleted_count,
        participants_count=place.participants_count,
        is_announcement=place.is_announcement,
        slow_mode_seconds=place.slow_mode_seconds,
        message_ttl_seconds=place.message_ttl_seconds,
        is_closed=place.is_closed,
        silent_from=place.silent_from,
    )


def _find_listeners(tx: Transaction, rooms: dict[str, Room], audience: Audience) -> None:
    heard_by: dict[str, dict[str, list[str]]] = {}
    for room_id, crowd in audience.crowds(tx, [room.key for room in rooms.values()]).items():
        rooms[room_id].crowd = crowd
        heard_by[room_id] = crowd.heard_by
    here: dict[str, dict[str, Standing]] = defaultdict(dict)
    pairs = [(room_id, user_id) for room_id, users in heard_by.items() for user_id in users]
    for (room_id, user_id), standing in standings(tx, pairs).items():
        here[room_id][user_id] = standing
    blocked_by = blockers_among(
        tx,
        (sender_id for room in rooms.values() for sender_id in room.read),
        (user_id for found in here.values() for user_id in found if found[user_id].folds_some),
    )
    muted_by = muters_among(
        tx,
        (sender_id for room in rooms.values() for sender_id in room.read),
        (user_id for found in here.values() for user_id in found if found[user_id].mutes_some),
    )
    for room_id, found in here.items():
        room = rooms[room_id]
        room.listeners = Listeners(
            heard_by[room_id],
            found,
            # What was said silently did not ring: who has seen all before it waits for the next.
            last_seq=room.silent_from - 1 if room.silent_from else room.last_seq,
            deleted_count=room.deleted_count,
            blocked_by=blocked_by,
            muted_by=muted_by,
        )


def _load_offered(tx: Transaction, upload_ids: set[str]) -> dict[str, Offered]:
    return find_offered(tx, upload_ids) if upload_ids else {}


def _load_named(
    tx: Transaction, sends: Sequence[Send], rooms: Mapping[str, Room]
) -> dict[NameKey, str]:
    """Return who is named; who listens is told how often they are mentioned with this time."""
    names = {(send.draft.room_id, name) for send in sends for name in send.names}
    for room_id in {room_id for room_id, _ in names}:
        if (room := rooms.get(room_id)) is not None and room.listeners is not None:
            room.listeners.learn_mentions(tx, room_id)
    return find_named(tx, names)
