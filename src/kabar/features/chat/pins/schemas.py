"""What pins answer."""

from __future__ import annotations

from kabar.features.chat.schemas import MessageView
from kabar.infra.http.views import View


class PinsView(View, frozen=True, kw_only=True):
    """What is pinned in a room, what was pinned last first."""

    messages: list[MessageView]
