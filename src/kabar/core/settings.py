"""Settings: every setting with its default; the only file that reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from kabar.core.database_settings import DatabaseSettings
from kabar.core.env_file import ENCODING, ENV_FILE, misspelt, names_in_env_file
from kabar.core.errors import CannotStart
from kabar.core.hook_settings import HookSettings
from kabar.core.keeping_settings import KeepingSettings
from kabar.core.outbound_settings import OutboundSettings
from kabar.core.setting_forms import (
    AppId,
    AppKey,
    BindHost,
    BrokerUrl,
    Cluster,
    DatabaseUrl,
    Host,
    Origins,
    Place,
    Proxies,
    Rate,
    WebAddress,
)
from kabar.core.setting_rules import require_rules
from kabar.core.upload_settings import UploadSettings


class Settings(HookSettings, KeepingSettings, UploadSettings, OutboundSettings, DatabaseSettings):
    """Read from `KABAR_…` variables and a `.env` file; `docs/reference/settings.md` lists them."""

    model_config = SettingsConfigDict(
        env_prefix="KABAR_",
        env_file=ENV_FILE,
        env_file_encoding=ENCODING,
        # Compose files and Laravel's `.env` come with `NAME=` and nothing behind it.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        # PUSHER_… have their names from elsewhere; our own code says `pusher_…`.
        populate_by_name=True,
    )

    host: BindHost = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data: Place = Field(
        Path("kabar-data"), description="Folder of the database, the secrets and the files."
    )
    public_url: WebAddress | None = Field(
        None,
        description="What browsers type, when a proxy stands in front: `https://chat.example`. "
        "Kabar has a host, or a port of it, to itself: a path behind it is refused.",
    )
    secret: str | None = Field(
        None,
        min_length=16,
        description="Signs what must not be forged, and names the cookies. Default: made once. All "
        "servers of one database need the same.",
    )
    database_url: DatabaseUrl | None = Field(
        None,
        description="`sqlite:///…` or `postgresql://…`, also through PgBouncer. Default: SQLite in "
        "the data folder.",
    )
    broker_url: BrokerUrl = Field("memory://", description="Carries publications between nodes.")
    apps_file: Place | None = Field(
        None, description="TOML file of Pusher apps; the first is Kabar's own."
    )
    realtime: bool = Field(
        True, description="Off: no WebSocket and no live events; everything else works."
    )
    transport: Literal["auto", "embedded", "hosted"] = Field(
        "auto",
        description="Who serves the sockets: this server, or a Pusher service elsewhere. `auto`: "
        "[hosted Pusher](hosted.md) when it has an account in `PUSHER_…` and no `PUSHER_HOST`.",
    )
    hosted_user_alias: bool = Field(
        False,
        description="On a service elsewhere, also tell `user-{id}`, which **anybody** may hear.",
    )
    hosted_queue_events: int = Field(
        10_000,
        ge=100,
        description="Events that may wait for a service elsewhere, each of at most 10 kB.",
    )
    pusher_app_id: AppId | None = Field(
        None,
        validation_alias="PUSHER_APP_ID",
        description="Id of the app; with key and secret it becomes Kabar's own.",
    )
    pusher_app_key: AppKey | None = Field(
        None, validation_alias="PUSHER_APP_KEY", description="Its key."
    )
    pusher_app_secret: str | None = Field(
        None, validation_alias="PUSHER_APP_SECRET", description="Its secret."
    )
    pusher_app_cluster: Cluster | None = Field(
        None,
        validation_alias="PUSHER_APP_CLUSTER",
        description="Cluster of hosted Pusher, for example `ap1`.",
    )
    pusher_host: Host | None = Field(
        None,
        validation_alias="PUSHER_HOST",
        description="Host of a Pusher server of one's own: Kabar itself, or another one when "
        "`KABAR_TRANSPORT=hosted`.",
    )
    pusher_port: int | None = Field(
        None,
        validation_alias="PUSHER_PORT",
        ge=1,
        le=65535,
        description="Port of that server. Default: that of the scheme.",
    )
    pusher_scheme: Literal["http", "https"] = Field(
        "https", validation_alias="PUSHER_SCHEME", description="Whether it speaks TLS."
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )
    log_json: bool = Field(False, description="One JSON object a line, for log collectors.")
    access_log: bool = Field(False, description="Log every request.")

    allowed_origins: Origins = Field(
        (),
        description="Other web origins that may call with the cookie (CORS), comma-separated: "
        "`https://app.example`. Each by its name, `*` is refused.",
    )
    trusted_proxies: Proxies = Field(
        ("127.0.0.0/8", "::1"),
        description="Proxies whose X-Forwarded-For and -Proto are believed: addresses, networks "
        "(`10.0.0.0/8`), `*` for everybody, `none` for nobody.",
    )

    sync_days: int = Field(
        30, ge=1, le=3650, description="Who was away for longer reads their rooms anew."
    )
    session_days: int = Field(30, ge=1, le=3650, description="A session ends after this long.")
    sign_in_failures_per_account: Rate = Field(
        "10/15 minutes",
        description="Wrong passwords for one account from one address before it has to wait.",
    )
    sign_in_failures_everywhere: Rate = Field(
        "100/15 minutes",
        description="Wrong passwords for one account from all addresses; then only a browser on "
        "which its owner has signed in before may try.",
    )
    sign_in_failures_per_address: Rate = Field(
        "100/15 minutes", description="Wrong passwords from one address before it has to wait."
    )
    registrations_per_address: Rate = Field(
        "1000/hour", description="New accounts from one address."
    )
    email_changes_per_user: Rate = Field(
        "10/day",
        description="E-mail addresses that somebody may try to change theirs to; those that are "
        "taken count.",
    )
    username_changes_per_user: Rate = Field(
        "10/day",
        description="Usernames that somebody may try to change theirs to; those that are taken "
        "count.",
    )
    password_hash_memory_kib: int = Field(
        65536,
        ge=19456,
        le=1 << 22,
        description="Memory of one argon2id hash; OWASP asks for 19456 or more.",
    )

    console_password: str | None = Field(
        None,
        min_length=12,
        description="Opens the operator's console at `/console`. Default: there is none.",
    )
    console_failures_per_address: Rate = Field(
        "10/15 minutes",
        description="Wrong console passwords from one address before it has to wait.",
    )

    max_body_bytes: int = Field(1 << 20, ge=1024, description="Largest body of a JSON request.")
    request_timeout: float = Field(
        10.0,
        gt=0,
        le=3600,
        description="Seconds to send the head of a request in, and for silence in its body; "
        "six times as many to read nothing of the answer.",
    )
    body_timeout: float = Field(
        30.0,
        gt=0,
        description="Seconds to send the body of a request in, and one more for every 4 KiB of it.",
    )
    message_max_characters: int = Field(10_000, ge=1, description="Longest message.")
    room_max_participants: int = Field(100_000, ge=2, description="Most participants of a room.")
    groups_per_user: int = Field(
        1000, ge=1, description="Groups that one may be in; who is in so many is added to none."
    )
    groups_made_per_user: Rate = Field("100/hour", description="New groups of one user.")
    reports_per_user: Rate = Field("30/day", description="Reports to moderators, of one user.")
    scheduled_messages_per_user: int = Field(
        100, ge=0, description="Most messages that may wait for their time, of one user."
    )

    cache_seconds: int = Field(
        1800, ge=1, le=1800, description="How long the last event of a cache channel is kept."
    )
    channel_history: str = Field(
        "",
        description="Rules of history for Kabar's own app, where there is no apps file, as JSON: "
        '`[{"prefix": "news-", "size": 100, "seconds": 300}]`.',
    )
    max_history_bytes: int = Field(
        64 << 20, ge=1 << 20, description="Memory for the channel histories of one app."
    )
    idempotency_seconds: int = Field(
        3600,
        ge=1,
        le=86400,
        description="How long an event with an idempotency key is not delivered again.",
    )
    max_connections: int = Field(
        0, ge=0, description="Sockets on this node, over all apps; 0 = no limit."
    )
    max_connections_per_address: int = Field(
        0, ge=0, description="Sockets from one address; 0 = no limit."
    )
    max_fallback_sockets: int = Field(
        10_000, ge=0, description="Clients that use HTTP in place of a WebSocket; 0 = none may."
    )
    socket_queue_bytes: int = Field(
        1 << 20, ge=1 << 14, description="Unsent bytes after which a slow reader is cut off."
    )
    compression: bool = Field(
        False, description="Offer permessage-deflate to clients: less traffic, more CPU."
    )
    compression_min_bytes: int = Field(256, ge=0, description="Shorter events are not compressed.")
    activity_timeout: int = Field(
        120, ge=1, le=86400, description="Seconds of silence after which a socket is pinged."
    )
    pong_timeout: int = Field(
        30, ge=1, le=86400, description="Seconds to wait for the answer to a ping."
    )
    drain_seconds: float = Field(
        5.0, ge=0, le=5, description="How long SIGTERM takes to send sockets elsewhere."
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, given: dict[str, Any]) -> dict[str, Any]:
        """On the command line too, and where there is nothing but spaces."""
        return {name: value for name, value in given.items() if str(value).strip()}


def read_settings(**given: Any) -> Settings:
    """Return the settings; what is given (and not None) wins over the environment.

    Raises `CannotStart` with one line that names the setting.
    """
    names_in_env_file()
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as failure:
        first = failure.errors()[0]
        name = variable("_".join(str(part) for part in first["loc"]))
        raise CannotStart(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
    require_rules(dict(settings), called=variable)
    return settings


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    name = name.upper()
    return name if name.startswith("PUSHER_") else f"KABAR_{name}"


def misspelt_settings() -> dict[str, str]:
    """Return what is set and is no setting, with the setting that may have been meant, or ""."""
    known = [variable(name) for name in Settings.model_fields]
    return misspelt({*os.environ, *names_in_env_file()}, known)
