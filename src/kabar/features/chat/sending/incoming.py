"""What comes in: messages that somebody wants to say, and what each gets for an answer."""

from __future__ import annotations

from typing import NamedTuple

from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.forwarding.origins import Origin
from kabar.features.chat.mentions.names import names_in
from kabar.features.chat.schemas import MessageDraft, MessageView

#: room, user
PlaceKey = tuple[str, str]
#: room, sender, client id
SendKey = tuple[str, str, str]
#: room, message
MessageKey = tuple[str, str]
#: room, message, and the thread in which it is answered; "": in the room itself
AnswerKey = tuple[str, str, str]


class Send(NamedTuple):
    """One message to be sent; its content has been checked."""

    sender: Identity
    draft: MessageDraft
    socket_id: str | None
    #: who listens here
    audience: Audience
    #: whether its client id is an Idempotency-Key, which stands for one body and no other
    is_keyed: bool = False
    #: nobody is writing it just now: what its sender has half written is something else
    keeps_draft: bool = False
    #: who said it first, if it is forwarded
    origin: Origin | None = None
    #: as which it waited for its time: its files waited with it
    scheduled_id: str | None = None

    @property
    def place(self) -> PlaceKey:
        return self.draft.room_id, self.sender.user_id

    @property
    def key(self) -> SendKey | None:
        """What makes it the same message as another one."""
        client_id = self.draft.client_id
        return None if client_id is None else (*self.place, client_id)

    @property
    def answers(self) -> AnswerKey | None:
        """The message that it answers."""
        draft = self.draft
        if draft.reply_to_id is None:
            return None
        return draft.room_id, draft.reply_to_id, draft.thread_id or ""

    @property
    def hangs_on(self) -> MessageKey | None:
        """The message that its thread hangs on."""
        thread_id = self.draft.thread_id
        return None if thread_id is None else (self.draft.room_id, thread_id)

    @property
    def names(self) -> list[str]:
        """The names that it mentions, whether anybody has them or not; not what others said."""
        return [] if self.origin else names_in(self.draft.content)

    @property
    def offers(self) -> list[str]:
        """The files that it brings."""
        return self.draft.attachment_ids


class Sent(NamedTuple):
    """The message, and whether this call made it (or an earlier one with the same client id)."""

    message: MessageView
    is_new: bool
