"""People for tests: accounts that are signed in, made quickly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from argon2 import PasswordHasher

from kabar.features.accounts.identity import Identity
from kabar.features.accounts.registration import register
from kabar.features.accounts.schemas import Registration
from kabar.features.accounts.session_lookup import COOKIE, find_identity, hash_token
from kabar.features.accounts.sessions import start_session
from kabar.infra.db import Database

PASSWORD = "correct horse battery staple"
#: of the tests' settings: hardly anything, and more than the least there is
HASH_MEMORY_KIB = 16
_HASH = PasswordHasher(time_cost=2, memory_cost=HASH_MEMORY_KIB, parallelism=1).hash(PASSWORD)
ORIGIN = "http://kabar.test"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and their browser."""

    id: str
    username: str
    identity: Identity
    token: str
    browser: httpx.AsyncClient

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        return await self.browser.get(path, params=parameters)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.browser.post(path, json=body, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.browser.put(path, json=body, **more)

    async def patch(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.browser.patch(path, json=body, **more)

    async def delete(self, path: str, **parameters: Any) -> httpx.Response:
        return await self.browser.delete(path, params=parameters)


MakePerson = Callable[[str], Awaitable[Person]]


async def identity_of(db: Database, username: str) -> tuple[Identity, str]:
    """Register somebody and sign them in, straight in the database."""
    user = await db.write(register, draft=registration(username), password_hash=_HASH)
    session = await db.write(
        start_session, user_id=user.id, lasts=timedelta(days=1), instead_of=None
    )
    identity = await db.read(find_identity, hash_token(session.token.encode()))
    assert identity is not None
    return identity, session.token


def registration(username: str) -> Registration:
    return Registration(
        username=username,
        name=username.title(),
        email=f"{username}@example.org",
        password=PASSWORD,
    )


def browser_of(
    asgi: Any, *, token: str | None = None, address: str = "127.0.0.1"
) -> httpx.AsyncClient:
    """Return a browser of somebody (nobody, without a token) that is on Kabar's own page."""
    browser = httpx.AsyncClient(
        transport=httpx.ASGITransport(asgi, raise_app_exceptions=False, client=(address, 123)),
        base_url=ORIGIN,
        headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"},
    )
    if token is not None:
        browser.cookies.set(COOKIE, token, domain="kabar.test")
    return browser


@asynccontextmanager
async def people_of(asgi: Any, db: Database) -> AsyncIterator[MakePerson]:
    """Yield what makes people."""
    async with AsyncExitStack() as browsers:

        async def make(username: str) -> Person:
            identity, token = await identity_of(db, username)
            browser = await browsers.enter_async_context(browser_of(asgi, token=token))
            return Person(identity.user_id, username, identity, token, browser)

        yield make
