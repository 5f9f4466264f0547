"""What a call of Pusher's HTTP API says once it is known who says it, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kabar.engines.realtime.apps.app import App

#: unique names; what came as an array has all its values
Parameters = Mapping[str, str | tuple[str, ...]]


class Rejection(Exception):
    """The call is answered with this status and this line of plain text."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text
        super().__init__(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCall:
    """All that may be known of a call: what its app has signed, read once.

    Whoever answers a call has this and no request, so nothing can be acted on that was not
    verified. It is made by `verifying.verified`, and by the server itself for its operator.
    """

    app: App
    #: what the path names: `channel`, `user_id`
    names: Mapping[str, str] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=dict)
    body: bytes = b""
    #: the header `Idempotency-Key`, which no signature covers: it can make a call do less, not more
    idempotency_key: str | None = None

    def parameter(self, name: str) -> str | None:
        """Return a parameter; of one that came as an array, its values with commas between."""
        found = self.parameters.get(name)
        return ",".join(found) if isinstance(found, tuple) else found

    def array(self, name: str) -> list[str]:
        """Return the values of a list; one that came as a text has commas between them."""
        found = self.parameters.get(name, ())
        return found.split(",") if isinstance(found, str) else list(found)


class Reply(NamedTuple):
    """The answer to a call."""

    body: bytes
    status: int = 200
    #: nothing was delivered, because the first call with this key did so
    is_replayed: bool = False
