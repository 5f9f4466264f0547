"""Jobs: which messages wait for previews, who makes them, and how they come onto the message."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.features.chat.events import MessageEdited
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.link_previews.addresses import addresses_in
from kabar.features.chat.link_previews.cache import Known
from kabar.features.chat.link_previews.kept import Kept, read_kept, written
from kabar.features.chat.link_previews.models import PreviewJob
from kabar.features.chat.message_views import EVERY_MESSAGE, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.queries import lock_room
from kabar.features.uploads.attaching import GivenRow, copy_for, give_to_messages
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of

#: longer than all links of a message together take
_LEASE = timedelta(minutes=3)
#: of one that was begun and never ended
_MOST_ATTEMPTS = 5
#: of one sender's, at the same time
MOST_OF_ONE = 2
_LIFE = timedelta(hours=1)


class Job(NamedRow, frozen=True):
    """A message that is ours to look at."""

    id: str
    message_id: str
    sender_id: str
    addresses: str | None
    attempts: int


def ask_for_previews(
    tx: Transaction, messages: Sequence[tuple[str, str]], addresses: Sequence[str] | None = None
) -> None:
    """Note messages (id, sender) whose links are to be looked at: these, or all in them."""
    insert: Any = postgresql.insert if tx.is_postgresql else sqlite.insert
    wanted = None if addresses is None else encode_json(addresses).decode()
    put = insert(PreviewJob).values(
        [
            {
                "id": new_id(),
                "message_id": message_id,
                "sender_id": sender_id,
                "addresses": wanted,
                "attempts": 0,
                "due_at": tx.now,
                "created_at": tx.now,
            }
            for message_id, sender_id in messages
        ]
    )
    anew = ("id", "addresses", "attempts", "due_at", "created_at")
    tx.execute(
        put.on_conflict_do_update(
            index_elements=[PreviewJob.message_id],
            set_={name: put.excluded[name] for name in anew},
        )
    )


def is_due(tx: Transaction) -> bool:
    return tx.execute(select(PreviewJob.id).where(PreviewJob.due_at <= tx.now)).first() is not None


_JOB: Any = columns_of(
    Job,
    id=PreviewJob.id,
    message_id=PreviewJob.message_id,
    sender_id=PreviewJob.sender_id,
    addresses=PreviewJob.addresses,
    attempts=PreviewJob.attempts,
)


def claim_jobs(tx: Transaction, *, most: int, busy: Collection[str]) -> list[Job]:
    """Return some that are due and are now ours. Senders take turns; those in `busy` wait."""
    due = PreviewJob.due_at <= tx.now
    turn = func.row_number().over(partition_by=PreviewJob.sender_id, order_by=PreviewJob.due_at)
    ranked = (
        select(PreviewJob.id, PreviewJob.due_at, turn.label("turn"))
        .where(due, PreviewJob.sender_id.not_in(busy))
        .subquery()
    )
    next_ones = (
        select(ranked.c.id)
        .where(ranked.c.turn <= MOST_OF_ONE)
        .order_by(ranked.c.turn, ranked.c.due_at)
        .limit(most)
    )
    claimed = select(PreviewJob.id).where(PreviewJob.id.in_(next_ones), due)
    if tx.is_postgresql:
        claimed = claimed.with_for_update(skip_locked=True)
    ids = tx.execute(claimed).scalars().all()
    if not ids:
        return []
    rows = tx.execute(
        update(PreviewJob)
        .where(PreviewJob.id.in_(ids))
        .values(due_at=tx.now + _LEASE, attempts=PreviewJob.attempts + 1)
        .returning(*_JOB)
    )
    jobs = [Job(*row) for row in rows]
    given_up = [job for job in jobs if job.attempts > _MOST_ATTEMPTS]
    for job in given_up:
        drop(tx, job)
    return [job for job in jobs if job not in given_up]


def wanted_addresses(tx: Transaction, job: Job, *, most: int) -> list[str]:
    """Return which links are still to be looked at."""
    row = tx.execute(
        select(Message.content, Message.link_previews).where(
            Message.id == job.message_id, Message.deleted_at.is_(None), is_live()
        )
    ).one_or_none()
    if row is None:
        return []
    kept = {each.url for each in read_kept(row.link_previews)}
    asked = None if job.addresses is None else msgspec.json.decode(job.addresses, type=list[str])
    wanted = [
        each
        for each in addresses_in(row.content)
        if each not in kept and (asked is None or each in asked)
    ]
    return wanted[: max(0, most - len(kept))]


def settle(tx: Transaction, job: Job, found: Mapping[str, Known]) -> None:
    """Write what was found onto the message, if it still wants to have it, and tell its room."""
    room_id = tx.execute(select(Message.room_id).where(Message.id == job.message_id)).scalar()
    if room_id is None:
        return
    lock_room(tx, str(room_id))
    if not drop(tx, job):
        # It was edited, its previews were removed, or another node was given it.
        return
    row = tx.execute(
        select(Message.content, Message.link_previews).where(
            Message.id == job.message_id, Message.deleted_at.is_(None), is_live()
        )
    ).one_or_none()
    shown = {url: known for url, known in found.items() if known.title is not None}
    if row is None or not shown:
        return
    images = [known.image_id for known in shown.values() if known.image_id is not None]
    copies = copy_for(tx, images, owner_id=None) if images else {}
    if copies:
        give_to_messages(tx, [GivenRow(each.id, job.message_id) for each in copies.values()])
    kept = {each.url: each for each in read_kept(row.link_previews)}
    for url, known in shown.items():
        copy = copies.get(known.image_id or "")
        kept[url] = Kept(
            url=url,
            title=known.title or "",
            description=known.description,
            image_id=None if copy is None else copy.id,
        )
    # In the order in which they are in the message.
    ordered = [kept[url] for url in addresses_in(row.content) if url in kept]
    write_previews(tx, job.message_id, ordered, socket_id=None)


def write_previews(
    tx: Transaction, message_id: str, previews: Sequence[Kept], *, socket_id: str | None
) -> None:
    """Let a message have these previews, and tell its room. The room is locked."""
    tx.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(link_previews=written(previews), version=Message.version + 1)
    )
    message = message_view(tx.execute(EVERY_MESSAGE.where(Message.id == message_id)).one())
    tx.emit(MessageEdited(message=message, socket_id=socket_id))


def put_off(tx: Transaction, job: Job, *, seconds: float) -> None:
    """Let it be begun again in a while, as if nobody had begun it."""
    tx.execute(
        update(PreviewJob)
        .where(_this(job))
        .values(due_at=tx.now + timedelta(seconds=seconds), attempts=0)
    )


def drop(tx: Transaction, job: Job) -> bool:
    """Say whether it was still ours."""
    return bool(tx.execute(delete(PreviewJob).where(_this(job))).rowcount)


def _this(job: Job) -> Any:
    return and_(PreviewJob.id == job.id, PreviewJob.attempts == job.attempts)


def forget_jobs(tx: Transaction) -> None:
    """Drop what nobody could do for an hour: nobody waits for it any more."""
    tx.execute(delete(PreviewJob).where(PreviewJob.created_at <= tx.now - _LIFE))
