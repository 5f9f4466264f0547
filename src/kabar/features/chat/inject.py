"""What the routes of chat may ask for by name: its rules, and the road of what is not stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from litestar.di import NamedDependency, Provide
from litestar.types import Scope

from kabar.core.events import Publisher
from kabar.features.accounts.identity import Caller
from kabar.features.chat.audience import Audience
from kabar.features.chat.typing import TypingGate
from kabar.infra.http.parts import part


@dataclass(frozen=True, kw_only=True)
class ChatRules:
    """How much of everything chat takes, from the settings."""

    message_max_characters: int
    room_max_participants: int
    #: None when realtime is switched off
    publisher: Publisher | None
    #: signs what an Idempotency-Key stands for
    secret: bytes
    typing_gate: TypingGate = field(default_factory=TypingGate)
    #: who listens to the rooms here
    audience: Audience


Rules = NamedDependency[ChatRules]


# It asks for `caller` only to stand in the row: see `http/inject.py`.
def provide_rules(scope: Scope, caller: Caller) -> ChatRules:  # noqa: ARG001
    """Return the rules of chat."""
    return part(scope, ChatRules)


CHAT_DEPENDENCIES: Mapping[str, Provide] = {"rules": Provide(provide_rules, sync_to_thread=False)}
