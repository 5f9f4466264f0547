"""Channel names: which kind of channel does a name stand for?"""

from __future__ import annotations

import re

SERVER_TO_USER = "#server-to-user-"

_NAME = re.compile(r"(?:#server-to-user-)?[-a-zA-Z0-9_=@,.;]+")
_SOCKET_ID = re.compile(r"[0-9]+\.[0-9]+")


def is_valid(channel: str, max_length: int) -> bool:
    """Say whether a channel may have this name. `#` begins only the channel of one user."""
    return len(channel) <= max_length and _NAME.fullmatch(channel) is not None


def is_socket_id(text: str) -> bool:
    """Say whether this has the form of a socket's id, whether or not there is such a socket."""
    return _SOCKET_ID.fullmatch(text) is not None


def is_presence(channel: str) -> bool:
    """Say whether its subscribers see each other as members."""
    return channel.startswith("presence-")


def is_cache(channel: str) -> bool:
    """Say whether new subscribers are sent its last event."""
    return channel.startswith(
        ("cache-", "private-cache-", "private-encrypted-cache-", "presence-cache-")
    )


def tells_count(channel: str) -> bool:
    """Say whether its subscribers are told how many they are; presence channels list them."""
    return not channel.startswith(("presence-", "#"))


def needs_signature(channel: str) -> bool:
    """Say whether a subscription must be signed. Encrypted channels are private ones."""
    return channel.startswith(("private-", "presence-"))


def is_encrypted(channel: str) -> bool:
    """Say whether only the application and its clients can read its events, and Kabar cannot."""
    return channel.startswith("private-encrypted-")


def server_to_user(user_id: str) -> str:
    """Return the channel that only this signed-in user may listen to."""
    return SERVER_TO_USER + user_id
