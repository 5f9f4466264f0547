"""Identity: the user who sends a request, and how routes ask for them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec
from litestar.di import NamedDependency

from kabar.features.keys.keys import ApiKey


class Identity(msgspec.Struct, frozen=True):
    """A user who calls: the fields that many requests need, and the session or token they use, or
    the API key of the application that acts for them."""

    user_id: str
    username: str
    name: str
    avatar: str | None
    session_id: str | None
    token_id: str | None
    #: None: until it is revoked
    expires_at: datetime | None
    #: of the application that acts for them
    key_id: str | None = None

    @property
    def proof(self) -> str | None:
        """What stands for the session, token or key; None: Kabar itself acts for them."""
        if self.key_id is not None:
            # A key is good for one user only as long as there is that user.
            return f"{self.key_id} {self.user_id}"
        return self.session_id or self.token_id


class Moderator(NamedTuple):
    """Who calls for what moderators may: somebody who may be one, an application, or both, where
    the application acts for them."""

    identity: Identity | None
    key: ApiKey | None = None


#: what a route asks for as `caller` (signed in, or 401) or as `visitor` (perhaps not signed in)
Caller = NamedDependency[Identity]
Visitor = NamedDependency[Identity | None]
#: what a route asks for as `moderator`
CallingModerator = NamedDependency[Moderator]
