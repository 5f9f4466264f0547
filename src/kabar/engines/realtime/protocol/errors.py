"""Pusher's errors: their codes and messages, and which of them close the connection."""

from __future__ import annotations

#: an error that echoes what a client sent stays shorter than this
_LONGEST_MESSAGE = 2_000


class PusherError(Exception):
    """The server does not do what a client asked; `code` and `message` tell it why."""

    code: int | None = None

    def __init__(self, message: str | None = None) -> None:
        self.message = (message or (self.__doc__ or "").strip())[:_LONGEST_MESSAGE]
        super().__init__(self.message)


class Refusal(PusherError):
    """The connection stays open. Most refusals have no code."""


class Unauthorized(Refusal):
    """Connection is unauthorized"""

    code = 4009


class ClientEventRateExceeded(Refusal):
    """Client event rejected due to rate limit"""

    code = 4301


class WatchlistTooLong(Refusal):
    """Watchlist limit exceeded"""

    code = 4302


class TooMuchData(Refusal):
    """The data of an event is larger than it may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The data content of this event exceeds the allowed maximum ({limit} bytes). See "
            "https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info"
        )


class Fatal(PusherError):
    """The connection is closed as well. The code says whether and when it may come back."""

    code: int


class OnlyTls(Fatal):
    """Only SSL connections accepted"""

    code = 4000


class NoSuchApp(Fatal):
    """App does not exist"""

    code = 4001


class AppDisabled(Fatal):
    """App disabled"""

    code = 4003


class OverQuota(Fatal):
    """Account over quota"""

    code = 4004


class PathNotFound(Fatal):
    """Path not found"""

    code = 4005


class InvalidVersion(Fatal):
    """Invalid version string format"""

    code = 4006


class UnsupportedVersion(Fatal):
    """Unsupported protocol version"""

    code = 4007


class NoVersion(Fatal):
    """No protocol version supplied"""

    code = 4008


class NotAuthorizedInTime(Fatal):
    """Connection not authorized within timeout"""

    code = 4009


class Terminated(Fatal):
    """Connection terminated by the application"""

    code = 4009


class OverCapacity(Fatal):
    """Over capacity"""

    code = 4100


class ReconnectNow(Fatal):
    """Reconnect immediately"""

    code = 4200


class PongNotReceived(Fatal):
    """Pong not received"""

    code = 4201


class Inactive(Fatal):
    """Closed after inactivity"""

    code = 4202
