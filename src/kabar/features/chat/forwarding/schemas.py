"""Shapes of forwarding."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View

#: in one call
MOST_ROOMS = 20

_RoomId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ForwardDraft(Body):
    """Into which rooms."""

    room_ids: Annotated[list[_RoomId], msgspec.Meta(min_length=1, max_length=MOST_ROOMS)]


class ForwardedView(View, frozen=True, kw_only=True):
    """Who said at first what a message says, and where, for who is in that room."""

    room_id: str | msgspec.UnsetType = msgspec.UNSET
    sender_name: str
