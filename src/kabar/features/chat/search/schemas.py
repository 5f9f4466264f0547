"""What search answers."""

from __future__ import annotations

from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.infra.http.views import View


class FoundView(MessageView, frozen=True, kw_only=True):
    """A message that was found, and where in its content that stands which was looked for:
    `[start, end]` in UTF-16 code units, as JavaScript counts. What was said before and after it is
    there in short; null: nothing was."""

    highlights: list[tuple[int, int]]
    previous: ReplyView | None
    next: ReplyView | None


class PageOfFound(View, frozen=True, kw_only=True):
    """Messages that were found, newest first. There may be more even if there are few of them:
    `nextCursor` says so."""

    messages: list[FoundView]
    next_cursor: str | None
