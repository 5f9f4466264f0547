"""Who follows a thread hears what has become of it, as it is after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from sqlalchemy import select

from kabar.core.events import Event, Publication, publication
from kabar.core.times import rfc3339_or_none
from kabar.features.accounts.channels import private_user_channel, user_of_channel
from kabar.features.chat.queries import lock_room
from kabar.features.chat.threads.events import ThreadChanged, ThreadRead, ThreadsLeft
from kabar.features.chat.threads.models import ThreadFollower
from kabar.features.chat.threads.roots import load_roots
from kabar.features.chat.threads.schemas import ThreadView
from kabar.features.chat.threads.standings import thread_standings
from kabar.infra.db import Transaction
from kabar.infra.relay import Listening, Recall


def tell_followers(
    tx: Transaction, events: Sequence[ThreadChanged], listening: Listening
) -> Iterable[Publication]:
    """Tell those of the followers who listen what they have not read there."""
    changed = {event.thread_id: event for event in events}
    followers = select(ThreadFollower.thread_id, ThreadFollower.user_id).where(
        ThreadFollower.thread_id.in_(sorted(changed))
    )
    pairs = [(row.thread_id, row.user_id) for row in tx.execute(followers)]
    heard = listening({private_user_channel(user_id) for _, user_id in pairs})
    here = {user_of_channel(name) for name in heard}
    standings = thread_standings(tx, [pair for pair in pairs if pair[1] in here])
    for (thread_id, user_id), standing in standings.items():
        event = changed[thread_id]
        own = replace(event.thread, unread_count=standing.unread_count, version=standing.version)
        data = {
            "roomId": event.room_id,
            "threadId": thread_id,
            "lastReadSeq": standing.last_read_seq,
            "thread": own,
            "version": event.version,
        }
        yield publication([private_user_channel(user_id)], "thread-updated", data)


# ── what is still so, of what a dead process left untold ────────────────────────────────────


def _recall_changed(tx: Transaction, events: Sequence[ThreadChanged]) -> Sequence[Event]:
    """As many replies as there are now."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        for root in load_roots(tx, {(event.room_id, event.thread_id)}).values():
            thread = ThreadView(
                replies_count=root.replies_count, last_reply_at=rfc3339_or_none(root.last_reply_at)
            )
            still.append(replace(event, thread=thread, version=root.version))
    return still


def _recall_read(tx: Transaction, events: Sequence[ThreadRead]) -> Sequence[Event]:
    """Of who has read on since, or left, this is not so any more."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        pair = (event.thread_id, event.user_id)
        standing = thread_standings(tx, [pair]).get(pair)
        if standing is not None and standing.last_read_seq == event.last_read_seq:
            now = {"unread_count": standing.unread_count, "version": standing.version}
            still.append(replace(event, **now))
    return still


def _recall_left(tx: Transaction, events: Sequence[ThreadsLeft]) -> Sequence[Event]:
    """Some may be followed again."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        again = tx.execute(
            select(ThreadFollower.thread_id).where(
                ThreadFollower.user_id == event.user_id,
                ThreadFollower.room_id == event.room_id,
            )
        ).scalars()
        left = sorted(set(event.thread_ids).difference(again))
        if left:
            still.append(replace(event, thread_ids=left))
    return still


RECALLS: dict[type[Event], Recall] = {
    ThreadChanged: _recall_changed,
    ThreadRead: _recall_read,
    ThreadsLeft: _recall_left,
}
