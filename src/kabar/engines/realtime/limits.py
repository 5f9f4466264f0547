"""Limits: every number that bounds the engine's memory, time and work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RealtimeLimits:
    """The limits of one node; by default those of hosted Pusher, where they are known."""

    #: largest text that a client may send; a longer one closes its socket with 1009
    max_frame_bytes: int = 100 * 1024
    #: fragments that a client may send a text in
    max_fragments: int = 1_000
    #: largest `data` of an event, from a client or over HTTP
    max_event_bytes: int = 10_240
    max_channels_per_event: int = 100
    max_events_per_batch: int = 10
    max_event_name: int = 200
    #: the documented limit; SDKs let 200 through
    max_channel_name: int = 164
    #: channels that one connection may listen to
    max_subscriptions: int = 1_000

    #: seconds that the last event of a cache channel is kept
    cache_seconds: float = 1_800
    #: bytes that the cached events of one app may take; above that the oldest are dropped
    max_cache_bytes: int = 64 << 20

    #: bytes that the histories of one app may take; above that the oldest events are dropped
    max_history_bytes: int = 64 << 20
    #: seconds that the answer to a call with an idempotency key is kept
    idempotency_seconds: float = 3_600
    #: bytes that these answers of one app may take; above that the oldest are dropped
    max_idempotency_bytes: int = 16 << 20

    #: users that one connection may watch
    max_watchlist: int = 100
    max_presence_members: int = 100
    max_user_id: int = 128
    #: largest `user_info` of a presence member, as JSON
    max_user_info_bytes: int = 1_024

    #: sockets on this node, over all apps; 0 is no limit
    max_connections: int = 0
    #: sockets from one address; 0 is no limit
    max_connections_per_address: int = 0
    #: unsent bytes after which a reader is too slow and is cut off
    socket_queue_bytes: int = 1 << 20

    #: events of at least so many bytes are compressed for clients that agreed to it; None: none
    #: are, and permessage-deflate is not offered
    compress_from: int | None = None

    #: clients that use HTTP in place of a WebSocket, over all apps
    max_fallback_sockets: int = 10_000
    #: texts that such a client may send in one request
    max_messages_per_send: int = 1_000
    #: seconds in which it must send the next request that waits for frames
    fallback_grace: float = 10.0
    #: seconds without a frame after which it is sent a heartbeat: less than proxies wait
    fallback_heartbeat: float = 25.0

    #: deliveries of webhooks that may wait for one endpoint; more are dropped
    max_waiting_webhooks: int = 10_000
    #: seconds that an endpoint has to answer
    webhook_timeout: float = 10.0
    #: seconds until a failed delivery is tried again; then twice as many, and so on
    webhook_first_pause: float = 1.0
    #: seconds after which a delivery is too old to be tried again
    webhook_max_age: float = 300.0

    #: seconds of silence after which a socket is pinged; clients are told the same number
    activity_timeout: int = 120
    #: seconds that it then has to answer
    pong_timeout: float = 30
    #: seconds without a frame from the client itself after which it is sent `pusher:ping`
    inactivity_timeout: float = 86_400
    #: seconds that a client has to answer a close frame before its connection is cut
    close_timeout: float = 3.0
    #: seconds that looking up the user of a handshake may take; after that it counts as nobody's
    identify_timeout: float = 5.0
    #: seconds that a guard may take; then the channel may not be heard
    guard_timeout: float = 5.0
    #: seconds over which the sockets of a node that goes down are sent elsewhere
    drain_seconds: float = 2.0
