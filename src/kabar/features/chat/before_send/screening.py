"""Screening: what is about to be kept is shown to the application first, once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from kabar.features.accounts.identity import Identity
from kabar.features.chat.before_send.asking import BeforeSend
from kabar.features.chat.before_send.schemas import AskedMessage, AskedPoll, AskedSender
from kabar.features.chat.errors import MessageNotFound
from kabar.features.chat.queries import find_place, require_message, require_place
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.sending.earlier import load_seen
from kabar.features.chat.sending.incoming import Send
from kabar.infra.db import Database, Transaction, Units


async def screened(
    hook: BeforeSend, db: Database, send: Send, kind: Literal["send", "scheduled"] = "send"
) -> Send:
    """Return what is to be sent. What was sent before under its client id is not judged again, and
    of who is not in the room nobody is asked."""
    if not hook.is_asked:
        return send
    is_known = await db.read(_is_known, send)
    # An Idempotency-Key stands for one body: what the application made of it is the message.
    if is_known and not send.is_keyed:
        return send
    draft = send.draft
    content = await hook.judge(
        AskedMessage(
            kind=kind,
            room_id=draft.room_id,
            sender=AskedSender.of(send.sender),
            content=draft.content,
            type=draft.type,
            reply_to_id=draft.reply_to_id,
            attachment_ids=draft.attachment_ids,
            poll=None if draft.poll is None else AskedPoll.of(draft.poll),
        )
    )
    return send._replace(draft=replace(draft, content=content))


async def screened_edit(
    hook: BeforeSend, db: Units, editor: Identity, message_id: str, content: str
) -> str:
    """Return the words that a message is to have from now on."""
    if not hook.is_asked:
        return content
    room_id = await db.read(_room_of_own, message_id, editor.user_id)
    return await hook.judge(
        AskedMessage(
            kind="edit",
            room_id=room_id,
            sender=AskedSender.of(editor),
            content=content,
            message_id=message_id,
        )
    )


async def screened_forward(
    hook: BeforeSend, db: Units, sender: Identity, message_id: str, room_ids: Sequence[str]
) -> dict[str, str]:
    """Return what is to be said in each room in place of a message's own words."""
    if not hook.is_asked:
        return {}
    message, rooms = await db.read(_forwarded, message_id, sender.user_id, room_ids)
    contents = await asyncio.gather(
        *(
            hook.judge(
                AskedMessage(
                    kind="forward",
                    room_id=room_id,
                    sender=AskedSender.of(sender),
                    content=message.content,
                    type=message.type,
                    message_id=message_id,
                    attachment_ids=[each.id for each in message.attachments],
                )
            )
            for room_id in rooms
        )
    )
    return dict(zip(rooms, contents, strict=True))


def _forwarded(
    tx: Transaction, message_id: str, user_id: str, room_ids: Sequence[str]
) -> tuple[MessageView, list[str]]:
    # Of rooms that they are not in they are told when it is said.
    message = require_message(tx, message_id, user_id)
    return message, [room_id for room_id in room_ids if find_place(tx, room_id, user_id)]


def _is_known(tx: Transaction, send: Send) -> bool:
    require_place(tx, *send.place)
    return send.key is not None and bool(load_seen(tx, {send.key}))


def _room_of_own(tx: Transaction, message_id: str, user_id: str) -> str:
    message = require_message(tx, message_id, user_id)
    if message.deleted_at is not None:
        raise MessageNotFound
    return message.room_id
