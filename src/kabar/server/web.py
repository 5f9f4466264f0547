"""Web: the HTTP application with every route and every dependency that routes may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import text

from kabar.core.settings import Settings
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.transport import Transport
from kabar.features.accounts.inject import SignInCheck, account_dependencies
from kabar.features.accounts.service import AccountService
from kabar.features.accounts.session_lookup import COOKIE, SessionLookup
from kabar.features.chat.audience import Audience
from kabar.features.chat.inject import ChatRules, chat_dependencies
from kabar.features.chat.send_routes import send_routes
from kabar.features.console.routes import console_router
from kabar.features.console.sessions import ConsoleSessions
from kabar.infra.db import Database, Transaction
from kabar.infra.http.application import make_application
from kabar.infra.http.client import TrustedProxies
from kabar.infra.http.cookie_names import CookieNames
from kabar.infra.http.docs_page import docs_routes, openapi_config
from kabar.infra.http.health import Check, health_route
from kabar.infra.http.inject import floor_dependencies
from kabar.infra.http.pages import PAGE_EXCEPTION_HANDLERS, page_routes
from kabar.infra.http.same_origin import SameOrigin
from kabar.wiring import ROUTES


class Web:
    """Answers HTTP: `asgi` is the application."""

    def __init__(
        self,
        settings: Settings,
        *,
        db: Database,
        secret: bytes,
        realtime: Transport | None,
        checks: Mapping[str, Check],
        engine: Realtime | None,
        more_routes: Sequence[HTTPRouteHandler],
    ) -> None:
        self._db = db
        routers = _console_routers(settings, engine)
        self.has_console = bool(routers)
        self.sessions = SessionLookup(db)
        self._accounts = AccountService(
            db=db,
            lookup=self.sessions,
            settings=settings,
            secret=secret,
            on_end=realtime.reauthorize if realtime else _nothing_is_open,
        )
        self.audience = Audience(realtime)
        rules = ChatRules(
            message_max_characters=settings.message_max_characters,
            room_max_participants=settings.room_max_participants,
            publisher=realtime,
            audience=self.audience,
            secret=secret,
        )
        same_origin = SameOrigin(
            public_url=settings.public_url,
            allowed_origins=settings.allowed_origins,
            # Signed with the app's secret. The second is where the official Python SDK ends users.
            exempt=("/apps/", "/users/"),
        )
        self.asgi: Litestar = make_application(
            routes=[
                *ROUTES,
                *send_routes(db, rules),
                *more_routes,
                *(realtime.http_routes if realtime else ()),
                health_route(
                    {
                        "database": self._check_database,
                        **(realtime.checks if realtime else {}),
                        **checks,
                    }
                ),
                *docs_routes(),
                *page_routes(partial(_page_config, settings, realtime)),
            ],
            routers=routers,
            dependencies={
                **floor_dependencies(db, settings, TrustedProxies(settings.trusted_proxies)),
                **account_dependencies(db, self.sessions, self._accounts),
                **chat_dependencies(rules),
            },
            checks=[same_origin.check, SignInCheck(self.sessions).check],
            max_body_bytes=settings.max_body_bytes,
            allowed_origins=settings.allowed_origins,
            openapi=openapi_config(CookieNames(secret).on_the_wire(COOKIE)),
            exception_handlers=PAGE_EXCEPTION_HANDLERS,
        )

    def close(self) -> None:
        self._accounts.close()

    async def end_expired_sessions(self) -> None:
        await self._accounts.end_expired_sessions()

    async def _check_database(self) -> str | None:
        if trouble := self._db.trouble():
            return trouble
        await self._db.read(_ask_something)
        return None


def _nothing_is_open(_user_id: str) -> None:
    """Do nothing: without realtime no sockets are open that could outlive a session."""


def _console_routers(settings: Settings, engine: Realtime | None) -> list[Router]:
    if settings.console_password is None or engine is None or engine.inspection is None:
        return []
    sessions = ConsoleSessions(
        password=settings.console_password,
        failures_per_address=settings.console_failures_per_address,
        is_always_secure=(settings.public_url or "").startswith("https:"),
    )
    origin = SameOrigin(public_url=settings.public_url, allowed_origins=())
    return [console_router(sessions, engine.inspection, engine.trigger, origin)]


def _page_config(settings: Settings, realtime: Transport | None) -> dict[str, object]:
    """Return the options with which the page connects. Without a key it does not connect."""
    return {
        "key": realtime.app.key if realtime else None,
        "path": "",
        "activityTimeout": settings.activity_timeout,
        "messageMaxCharacters": settings.message_max_characters,
        **(realtime.page if realtime else {}),
    }


def _ask_something(tx: Transaction) -> None:
    tx.execute(text("SELECT 1"))
