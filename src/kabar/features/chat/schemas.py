"""What chat takes and answers: the shapes of the HTTP API and of the events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from kabar.features.chat.forwarding.schemas import ForwardedView
from kabar.features.chat.happenings import Happening
from kabar.features.chat.link_previews.schemas import LinkPreviewView
from kabar.features.chat.mine.schemas import Choices
from kabar.features.chat.models import JoinRule, Role, RoomType
from kabar.features.chat.polls.schemas import PollDraft, PollView
from kabar.features.chat.threads.schemas import ThreadView
from kabar.features.uploads.schemas import AttachmentView
from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
#: more than any setting lets through
AttachmentIds = Annotated[list[Id], msgspec.Meta(max_length=100)]
MessageType = Literal["text", "image", "file", "audio", "video"]
DraftType = MessageType | Literal["poll"]


class MessageDraft(Body):
    """What somebody wants to say in a room."""

    room_id: Id
    content: str = ""
    type: DraftType = "text"
    attachment_ids: AttachmentIds = []
    reply_to_id: Id | None = None
    #: the message that the thread hangs on
    thread_id: Id | None = None
    client_id: ClientId | None = None
    poll: PollDraft | None = None
    #: it counts as unread, and rings nowhere
    silent: bool = False
    #: with a zone; None: now
    send_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class DirectDraft(Body):
    """What somebody wants to say to a user."""

    receiver_id: Id
    content: str = ""
    type: DraftType = "text"
    attachment_ids: AttachmentIds = []
    reply_to_id: Id | None = None
    client_id: ClientId | None = None
    poll: PollDraft | None = None
    #: it counts as unread, and rings nowhere
    silent: bool = False


class MessageEdit(Body):
    """New words for a message."""

    message_id: Id
    content: str


class Typing(Body):
    """Whether somebody is typing in a room."""

    room_id: Id
    typing: bool = True


class DirectRoomRequest(Body):
    """With whom."""

    user_id: Id


class PersonView(View, frozen=True, kw_only=True):
    """A user as chat shows them."""

    id: str
    username: str
    name: str
    avatar: str | None


class ReplyView(View, frozen=True, kw_only=True):
    """The message that another one answers."""

    id: str
    seq: int
    sender_id: str
    sender_name: str
    content: str
    deleted_at: str | None


class FormerWordsView(View, frozen=True, kw_only=True):
    """What a message said, and when it no longer did."""

    content: str
    edited_at: str


class EditsView(View, frozen=True, kw_only=True):
    """What a message said before, oldest first."""

    edits: list[FormerWordsView]


class ReactionCount(View, frozen=True, kw_only=True):
    """An emoji on a message, and how many put it there."""

    emoji: str
    count: int
    #: whether the caller did; not in what many are told at once
    mine: bool | msgspec.UnsetType = msgspec.UNSET


class SystemView(View, frozen=True, kw_only=True):
    """What a system message tells: its sender did it, to this user, or to so many with them."""

    happening: Happening
    user_id: str | None
    name: str | None
    count: int | None
    #: the name of the group, or the seconds of slow mode
    value: str | None


class MessageView(View, frozen=True, kw_only=True):
    """A message. `isRead`, `readAt`, `isDelivered` speak of the other person in a direct room."""

    id: str
    room_id: str
    seq: int
    sender_id: str
    sender: PersonView
    receiver_id: str | None
    content: str
    type: str
    attachment_url: str | None
    client_id: str | None
    reply_to: ReplyView | None
    is_read: bool
    read_at: str | None
    is_delivered: bool
    edited_at: str | None
    deleted_at: str | None
    created_at: str
    attachments: list[AttachmentView] = []
    reactions: list[ReactionCount] = []
    #: participants whom it names
    mentions: list[str] = []
    #: how they are written in the text, in lower case, `room` too; not where nobody is mentioned
    mention_names: list[str] | msgspec.UnsetType = msgspec.UNSET
    #: it names everybody
    mentions_room: bool | msgspec.UnsetType = msgspec.UNSET
    pinned_at: str | None = None
    link_previews: list[LinkPreviewView] = []
    #: from then on it is gone for everybody
    expires_at: str | None = None
    #: of two views of a message, that with the larger one is newer
    version: int = 0
    poll: PollView | msgspec.UnsetType = msgspec.UNSET
    forwarded_from: ForwardedView | msgspec.UnsetType = msgspec.UNSET
    #: only where nobody said it; `content` is the same as an English sentence
    system: SystemView | msgspec.UnsetType = msgspec.UNSET
    #: of a reply in a thread: the message that this hangs on
    thread_id: str | None = None
    #: what hangs on it; null: nothing ever did
    thread: ThreadView | None = None


class ForwardedMessages(View, frozen=True, kw_only=True):
    """What was said in other rooms, in their order."""

    messages: list[MessageView]


class PageOfMessages(View, frozen=True, kw_only=True):
    """Messages of a room, oldest first; `lastSeq` is its newest number, in this list or not."""

    messages: list[MessageView]
    has_more_before: bool
    has_more_after: bool
    last_seq: int


class ParticipantView(View, frozen=True, kw_only=True):
    """A participant as a room shows them."""

    id: str
    username: str
    name: str
    avatar: str | None
    role: Role


class MyPlace(Choices, frozen=True, kw_only=True):
    """The caller's own place in a room."""

    role: Role
    unread_count: int
    last_read_seq: int
    #: where one goes on reading; None: nothing is unread, or it is far behind what does not count
    first_unread_id: str | None
    #: what of it mentions the caller, up to 1,000, and the first message that does
    mentions_count: int
    first_mention_id: str | None
    #: of a direct room: the caller blocks the other person
    is_blocking: bool
    #: what was said last is by somebody whom the caller blocks; `lastMessage` is null
    is_end_folded: bool
    #: of two unread counts, that with the larger one is newer
    version: int


class RoomView(View, frozen=True, kw_only=True):
    """A room as the caller sees it. `name` and `avatar` of a direct room are the other person's."""

    id: str
    type: RoomType
    name: str | None
    avatar: str | None
    last_message: str | None
    last_message_at: str | None
    last_seq: int
    participants_count: int
    participants: list[ParticipantView]
    #: in a direct room only
    other_user: PersonView | msgspec.UnsetType = msgspec.UNSET
    #: of the room that one has with oneself, which is a direct one
    is_saved: bool | msgspec.UnsetType = msgspec.UNSET
    me: MyPlace
    created_at: str
    #: so long messages live that are said from now on; 0: for ever
    message_ttl_seconds: int = 0
    #: as what follows, of a group only
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    join_rule: JoinRule | msgspec.UnsetType = msgspec.UNSET
    is_announcement: bool | msgspec.UnsetType = msgspec.UNSET
    slow_mode_seconds: int | msgspec.UnsetType = msgspec.UNSET
    retention_days: int | msgspec.UnsetType | None = msgspec.UNSET


class Conversations(View, frozen=True, kw_only=True):
    """The caller's rooms, pinned first, then newest."""

    conversations: list[RoomView]
    next_cursor: str | None


class ReadState(View, frozen=True, kw_only=True):
    """How far the caller has read a room, or a thread of it. Of two counts, that with the larger
    version is newer."""

    room_id: str
    thread_id: str | msgspec.UnsetType = msgspec.UNSET
    last_read_seq: int
    unread_count: int
    version: int
    #: of a room: a thread counts all that is said there
    mentions_count: int = 0
    first_mention_id: str | None = None

    @property
    def counts(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "unread_count": self.unread_count,
            "version": self.version,
            "mentions_count": self.mentions_count,
            "first_mention_id": self.first_mention_id,
        }


class Unread(View, frozen=True, kw_only=True):
    """What the caller has not read: messages, and rooms with any; muted rooms not counted."""

    total: int
    rooms: int
