"""`chat_service`: what people do in rooms, done for them by a program that may do everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kabar.core.events import encode_json
from kabar.features.accounts.callers import identity_of
from kabar.features.chat.before_send.screening import screened, screened_edit
from kabar.features.chat.conversations import get_total_unread_count, room_of
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.groups.making import create_group_room
from kabar.features.chat.groups.schemas import GroupDraft
from kabar.features.chat.messages import edit_message, get_messages
from kabar.features.chat.polls.asking import with_poll
from kabar.features.chat.queries import author_of, require_place
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.rooms import get_or_create_direct_room
from kabar.features.chat.schemas import (
    MessageDraft,
    MessageEdit,
    MessageView,
    PageOfMessages,
    ReadState,
    RoomView,
)
from kabar.features.chat.sending import Send, send_messages
from kabar.features.chat.text import require_content
from kabar.features.chat.threads.reading import mark_thread_as_read
from kabar.infra.http.bodies import read_body
from kabar.server.app import Kabar

_MOST_MESSAGES = 100


class ChatService:
    """Does for a user what they may do: who is not in a room does nothing there.

    Every method raises what the HTTP API answers: `RoomNotFound`, `Invalid`, … (`KabarError`).
    """

    def __init__(self, kabar: Kabar) -> None:
        self._db = kabar.db
        self._rules = kabar.web.rules

    async def get_or_create_direct_room(self, user1_id: str, user2_id: str) -> RoomView:
        """Return the one room of these two, as the first one sees it."""
        await self._db.read(identity_of, user1_id)
        room_id = await self._db.write(
            get_or_create_direct_room, user_id=user1_id, other_id=user2_id
        )
        return await self._db.read(room_of, user_id=user1_id, room_id=room_id)

    async def create_group_room(
        self,
        owner_id: str,
        name: str,
        participant_ids: Iterable[str] = (),
        *,
        avatar: str | None = None,
    ) -> RoomView:
        """Make a group with these people in it."""
        draft = _checked(GroupDraft, name=name, participantIds=list(participant_ids), avatar=avatar)
        return await self._db.write(
            create_group_room,
            owner=await self._db.read(identity_of, owner_id),
            draft=draft,
            max_participants=self._rules.room_max_participants,
            max_groups=self._rules.groups_per_user,
        )

    async def send_message(
        self, room_id: str, sender_id: str, content: str, **more: Any
    ) -> MessageView:
        """Say something in a room. `more` is what `POST /api/chat/send` takes beside it, in
        Python's spelling: `client_id`, with which sending twice sends once, `reply_to_id` …"""
        fields = {_camel(name): value for name, value in more.items()}
        draft = with_poll(_checked(MessageDraft, roomId=room_id, content=content, **fields))
        draft.content = self._rules.content_of(draft.content, draft.attachment_ids)
        sender = await self._db.read(identity_of, sender_id)
        send = Send(sender, draft, None, self._rules.audience)
        send = await screened(self._rules.before_send, self._db, send)
        sent = await self._db.write_together(send_messages, send, caller=sender_id)
        return sent.message

    async def get_messages(
        self,
        room_id: str,
        user_id: str,
        limit: int = 50,
        before_id: str | None = None,
        *,
        thread_id: str | None = None,
    ) -> PageOfMessages:
        """Return messages of a room, or of a thread in it, as the user sees them, oldest first:
        the newest, or those before a message."""
        return await self._db.read(
            get_messages,
            user_id=user_id,
            room_id=room_id,
            limit=max(1, min(limit, _MOST_MESSAGES)),
            thread_id=thread_id,
            before_id=before_id,
        )

    async def mark_as_read(
        self,
        room_id: str,
        user_id: str,
        message_id: str | None = None,
        *,
        thread_id: str | None = None,
    ) -> ReadState:
        """Mark a room read, or a thread of it, up to a message or all of it."""
        given: dict[str, Any] = {
            "user_id": user_id,
            "room_id": room_id,
            "message_id": message_id,
            "socket_id": None,
        }
        if thread_id is not None:
            return await self._db.write(mark_thread_as_read, thread_id=thread_id, **given)
        return await self._db.write(mark_as_read, **given)

    async def send_typing(self, room_id: str, user_id: str, *, typing: bool = True) -> None:
        """Tell the room that the user is typing, at most every two seconds."""
        await self._db.read(require_place, room_id, user_id)
        who = await self._db.read(identity_of, user_id)
        self._rules.tell_typing(room_id, who, typing=typing, socket_id=None)

    async def delete_message(self, message_id: str, user_id: str) -> None:
        """Delete a message for all: its author, or who administers the room."""
        await self._db.write(
            delete_message,
            user_id=user_id,
            message_id=message_id,
            socket_id=None,
            audience=self._rules.audience,
        )

    async def edit_message(
        self, message_id: str, content: str, user_id: str | None = None
    ) -> MessageView:
        """Give a message new words, for its author. A `user_id` must be the author's."""
        draft = _checked(MessageEdit, messageId=message_id, content=content)
        author = await self._db.read(author_of, draft.message_id)
        editor = await self._db.read(identity_of, user_id or author)
        content = self._content(draft.content)
        return await self._db.write(
            edit_message,
            user_id=editor.user_id,
            message_id=draft.message_id,
            content=await screened_edit(
                self._rules.before_send, self._db, editor, draft.message_id, content
            ),
            socket_id=None,
            audience=self._rules.audience,
        )

    async def get_total_unread_count(self, user_id: str) -> int:
        """Count what the user has not read, over all rooms that are not muted."""
        return (await self._db.read(get_total_unread_count, user_id=user_id)).total

    def _content(self, content: str) -> str:
        return require_content(content, max_characters=self._rules.message_max_characters)


def _checked(shape: Any, **fields: Any) -> Any:
    """Return what is asked for with all checks of the HTTP API."""
    return read_body(encode_json(fields), shape)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
