"""Shapes of polls: how one is asked, voted in, and seen."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View

MOST_OPTIONS = 10
QUESTION_CHARACTERS = 300
OPTION_CHARACTERS = 100

_Question = Annotated[str, msgspec.Meta(min_length=1, max_length=QUESTION_CHARACTERS)]
_Option = Annotated[str, msgspec.Meta(min_length=1, max_length=OPTION_CHARACTERS)]
_OptionId = Annotated[str, msgspec.Meta(min_length=1, max_length=16)]


class PollDraft(Body):
    """What somebody asks, and what one can answer."""

    question: _Question
    options: Annotated[list[_Option], msgspec.Meta(min_length=2, max_length=MOST_OPTIONS)]
    #: whether one may choose several
    multiple: bool = False
    #: with a zone; None: when its author closes it
    closes_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Ballot(Body):
    """What somebody chooses, in place of what they chose before; nothing takes a vote back."""

    option_ids: Annotated[list[_OptionId], msgspec.Meta(max_length=MOST_OPTIONS)]


class PollOption(View, frozen=True, kw_only=True):
    """An answer of a poll, and how many have chosen it."""

    id: str
    text: str
    count: int
    #: whether the caller has; not in what many are told at once
    mine: bool | msgspec.UnsetType = msgspec.UNSET


class PollView(View, frozen=True, kw_only=True):
    """A poll. Who chose what is told to nobody."""

    question: str
    options: list[PollOption]
    voters_count: int
    multiple: bool
    closes_at: str | None
    #: by its author, or because its time is over
    closed: bool
