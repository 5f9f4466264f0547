"""Changing: what becomes of previews when their message is edited, and when its author minds."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import delete, select

from kabar.features.chat.errors import MessageIsDeleted, NotYourMessage
from kabar.features.chat.link_previews.addresses import addresses_in
from kabar.features.chat.link_previews.jobs import ask_for_previews, write_previews
from kabar.features.chat.link_previews.kept import Kept, read_kept, written
from kabar.features.chat.link_previews.models import PreviewJob
from kabar.features.chat.models import Message
from kabar.features.chat.queries import require_locked_message, require_message
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.seen_by import as_seen_by
from kabar.features.uploads.uploads import release
from kabar.infra.db import Transaction


def previews_of_new_words(tx: Transaction, message: MessageView, content: str) -> str | None:
    """Return what a message keeps of its previews when it says something else, and let the links
    that are new be looked at. One that its author has removed does not come back."""
    before, after = addresses_in(message.content), addresses_in(content)
    if before == after:
        return _stored(tx, message.id) if before else None
    waiting = _waiting(tx, message)
    wanted = [each for each in after if each not in before or each in waiting]
    if wanted:
        ask_for_previews(tx, [(message.id, message.sender_id)], wanted)
    else:
        tx.execute(delete(PreviewJob).where(PreviewJob.message_id == message.id))
    kept = read_kept(_stored(tx, message.id))
    staying = [each for each in kept if each.url in after]
    _release_pictures(tx, kept, staying)
    return written(sorted(staying, key=lambda each: after.index(each.url)))


def remove_previews(
    tx: Transaction, *, user_id: str, message_id: str, url: str | None, socket_id: str | None
) -> MessageView:
    """Take the preview of an address off a message, or all of them: its author. Twice is once."""
    message = require_locked_message(tx, message_id, user_id)
    if message.sender_id != user_id:
        raise NotYourMessage
    if message.deleted_at is not None:
        raise MessageIsDeleted
    waiting = _waiting(tx, message)
    if waiting:
        # Whoever is looking at them finds that nobody waits any more.
        tx.execute(delete(PreviewJob).where(PreviewJob.message_id == message_id))
        others = [] if url is None else [each for each in waiting if each != url]
        if others:
            ask_for_previews(tx, [(message_id, user_id)], others)
    kept = read_kept(_stored(tx, message_id))
    staying = [] if url is None else [each for each in kept if each.url != url]
    if len(staying) < len(kept):
        _release_pictures(tx, kept, staying)
        write_previews(tx, message_id, staying, socket_id=socket_id)
    return as_seen_by(tx, user_id, require_message(tx, message_id, user_id))


def _stored(tx: Transaction, message_id: str) -> str | None:
    stored: str | None = tx.execute(
        select(Message.link_previews).where(Message.id == message_id)
    ).scalar_one()
    return stored


def _waiting(tx: Transaction, message: MessageView) -> list[str]:
    """Return the links that are still to be looked at."""
    row = tx.execute(
        select(PreviewJob.addresses).where(PreviewJob.message_id == message.id)
    ).one_or_none()
    if row is None:
        return []
    if row.addresses is None:
        return addresses_in(message.content)
    return msgspec.json.decode(row.addresses, type=list[str])


def _release_pictures(tx: Transaction, kept: Sequence[Kept], staying: Sequence[Kept]) -> None:
    # Two links to one page have one picture.
    needed = {each.image_id for each in staying}
    gone = [each.image_id for each in kept if each.image_id and each.image_id not in needed]
    if gone:
        release(tx, gone)
