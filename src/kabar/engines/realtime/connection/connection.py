"""The protocol state of one socket: a frame comes in, a list of effects goes out; no I/O."""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.client_events import Allowance, require_publication
from kabar.engines.realtime.connection.credentials import (
    require_member,
    require_signed_in_user,
    require_signed_subscription,
)
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
from kabar.engines.realtime.connection.holding import Holding, Users
from kabar.engines.realtime.connection.requests import (
    ClientEvent,
    Ping,
    Pong,
    Request,
    SignIn,
    Subscribe,
    Unsubscribe,
    decode,
    user_in,
)
from kabar.engines.realtime.connection.rules import Rules
from kabar.engines.realtime.protocol import channels, errors, frames
from kabar.engines.realtime.protocol.errors import PusherError, Refusal, Unauthorized
from kabar.engines.realtime.protocol.frames import Member


class Connection:
    """What the server knows of the client on one socket. Methods return effects for the node."""

    __slots__ = (
        "_allowance",
        "_rules",
        "_wanted",
        "app",
        "holding",
        "identity",
        "is_authorized",
        "is_identified",
        "socket_id",
        "subscriptions",
        "user",
    )

    def __init__(self, app: App, socket_id: str, rules: Rules) -> None:
        #: replaced when the app changes
        self.app = app
        self.socket_id = socket_id
        #: who signed in
        self.user: Member | None = None
        #: whether it ever signed in, or joined a channel that is not open to everybody
        self.is_authorized = False
        #: whose session or token the handshake carried
        self.identity: str | None = None
        #: whether that is known, or need not be asked for
        self.is_identified = not rules.can_identify
        self.holding = Holding()
        self.subscriptions: dict[str, Member | None] = {}
        self._rules = rules
        self._allowance: Allowance | None = None
        #: the subscription that waits for a guard
        self._wanted: Subscribe | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a guard has been asked: nothing is heard before it has answered."""
        return self._wanted is not None

    @property
    def known_user(self) -> str | None:
        """Who signed in, or else whose the handshake was."""
        return self.user.user_id if self.user is not None else self.identity

    @property
    def counts_to_quota(self) -> bool:
        return self.is_authorized or not self.app.authorized_connections

    @property
    def authorization_seconds(self) -> int | None:
        """Seconds after its welcome in which the client must show who it is; None: it need not,
        or has done so."""
        return None if self.counts_to_quota else self.app.authorization_timeout

    def greet(self) -> list[Effect]:
        timeout = self._rules.limits.activity_timeout
        return [Send(frames.connection_established(self.socket_id, timeout))]

    def receive(self, text: str, now: float) -> list[Effect]:
        """Answer a frame. `now` is any clock in seconds that does not go back."""
        try:
            return self._answer(decode(text), now)
        except PusherError as error:
            return error_effects(error)

    def identified(self, user_id: str | None) -> list[Effect]:
        """Learn whose handshake it was."""
        self.identity, self.is_identified = user_id, True
        return self._prove(user_id) if user_id is not None else []

    def guarded(self, *, may_hear: bool) -> list[Effect]:
        """Go on where `AskGuard` stopped."""
        request, self._wanted = self._wanted, None
        if request is None:
            return []
        channel = request.channel
        try:
            if not may_hear:
                raise Unauthorized(f"This connection may not subscribe to {channel}")
            return self._admit(request, (), is_known=True)
        except PusherError as error:
            return error_effects(error)

    # ── who holds it ─────────────────────────────────────────────────────────────────────────

    def asked(self, user_id: str) -> list[Effect]:
        """Learn that a user has something signed for this socket."""
        if user_id in self.holding.asked:
            return []
        members = [member.user_id for member in self.subscriptions.values() if member is not None]
        return [BelongTo(user_id)] if self.holding.ask(user_id, members) else []

    def signed(self, channel: str, user_id: str) -> None:
        """Learn for whom a subscription was signed that does not say so itself."""
        self.holding.signed(channel, user_id, is_subscribed=channel in self.subscriptions)

    def revoke(self, channel: str, user_id: str) -> list[Effect]:
        """Cut this connection off the channel if it is, or may be, that user's."""
        subscribed, member = channel in self.subscriptions, self.subscriptions.get(channel)
        is_member = member is not None and member.user_id == user_id
        if is_member or self.holding.is_of(user_id, channel):
            self.holding.bar(channel)
            if not subscribed:
                return []
            return [
                self._leave(channel),
                *error_effects(Refusal(f"Subscription to channel {channel} was revoked")),
            ]
        self.holding.void(user_id)
        if subscribed and member is None and self.holding.may_be_of(user_id, channel):
            return [Close(errors.ReconnectNow.code, "Subscriptions must be authorised again")]
        return []

    def outdate(self, user_id: str) -> list[Effect]:
        """A session of that user has ended: what hears by it must come back."""
        if self.holding.may_hear_by(user_id):
            return error_effects(errors.ReconnectNow("A session has ended"))
        self.holding.void(user_id)
        return []

    def refused(self, channel: str) -> None:
        """Take a subscription back that there was no room for."""
        if channel in self.subscriptions:
            self._leave(channel)

    def lost(self) -> list[Effect]:
        """Leave everything: the socket is gone."""
        left, self.subscriptions = self.subscriptions, {}
        user, self.user = self.user, None
        return [
            *(Leave(channel, member) for channel, member in left.items()),
            *([Watch(()), GoOffline(user.user_id)] if user is not None else ()),
        ]

    # ── what the client asks for ─────────────────────────────────────────────────────────────

    def _answer(self, request: Request, now: float) -> list[Effect]:
        match request:
            case ClientEvent():
                return self._client_event(request, now)
            case Ping():
                return [Send(frames.PONG)]
            case Pong():
                return []
            case Subscribe():
                return self._subscribe(request)
            case Unsubscribe(channel):
                return self._unsubscribe(channel)
            case SignIn():
                return self._sign_in(request)

    def _subscribe(self, request: Subscribe) -> list[Effect]:
        channel = request.channel
        if not channels.is_valid(channel, self._rules.limits.max_channel_name):
            raise Refusal(f"Invalid channel name: {channel[:200]}")
        if channel in self.subscriptions:
            raise Refusal(f"Existing subscription to channel {channel}")
        if len(self.subscriptions) >= self._rules.limits.max_subscriptions:
            raise Refusal("Too many subscriptions on this connection")

        if channels.needs_signature(channel):
            require_signed_subscription(self.app, self.socket_id, request)
            return self._admit(request, self._whose(request), is_known=True)
        if channel.startswith("#"):
            self._require_own(channel)
        elif self._rules.is_guarded(channel):
            if self.known_user is None and self.is_identified:
                raise Unauthorized(f"This connection may not subscribe to {channel}")
            self._wanted = request
            return [AskGuard(channel)]
        return self._admit(request, (), is_known=channel.startswith("#"))

    def _admit(self, request: Subscribe, whose: Users, *, is_known: bool) -> list[Effect]:
        """Subscribe by what is whose signature; empty: nobody knows, or none is needed."""
        channel, member = request.channel, None
        if channels.is_presence(channel):
            member = require_member(request, self.user, self._rules.limits)
            whose = (member.user_id,)
        if self.holding.is_barred(channel) or self.holding.is_void(whose):
            # Back with another socket id, it needs a new signature.
            raise errors.ReconnectNow(f"Subscription to channel {channel} was revoked")
        if member is not None:
            self.holding.show_member(whose)
        else:
            self.holding.show(channel, whose)
        self.subscriptions[channel] = member
        return [*(self._authorize() if is_known else ()), Join(channel, member, request.replay)]

    def _whose(self, request: Subscribe) -> Users:
        """Return whose signature it is: what was signed says so, or it was remembered."""
        if request.channel_data is None:
            return self.holding.signer_of(request.channel)
        user_id = user_in(request.channel_data)
        return () if user_id is None else (user_id,)

    def _authorize(self) -> list[Effect]:
        counted, self.is_authorized = self.counts_to_quota, True
        return [] if counted else [Authorized()]

    def _require_own(self, channel: str) -> None:
        if self.user is None or channel != channels.server_to_user(self.user.user_id):
            raise Unauthorized(f"Only the user signed in on it may subscribe to {channel}")

    def _unsubscribe(self, channel: str) -> list[Effect]:
        if channel not in self.subscriptions:
            raise Refusal(
                f"No current subscription to channel {channel[:200]}, or subscription in progress"
            )
        return [self._leave(channel)]

    def _leave(self, channel: str) -> Leave:
        self.holding.left(channel)
        return Leave(channel, self.subscriptions.pop(channel))

    def _sign_in(self, request: SignIn) -> list[Effect]:
        user = require_signed_in_user(self.app, self.socket_id, request, self._rules.limits)
        was = self.user
        if was is not None and was.user_id != user.member.user_id:
            raise Refusal("Connection is already signed in as another user")
        if self.holding.is_void((user.member.user_id,)):
            raise errors.ReconnectNow("A session has ended")
        self.user = user.member
        return [
            *self._authorize(),
            *self._prove(user.member.user_id),
            Send(frames.signin_success(request.user_data)),
            *([ComeOnline(user.member.user_id)] if was is None else ()),
            *self._watch(user.watchlist),
        ]

    def _prove(self, user_id: str) -> list[Effect]:
        return [BelongTo(user_id)] if self.holding.prove(user_id) else []

    def _watch(self, user_ids: tuple[str, ...] | None) -> list[Effect]:
        if user_ids is None or not self.app.watchlist:
            return []
        limit = self._rules.limits.max_watchlist
        watch = Watch(user_ids[:limit])
        return (
            [watch]
            if len(user_ids) <= limit
            else [watch, *error_effects(errors.WatchlistTooLong())]
        )

    def _client_event(self, request: ClientEvent, now: float) -> list[Effect]:
        publication = require_publication(
            self.app, self.socket_id, request, self.subscriptions, self._rules.limits
        )
        rate = self.app.client_events_per_second
        if rate:
            self._allowance = self._allowance or Allowance(rate, now)
            if not self._allowance.spend(rate, now):
                raise errors.ClientEventRateExceeded
        return [Publish(publication)]
