"""What moderators are told of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import private_user_channel


class ModerationChanged(Event, frozen=True, kw_only=True):
    """There is something else to do for moderators, or to see."""

    #: all who are told
    staff: tuple[str, ...]
    about: Literal["reports", "suspensions"]

    @property
    def concerns(self) -> tuple[str, ...]:
        return self.staff

    def publications(self) -> Iterable[Publication]:
        if self.staff:
            channels = [private_user_channel(user_id) for user_id in self.staff]
            yield publication(channels, "moderation-changed", {"about": self.about})
