"""What happens on this node: does what connections want and what the broker brings."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from kabar.core.events import Publication
from kabar.core.ids import new_id
from kabar.engines.broker import (
    Broker,
    Came,
    Carried,
    Expelled,
    Identified,
    Outdated,
    Revoked,
    SignedIn,
    SignedOut,
    Went,
)
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edges, NobodyListens, client_event_of
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.effects import (
    AskIdentity,
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
    told,
)
from kabar.engines.realtime.connection.handshake import Guard, Handshake, admit
from kabar.engines.realtime.connection.liveness import LivenessAction
from kabar.engines.realtime.connection.rules import Rules
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.history import with_id
from kabar.engines.realtime.hub.hub import Hub
from kabar.engines.realtime.hub.online import Online
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.capacity import Capacity
from kabar.engines.realtime.node.membership import Membership
from kabar.engines.realtime.node.stats import RealtimeStats
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.protocol import errors, frames
from kabar.engines.realtime.protocol.errors import Refusal


class Node:
    """This node's sockets, and how they and the broker reach each other."""

    def __init__(
        self,
        *,
        apps: Apps,
        broker: Broker,
        limits: RealtimeLimits,
        guards: Mapping[str, Guard],
        can_identify: bool,
        clock: Clock,
        edges: Edges | None = None,
        observer: Observer | None = None,
    ) -> None:
        #: new at every start: what the others know of a node that died is not this one's
        self.id = new_id()
        self.apps = apps
        self.hub = Hub(clock.call_soon, limits, observer, clock)
        self.clock = clock
        self._observer = observer
        self._edges = edges or NobodyListens()
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
        self._own_rules = Rules(limits, guards, can_identify)
        self._rules = Rules(limits)
        self._capacity = Capacity(limits)

    @property
    def stats(self) -> RealtimeStats:
        self._stats.connections = self._capacity.taken
        self._stats.messages_out = self.hub.fan_out.delivered + self._replies
        return self._stats

    # ── sockets come and go ──────────────────────────────────────────────────────────────────

    def connect(self, handshake: Handshake) -> Connection:
        """Return the connection that a handshake gets, or raise the Fatal that it gets instead."""
        try:
            app = admit(handshake, self.apps)
            self._capacity.require_room(app, self.hub.space(app.id).quota, handshake.address)
        except errors.Fatal as fatal:
            if self._observer is not None:
                self._observer.refused(handshake, fatal)
            raise
        rules = self._own_rules if app is self.apps.own else self._rules
        return Connection(app, self._new_socket_id(app), rules)

    def welcome(self, socket: Socket, address: str) -> None:
        """Let a connected socket hear and be heard."""
        self.hub.add(socket)
        if socket.connection.counts_to_quota:
            self.hub.space(socket.connection.app.id).quota.take()
        self._capacity.take(address)
        if self._observer is not None:
            self._observer.welcomed(socket, address)
        self.perform(socket, socket.connection.greet())

    def part(self, socket: Socket, address: str) -> None:
        """Take a welcomed socket out of everything."""
        self.perform(socket, socket.connection.lost())
        self.hub.remove(socket)
        if socket.connection.counts_to_quota:
            self.hub.space(socket.connection.app.id).quota.give_back()
        self._capacity.give_back(address)
        if self._observer is not None:
            self._observer.parted(socket)

    def cut_off_slow(self, socket: Socket) -> None:
        """A reader that does not keep up is not waited for."""
        self._stats.slow_readers_cut_off += 1
        # A client closed with 4100 waits before it comes back, which is what we want of one
        # that could not keep up.
        socket.close(errors.OverCapacity.code, "Too slow: too much is waiting to be read")

    def look_after(self, socket: Socket, measure: LivenessAction) -> None:
        """Do what its silence asks for."""
        match measure:
            case LivenessAction.ASK:
                self._send(socket, frames.PING)
            case LivenessAction.GIVE_UP_DEAD:
                self._stats.dead_peers_cut_off += 1
                socket.close(errors.PongNotReceived.code, "Pong not received")
            case LivenessAction.GIVE_UP_INACTIVE:
                self.perform(socket, told(errors.Inactive()))
            case LivenessAction.GIVE_UP_UNAUTHORIZED:
                self.perform(socket, told(errors.NotAuthorizedInTime()))
            case LivenessAction.NOTHING | LivenessAction.PING:
                pass

    # ── what sockets want ────────────────────────────────────────────────────────────────────

    def receive(self, socket: Socket, text: str, now: float) -> None:
        self._stats.messages_in += 1
        if self._observer is not None:
            self._observer.heard(socket)
        self.perform(socket, socket.connection.receive(text, now))

    def perform(self, socket: Socket, effects: Iterable[Effect]) -> None:
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
                        self.perform(socket, told(errors.OverQuota()))
                        return
                case AskIdentity():
                    socket.ask_identity()
                case Close(code, reason):
                    socket.close(code, reason)
                    return

    def publish(self, publication: Publication) -> None:
        self._stats.publications += 1
        app = self.apps.find_by_id(publication.app_id)
        is_kept = app is not None and app.history
        self._broker.publish(with_id(publication) if is_kept else publication)

    # ── what the broker brings ───────────────────────────────────────────────────────────────

    def arrive(self, carried: Carried) -> None:
        app = self.apps.find_by_id(carried.app_id)
        if app is None:
            return  # of an app that has been removed, or that this node does not know yet
        match carried:
            case Publication():
                self.hub.keep_and_deliver(app, carried, self.clock.now())
            case Identified(app_id, socket_id, user_id):
                socket = self.hub.space(app_id).by_id.get(socket_id)
                if socket is not None:
                    self.perform(socket, socket.connection.belong_to(user_id))
            case Revoked(app_id, channel, user_id):
                space = self.hub.space(app_id)
                for socket in {*space.listeners(channel), *space.by_user.get(user_id, ())}:
                    self.perform(socket, socket.connection.revoke(channel, user_id))
            case Expelled(app_id, user_id):
                for socket in list(self.hub.space(app_id).by_user.get(user_id, ())):
                    user = socket.connection.user
                    if user is not None and user.user_id == user_id:
                        self.perform(socket, told(errors.Terminated()))
            case Outdated(app_id, user_id):
                for socket in list(self.hub.space(app_id).by_user.get(user_id, ())):
                    self.perform(socket, told(errors.ReconnectNow("A session has ended")))
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
            return  # it was closed before it got that far
        try:
            self._membership.join(socket, join.channel, join.member, join.replay)
        except Refusal as refusal:
            socket.connection.refused(join.channel)
            self.perform(socket, told(refusal))
