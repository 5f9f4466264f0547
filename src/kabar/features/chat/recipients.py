"""Recipients: where those who listen stand in a room, as its events need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from sqlalchemy import Integer, and_, or_, select, type_coerce

from kabar.features.chat.bell import Bell
from kabar.features.chat.blocking.folding import folded_after
from kabar.features.chat.deleting.hiding import gone_after, gone_by_now_after
from kabar.features.chat.mentions.counting import mentions_after
from kabar.features.chat.mine.notify import Notify
from kabar.features.chat.mine.quiet import IS_MUTED, NOW
from kabar.features.chat.models import OWN_CHANGES, ChatParticipant, ChatRoom
from kabar.features.chat.muting.quiet import quiet_after
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows


class Standing(NamedTuple):
    """How far somebody has read a room, and how far they have dealt with its entry in the bell."""

    last_read_seq: int
    #: what does not count after `last_read_seq`: deleted, for all or by themselves, or folded away
    uncounted: int
    #: after the last thing they did with the entry, or with the room
    quiet_seq: int
    #: the same there, and what those said whom they mute
    quiet_uncounted: int
    #: see `OWN_CHANGES`
    own_changes: int
    #: what is said there does not ring
    is_quiet: bool
    #: but mentions do
    hears_mentions: bool
    #: whether they block anybody who writes there
    folds_some: bool
    #: the same of muting
    mutes_some: bool

    def unread_at(self, seq: int) -> int:
        """Count what they have not read when this is the newest message."""
        return seq - self.last_read_seq - self.uncounted

    def has_seen(self, seq: int) -> bool:
        """Whether there is nothing up to this message that would be new to them."""
        return seq - self.quiet_seq - self.quiet_uncounted <= 0


class _At(NamedTuple):
    """A place where several may stand: they hear the same of a message."""

    last_read_seq: int
    #: beside what was said elsewhere
    uncounted: int
    own_changes: int


class Listeners:
    """Those who listen to a room, by where they stand: a batch of messages moves few of them."""

    def __init__(
        self,
        heard_by: Mapping[str, list[str]],
        standings: Mapping[str, Standing],
        *,
        last_seq: int,
        deleted_count: int,
        blocked_by: Mapping[str, AbstractSet[str]],
        muted_by: Mapping[str, AbstractSet[str]],
    ) -> None:
        """The last two say of senders who of the listeners blocks or mutes them."""
        self._heard_by = heard_by
        self._deleted_count = deleted_count
        #: how much was said since that does not count here
        self._elsewhere = 0
        self._blocked_by = blocked_by
        self._muted_by = muted_by
        self._places: dict[str, _At] = {}
        self._names: dict[_At, list[str]] = defaultdict(list)
        #: made once for all messages that find the same people there
        self._channels: dict[_At, tuple[str, ...]] = {}
        self._quiet = {user_id for user_id, standing in standings.items() if standing.is_quiet}
        #: to whom the next message is the first that is new
        self._waiting = {
            user_id for user_id, standing in standings.items() if standing.has_seen(last_seq)
        } - self._quiet
        self._hears_mentions = {
            user_id for user_id, standing in standings.items() if standing.hears_mentions
        }
        #: how often each is mentioned; read only if anybody is
        self._mentions: dict[str, int] = {}
        for user_id, standing in standings.items():
            place = _At(standing.last_read_seq, standing.uncounted, standing.own_changes)
            self._places[user_id] = place
            self._names[place] += heard_by[user_id]

    def learn_mentions(self, tx: Transaction, room_id: str) -> None:
        """Read how often each is mentioned in what they have not read."""
        stands = ((room_id, user, place.last_read_seq) for user, place in self._places.items())
        counts = mentions_after(tx, stands)
        self._mentions = {user_id: unread.total for (_, user_id, _), unread in counts.items()}

    def said(self, message: MessageView, *, is_silent: bool) -> tuple[list[Bell], tuple[str, ...]]:
        """Return what rings because of a message, and for whom it is the first that is new."""
        sender_id, seq = message.sender_id, message.seq
        blockers = self._blocked_by.get(sender_id, frozenset())
        before = self._leave(sender_id)
        unmoved = {user_id: place for user_id in blockers if (place := self._leave(user_id))}
        meant = self._meant(message)
        apart = {user_id: place for user_id in meant if (place := self._leave(user_id))}
        bells = [*self._bells_of(seq, apart)]
        bells += [
            self._bell(self._channels_at(at), seq, at) for at, names in self._names.items() if names
        ]
        deaf = blockers | self._muted_by.get(sender_id, frozenset())
        rung = tuple((self._waiting | (meant & self._hears_mentions)) - {sender_id} - deaf)
        # To who heard nothing of it the next one is still the first.
        if not is_silent:
            self._waiting &= deaf
        for user_id, place in apart.items():
            self._stand(user_id, place)
        for user_id, place in unmoved.items():
            self._stand(user_id, place._replace(uncounted=place.uncounted + 1))
        if before is not None:
            # Who says something has read everything before it, and hears of what comes next.
            self._stand(sender_id, _At(seq, -self._elsewhere, before.own_changes))
            self._mentions[sender_id] = 0
            self._waiting |= {sender_id} - self._quiet
        return bells, rung

    def said_elsewhere(self) -> None:
        """Something has taken a number of the room that counts as unread for nobody."""
        self._elsewhere += 1

    def _meant(self, message: MessageView) -> set[str]:
        """Return those who listen, hear of its sender, and are mentioned."""
        if message.mentions_room is True:
            return set(self._places)
        return {user_id for user_id in message.mentions if user_id in self._places}

    def _bells_of(self, seq: int, meant: Mapping[str, _At]) -> Iterable[Bell]:
        """Return what rings for those who are mentioned once more: all with one count together."""
        alike: dict[tuple[_At, int], list[str]] = defaultdict(list)
        for user_id, at in meant.items():
            self._mentions[user_id] = count = self._mentions.get(user_id, 0) + 1
            alike[at, count] += self._heard_by[user_id]
        for (at, count), names in alike.items():
            yield self._bell(tuple(names), seq, at, count)

    def _bell(
        self, channels: tuple[str, ...], seq: int, at: _At, mentions_count: int | None = None
    ) -> Bell:
        unread_count = seq - at.last_read_seq - at.uncounted - self._elsewhere
        version = self._deleted_count + self._elsewhere + seq + at.last_read_seq + at.own_changes
        return Bell(channels, unread_count, version, mentions_count)

    def _leave(self, user_id: str) -> _At | None:
        place = self._places.pop(user_id, None)
        if place is not None:
            theirs = self._heard_by[user_id]
            self._names[place] = [name for name in self._names[place] if name not in theirs]
            self._channels.pop(place, None)
        return place

    def _stand(self, user_id: str, place: _At) -> None:
        self._places[user_id] = place
        self._names[place] += self._heard_by[user_id]
        self._channels.pop(place, None)

    def _channels_at(self, place: _At) -> tuple[str, ...]:
        channels = self._channels.get(place)
        if channels is None:
            channels = self._channels[place] = tuple(self._names[place])
        return channels


#: the newest message that somebody has dealt with in any way
DEALT_WITH = greatest(
    ChatParticipant.last_read_seq,
    ChatParticipant.bell_read_seq,
    ChatParticipant.bell_seen_seq,
    ChatParticipant.bell_hidden_seq,
)
_PAIRS = Rows("pairs")
_STANDINGS = Prepared(
    select(
        ChatParticipant.room_id,
        ChatParticipant.user_id,
        ChatParticipant.last_read_seq,
        gone_by_now_after(ChatParticipant.last_read_seq).label("uncounted"),
        DEALT_WITH.label("quiet_seq"),
        gone_after(DEALT_WITH).label("quiet_uncounted"),
        OWN_CHANGES,
        # Of thousands of listeners: true and false as the driver has them, which on SQLite is 1, 0.
        *(
            type_coerce(flag, Integer())
            for flag in (
                or_(IS_MUTED, ChatParticipant.notify != Notify.ALL),
                ChatParticipant.notify != Notify.NOTHING,
                ChatParticipant.folds_some,
                ChatParticipant.mutes_some,
            )
        ),
    )
    .select_from(in_this_order(_PAIRS.table, ChatRoom, ChatParticipant))
    .where(
        ChatRoom.id == _PAIRS.text(0),
        and_(
            ChatParticipant.room_id == _PAIRS.text(0),
            ChatParticipant.user_id == _PAIRS.text(1),
        ),
    )
)


def standings(
    tx: Transaction, pairs: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], Standing]:
    """Return where each (room, user) stands; who is not in the room stands nowhere."""
    wanted = list(pairs)
    if not wanted:
        return {}
    found = _STANDINGS.rows(tx, {"pairs": as_rows(wanted), NOW.key: tx.now})
    return _without_folded(tx, {(row[0], row[1]): Standing._make(row[2:]) for row in found})


def _without_folded(
    tx: Transaction, known: dict[tuple[str, str], Standing]
) -> dict[tuple[str, str], Standing]:
    """Return the same without what is not for those who block or mute somebody."""
    marked = {pair: each for pair, each in known.items() if each.folds_some or each.mutes_some}
    if not marked:
        return known
    read = {pair: (*pair, each.last_read_seq) for pair, each in marked.items()}
    dealt_with = {pair: (*pair, each.quiet_seq) for pair, each in marked.items()}
    folded = folded_after(
        tx,
        (
            stands[pair]
            for pair, each in marked.items()
            if each.folds_some
            for stands in (read, dealt_with)
        ),
    )
    quiet = folded | quiet_after(
        tx, (dealt_with[pair] for pair, each in marked.items() if each.mutes_some)
    )
    return known | {
        pair: each._replace(
            uncounted=each.uncounted + folded.get(read[pair], 0),
            quiet_uncounted=each.quiet_uncounted + quiet[dealt_with[pair]],
        )
        for pair, each in marked.items()
    }
