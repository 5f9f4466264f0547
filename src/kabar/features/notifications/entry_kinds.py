"""Kinds of entries of rooms: what each of them shows, and when it is unread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    case,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from kabar.features.chat.deleting.hiding import gone_after
from kabar.features.chat.mentions.counting import mentions_of
from kabar.features.chat.mentions.last import LAST_MENTION_SEQ
from kabar.features.chat.mine.quiet import IS_FOR_MENTIONS, IS_LOUD
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.muting.quiet import QUIETS_SOME, is_quiet, unheard_after
from kabar.features.chat.receipts.marking import EVER_READ_SEQ
from kabar.features.chat.recipients import DEALT_WITH
from kabar.features.notifications.models import Filter, NotificationType
from kabar.infra.db.functions import greatest

#: what somebody said: system messages are no news
_HAS_NEW = ChatRoom.last_said_seq > EVER_READ_SEQ
#: the message that the entry shows
SHOWN_SEQ: ColumnElement[int] = case(
    (_HAS_NEW, ChatRoom.last_said_seq), else_=ChatParticipant.told_seq
)
SHOWN_AT: ColumnElement[datetime] = case(
    (_HAS_NEW, ChatRoom.last_message_at), else_=ChatParticipant.told_at
)
READ_SEQ = greatest(ChatParticipant.last_read_seq, ChatParticipant.bell_read_seq)
_HEARD = aliased(Message)
#: of who blocks or mutes somebody: the newest message up to there that is for their bell
_HEARD_SEQ: ColumnElement[int] = (
    select(_HEARD.seq)
    .where(
        _HEARD.room_id == ChatRoom.id,
        _HEARD.seq <= SHOWN_SEQ,
        _HEARD.happening.is_(None),
        _HEARD.thread_id.is_(None),
        ~is_quiet(_HEARD),
    )
    .order_by(_HEARD.seq.desc())
    .limit(1)
    .correlate_except(_HEARD)
    .scalar_subquery()
)


#: where it began: with the first message that has not been dealt with
_FIRST_SEQ = case(
    (ChatRoom.last_said_seq > READ_SEQ, READ_SEQ + 1),
    (_HAS_NEW, ChatParticipant.last_read_seq + 1),
    else_=ChatParticipant.told_seq,
)


class Entries:
    """What is so of entries: of rooms in which some messages are quiet to somebody, and of others.

    They are asked for apart: PostgreSQL takes looking for what is quiet for so dear that it would
    rather read all rooms, even where nothing is.
    """

    def __init__(self, are_theirs: ColumnElement[bool], *, may_be_quiet: bool = False) -> None:
        self._uncounted_after = unheard_after if may_be_quiet else gone_after
        self.type = NotificationType.NEW_MESSAGE
        #: up to which message it goes, and when that was said
        self.shown_seq: ColumnElement[int] = SHOWN_SEQ
        self.shown_at: ColumnElement[datetime] = SHOWN_AT
        self.has_new: ColumnElement[bool] = _HAS_NEW
        self.first_seq: ColumnElement[int] = _FIRST_SEQ
        #: the message whose words the entry shows
        self.told_seq: ColumnElement[int] = _HEARD_SEQ if may_be_quiet else SHOWN_SEQ
        self.of_theirs = and_(are_theirs, IS_LOUD, SHOWN_SEQ > 0)
        #: wherever it is shown: what is archived is not counted
        self.to_read = or_(ChatParticipant.bell_is_unread, self._something_after(READ_SEQ))
        self.to_see = self._something_after(DEALT_WITH)
        self.unread = (
            ChatRoom.last_seq
            - ChatParticipant.last_read_seq
            - self._uncounted_after(ChatParticipant.last_read_seq)
        )

    @property
    def is_shown(self) -> ColumnElement[bool]:
        return and_(self.of_theirs, self.told_seq > ChatParticipant.bell_hidden_seq)

    @property
    def are_unread(self) -> ColumnElement[bool]:
        return and_(self.is_shown, self.to_read)

    @property
    def are_unseen(self) -> ColumnElement[bool]:
        return and_(self.is_shown, self.to_see)

    def filtered(self, only: Filter | None) -> ColumnElement[bool]:
        match only:
            case None:
                return self.is_shown
            case "unread":
                return self.are_unread
            case "archived":
                return and_(
                    self.of_theirs,
                    self.told_seq <= ChatParticipant.bell_hidden_seq,
                    ChatParticipant.bell_archived_at.is_not(None),
                )

    def _something_after(self, seq: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether anything that counts came after a position."""
        uncounted = self._uncounted_after(seq)
        return and_(ChatRoom.last_seq > seq, ChatRoom.last_seq - seq - uncounted > 0)


_MENTION, _SAID = mentions_of(ChatRoom.id, ChatParticipant.user_id)
#: the newest message that mentions them, of whom they neither block nor mute
_MENTIONED: Any = _MENTION.where(~is_quiet(_SAID)).order_by(_SAID.seq.desc()).limit(1)
_MENTIONED_SEQ: ColumnElement[int] = _MENTIONED.scalar_subquery()
_MENTIONS_UNREAD: ColumnElement[int] = (
    _MENTION.where(~is_quiet(_SAID), _SAID.seq > ChatParticipant.last_read_seq)
    .with_only_columns(func.count())
    .scalar_subquery()
)


class Mentions(Entries):
    """Of rooms of which only mentions are told: the entry is about the newest of them."""

    def __init__(self) -> None:
        super().__init__(IS_FOR_MENTIONS)
        self.type = NotificationType.MENTION
        self.shown_seq = self.told_seq = self.first_seq = _MENTIONED_SEQ
        self.shown_at = _MENTIONED.with_only_columns(_SAID.created_at).scalar_subquery()
        self.has_new = _MENTIONED_SEQ > EVER_READ_SEQ
        self.of_theirs = and_(IS_FOR_MENTIONS, LAST_MENTION_SEQ > 0)
        self.to_read = or_(ChatParticipant.bell_is_unread, _MENTIONED_SEQ > READ_SEQ)
        self.to_see = _MENTIONED_SEQ > DEALT_WITH
        self.unread = _MENTIONS_UNREAD


#: of who blocks or mutes nobody, as nearly everybody: the rest is not even asked for
PLAIN = Entries(true())
#: of who does, or wants to be told of mentions only somewhere
KINDS = (
    Entries(~QUIETS_SOME),
    Entries(QUIETS_SOME, may_be_quiet=True),
    Mentions(),
)


def of_all(make: Callable[[Entries], Any]) -> CompoundSelect[Any]:
    """Return what a statement finds for the entries of all kinds."""
    return union_all(*map(make, KINDS))
