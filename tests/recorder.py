"""A publisher for tests: it keeps what is published, in order."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from kabar.core.events import Dismissal, Publication, Revocation


class Recorder:
    """Stands where the realtime engine stands."""

    def __init__(self) -> None:
        self.all: list[Publication | Revocation | Dismissal] = []

    def publish(self, publications: Sequence[Publication]) -> None:
        self.all.extend(publications)

    def revoke(self, channel: str, user_id: str) -> None:
        self.all.append(Revocation(channel=channel, user_id=user_id))

    def reauthorize(self, user_id: str) -> None:
        self.all.append(Dismissal(user_id=user_id))

    arrivals = 0

    def listening(self, channels: AbstractSet[str]) -> AbstractSet[str]:
        """Say that somebody listens to everything."""
        return channels

    def publications(self, event: str) -> list[Publication]:
        """Return what was published under this name."""
        return [one for one in self.all if isinstance(one, Publication) and one.event == event]
