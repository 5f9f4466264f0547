"""Web: the HTTP application with every route and every dependency that routes may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from litestar import Litestar, Request
from sqlalchemy import text

from kabar.core.settings import Settings
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.transport import Transport
from kabar.features.accounts.callers import Callers
from kabar.features.accounts.inject import ACCOUNT_DEPENDENCIES, require_sign_in
from kabar.features.accounts.managing import UserManagement
from kabar.features.accounts.service import AccountService
from kabar.features.accounts.session_lookup import COOKIE, SessionLookup
from kabar.features.channel_auth.routes import ChannelGuard, Signing
from kabar.features.chat.answers import Answer
from kabar.features.chat.audience import Audience
from kabar.features.chat.before_send.asking import BeforeSend
from kabar.features.chat.inject import CHAT_DEPENDENCIES, ChatRules
from kabar.features.console.routes import ROUTER as CONSOLE
from kabar.features.console.routes import Console
from kabar.features.console.sessions import ConsoleSessions
from kabar.features.exports.service import Exports
from kabar.features.moderation.inject import ModerationRules
from kabar.features.uploads.inject import Uploads
from kabar.infra.db import Database, Transaction
from kabar.infra.http.application import make_application
from kabar.infra.http.client import TrustedProxies
from kabar.infra.http.cookie_names import CookieNames
from kabar.infra.http.docs_page import DOCS_ROUTES, SessionCookie, openapi_config
from kabar.infra.http.health import Check, Checks, up
from kabar.infra.http.inject import FLOOR_DEPENDENCIES
from kabar.infra.http.methods import with_options
from kabar.infra.http.pages import PAGE_EXCEPTION_HANDLERS, PAGE_ROUTES, PageConfig
from kabar.infra.http.parts import Parts, part
from kabar.infra.http.rate_limits import RateLimit
from kabar.infra.http.same_origin import SameOrigin
from kabar.wiring import ROUTES


class Web:
    """Answers HTTP: `asgi` is the application."""

    def __init__(
        self,
        settings: Settings,
        *,
        db: Database,
        sessions: SessionLookup,
        uploads: Uploads,
        exports: Exports,
        before_send: BeforeSend,
        secret: bytes,
        cookies: CookieNames,
        realtime: Transport | None,
        guards: Mapping[str, ChannelGuard],
        checks: Mapping[str, Check],
        engine: Realtime | None,
    ) -> None:
        self._db = db
        on_end = realtime.reauthorize if realtime else _nothing_is_open
        self._accounts = AccountService(
            db=db, lookup=sessions, settings=settings, secret=secret, on_end=on_end
        )
        self.audience = Audience(realtime)
        self.rules = ChatRules(
            message_max_characters=settings.message_max_characters,
            room_max_participants=settings.room_max_participants,
            groups_per_user=settings.groups_per_user,
            groups_made=RateLimit(
                settings.groups_made_per_user,
                says="You have made too many groups. Wait, then make the next one.",
            ),
            scheduled_messages_per_user=settings.scheduled_messages_per_user,
            publisher=realtime,
            audience=self.audience,
            before_send=before_send,
            secret=secret,
            message_max_attachments=settings.message_max_attachments,
            sync_days=settings.sync_days,
        )
        reports = RateLimit(
            settings.reports_per_user,
            says="You have reported very much. Wait, then report the rest.",
        )
        console = _console(settings, engine)
        self.has_console = console is not None
        parts = Parts(
            db,
            settings,
            TrustedProxies(settings.trusted_proxies),
            SameOrigin(
                public_url=settings.public_url,
                allowed_origins=settings.allowed_origins,
                # Signed with the app's secret. The Python SDK ends users at the second.
                exempt=("/apps/", "/users/"),
            ),
            Callers(db, sessions),
            self._accounts,
            UserManagement(lookup=sessions, settings=settings, secret=secret, on_end=on_end),
            self.rules,
            ModerationRules(reports),
            uploads,
            exports,
            Signing(realtime, guards),
            Checks(
                {
                    "database": self._check_database,
                    **(realtime.checks if realtime else {}),
                    **checks,
                }
            ),
            SessionCookie(cookies.on_the_wire(COOKIE)),
            PageConfig(partial(_page_config, settings, realtime)),
            *([] if console is None else [console]),
        )
        if realtime is not None:
            parts |= realtime.parts
        self.application = application(
            None if realtime is None else type(realtime),
            has_console=self.has_console,
            max_body_bytes=settings.max_body_bytes,
            allowed_origins=settings.allowed_origins,
        )
        self.asgi = parts.in_front_of(with_options(self.application, settings.allowed_origins))

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


def _console(settings: Settings, engine: Realtime | None) -> Console | None:
    if settings.console_password is None or engine is None or engine.inspection is None:
        return None
    return Console(
        ConsoleSessions(
            password=settings.console_password,
            failures_per_address=settings.console_failures_per_address,
            is_always_secure=(settings.public_url or "").startswith("https:"),
        ),
        engine.inspection,
        engine.trigger,
        SameOrigin(public_url=settings.public_url, allowed_origins=()),
    )


def _page_config(settings: Settings, realtime: Transport | None) -> dict[str, object]:
    """Return the options with which the page connects. Without a key it does not connect."""
    return {
        "key": realtime.app.key if realtime else None,
        "path": "",
        "activityTimeout": settings.activity_timeout,
        "messageMaxCharacters": settings.message_max_characters,
        "messageMaxAttachments": settings.message_max_attachments,
        "uploadMaxBytes": settings.upload_max_bytes,
        "erasedMessages": settings.erased_messages,
        **(realtime.page if realtime else {}),
    }


def _ask_something(tx: Transaction) -> None:
    tx.execute(text("SELECT 1"))


@lru_cache(maxsize=8)
def application(
    transport: type[Transport] | None,
    *,
    has_console: bool,
    max_body_bytes: int,
    allowed_origins: tuple[str, ...],
) -> Litestar:
    """Return the application that all servers of this shape share: what is theirs is in `Parts`."""
    return make_application(
        routes=[
            *ROUTES,
            *(() if transport is None else transport.http_routes),
            up,
            *DOCS_ROUTES,
            *PAGE_ROUTES,
        ],
        routers=[CONSOLE] if has_console else [],
        dependencies={**FLOOR_DEPENDENCIES, **ACCOUNT_DEPENDENCIES, **CHAT_DEPENDENCIES},
        checks=[_check_origin, require_sign_in],
        max_body_bytes=max_body_bytes,
        allowed_origins=allowed_origins,
        openapi=openapi_config(),
        exception_handlers=PAGE_EXCEPTION_HANDLERS,
        response_class=Answer,
    )


async def _check_origin(request: Request[Any, Any, Any]) -> None:
    await part(request.scope, SameOrigin).check(request)
