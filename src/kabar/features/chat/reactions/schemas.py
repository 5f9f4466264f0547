"""The shapes of who reacted."""

from __future__ import annotations

from kabar.features.chat.schemas import PersonView
from kabar.infra.http.views import View


class ReactionView(View, frozen=True, kw_only=True):
    """Who put an emoji on a message, and when."""

    emoji: str
    user: PersonView
    created_at: str


class PageOfReactions(View, frozen=True, kw_only=True):
    """Who reacted to a message, newest first."""

    reactions: list[ReactionView]
    next_cursor: str | None
