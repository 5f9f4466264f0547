"""App: a Pusher application with its keys, what it may do, and where its webhooks go."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from kabar.engines.realtime.apps.history_rules import HistoryRule, require_different_prefixes
from kabar.engines.realtime.protocol import signing

WebhookEvent = Literal[
    "channel_occupied",
    "channel_vacated",
    "member_added",
    "member_removed",
    "client_event",
    "cache_miss",
    "subscription_count",
]

_ID = re.compile(r"[A-Za-z0-9._~-]{1,200}")
#: 0 is no limit
Limit = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class Webhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An endpoint of an app, and which edges on which of its channels it wants to hear of."""

    url: str
    events: tuple[WebhookEvent, ...]
    channel_prefix: str = ""
    batch: bool = False

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in {"http", "https"}:
            # Not the address itself: it may hold a password.
            raise ValueError("this is no address for a webhook: it must be http or https")


class AppKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key that names an app, and the secret that it signs with."""

    key: str
    secret: str

    def __post_init__(self) -> None:
        for name in ("key", "secret"):
            if not getattr(self, name):
                raise ValueError(f"an app needs {name}")


class App(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Pusher application. Its channels, connections and secrets are its own."""

    id: str
    key: str
    secret: str
    #: earlier pairs of key and secret that are still good, oldest first
    older_keys: tuple[AppKey, ...] = ()
    enabled: bool = True
    client_events: bool = True
    #: per connection
    client_events_per_second: Limit = 10
    subscription_count: bool = True
    watchlist: bool = True
    #: refuse connections that are not encrypted
    force_tls: bool = False
    max_connections: Limit = 0
    #: a connection must sign in or join a private channel within `authorization_timeout` seconds
    authorized_connections: bool = False
    authorization_timeout: Annotated[int, msgspec.Meta(ge=1, le=86_400)] = 30
    #: base64, 32 bytes: with it Kabar itself gives clients the keys of encrypted channels
    encryption_master_key: str = ""
    webhooks: tuple[Webhook, ...] = ()
    history: tuple[HistoryRule, ...] = ()

    def __post_init__(self) -> None:
        require_different_prefixes(self.history)
        for name in ("id", "key", "secret"):
            if not getattr(self, name):
                raise ValueError(f"an app needs {name}")
        # It is a part of a path that SDKs write as it is.
        if not _ID.fullmatch(self.id):
            raise ValueError("the id of an app is made of letters, digits and ._~-")
        if ":" in self.key:
            raise ValueError("the key of an app stands before the colon of signatures: it has none")
        if self.encryption_master_key and not signing.is_master_key(self.encryption_master_key):
            raise ValueError("encryption_master_key must be 32 bytes in base64")

    @property
    def keys(self) -> tuple[AppKey, ...]:
        """All keys that are good, oldest first. Webhooks are signed with the oldest."""
        return (*self.older_keys, AppKey(key=self.key, secret=self.secret))

    def find_secret(self, key: str) -> str | None:
        if key == self.key:
            return self.secret
        return next((older.secret for older in self.older_keys if older.key == key), None)
