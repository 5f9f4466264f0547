"""Errors of accounts."""

from __future__ import annotations

from kabar.core.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    Unavailable,
)

_EMAIL_TAKEN = FieldError("email", "There is an account with this address.")


class BadCredentials(NotSignedIn):
    """The name or the password is not right."""


class WrongPassword(Invalid):
    """This is not your current password."""

    def __init__(self, *, field: str = "currentPassword") -> None:
        super().__init__(errors=[FieldError(field, "This is not your password.")])


class KeysEraseOtherwise(Forbidden):
    """An application erases a user with DELETE /api/users/{id}, and a key that may."""


class UsernameTaken(Conflict):
    """Somebody has this username already."""

    def __init__(self, *, and_email: bool = False) -> None:
        errors = [FieldError("username", "Somebody has this username already.")]
        super().__init__(errors=[*errors, _EMAIL_TAKEN] if and_email else errors)


class EmailTaken(Conflict):
    """There is an account with this e-mail address already."""

    def __init__(self) -> None:
        super().__init__(errors=[_EMAIL_TAKEN])


class UserNotFound(NotFound):
    """There is no such user, or you may not see them."""


class UserErased(Conflict):
    """The user with this id was erased. Ids are not given twice: choose another."""


class AccountSuspended(Forbidden):
    """This account is suspended."""

    def __init__(self, until: str | None, reason: str | None) -> None:
        end = f" until {until}" if until else ""
        super().__init__(f"This account is suspended{end}." + (f" {reason}" if reason else ""))
        self.until = until
        self.reason = reason


class TokenNotFound(NotFound):
    """You have no such token."""


class TooManyForAccount(TooManyRequests):
    """Too many sign in to this account at this moment. Try again shortly."""

    code = TooManyRequests.code


class SignInBusy(Unavailable):
    """Too many people are signing in at this moment. Try again shortly."""
