"""Identity: the user who sends a request, and how routes ask for them."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar.di import NamedDependency


class Identity(msgspec.Struct, frozen=True):
    """A signed-in user: the fields that many requests need, and the session or token they use."""

    user_id: str
    username: str
    name: str
    avatar: str | None
    session_id: str | None
    token_id: str | None
    #: None: until it is revoked
    expires_at: datetime | None

    @property
    def proof(self) -> str | None:
        """The id of the session or token; None: Kabar itself acts for them."""
        return self.session_id or self.token_id


#: what a route asks for as `caller` (signed in, or 401) or as `visitor` (perhaps not signed in)
Caller = NamedDependency[Identity]
Visitor = NamedDependency[Identity | None]
