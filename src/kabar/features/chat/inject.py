"""Dependencies that the routes of chat ask for by name: its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from litestar.di import NamedDependency, Provide

from kabar.core.events import Publisher
from kabar.features.accounts.identity import Caller
from kabar.features.chat.typing import TypingGate


@dataclass(frozen=True, kw_only=True)
class ChatRules:
    """Chat's limits, from the settings, and what its routes share."""

    message_max_characters: int
    room_max_participants: int
    #: in rooms with more participants, a message is not published on each one's own channel
    tell_at_most: int
    #: for what is published and not stored; None when realtime is switched off
    publisher: Publisher | None
    #: makes the fingerprints of requests with an Idempotency-Key
    secret: bytes
    typing_gate: TypingGate = field(default_factory=TypingGate)


Rules = NamedDependency[ChatRules]


def chat_dependencies(rules: ChatRules) -> Mapping[str, Provide]:
    """Return the provider of `rules`."""

    # It asks for `caller` only to be resolved after it: see `infra/http/inject.py`.
    def provide_rules(caller: Caller) -> ChatRules:  # noqa: ARG001
        return rules

    return {"rules": Provide(provide_rules, sync_to_thread=False)}
