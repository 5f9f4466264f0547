"""Shapes of what somebody sets of a room for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from kabar.features.chat.mine.notify import Notify
from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View


class DraftEdit(Body):
    """What somebody has half written, and the message that it answers."""

    content: str
    reply_to_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


class MyRoomEdit(Body):
    """How I see a room; what is absent stays."""

    is_muted: bool | msgspec.UnsetType = msgspec.UNSET
    #: with a zone; None: no longer for a time
    muted_until: Annotated[datetime, msgspec.Meta(tz=True)] | msgspec.UnsetType | None = (
        msgspec.UNSET
    )
    is_pinned: bool | msgspec.UnsetType = msgspec.UNSET
    is_archived: bool | msgspec.UnsetType = msgspec.UNSET
    notify: Notify | msgspec.UnsetType = msgspec.UNSET
    draft: DraftEdit | msgspec.UnsetType | None = msgspec.UNSET


class DraftView(View, frozen=True, kw_only=True):
    """What somebody has half written."""

    content: str
    #: only where it answers a message
    reply_to_id: str | msgspec.UnsetType = msgspec.UNSET


class Choices(View, frozen=True, kw_only=True):
    """What somebody has set of a room, as it is now."""

    is_muted: bool
    #: None: for good, or not at all
    muted_until: str | None
    is_pinned: bool
    is_archived: bool
    notify: Notify
    draft: DraftView | None
