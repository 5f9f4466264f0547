"""The web side of Kabar: every route, and what routes may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import text

from kabar.core.settings import Settings
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.transport import Transport
from kabar.features.accounts.inject import Admission, account_dependencies
from kabar.features.accounts.keeper import SessionKeeper
from kabar.features.accounts.reception import Reception
from kabar.features.chat.inject import ChatRules, chat_dependencies
from kabar.features.chat.send_routes import send_routes
from kabar.features.console.routes import console_router
from kabar.features.console.sessions import ConsoleSessions
from kabar.infra.db import Database, Transaction
from kabar.infra.http.application import make_application
from kabar.infra.http.client import TrustedProxies
from kabar.infra.http.docs_page import docs_routes, openapi_config
from kabar.infra.http.health import Check, health_route
from kabar.infra.http.idempotency import forget_answers
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
        engine: Realtime | None,
        more_routes: Sequence[HTTPRouteHandler],
        more_checks: Mapping[str, Check],
    ) -> None:
        self._db = db
        routers = _console_routers(settings, engine)
        self.has_console = bool(routers)
        self.sessions = SessionKeeper(db)
        self._reception = Reception(
            db=db,
            keeper=self.sessions,
            settings=settings,
            secret=secret,
            on_end=realtime.reauthorize if realtime else _nothing_is_open,
        )
        rules = ChatRules(
            message_max_characters=settings.message_max_characters,
            room_max_participants=settings.room_max_participants,
            tell_at_most=settings.chat_bell_max_participants,
            publisher=realtime,
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
                        **more_checks,
                    }
                ),
                *docs_routes(),
                *page_routes(partial(_page_config, settings, realtime)),
            ],
            routers=routers,
            dependencies={
                **floor_dependencies(db, settings, TrustedProxies(settings.trusted_proxies)),
                **account_dependencies(self.sessions, self._reception),
                **chat_dependencies(rules),
            },
            checks=[same_origin.check, Admission(self.sessions).check],
            max_body_bytes=settings.max_body_bytes,
            allowed_origins=settings.allowed_origins,
            openapi=openapi_config(),
            exception_handlers=PAGE_EXCEPTION_HANDLERS,
        )

    def close(self) -> None:
        self._reception.close()

    async def forget_answers(self) -> None:
        """Drop what nobody will ask for again."""
        await self._db.write(forget_answers)

    async def end_expired_sessions(self) -> None:
        await self._reception.end_expired_sessions()

    async def _check_database(self) -> str | None:
        await self._db.read(_ask_something)
        return None


def _nothing_is_open(_user_id: str) -> None:
    """Without realtime there are no sockets that could outlive a session."""


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
    """Return what the page must know to connect; no key: there is nothing to connect to."""
    return {
        "key": realtime.app.key if realtime else None,
        "path": "",
        "activityTimeout": settings.activity_timeout,
        "messageMaxCharacters": settings.message_max_characters,
        **(realtime.page if realtime else {}),
    }


def _ask_something(tx: Transaction) -> None:
    tx.execute(text("SELECT 1"))
