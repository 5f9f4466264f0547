"""What the routes of chat may ask for by name: its rules, and the road of what is not stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from litestar.di import NamedDependency, Provide
from litestar.types import Scope

from kabar.core.events import Publisher
from kabar.features.accounts.identity import Caller, Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.before_send.asking import BeforeSend
from kabar.features.chat.events import typing_publication
from kabar.features.chat.search.turns import SearchTurns
from kabar.features.chat.text import require_attachments, require_content
from kabar.features.chat.typing import TypingGate
from kabar.infra.http.parts import part
from kabar.infra.http.rate_limits import RateLimit


@dataclass(frozen=True, kw_only=True)
class ChatRules:
    """How much of everything chat takes, from the settings."""

    message_max_characters: int
    message_max_attachments: int
    room_max_participants: int
    groups_per_user: int
    #: by each user
    groups_made: RateLimit
    scheduled_messages_per_user: int
    #: None when realtime is switched off
    publisher: Publisher | None
    #: signs what an Idempotency-Key stands for
    secret: bytes
    typing_gate: TypingGate = field(default_factory=TypingGate)
    #: so long it is known what has changed
    sync_days: int
    #: who searches
    searches: SearchTurns = field(default_factory=SearchTurns)
    #: who listens to the rooms here
    audience: Audience
    #: judges what is said before it is kept
    before_send: BeforeSend

    def content_of(self, content: str, attachment_ids: Sequence[str]) -> str:
        """Return what somebody wants to say, as it is stored; it may be empty beside files."""
        if attachment_ids:
            require_attachments(attachment_ids, most=self.message_max_attachments)
        return require_content(
            content,
            max_characters=self.message_max_characters,
            may_be_empty=bool(attachment_ids),
        )

    def tell_typing(
        self, room_id: str, who: Identity, *, typing: bool, socket_id: str | None
    ) -> None:
        """Pass it on to the room, unless it was just now."""
        if self.publisher and self.typing_gate.may_pass(room_id, who.user_id, typing=typing):
            said = typing_publication(
                room_id=room_id,
                user_id=who.user_id,
                name=who.name,
                typing=typing,
                except_socket=socket_id,
            )
            self.publisher.publish([said])


Rules = NamedDependency[ChatRules]


# It asks for `caller` only to stand in the row: see `http/inject.py`.
def provide_rules(scope: Scope, caller: Caller) -> ChatRules:  # noqa: ARG001
    """Return the rules of chat."""
    return part(scope, ChatRules)


CHAT_DEPENDENCIES: Mapping[str, Provide] = {"rules": Provide(provide_rules, sync_to_thread=False)}
