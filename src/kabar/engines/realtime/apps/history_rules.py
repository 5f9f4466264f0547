"""History rules: on which channels is history kept, how much, what do new subscribers get?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from kabar.core.errors import CannotStart

_REWIND = re.compile(r"([0-9]{1,9})(s?)")


class Rewind(msgspec.Struct, frozen=True):
    """The last `events` events, or those of the last `seconds` seconds."""

    events: int = 0
    seconds: int = 0


def parse_rewind(value: object) -> Rewind:
    """Read `20`, `"20"` or `"30s"`, or raise ValueError."""
    found = _REWIND.fullmatch(str(value)) if type(value) in {int, str} else None
    if found is None:
        raise ValueError('it must be a number of events, or of seconds such as "30s"')
    number = int(found[1])
    return Rewind(seconds=number) if found[2] else Rewind(events=number)


class HistoryRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much history is kept of each channel whose name begins with `prefix`."""

    prefix: str
    #: events
    size: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    #: how long each is kept: a week at most, because it is memory
    seconds: Annotated[int, msgspec.Meta(ge=1, le=604_800)] = 300
    #: what a new subscriber gets that does not ask: `20` events, or `"30s"`
    rewind: str | int = 0

    def __post_init__(self) -> None:
        try:
            parse_rewind(self.rewind)
        except ValueError as error:
            raise ValueError(f"rewind of the history of {self.prefix!r}: {error}") from None


def find_rule(rules: Sequence[HistoryRule], channel: str) -> HistoryRule | None:
    """Return the rule of a channel: the one with the longest prefix."""
    found = None
    for rule in rules:
        if channel.startswith(rule.prefix) and (
            found is None or len(rule.prefix) > len(found.prefix)
        ):
            found = rule
    return found


def require_different_prefixes(rules: Sequence[HistoryRule]) -> None:
    prefixes = [rule.prefix for rule in rules]
    for prefix in prefixes:
        if prefixes.count(prefix) > 1:
            raise ValueError(f"two rules of history have the prefix {prefix!r}")


def read_history_rules(text: str) -> tuple[HistoryRule, ...]:
    """Read the setting. Raises `CannotStart`, with one line on what is wrong."""
    try:
        rules = msgspec.json.decode(text or "[]", type=tuple[HistoryRule, ...])
        require_different_prefixes(rules)
    except (msgspec.DecodeError, ValueError) as error:
        raise CannotStart(f"KABAR_CHANNEL_HISTORY: {error}") from error
    return rules
