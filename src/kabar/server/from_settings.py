"""From settings: what the database, the engine and its apps get of them."""

from __future__ import annotations

import msgspec
from sqlalchemy.engine import URL

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings, variable
from kabar.engines.realtime.apps.apps import read_apps_file
from kabar.engines.realtime.apps.history_rules import read_history_rules
from kabar.engines.realtime.hosted.service import Service
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.features.apps.served import GivenApps
from kabar.server.data_folder import DataFolder
from kabar.server.pusher_account import named_app


def database_threads(url: URL, settings: Settings) -> tuple[int, int]:
    """Return how many threads read, and how many write units of their own.

    One more reads what must not wait for lists, and one writes what is written together. On
    PostgreSQL all of them are no more than the setting says, since each has a connection.
    """
    if url.get_backend_name() == "sqlite":
        return settings.sqlite_readers, 1
    readers = settings.postgres_threads // 3
    return readers, settings.postgres_threads - readers - 2


def require_sockets_here(settings: Settings, service: Service | None) -> None:
    """Refuse what is about sockets, and would be looked for in vain, where there are none."""
    if settings.realtime and service is None:
        return
    because = "KABAR_REALTIME is off" if service is None else f"the sockets are at {service}"
    for name in ("console_password", "channel_history"):
        if getattr(settings, name):
            raise CannotStart(f"{variable(name)}: does nothing here, because {because}")


def realtime_limits(settings: Settings) -> RealtimeLimits:
    return RealtimeLimits(
        cache_seconds=settings.cache_seconds,
        max_fallback_sockets=settings.max_fallback_sockets,
        max_history_bytes=settings.max_history_bytes,
        idempotency_seconds=settings.idempotency_seconds,
        max_connections=settings.max_connections,
        max_connections_per_address=settings.max_connections_per_address,
        socket_queue_bytes=settings.socket_queue_bytes,
        compress_from=settings.compression_min_bytes if settings.compression else None,
        activity_timeout=settings.activity_timeout,
        pong_timeout=settings.pong_timeout,
        drain_seconds=settings.drain_seconds,
    )


def given_apps(settings: Settings, folder: DataFolder) -> GivenApps:
    """Return the app of `PUSHER_…`, the apps of the apps file, or the one made for the folder."""
    named = named_app(settings)
    history = read_history_rules(settings.channel_history)
    if settings.apps_file is None:
        own = msgspec.structs.replace(named or folder.secrets().app, history=history)
        return GivenApps((own,), "PUSHER_APP_ID" if named else None)
    if history:
        raise CannotStart("KABAR_CHANNEL_HISTORY: there is an apps file; it says [[apps.history]]")
    return GivenApps(tuple(read_apps_file(settings.apps_file)), settings.apps_file)
