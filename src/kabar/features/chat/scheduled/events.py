"""What is told of messages that are said later: to their author's devices, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import private_user_channel


class ScheduledChanged(Event, frozen=True, kw_only=True):
    """Something that waited was made, changed, taken back, said, or could not be said."""

    room_id: str
    user_id: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            [private_user_channel(self.user_id)], "scheduled-updated", {"roomId": self.room_id}
        )
