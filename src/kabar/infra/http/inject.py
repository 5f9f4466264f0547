"""Dependencies that every route may ask for by name: database, settings, socket id, client …"""

from __future__ import annotations

import re
from collections.abc import Mapping

from litestar.di import NamedDependency, Provide
from litestar.types import Scope

from kabar.core.settings import Settings
from kabar.infra.db import Database, Units
from kabar.infra.http.client import Client, TrustedProxies
from kabar.infra.http.idempotency import read_idempotency_key
from kabar.infra.http.parts import part

Db = NamedDependency[Units]
Configured = NamedDependency[Settings]
SocketId = NamedDependency[str | None]
ClientOf = NamedDependency[Client]

_SOCKET_ID = re.compile(rb"\d{1,20}\.\d{1,20}")


def provide_db(scope: Scope) -> Units:
    """Return the database."""
    return part(scope, Database)


def provide_settings(scope: Scope, db: Db) -> Settings:  # noqa: ARG001  stands in the row
    """Return the settings."""
    return part(scope, Settings)


def provide_client(scope: Scope) -> Client:
    """Return who calls, as far as trusted proxies say."""
    return part(scope, TrustedProxies).client_of(scope)


def provide_socket_id(scope: Scope, settings: Configured) -> str | None:  # noqa: ARG001  the row
    """Return the id of the caller's own socket, which does not get the events it causes."""
    return read_socket_id(scope)


def read_socket_id(scope: Scope) -> str | None:
    """Return the `X-Socket-ID` of a request, or None where it is none."""
    for name, value in scope["headers"]:
        if name == b"x-socket-id":
            return value.decode() if _SOCKET_ID.fullmatch(value) else None
    return None


def provide_idempotency_key(scope: Scope, socket_id: SocketId) -> str | None:  # noqa: ARG001
    """Return the `Idempotency-Key`."""
    return read_idempotency_key(scope)


#: Each of those for hot routes asks for the one before, though it does not need it: Litestar
#: resolves independent ones in a task group, which costs 80 µs; in a row each costs 4 µs.
FLOOR_DEPENDENCIES: Mapping[str, Provide] = {
    "db": Provide(provide_db, sync_to_thread=False),
    "settings": Provide(provide_settings, sync_to_thread=False),
    "socket_id": Provide(provide_socket_id, sync_to_thread=False),
    "idempotency_key": Provide(provide_idempotency_key, sync_to_thread=False),
    "client": Provide(provide_client, sync_to_thread=False),
}
