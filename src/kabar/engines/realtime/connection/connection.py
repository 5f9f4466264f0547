"""The protocol state of one socket: a frame comes in, a list of effects goes out; no I/O."""

from __future__ import annotations

from collections import deque

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.client_events import Allowance, require_publication
from kabar.engines.realtime.connection.credentials import (
    require_member,
    require_signed_in_user,
    require_signed_subscription,
)
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
    error_effects,
)
from kabar.engines.realtime.connection.handshake import Guard
from kabar.engines.realtime.connection.requests import (
    ClientEvent,
    Ping,
    Pong,
    Request,
    SignIn,
    Subscribe,
    Unsubscribe,
    decode,
)
from kabar.engines.realtime.connection.rules import Rules
from kabar.engines.realtime.protocol import channels, errors, frames
from kabar.engines.realtime.protocol.errors import PusherError, Refusal, Unauthorized
from kabar.engines.realtime.protocol.frames import Member


class Connection:
    """What the server knows of the client on one socket, and what it answers.

    Every method returns effects; the node carries them out.
    """

    __slots__ = (
        "_allowance",
        "_barred",
        "_held",
        "_identity_asked",
        "_rules",
        "_wanted",
        "app",
        "identity",
        "is_authorized",
        "socket_id",
        "subscriptions",
        "user",
        "user_ids",
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
        #: all users that this socket was ever known to belong to. It only grows: whoever could
        #: take an id out could hide the socket from `revoke`.
        self.user_ids: tuple[str, ...] = ()
        self.subscriptions: dict[str, Member | None] = {}
        self._rules = rules
        self._allowance: Allowance | None = None
        #: channels that were revoked; a signature from before is valid as long as the socket id
        self._barred: frozenset[str] = frozenset()
        self._identity_asked = False
        #: frames that came while the identity is looked up, and the subscription that waits for it
        self._held: deque[str] | None = None
        self._wanted: Subscribe | None = None

    @property
    def can_ask_identity(self) -> bool:
        """Whether this connection may ever return `AskIdentity`."""
        return self._rules.can_identify

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
        """Take a frame from the client. `now` is any clock in seconds that does not go back."""
        if self._held is not None:
            self._held.append(text)
            return []
        try:
            return self._answer(decode(text), now)
        except PusherError as error:
            return error_effects(error)

    def identified(self, user_id: str | None, now: float) -> list[Effect]:
        """Take the answer to `AskIdentity`, and go on with the frames that waited for it."""
        self.identity = user_id
        effects = self.belong_to(user_id) if user_id is not None else []
        held, self._held = self._held or deque(), None
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            try:
                effects += self._subscribe(wanted)
            except PusherError as error:
                effects += error_effects(error)
        for text in held:
            if any(isinstance(effect, Close) for effect in effects):
                break
            effects += self.receive(text, now)
        return effects

    def belong_to(self, user_id: str) -> list[Effect]:
        """Remember that this socket is the user's."""
        if user_id in self.user_ids:
            return []
        self.user_ids = (*self.user_ids, user_id)
        return [BelongTo(user_id)]

    def revoke(self, channel: str, user_id: str) -> list[Effect]:
        """Cut this connection off the channel if it is, or may be, that user's."""
        subscribed = channel in self.subscriptions
        member = self.subscriptions.get(channel)
        if user_id in self.user_ids or (member is not None and member.user_id == user_id):
            self._barred |= {channel}
            if not subscribed:
                return []
            del self.subscriptions[channel]
            return [
                Leave(channel, member),
                *error_effects(Refusal(f"Subscription to channel {channel} was revoked")),
            ]
        if subscribed and not self.user_ids and member is None:
            return [Close(errors.ReconnectNow.code, "Subscriptions must be authorised again")]
        return []

    def refused(self, channel: str) -> None:
        """Take a subscription back: the channel was full."""
        self.subscriptions.pop(channel, None)

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
        if channel in self._barred:
            # It comes back with another socket id, for which it needs a new signature.
            raise errors.ReconnectNow(f"Subscription to channel {channel} was revoked")
        if len(self.subscriptions) >= self._rules.limits.max_subscriptions:
            raise Refusal("Too many subscriptions on this connection")

        is_known = True
        if channels.needs_signature(channel):
            require_signed_subscription(self.app, self.socket_id, request)
        elif channel.startswith("#"):
            self._require_own(channel)
        elif guard := self._rules.find_guard(channel):
            if self._must_ask():
                self._identity_asked, self._held, self._wanted = True, deque(), request
                return [AskIdentity()]
            self._require_allowed(guard, channel)
        else:
            is_known = False

        member = None
        if channels.is_presence(channel):
            member = require_member(request, self.user, self._rules.limits)
        self.subscriptions[channel] = member
        return [*(self._authorize() if is_known else ()), Join(channel, member, request.replay)]

    def _authorize(self) -> list[Effect]:
        counted, self.is_authorized = self.counts_to_quota, True
        return [] if counted else [Authorized()]

    def _require_own(self, channel: str) -> None:
        if self.user is None or channel != channels.server_to_user(self.user.user_id):
            raise Unauthorized(f"Only the user signed in on it may subscribe to {channel}")

    def _must_ask(self) -> bool:
        return self.user is None and not self._identity_asked and self._rules.can_identify

    def _require_allowed(self, guard: Guard, channel: str) -> None:
        user_id = self.user.user_id if self.user is not None else self.identity
        if not guard(user_id, channel):
            raise Unauthorized(f"This connection may not subscribe to {channel}")

    def _unsubscribe(self, channel: str) -> list[Effect]:
        if channel not in self.subscriptions:
            raise Refusal(
                f"No current subscription to channel {channel[:200]}, or subscription in progress"
            )
        return [Leave(channel, self.subscriptions.pop(channel))]

    def _sign_in(self, request: SignIn) -> list[Effect]:
        user = require_signed_in_user(self.app, self.socket_id, request, self._rules.limits)
        was = self.user
        if was is not None and was.user_id != user.member.user_id:
            raise Refusal("Connection is already signed in as another user")
        self.user = user.member
        return [
            *self._authorize(),
            *self.belong_to(user.member.user_id),
            Send(frames.signin_success(request.user_data)),
            *([ComeOnline(user.member.user_id)] if was is None else ()),
            *self._watch(user.watchlist),
        ]

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
