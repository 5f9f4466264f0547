"""Asking: what may be a poll, and what the message says that carries it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from kabar.core.errors import KabarError
from kabar.core.text import is_blank
from kabar.core.times import utc_now
from kabar.features.chat.polls.kept import KeptPoll
from kabar.features.chat.polls.schemas import PollDraft, PollView
from kabar.features.chat.schemas import DirectDraft, MessageDraft
from kabar.infra.http.field_errors import refuse

#: until when it may be voted in
FURTHEST = timedelta(days=366)

D = TypeVar("D", MessageDraft, DirectDraft)


def with_poll(draft: D) -> D:
    """Return a draft as it is stored: its poll tidied, its words the question if it has no others.

    So lists, the bell, quotes and clients that know no polls show what is asked.
    """
    poll = draft.poll
    if poll is None:
        if draft.type == "poll":
            raise refuse("poll", "This field is required.")
        return draft
    if draft.type not in {"text", "poll"}:
        raise refuse("type", "Must be poll, or absent.")
    if draft.attachment_ids:
        raise refuse("attachmentIds", "A poll has no files.")
    tidy = _tidied(poll)
    content = draft.content if draft.content.strip() else tidy.question
    return msgspec.structs.replace(draft, content=content, type="poll", poll=tidy)


def _tidied(poll: PollDraft) -> PollDraft:
    question, options = _line(poll.question), [_line(text) for text in poll.options]
    if is_blank(question):
        raise refuse("poll.question", "May not be empty.")
    for place, option in enumerate(options):
        if is_blank(option):
            raise refuse(f"poll.options[{place}]", "May not be empty.")
        if option in options[:place]:
            raise refuse(f"poll.options[{place}]", "Must be another one than those before it.")
    return msgspec.structs.replace(
        poll, question=question, options=options, closes_at=_in_utc(poll.closes_at)
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _in_utc(time: datetime | None) -> datetime | None:
    try:
        return None if time is None else time.astimezone(UTC)
    except OverflowError:
        # On the first or the last day that there is, in another zone.
        raise _not_then() from None


def cannot_close(poll: PollDraft | None, now: datetime) -> KabarError | None:
    """Return what is wrong with the time at which a poll is to be closed.

    Asked when it is sent, not when it comes in: who sends it once more, later, gets the first one.
    """
    if poll is None or poll.closes_at is None or now < poll.closes_at <= now + FURTHEST:
        return None
    return _not_then()


def _not_then() -> KabarError:
    return refuse("poll.closesAt", "Must be a time in the future, within a year.")


def is_same(poll: PollDraft | None, asked: PollView | msgspec.UnsetType) -> bool:
    """Say whether a poll is the one that was asked before, whatever has become of that."""
    if poll is None or asked is msgspec.UNSET:
        return poll is None and asked is msgspec.UNSET
    return _words(KeptPoll.of(poll).view(utc_now())) == _words(asked)


def _words(poll: PollView) -> tuple[Any, ...]:
    options = [option.text for option in poll.options]
    return poll.question, options, poll.multiple, poll.closes_at
