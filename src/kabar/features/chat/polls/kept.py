"""Kept: what a message keeps of its poll, the counts with it: nobody counts votes (decision 47)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from kabar.core.events import encode_json
from kabar.core.times import read_rfc3339, rfc3339, utc_now
from kabar.features.chat.polls.schemas import PollDraft, PollOption, PollView


class _Option(msgspec.Struct, array_like=True):
    text: str
    count: int = 0


class KeptPoll(msgspec.Struct, rename="camel", omit_defaults=True):
    """A poll as JSON in `Message.poll`. An option is known by its place, from 1 on."""

    question: str
    options: list[_Option]
    voters: int = 0
    multiple: bool = False
    closes_at: str | None = None
    closed_at: str | None = None

    @classmethod
    def of(cls, draft: PollDraft) -> KeptPoll:
        return cls(
            question=draft.question,
            options=[_Option(text) for text in draft.options],
            multiple=draft.multiple,
            closes_at=None if draft.closes_at is None else rfc3339(draft.closes_at),
        )

    @classmethod
    def asked_as(cls, poll: PollView) -> KeptPoll:
        """Return one in which nobody has voted yet."""
        return cls(
            question=poll.question,
            options=[_Option(option.text) for option in poll.options],
            multiple=poll.multiple,
            closes_at=poll.closes_at,
        )

    @property
    def option_ids(self) -> list[str]:
        return [str(place) for place in range(1, len(self.options) + 1)]

    def is_closed(self, now: datetime) -> bool:
        """Nothing has to happen at the time: it is judged whenever somebody asks."""
        if self.closed_at is not None:
            return True
        return self.closes_at is not None and read_rfc3339(self.closes_at) <= now

    def count(self, before: Sequence[str], after: Sequence[str]) -> None:
        """Count what somebody chooses now in place of what they chose before."""
        for option_ids, step in ((before, -1), (after, 1)):
            for option_id in option_ids:
                self.options[int(option_id) - 1].count += step
        self.voters += bool(after) - bool(before)

    def view(self, now: datetime) -> PollView:
        return PollView(
            question=self.question,
            options=[
                PollOption(id=option_id, text=option.text, count=option.count)
                for option_id, option in zip(self.option_ids, self.options, strict=True)
            ],
            voters_count=self.voters,
            multiple=self.multiple,
            closes_at=self.closes_at,
            closed=self.is_closed(now),
        )

    def written(self) -> str:
        return encode_json(self).decode()


read_poll = msgspec.json.Decoder(KeptPoll).decode


def poll_view(kept: str | None) -> PollView | msgspec.UnsetType:
    """Return the poll of a message as it is now, if it has one."""
    return msgspec.UNSET if kept is None else read_poll(kept).view(utc_now())


def new_poll(draft: PollDraft | None, now: datetime) -> PollView | msgspec.UnsetType:
    """Return the poll of a message that is being said, if it has one."""
    return msgspec.UNSET if draft is None else KeptPoll.of(draft).view(now)


def searched_words(content: str, poll: PollView | msgspec.UnsetType) -> str:
    """Return the words by which a message is found: its content, and the question of its poll."""
    if poll is msgspec.UNSET or poll.question == content:
        return content
    return f"{content}\n{poll.question}"
