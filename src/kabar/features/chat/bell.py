"""The chat bell: what people hear of a room on their own channels."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kabar.core.events import Publication, encode_json
from kabar.core.text import beginning
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.text import shown

#: of a message, on the chat bell
PREVIEW_CHARACTERS = 50


class Recipient(msgspec.Struct, frozen=True, array_like=True):
    """A participant who listens while something happens in a room, and what they have not read."""

    user_id: str
    unread_count: int
    #: of two counts of one room and person, the one with the larger version is the newer one
    version: int
    #: those of the user's channels that they listen to
    channels: tuple[str, ...]
    #: of a message that mentioned them: how often they are still
    mentions_count: int | None = None
    first_mention_id: str | None = None


class Bell(msgspec.Struct, frozen=True, array_like=True):
    """What all hear of a message who stand at the same place of its room, on their own channels."""

    channels: tuple[str, ...]
    unread_count: int
    version: int
    #: where it mentions them
    mentions_count: int | None = None


def bell_publications(
    message: MessageView, bells: Iterable[Bell], *, is_silent: bool
) -> Iterable[Publication]:
    """Return what rings the chat bells: once for all who hear the same."""
    content = beginning(shown(message.content, message.type), characters=PREVIEW_CHARACTERS)
    for bell in bells:
        data = {
            "roomId": message.room_id,
            "messageId": message.id,
            "seq": message.seq,
            "senderId": message.sender_id,
            "senderName": message.sender.name,
            "createdAt": message.created_at,
            "content": content,
            "unreadCount": bell.unread_count,
            "version": bell.version,
            **({"silent": True} if is_silent else {}),
        }
        if bell.mentions_count is not None:
            data["mentionsCount"] = bell.mentions_count
        yield Publication(
            channels=bell.channels,
            event="new-message",
            data=encode_json(data).decode(),
            is_shared=True,
        )
