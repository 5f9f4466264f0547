"""The application: opens every part of Kabar in order, and closes them in reverse order."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from litestar.types import ASGIApp

from kabar.core.settings import Settings
from kabar.engines.broker import open_broker
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.hosted.transport import Hosted
from kabar.features.accounts.session_lookup import COOKIE, SessionLookup
from kabar.features.apps.deliveries import DatabaseDeliveries
from kabar.features.apps.watch import AppsWatch
from kabar.features.channel_auth.routes import ChannelGuard
from kabar.features.chat.before_send.asking import BeforeSend
from kabar.features.chat.lifetimes.retiring import retire_messages
from kabar.features.chat.search import indexing
from kabar.features.chat.sync.changes import forget_changes, note_changes
from kabar.infra.db import Database, clock
from kabar.infra.db.engine import database_url
from kabar.infra.http.client import TrustedProxies
from kabar.infra.http.cookie_names import CookieNames, Headers
from kabar.infra.http.departures import Departures
from kabar.infra.http.methods import with_head
from kabar.infra.relay import Relay
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder, lock_database
from kabar.server.descriptors import EVERY, Descriptors
from kabar.server.files import Files
from kabar.server.from_settings import (
    database_threads,
    given_apps,
    realtime_limits,
    require_sockets_here,
)
from kabar.server.link_previews import link_previews
from kabar.server.pusher_account import chosen_service
from kabar.server.web import Web
from kabar.server.workers import Work, Workers, every
from kabar.wiring import (
    CHANNEL_GUARDS,
    CLOCKWORK,
    HANDLERS,
    HOUSEKEEPING,
    MAY_SEE_FILES_OF,
    PUBLIC_CHANNEL_GUARDS,
    RECALLS,
    TELLERS,
)

#: so long each part may take to close, if there is no hurry
_CLOSING_SECONDS = 10.0


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
        self.cookies = CookieNames(
            self.secrets.secret.encode(),
            proxies=TrustedProxies(settings.trusted_proxies),
            is_always_secure=(settings.public_url or "").startswith("https:"),
        )
        self.given_apps = given_apps(settings, self.folder)
        self.service = chosen_service(settings)
        require_sockets_here(settings, self.service)
        self.url = database_url(settings.database_url, self.folder.path)
        self.departures = Departures()
        self.descriptors = Descriptors()
        self._closing = AsyncExitStack()
        self._end = math.inf

    async def __aenter__(self) -> Self:
        settings = self.settings
        async with AsyncExitStack() as opened:
            if self.url.get_backend_name() == "sqlite":
                opened.enter_context(lock_database(Path(str(self.url.database))))
            await asyncio.to_thread(migrate, self.url)

            readers, writers = database_threads(self.url, settings)
            self.db = Database(
                self.url,
                synchronous=settings.sqlite_synchronous,
                readers=readers,
                writers=writers,
                max_waiting=settings.max_waiting_writes,
                max_of_one=settings.max_waiting_per_user,
                seconds=settings.database_timeout,
            )
            self.db.keep(note_changes)
            await self.db.start()
            opened.push_async_callback(self._close_database)
            await self.db.write(clock.settle)

            self.sessions = SessionLookup(self.db)
            watch = AppsWatch(self.db, self.given_apps)
            self.apps = Apps(await watch.start())
            self.realtime = self._realtime() if settings.realtime and not self.service else None
            self.transport = self.realtime or self._hosted()
            self.relay = Relay(
                self.db,
                events=tuple(HANDLERS),
                handlers=HANDLERS,
                publisher=self.transport,
                tellers=TELLERS,
                recalls=RECALLS,
            )
            if self.transport is not None:
                await self.transport.start()
                opened.push_async_callback(self.transport.close)
            # Before the transport closes: the relay may still publish.
            opened.push_async_callback(self._settle)

            self.files = Files(
                settings,
                folder=self.folder,
                db=self.db,
                url=self.url,
                secret=self.secrets.secret.encode(),
                may_see=MAY_SEE_FILES_OF,
            )
            opened.callback(self.files.close)
            before_send = await opened.enter_async_context(BeforeSend(settings))
            self.web = Web(
                settings,
                db=self.db,
                sessions=self.sessions,
                uploads=self.files.uploads,
                exports=self.files.exports,
                before_send=before_send,
                secret=self.secrets.secret.encode(),
                cookies=self.cookies,
                realtime=self.transport,
                guards=CHANNEL_GUARDS,
                checks={
                    "events": self.relay.check,
                    "workers": self._check_workers,
                    "files": self.descriptors.check,
                },
                engine=self.realtime,
            )
            opened.callback(self.web.close)
            works = [
                *self.relay.works(),
                *self._housekeeping(),
                *self.files.works(),
                *link_previews(settings, db=self.db, pictures=self.files.found),
            ]
            if self.transport is not None:
                works += self.transport.works()
            if self.realtime is not None:
                works.append(("apps", partial(watch.run, self.realtime.change_apps)))
            self.workers = Workers(works)
            await self.workers.start()
            opened.push_async_callback(self.workers.close)
            self._closing = opened.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._closing.__aexit__(kind, error, traceback)

    def end_within(self, seconds: float) -> None:
        """Say when the process must be gone: whatever does not answer by then is left."""
        self._end = time.monotonic() + seconds
        self.db.hurry(seconds)

    async def _settle(self) -> None:
        # The rest is for the database to close.
        await self.relay.settle(self._seconds_left() * 0.8)

    async def _close_database(self) -> None:
        await self.db.close(self._seconds_left())

    def _seconds_left(self) -> float:
        return max(0.1, min(_CLOSING_SECONDS, self._end - time.monotonic()))

    async def _check_workers(self) -> str | None:
        return await self.workers.check()

    @property
    def asgi(self) -> ASGIApp:
        web = self.departures.in_front_of(self.web.asgi)
        return with_head(self.realtime.with_fallbacks(web) if self.realtime is not None else web)

    def _realtime(self) -> Realtime:
        settings = self.settings
        return Realtime(
            apps=self.apps,
            broker=open_broker(settings.broker_url),
            limits=realtime_limits(settings),
            guards={
                beginning: partial(self._may_hear, guard)
                for beginning, guard in PUBLIC_CHANNEL_GUARDS.items()
            },
            identify=self._identify,
            proof_in=self._proof_in,
            public_url=settings.public_url,
            allowed_origins=settings.allowed_origins,
            trusted_proxies=settings.trusted_proxies,
            deliveries=DatabaseDeliveries(self.db),
            is_observed=settings.console_password is not None,
            forget=self.sessions.forget_user,
        )

    def _hosted(self) -> Hosted | None:
        settings = self.settings
        if self.service is None or not settings.realtime:
            return None
        return Hosted(
            self.apps.own,
            self.service,
            # What only a guard keeps from strangers, nobody guards there.
            withheld=[
                beginning
                for beginning in PUBLIC_CHANNEL_GUARDS
                if not (beginning == "user-" and settings.hosted_user_alias)
            ],
            queue_limit=settings.hosted_queue_events,
        )

    def _proof_in(self, handshake: Handshake) -> Headers:
        """Return the headers that can say whose it is; of most sockets of strangers, none."""
        headers = list(self.cookies.only(COOKIE, handshake.headers))
        return headers if {b"cookie", b"authorization"} & {name for name, _ in headers} else []

    async def _identify(self, handshake: Handshake) -> str | None:
        headers = self.cookies.read(handshake.headers, is_https=handshake.is_secure)
        identity = await self.sessions.identify(headers)
        return None if identity is None else identity.user_id

    async def _may_hear(self, guard: ChannelGuard, user_id: str, channel: str) -> bool:
        return channel in await guard(self.db, user_id, [channel])

    def _housekeeping(self) -> list[Work]:
        return [
            ("descriptors", every(EVERY, self.descriptors.look)),
            ("sessions", every(60, self.web.end_expired_sessions)),
            *(
                (name, every(1, partial(work, self.db, self.web.rules)))
                for name, work in CLOCKWORK.items()
            ),
            *((name, every(3600, partial(work, self.db))) for name, work in HOUSEKEEPING.items()),
            (
                "changes",
                every(3600, partial(forget_changes, self.db, days=self.settings.sync_days)),
            ),
            (
                "old messages",
                every(3600, partial(retire_messages, self.db, days=self.settings.message_days)),
            ),
            ("search", every(indexing.EVERY, partial(indexing.index_messages, self.db))),
        ]
