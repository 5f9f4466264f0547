"""What is told of how somebody has a room: to their other devices, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import private_user_channel
from kabar.features.chat.mine.schemas import Choices, DraftView


class MyRoomChanged(Event, frozen=True, kw_only=True):
    """Somebody muted, pinned or put away a room, or does so no longer."""

    room_id: str
    user_id: str
    me: Choices
    socket_id: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)

    def publications(self) -> Iterable[Publication]:
        data = {"roomId": self.room_id, "me": self.me}
        channels = [private_user_channel(self.user_id)]
        yield publication(channels, "room-updated", data, except_socket=self.socket_id)


class DraftChanged(Event, frozen=True, kw_only=True):
    """Somebody wrote on at something, or it was sent. Nothing is counted because of it."""

    room_id: str
    user_id: str
    draft: DraftView | None
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)

    def publications(self) -> Iterable[Publication]:
        data = {"roomId": self.room_id, "me": {"draft": self.draft}}
        channels = [private_user_channel(self.user_id)]
        yield publication(channels, "room-updated", data, except_socket=self.socket_id)
