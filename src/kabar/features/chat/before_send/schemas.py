"""What the application is asked, and what it answers."""

from __future__ import annotations

from typing import Literal

import msgspec

from kabar.features.accounts.identity import Identity
from kabar.features.chat.polls.schemas import PollDraft
from kabar.infra.http.views import View


class AskedSender(View, frozen=True):
    """Who wants to say it."""

    id: str
    username: str
    name: str

    @classmethod
    def of(cls, sender: Identity) -> AskedSender:
        return cls(sender.user_id, sender.username, sender.name)


class AskedPoll(View, frozen=True):
    """What somebody wants to ask the others."""

    question: str
    options: list[str]

    @classmethod
    def of(cls, poll: PollDraft) -> AskedPoll:
        return cls(poll.question, poll.options)


class AskedMessage(View, frozen=True, kw_only=True):
    """What somebody wants to say, or which words a message shall have from now on."""

    kind: Literal["send", "scheduled", "forward", "edit"]
    room_id: str
    sender: AskedSender
    content: str
    type: str | None = None
    #: of one that is edited
    message_id: str | None = None
    reply_to_id: str | None = None
    attachment_ids: list[str] = []
    poll: AskedPoll | None = None


class Question(View, frozen=True, kw_only=True):
    """A call of the application, in the form of Standard Webhooks."""

    type: str = "message.before-send"
    timestamp: str
    data: AskedMessage


class Verdict(msgspec.Struct, frozen=True):
    """What the application says to it."""

    action: Literal["allow", "refuse", "replace"]
    #: of a refusal: what the sender is told
    text: str | None = None
    #: in place of what was to be said
    content: str | None = None
