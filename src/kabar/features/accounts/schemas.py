"""Shapes of accounts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from msgspec import UNSET, Meta, UnsetType

from kabar.core.text import is_blank, without_hidden
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import ServerRole
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.rules import obeys
from kabar.infra.http.texts import LineText, PictureText
from kabar.infra.http.views import View


def _lower(_field: str, text: str) -> str:
    return text.strip().lower()


def _email(field: str, text: str) -> str:
    email = _lower(field, text)
    if without_hidden(email) != email:
        raise refuse(field, "Must be an e-mail address.")
    return email


def _bio(_field: str, text: str) -> str | None:
    return None if is_blank(text) else text.strip()


#: Lengths and patterns are of what is sent, before it is trimmed.
UsernameText = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^\s*[A-Za-z0-9_.]{3,30}\s*$",
        description="3 to 30 letters (a to z), digits, dots or underscores.",
    ),
    obeys(_lower),
]
EmailText = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=r"^\s*[^@\s]{1,64}@[^@\s]+\.[^@\s.]+\s*$",
        description="an e-mail address.",
    ),
    obeys(_email),
]
Login = Annotated[str, Meta(max_length=254), obeys(_lower)]
Bio = Annotated[str, Meta(max_length=500), obeys(_bio)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=256)]
GivenPassword = Annotated[str, Meta(max_length=256)]


class Registration(Body, kw_only=True):
    """A new account."""

    username: UsernameText
    name: LineText
    email: EmailText
    password: NewPassword


class Credentials(Body, kw_only=True):
    """What one signs in with: username or e-mail address, and password."""

    login: Login
    password: GivenPassword


class Farewell(Body, kw_only=True):
    """What one shows to have one's account erased: the password, where there is one."""

    password: GivenPassword = ""


class TokenDraft(Body, kw_only=True):
    """A token that is to be made, by the name its owner will know it by."""

    name: LineText


class ProfileChanges(Body, kw_only=True):
    """What of one's own account is to change; what is absent stays."""

    name: LineText | UnsetType = UNSET
    username: UsernameText | UnsetType = UNSET
    email: EmailText | UnsetType = UNSET
    bio: Bio | UnsetType | None = UNSET
    avatar: PictureText | UnsetType | None = UNSET
    #: a private account is asked by who wants to follow it
    is_private: bool | UnsetType = UNSET
    #: whether others hear what they have read, and they what others have
    read_receipts: bool | UnsetType = UNSET
    #: whether anybody may begin to follow one, or ask to
    accepts_follows: bool | UnsetType = UNSET
    #: whether one's lists of followers and followed are for nobody else, and how many these are
    hide_follows: bool | UnsetType = UNSET
    hide_counts: bool | UnsetType = UNSET
    password: NewPassword | UnsetType = UNSET
    #: needed for a new password, and for a new e-mail address
    current_password: GivenPassword | UnsetType = UNSET
    #: whether access tokens outlive a change of the password
    keep_tokens: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.password is not UNSET and self.current_password is UNSET:
            raise refuse("currentPassword", "Needed to change the password.")


class UserView(View, frozen=True):
    """A user as everybody sees them."""

    id: str
    username: str
    name: str
    avatar: str | None
    bio: str | None
    is_private: bool
    is_bot: bool
    accepts_follows: bool
    hide_follows: bool
    #: None, as the next one: they are for nobody else
    followers_count: int | None
    following_count: int | None
    created_at: str


class OwnProfile(UserView, frozen=True):
    """A user as they see themselves."""

    #: None: an application made the account, and gave none
    email: str | None
    role: ServerRole
    read_receipts: bool
    hide_counts: bool
    #: without one they sign in elsewhere
    has_password: bool


class SignedIn(View, frozen=True):
    """Who has just signed in."""

    user: UserView


class SessionView(View, frozen=True, omit_defaults=True):
    """Whose session it is and when it ends; `{"user": null}` without one."""

    user: UserView | None
    expires: str | UnsetType | None = UNSET
    #: of a moderator or admin of this server
    role: ServerRole | UnsetType = UNSET


class NewToken(View, frozen=True):
    """A token, in the one answer that shows it."""

    id: str
    token: str


class TokenView(View, frozen=True):
    """A token as it is listed."""

    id: str
    name: str
    created_at: str
    #: None: until it is revoked
    expires_at: str | None

    @classmethod
    def of(cls, row_id: str, name: str, created_at: datetime, expires_at: datetime | None) -> Self:
        return cls(row_id, name, rfc3339(created_at), rfc3339_or_none(expires_at))


class TokenPage(View, frozen=True):
    """Some of one's tokens, newest first."""

    tokens: list[TokenView]
    next_cursor: str | None
