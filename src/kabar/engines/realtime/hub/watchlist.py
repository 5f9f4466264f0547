"""Watchlists: which sockets of this node want to hear when a user comes online or goes?"""

from __future__ import annotations

from collections.abc import Iterable

from kabar.engines.realtime.connection.socket import Socket


class Watchers:
    """The sockets of this node that watch users of one app, by user."""

    def __init__(self) -> None:
        self._by_user: dict[str, set[Socket]] = {}
        self._watched: dict[Socket, tuple[str, ...]] = {}

    def watch(self, socket: Socket, user_ids: tuple[str, ...]) -> None:
        """Let a socket watch these users, instead of those that it watched before."""
        for user_id in self._watched.pop(socket, ()):
            theirs = self._by_user[user_id]
            theirs.discard(socket)
            if not theirs:
                del self._by_user[user_id]
        if user_ids:
            self._watched[socket] = user_ids
        for user_id in user_ids:
            self._by_user.setdefault(user_id, set()).add(socket)

    def of(self, user_id: str) -> Iterable[Socket]:
        return tuple(self._by_user.get(user_id, ()))
