"""Node: carries out the effects of this node's connections, and what the broker brings."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable

from kabar.core.events import Publication
from kabar.core.ids import new_id
from kabar.engines.broker import (
    Asked,
    Broker,
    Came,
    Carried,
    Expelled,
    Outdated,
    Revoked,
    Signed,
    SignedIn,
    SignedOut,
    Went,
)
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edges, NoEdges, client_event_of
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.effects import (
    AskGuard,
    Authorized,
    BelongTo,
    Close,
    ComeOnline,
    Effect,
    GoOffline,
    Join,
    Leave,
    Publish,
    Send,
    Watch,
    error_effects,
)
from kabar.engines.realtime.connection.handshake import Handshake, admit
from kabar.engines.realtime.connection.liveness import LivenessAction
from kabar.engines.realtime.connection.rules import Rules
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.history import with_id
from kabar.engines.realtime.hub.hub import Hub
from kabar.engines.realtime.hub.online import Online
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.capacity import Capacity
from kabar.engines.realtime.node.endings import Endings
from kabar.engines.realtime.node.membership import Membership
from kabar.engines.realtime.node.stats import RealtimeStats
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.protocol import errors, frames
from kabar.engines.realtime.protocol.errors import Refusal


class Node:
    """This node's sockets, between their connections and the broker."""

    def __init__(
        self,
        *,
        apps: Apps,
        broker: Broker,
        limits: RealtimeLimits,
        guarded: Collection[str],
        can_identify: bool,
        clock: Clock,
        edges: Edges | None = None,
        observer: Observer | None = None,
        forget: Callable[[str], None] | None = None,
    ) -> None:
        """Channels of Kabar's own app whose names begin with one of `guarded` are not public.
        `forget` is called with each user whose session has ended, on whichever node."""
        #: new at every start: what the others know of a node that died is not this one's
        self.id = new_id()
        self.apps = apps
        self.hub = Hub(clock.call_soon, limits, observer, clock)
        self.clock = clock
        self._observer = observer
        self._edges = edges or NoEdges()
        self._membership = Membership(
            node_id=self.id,
            apps=apps,
            hub=self.hub,
            limits=limits,
            clock=clock,
            edges=self._edges,
            send=self._send,
            tell_nodes=broker.publish,
        )
        self._broker = broker
        self._online = Online(
            node_id=self.id, hub=self.hub, send=self._send, tell_nodes=broker.publish
        )
        self._stats = RealtimeStats()
        self._replies = 0
        self._own_rules = Rules(limits, tuple(guarded), can_identify)
        self._rules = Rules(limits)
        self._capacity = Capacity(limits)
        self._endings = Endings(clock)
        self._forget = forget or _nothing_is_remembered

    @property
    def stats(self) -> RealtimeStats:
        self._stats.connections = self._capacity.taken
        self._stats.messages_out = self.hub.fan_out.delivered + self._replies
        return self._stats

    # ── sockets come and go ──────────────────────────────────────────────────────────────────

    def connect(self, handshake: Handshake) -> Connection:
        """Return a connection for a handshake, or raise the Fatal that says why there is none."""
        try:
            app = admit(handshake, self.apps)
            self._capacity.require_capacity(app, self.hub.space(app.id).quota, handshake.address)
        except errors.Fatal as fatal:
            if self._observer is not None:
                self._observer.refused(handshake, fatal)
            raise
        rules = self._own_rules if app is self.apps.own else self._rules
        return Connection(app, self._new_socket_id(app), rules)

    def welcome(self, socket: Socket, address: str) -> None:
        """Register a socket that has a connection, and greet it."""
        self.hub.add(socket)
        if socket.connection.counts_to_quota:
            self.hub.space(socket.connection.app.id).quota.take()
        self._capacity.take(address)
        if self._observer is not None:
            self._observer.welcomed(socket, address)
        self.perform(socket, socket.connection.greet())

    def disconnect(self, socket: Socket, address: str) -> None:
        """Forget a socket that was welcomed: it leaves its channels."""
        self.perform(socket, socket.connection.lost())
        self.hub.remove(socket)
        if socket.connection.counts_to_quota:
            self.hub.space(socket.connection.app.id).quota.give_back()
        self._capacity.give_back(address)
        if self._observer is not None:
            self._observer.disconnected(socket)

    def cut_off_slow(self, socket: Socket) -> None:
        """Close a socket whose client reads more slowly than it is written to."""
        self._stats.slow_readers_cut_off += 1
        # A client closed with 4100 waits before it comes back, which is what we want of one
        # that could not keep up.
        socket.close(errors.OverCapacity.code, "Too slow: too much is waiting to be read")

    def look_after(self, socket: Socket, action: LivenessAction) -> None:
        """Do to a silent socket what its liveness asks for; a PING is its own to send."""
        match action:
            case LivenessAction.ASK:
                self._send(socket, frames.PING)
            case LivenessAction.GIVE_UP_DEAD:
                self._stats.dead_peers_cut_off += 1
                socket.close(errors.PongNotReceived.code, "Pong not received")
            case LivenessAction.GIVE_UP_INACTIVE:
                self.perform(socket, error_effects(errors.Inactive()))
            case LivenessAction.GIVE_UP_UNAUTHORIZED:
                self.perform(socket, error_effects(errors.NotAuthorizedInTime()))
            case LivenessAction.NOTHING | LivenessAction.PING:
                pass

    # ── what connections want ────────────────────────────────────────────────────────────────

    def receive(self, socket: Socket, text: str, now: float) -> None:
        """Take a frame from a client."""
        self._stats.messages_in += 1
        if self._observer is not None:
            self._observer.heard(socket)
        self.perform(socket, socket.connection.receive(text, now))

    def perform(self, socket: Socket, effects: Iterable[Effect]) -> None:
        """Carry out the effects that the socket's connection has returned."""
        app = socket.connection.app
        space = self.hub.space(app.id)
        for effect in effects:
            match effect:
                case Send(frame):
                    self._send(socket, frame)
                case Publish(publication):
                    self.publish(publication)
                    self._edges.happened(app, client_event_of(publication))
                case Join():
                    self._join(socket, effect)
                case Leave(channel, member):
                    self._membership.leave(socket, channel, member)
                case BelongTo(user_id):
                    self.hub.belong_to(socket, user_id)
                case ComeOnline(user_id):
                    self._online.come(app.id, user_id)
                case GoOffline(user_id):
                    self._online.go(app.id, user_id)
                case Watch(user_ids):
                    self._online.watch(socket, user_ids)
                case Authorized():
                    space.quota.take()
                    if space.quota.is_exceeded(app):
                        self.perform(socket, error_effects(errors.OverQuota()))
                        return
                case AskGuard(channel):
                    socket.ask_guard(channel)
                case Close(code, reason):
                    socket.close(code, reason)
                    return

    def publish(self, publication: Publication) -> None:
        """Send a publication to all nodes, this one included."""
        self._stats.publications += 1
        app = self.apps.find_by_id(publication.app_id)
        is_kept = app is not None and app.history
        self._broker.publish(with_id(publication) if is_kept else publication)

    def find(self, app_id: str, socket_id: str) -> Socket | None:
        """Return a socket of this node."""
        return self.hub.space(app_id).by_id.get(socket_id)

    def has_ended_since(self, app_id: str, user_id: str, moment: float) -> bool:
        """Say whether a session of the user has ended since this time of the node's clock."""
        return self._endings.has_any_since(app_id, user_id, moment)

    # ── what the broker brings ───────────────────────────────────────────────────────────────

    def arrive(self, carried: Carried) -> None:
        """Take what the broker brings, from any node."""
        app = self.apps.find_by_id(carried.app_id)
        if app is None:
            return  # for an app that has been removed, or that this node does not know yet
        match carried:
            case Publication():
                self.hub.keep_and_deliver(app, carried, self.clock.now())
            case Asked(app_id, socket_id, user_id):
                if (asked := self.find(app_id, socket_id)) is not None:
                    self.perform(asked, asked.connection.asked(user_id))
            case Signed(app_id, socket_id, channel, user_id):
                if (signed := self.find(app_id, socket_id)) is not None:
                    signed.connection.signed(channel, user_id)
            case Revoked(app_id, channel, user_id):
                space = self.hub.space(app_id)
                for socket in {*space.listeners(channel), *space.by_user.get(user_id, ())}:
                    self.perform(socket, socket.connection.revoke(channel, user_id))
            case Expelled(app_id, user_id):
                for socket in list(self.hub.space(app_id).by_user.get(user_id, ())):
                    user = socket.connection.user
                    if user is not None and user.user_id == user_id:
                        self.perform(socket, error_effects(errors.Terminated()))
            case Outdated(app_id, user_id):
                self._endings.note(app_id, user_id)
                # First: those that are closed come back at once.
                self._forget(user_id)
                for socket in list(self.hub.space(app_id).by_user.get(user_id, ())):
                    self.perform(socket, socket.connection.outdate(user_id))
            case Came() | Went() | SignedIn() | SignedOut() if carried.node_id == self.id:
                pass  # applied when it happened
            case Came():
                self._membership.came(carried)
            case Went():
                self._membership.went(carried)
            case SignedIn():
                self._online.signed_in(carried)
            case SignedOut():
                self._online.signed_out(carried)

    def _new_socket_id(self, app: App) -> str:
        taken = self.hub.space(app.id).by_id
        while True:
            socket_id = f"{secrets.randbelow(10**9)}.{secrets.randbelow(10**9)}"
            if socket_id not in taken:
                return socket_id

    def _send(self, socket: Socket, frame: bytes) -> None:
        self._replies += 1
        if self._observer is not None:
            self._observer.answered(socket, frame)
        socket.send(frame)

    def _join(self, socket: Socket, join: Join) -> None:
        if join.channel not in socket.connection.subscriptions:
            return  # it was closed meanwhile
        try:
            self._membership.join(socket, join.channel, join.member, join.replay)
        except Refusal as refusal:
            socket.connection.refused(join.channel)
            self.perform(socket, error_effects(refusal))


def _nothing_is_remembered(_user_id: str) -> None:
    """Do nothing: who connects is asked for each time."""
