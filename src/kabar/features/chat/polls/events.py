"""What is told of polls: how many have chosen what, and never who."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import private_user_channel
from kabar.features.chat.channels import private_room
from kabar.features.chat.polls.schemas import PollView


class _OfPoll(Event, frozen=True, kw_only=True):
    room_id: str
    message_id: str
    seq: int
    #: without `mine`
    poll: PollView
    #: of the message
    version: int
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def told(self, poll: PollView) -> dict[str, Any]:
        return {
            "roomId": self.room_id,
            "messageId": self.message_id,
            "seq": self.seq,
            "poll": poll,
            "version": self.version,
        }


class PollVoted(_OfPoll, frozen=True, kw_only=True):
    """Somebody chose something else than before in a poll."""

    voter_id: str
    chosen: list[str]

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.room_id),),
            "poll-voted",
            self.told(self.poll),
            except_socket=self.socket_id,
        )
        # The voter's other devices show what they chose.
        yield publication(
            (private_user_channel(self.voter_id),),
            "poll-voted",
            self.told(with_mine(self.poll, self.chosen)),
            except_socket=self.socket_id,
        )


class PollClosed(_OfPoll, frozen=True, kw_only=True):
    """The author of a poll closed it before its time."""

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.room_id),),
            "poll-closed",
            self.told(self.poll),
            except_socket=self.socket_id,
        )


def with_mine(poll: PollView, chosen: Sequence[str]) -> PollView:
    """Return a poll as somebody sees it who has chosen this."""
    return replace(
        poll, options=[replace(option, mine=option.id in chosen) for option in poll.options]
    )
