"""The application: opens every part in order, and closes them in reverse."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Self

import msgspec
from litestar.types import ASGIApp

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings
from kabar.engines.broker import open_broker
from kabar.engines.realtime.apps.apps import Apps, read_apps_file
from kabar.engines.realtime.apps.history_rules import read_history_rules
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.hosted.transport import Hosted
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.features.apps.deliveries import DatabaseDeliveries
from kabar.features.apps.served import GivenApps
from kabar.features.apps.watch import AppsWatch
from kabar.features.channel_auth.routes import channel_auth_routes
from kabar.infra.db import Database
from kabar.infra.db.engine import database_url
from kabar.infra.http.methods import with_head
from kabar.infra.relay import Relay
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder
from kabar.server.pusher_account import chosen_service, named_app
from kabar.server.web import Web
from kabar.server.workers import Work, Workers, every
from kabar.wiring import CHANNEL_GUARDS, HANDLERS, PUBLIC_CHANNEL_GUARDS


class Kabar:
    """A running Kabar without its port: `async with Kabar(settings) as kabar`.

    `kabar.asgi` answers HTTP; `kabar.realtime` has the WebSocket class for uvicorn, unless the
    sockets are served by `kabar.service`, elsewhere.
    Raises `CannotStart` when something stands in the way.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = DataFolder(settings.data)
        self.secrets = self.folder.secrets(secret=settings.secret)
        self.given_apps = given_apps(settings, self.folder)
        self.service = chosen_service(settings)
        self.url = database_url(settings.database_url, self.folder.path)
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        settings = self.settings
        async with AsyncExitStack() as opened:
            if self.url.get_backend_name() == "sqlite":
                opened.enter_context(self.folder.lock())
            await asyncio.to_thread(migrate, self.url)

            self.db = Database(
                self.url,
                synchronous=settings.sqlite_synchronous,
                readers=settings.sqlite_readers,
                writers=settings.postgres_threads,
                max_waiting=settings.max_waiting_writes,
            )
            await self.db.start()
            opened.push_async_callback(self.db.close)

            watch = AppsWatch(self.db, self.given_apps)
            self.apps = Apps(await watch.start())
            self.realtime = self._realtime() if settings.realtime and not self.service else None
            self.transport = self.realtime or self._hosted()
            self.relay = Relay(
                self.db,
                events=tuple(HANDLERS),
                handlers=HANDLERS,
                publisher=self.transport,
            )
            if self.transport is not None:
                await self.transport.start()
                opened.push_async_callback(self.transport.close)
            # Before the transport closes: what it settles may still be told.
            opened.push_async_callback(self.relay.settle)

            self.web = Web(
                settings,
                db=self.db,
                secret=self.secrets.secret.encode(),
                realtime=self.transport,
                engine=self.realtime,
                more_routes=channel_auth_routes(self.transport, CHANNEL_GUARDS),
            )
            opened.callback(self.web.close)
            works = [*self.relay.works(), *self._housekeeping()]
            if self.transport is not None:
                works += self.transport.works()
            if self.realtime is not None:
                works.append(("apps", partial(watch.run, self.realtime.change_apps)))
            workers = Workers(works)
            await workers.start()
            opened.push_async_callback(workers.close)
            self._closing = opened.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._closing.__aexit__(kind, error, traceback)

    @property
    def asgi(self) -> ASGIApp:
        web = self.web.asgi
        return with_head(self.realtime.with_fallbacks(web) if self.realtime is not None else web)

    def _realtime(self) -> Realtime:
        settings = self.settings
        return Realtime(
            apps=self.apps,
            broker=open_broker(settings.broker_url),
            limits=realtime_limits(settings),
            guards=PUBLIC_CHANNEL_GUARDS,
            identify=self._identify,
            public_url=settings.public_url,
            allowed_origins=settings.allowed_origins,
            trusted_proxies=settings.trusted_proxies,
            deliveries=DatabaseDeliveries(self.db),
            is_observed=settings.console_password is not None,
        )

    def _hosted(self) -> Hosted | None:
        settings = self.settings
        if self.service is None or not settings.realtime:
            return None
        return Hosted(
            self.apps.own,
            self.service,
            # What only a guard keeps from strangers, nobody guards there.
            withheld=() if settings.hosted_user_alias else PUBLIC_CHANNEL_GUARDS,
            queue_limit=settings.hosted_queue_events,
        )

    async def _identify(self, handshake: Handshake) -> str | None:
        identity = await self.web.sessions.identify(handshake.headers)
        return None if identity is None else identity.user_id

    def _housekeeping(self) -> list[Work]:
        return [
            ("sessions", every(60, self.web.end_expired_sessions)),
            ("housekeeping", every(3600, self.web.forget_answers)),
        ]


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
