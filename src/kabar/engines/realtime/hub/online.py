"""Online: which users are signed in on any node, and telling those who watch them."""

from __future__ import annotations

from collections.abc import Callable

from kabar.engines.broker import Fact, SignedIn, SignedOut
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.hub import Hub, Space
from kabar.engines.realtime.protocol import frames


class Online:
    """A user is online while they are signed in on at least one socket, on any node.

    As with channels, each node applies its own facts at once and those of others when the broker
    brings them, and tells its own sockets.
    """

    def __init__(
        self,
        *,
        node_id: str,
        hub: Hub,
        send: Callable[[Socket, bytes], None],
        tell_nodes: Callable[[Fact], None],
    ) -> None:
        self._node_id = node_id
        self._hub = hub
        self._send = send
        self._tell_nodes = tell_nodes

    def come(self, app_id: str, user_id: str) -> None:
        """The user has signed in on a socket of this node."""
        fact = SignedIn(self._node_id, app_id, user_id)
        self.signed_in(fact)
        self._tell_nodes(fact)

    def go(self, app_id: str, user_id: str) -> None:
        """A socket of this node that the user had signed in on is gone."""
        fact = SignedOut(self._node_id, app_id, user_id)
        self.signed_out(fact)
        self._tell_nodes(fact)

    def watch(self, socket: Socket, user_ids: tuple[str, ...]) -> None:
        """Tell a socket which of these users are online, now and whenever it changes."""
        space = self._hub.space(socket.connection.app.id)
        space.watchers.watch(socket, user_ids)
        if user_ids:
            online = [user_id for user_id in user_ids if space.online.of(user_id)]
            offline = [user_id for user_id in user_ids if not space.online.of(user_id)]
            self._send(socket, frames.watchlist_events(online=online, offline=offline))

    def signed_in(self, fact: SignedIn) -> None:
        """Apply a fact of any node."""
        space = self._hub.space(fact.app_id)
        if space.online.came(fact.user_id, fact.node_id) == 1:
            frame = frames.watchlist_events(online=(fact.user_id,))
            self._tell_watchers(space, fact.user_id, frame)

    def signed_out(self, fact: SignedOut) -> None:
        """Apply a fact of any node."""
        space = self._hub.space(fact.app_id)
        if space.online.went(fact.user_id, fact.node_id) == 0:
            frame = frames.watchlist_events(offline=(fact.user_id,))
            self._tell_watchers(space, fact.user_id, frame)

    def _tell_watchers(self, space: Space, user_id: str, frame: bytes) -> None:
        for socket in space.watchers.of(user_id):
            self._send(socket, frame)
