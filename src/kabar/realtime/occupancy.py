"""What Pusher's HTTP API tells of channels: who listens, and the `info` attributes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from kabar.realtime import channels
from kabar.realtime.http_calls import Rejection
from kabar.realtime.hub import Space

Attributes = AbstractSet[str]

_KNOWN = frozenset({"subscription_count", "user_count"})


def read_attributes(info: object) -> Attributes:
    """Read `info`, a list with commas."""
    if info is None or info == "":
        return frozenset()
    wanted = frozenset(info.split(",")) if isinstance(info, str) else frozenset({""})
    if not wanted <= _KNOWN:
        raise Rejection(
            400,
            "info should be a comma separated list of attributes; known are "
            + ", ".join(sorted(_KNOWN)),
        )
    return wanted


def attributes_of(space: Space, channel: str, wanted: Attributes) -> dict[str, Any]:
    """Return the attributes that a channel of this kind has; the others are left out."""
    known: dict[str, Any] = {}
    if "user_count" in wanted and channels.is_presence(channel):
        known["user_count"] = space.presence.count(channel)
    if "subscription_count" in wanted:
        known["subscription_count"] = space.subscription_count(channel)
    return known


def occupied_channels(space: Space, prefix: str, wanted: Attributes) -> dict[str, Any]:
    if "user_count" in wanted and not prefix.startswith("presence-"):
        # "begining": the hosted service spells it so, and its users' tests compare.
        raise Rejection(
            400,
            "user_count may only be requested for presence channels - "
            "please supply filter_by_prefix begining with presence-",
        )
    return {
        name: attributes_of(space, name, wanted)
        for name in space.channels
        if name.startswith(prefix)
    }


def channel_state(space: Space, channel: str, wanted: Attributes) -> dict[str, Any]:
    if "user_count" in wanted and not channels.is_presence(channel):
        raise Rejection(
            400, "Cannot retrieve the user count unless the channel is a presence channel"
        )
    return {"occupied": channel in space.channels, **attributes_of(space, channel, wanted)}


def users_of(space: Space, channel: str) -> list[dict[str, str]]:
    if not channels.is_presence(channel):
        raise Rejection(400, "Users can only be retrieved for presence channels")
    return [{"id": member.user_id} for member in space.presence.members(channel)]
