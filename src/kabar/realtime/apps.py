"""Which Pusher applications this server serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from kabar.errors import CannotStart
from kabar.realtime.history.rules import HistoryRule, require_different_prefixes

WebhookEvent = Literal[
    "channel_occupied",
    "channel_vacated",
    "member_added",
    "member_removed",
    "client_event",
    "cache_miss",
    "subscription_count",
]


class Webhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an app wants to hear of what happens on its channels."""

    url: str
    events: tuple[WebhookEvent, ...]
    channel_prefix: str = ""
    batch: bool = False

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError(f"{self.url} is no address for a webhook: it must be http or https")


class App(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Pusher application: its own channels, its own connections, its own secret."""

    id: str
    key: str
    secret: str
    enabled: bool = True
    client_events: bool = True
    #: per connection; 0 is no limit
    client_events_per_second: int = 10
    subscription_count: bool = True
    watchlist: bool = True
    #: refuse connections that are not encrypted
    force_tls: bool = False
    #: 0 is no limit
    max_connections: int = 0
    #: a connection must sign in or join a private channel within `authorization_timeout` seconds
    authorized_connections: bool = False
    authorization_timeout: int = 30
    #: base64, 32 bytes
    encryption_master_key: str = ""
    webhooks: tuple[Webhook, ...] = ()
    history: tuple[HistoryRule, ...] = ()

    def __post_init__(self) -> None:
        require_different_prefixes(self.history)
        for name in ("id", "key", "secret"):
            if not getattr(self, name):
                raise ValueError(f"an app needs {name}")


class Apps:
    """The applications by id and by key. The first one is Kabar's own."""

    def __init__(self, apps: Iterable[App]) -> None:
        listed = list(apps)
        if not listed:
            raise ValueError("there must be at least one app")
        self.own = listed[0]
        self._by_id = {app.id: app for app in listed}
        self._by_key = {app.key: app for app in listed}
        if len(self._by_id) < len(listed) or len(self._by_key) < len(listed):
            raise ValueError("two apps have the same id or the same key")

    def __iter__(self) -> Iterator[App]:
        return iter(self._by_id.values())

    def find_by_id(self, app_id: str) -> App | None:
        return self._by_id.get(app_id)

    def find_by_key(self, key: str) -> App | None:
        return self._by_key.get(key)


class _AppsFile(msgspec.Struct, forbid_unknown_fields=True):
    apps: list[App]


def read_apps_file(path: Path) -> Apps:
    """Read the TOML file of apps; what is wrong with it becomes the one line of `CannotStart`."""
    try:
        return Apps(msgspec.toml.decode(path.read_bytes(), type=_AppsFile).apps)
    except OSError as error:
        raise CannotStart(f"cannot read the apps file {path}: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise CannotStart(f"the apps file {path} is wrong: {error}") from error
