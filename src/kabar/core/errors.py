"""Errors: each class has an HTTP status and a stable code; its docstring is the message."""

from __future__ import annotations

import re
from typing import ClassVar, NamedTuple


class FieldError(NamedTuple):
    """One field that was refused: `field` as the client wrote it (`participantIds[2]`), and why."""

    field: str
    message: str


class KabarError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Internal Server Error"

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        #: of what ends by itself: when; and why it is, in the words of who decided it
        self.until: str | None = None
        self.reason: str | None = None
        self.detail = detail or (self.__doc__ or "").strip()
        self.errors = errors or []
        self.headers = headers or {}
        super().__init__(self.detail)

    def __init_subclass__(cls) -> None:
        """A subclass that names no code gets its own name in snake_case."""
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class BadRequest(KabarError):
    """The request is malformed or against a rule."""

    status = 400
    title = "Bad Request"


class NotSignedIn(KabarError):
    """Sign in first."""

    status = 401
    title = "Unauthorized"


class Forbidden(KabarError):
    """You may not do this."""

    status = 403
    title = "Forbidden"


class NotFound(KabarError):
    """It does not exist, or you may not see it."""

    status = 404
    title = "Not Found"


class MethodNotAllowed(KabarError):
    """This path does not take this method."""

    status = 405
    title = "Method Not Allowed"


class Conflict(KabarError):
    """It is not possible in the present state."""

    status = 409
    title = "Conflict"


class TooLarge(KabarError):
    """The request is larger than this server takes."""

    status = 413
    title = "Content Too Large"


class UnsupportedMediaType(KabarError):
    """Send JSON, with `Content-Type: application/json`."""

    status = 415
    title = "Unsupported Media Type"


class Invalid(KabarError):
    """Some fields are not right."""

    status = 422
    title = "Unprocessable Content"


class TooManyRequests(KabarError):
    """Too many requests. Wait, then try again."""

    status = 429
    title = "Too Many Requests"


class Unavailable(KabarError):
    """The server cannot take this now. Try again in a moment."""

    status = 503
    title = "Service Unavailable"

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Whoever is told so is told when to come back."""
        super().__init__(detail, errors=errors, headers={"Retry-After": "1", **(headers or {})})


class CannotStart(Exception):
    """The program cannot start; the message is one line that says what to do."""
