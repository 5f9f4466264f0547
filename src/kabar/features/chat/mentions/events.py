"""What is told when an edit mentions others than the message did before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kabar.core.events import Event, Publication, publication
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


class Moved(msgspec.Struct, frozen=True, array_like=True):
    """What somebody who listens is mentioned in from now on."""

    user_id: str
    channels: tuple[str, ...]
    mentions_count: int
    first_mention_id: str | None


class MentionsMoved(Event, frozen=True, kw_only=True):
    """A message mentions others than before: those hear of it who listened."""

    room_id: str
    people: list[Moved]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def kept(self) -> MentionsMoved:
        return msgspec.structs.replace(self, people=[])

    def publications(self) -> Iterable[Publication]:
        for person in self.people:
            me = {
                "mentionsCount": person.mentions_count,
                "firstMentionId": person.first_mention_id,
            }
            data = {"roomId": self.room_id, "me": me}
            yield publication(person.channels, "room-updated", data)


def _recall(_tx: Transaction, _events: Sequence[MentionsMoved]) -> Sequence[Event]:
    """Who listened is not kept: who comes back after a crash reads the list anyway."""
    return ()


RECALLS: dict[type[Event], Recall] = {MentionsMoved: _recall}
