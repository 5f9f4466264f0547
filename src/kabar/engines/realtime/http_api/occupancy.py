"""Occupancy over HTTP: which channels have subscribers, how many, and who they are."""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from typing import Any

from kabar.engines.realtime.http_api.calls import Rejection
from kabar.engines.realtime.hub.hub import Space
from kabar.engines.realtime.protocol import channels

Attributes = AbstractSet[str]

_OF_MANY = frozenset({"subscription_count", "user_count"})
_OF_ONE = _OF_MANY | {"cache"}


def read_attributes(info: object, known: Attributes = _OF_MANY) -> Attributes:
    """Read `info`: names of attributes, with commas between."""
    if info is None or info == "":
        return frozenset()
    wanted = frozenset(info.split(",")) if isinstance(info, str) else frozenset({""})
    if not wanted <= known:
        raise Rejection(
            400,
            "info should be a comma separated list of attributes; known are "
            + ", ".join(sorted(known)),
        )
    return wanted


def attributes_of(space: Space, channel: str, wanted: Attributes) -> dict[str, Any]:
    """Return the wanted attributes; those that this kind of channel has not are left out."""
    known: dict[str, Any] = {}
    if "user_count" in wanted and channels.is_presence(channel):
        known["user_count"] = space.presence.count(channel)
    if "subscription_count" in wanted:
        known["subscription_count"] = space.counts.of(channel)
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
        name: attributes_of(space, name, wanted) for name in space.counts if name.startswith(prefix)
    }


def channel_state(space: Space, channel: str, info: object, now: float) -> dict[str, Any]:
    wanted = read_attributes(info, _OF_ONE)
    if "user_count" in wanted and not channels.is_presence(channel):
        raise Rejection(
            400, "Cannot retrieve the user count unless the channel is a presence channel"
        )
    state = {"occupied": space.counts.of(channel) > 0, **attributes_of(space, channel, wanted)}
    if "cache" in wanted and channels.is_cache(channel):
        last = space.cache.find(channel, now)
        state["cache"] = last and {"data": last.data, "ttl": math.ceil(last.expires_at - now)}
    return state


def users_of(space: Space, channel: str) -> list[dict[str, str]]:
    if not channels.is_presence(channel):
        raise Rejection(400, "Users can only be retrieved for presence channels")
    return [{"id": member.user_id} for member in space.presence.members(channel)]
