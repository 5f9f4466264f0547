"""Shapes of accounts on the wire."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Self

from msgspec import UNSET, Meta, UnsetType

from kabar.core.text import is_blank, without_hidden
from kabar.core.times import rfc3339
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.texts import one_line, picture_address
from kabar.infra.http.views import View

_USERNAME = re.compile(r"[a-z0-9_.]{3,30}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")

#: before it is trimmed
NameText = Annotated[str, Meta(min_length=1, max_length=100)]
UsernameText = Annotated[str, Meta(max_length=100)]
EmailText = Annotated[str, Meta(max_length=254)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=256)]
GivenPassword = Annotated[str, Meta(max_length=256)]


class Registration(Body, kw_only=True):
    """A new account."""

    username: UsernameText
    name: NameText
    email: EmailText
    password: NewPassword

    def __post_init__(self) -> None:
        self.username = _username(self.username)
        self.name = one_line("name", self.name)
        self.email = _email(self.email)


class Credentials(Body, kw_only=True):
    """What one signs in with: username or e-mail address, and password."""

    login: Annotated[str, Meta(max_length=254)]
    password: GivenPassword

    def __post_init__(self) -> None:
        self.login = self.login.strip().lower()


class TokenDraft(Body, kw_only=True):
    """A token that is to be made, by the name its owner will know it by."""

    name: NameText

    def __post_init__(self) -> None:
        self.name = one_line("name", self.name)


class ProfileChanges(Body, kw_only=True):
    """What of one's own account is to change; what is absent stays."""

    name: NameText | UnsetType = UNSET
    username: UsernameText | UnsetType = UNSET
    email: EmailText | UnsetType = UNSET
    bio: Annotated[str, Meta(max_length=500)] | UnsetType | None = UNSET
    avatar: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    #: a private account is asked by who wants to follow it
    is_private: bool | UnsetType = UNSET
    password: NewPassword | UnsetType = UNSET
    current_password: GivenPassword | UnsetType = UNSET
    #: whether access tokens outlive a change of the password
    keep_tokens: bool = False

    def __post_init__(self) -> None:
        if self.name is not UNSET:
            self.name = one_line("name", self.name)
        if self.username is not UNSET:
            self.username = _username(self.username)
        if self.email is not UNSET:
            self.email = _email(self.email)
        if isinstance(self.bio, str):
            self.bio = None if is_blank(self.bio) else self.bio.strip()
        if isinstance(self.avatar, str):
            self.avatar = picture_address("avatar", self.avatar)
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
    followers_count: int
    following_count: int
    created_at: str


class OwnProfile(UserView, frozen=True):
    """A user as they see themselves."""

    email: str


class SignedIn(View, frozen=True):
    """Who has just signed in."""

    user: UserView


class SessionView(View, frozen=True, omit_defaults=True):
    """Whose session it is and when it ends; `{"user": null}` without one."""

    user: UserView | None
    expires: str | UnsetType | None = UNSET


class NewToken(View, frozen=True):
    """A token, in the one answer that shows it."""

    id: str
    token: str


class TokenView(View, frozen=True):
    """A token as it is listed."""

    id: str
    name: str
    created_at: str

    @classmethod
    def of(cls, row_id: str, name: str, created_at: datetime) -> Self:
        return cls(row_id, name, rfc3339(created_at))


class TokenPage(View, frozen=True):
    """Some of one's tokens, newest first."""

    tokens: list[TokenView]
    next_cursor: str | None


def _username(text: str) -> str:
    username = text.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise refuse("username", "Must be 3 to 30 letters (a to z), digits, dots or underscores.")
    return username


def _email(text: str) -> str:
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or without_hidden(email) != email:
        raise refuse("email", "Must be an e-mail address.")
    return email
