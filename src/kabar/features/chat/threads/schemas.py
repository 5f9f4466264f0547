"""Shapes of threads."""

from __future__ import annotations

import msgspec

from kabar.infra.http.views import View


class ThreadView(View, frozen=True, kw_only=True):
    """What hangs on a message: how many replies, when the last was said, what one has not read."""

    replies_count: int
    last_reply_at: str | None
    #: of who follows it, else 0; not in what many are told at once
    unread_count: int | msgspec.UnsetType = msgspec.UNSET
    #: of two unread counts, that with the larger one is newer
    version: int | msgspec.UnsetType = msgspec.UNSET
