"""Shapes of what applications call: their users, under ids that they choose, and their tokens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from kabar.core.errors import FieldError, Invalid
from kabar.features.accounts.schemas import EmailText, UsernameText
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.texts import LineText, PictureText

#: so long a token for a user may be good; one without a time is good until it is revoked
LONGEST_TOKEN = timedelta(days=3660)


class UserTokenDraft(Body, kw_only=True):
    """A token that an application wants for one of its users."""

    name: LineText = "application"
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None

    def ends_after(self, now: datetime) -> datetime | None:
        """Return when it ends, which is later than now."""
        if self.expires_at is not None and not now < self.expires_at < now + LONGEST_TOKEN:
            raise refuse("expiresAt", "Must be a time in the future, at most ten years from now.")
        return self.expires_at


#: No colon, slash or comma, which join ids elsewhere, no dot at the beginning, which is a path's,
#: and nothing that the name of a channel could not hold.
_USER_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.=-]{0,63}")
#: what stands, or may come to stand, in the place of an id in an address, or is said for nobody
_RESERVED = frozenset(
    {
        *("me", "suggestions", "relationships", "saved", "direct", "search", "requests", "invites"),
        *("batch", "export", "import", "new", "all", "everyone", "nobody", "null", "undefined"),
        *("system", "kabar"),
    }
)


class ReservedId(Invalid):
    """This id means something else. Choose another."""

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("id", "This id is reserved.")])


def is_user_id(text: str) -> bool:
    return _USER_ID.fullmatch(text) is not None


def is_reserved(text: str) -> bool:
    return text.lower() in _RESERVED


def chosen_id(text: str) -> str:
    """Return an id that an application has chosen for one of its users."""
    if is_reserved(text):
        raise ReservedId
    if not is_user_id(text):
        raise refuse(
            "id",
            "Must be 1 to 64 letters (a to z), digits, or _ - . = (the first one no . and no =).",
        )
    return text


class UserDraft(Body, kw_only=True):
    """A user as an application wants them to be; what is absent stays, or is made up."""

    name: LineText
    username: UsernameText | UnsetType = UNSET
    email: EmailText | UnsetType | None = UNSET
    avatar: PictureText | UnsetType | None = UNSET
    #: not a person but a program
    is_bot: bool | UnsetType = UNSET
