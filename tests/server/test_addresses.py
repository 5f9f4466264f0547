"""Does every limit on addresses take all spellings of one for one?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.core.test_addresses import SPELLINGS
from tests.people import PASSWORD, browser_of

CONSOLE_PASSWORD = "the console's password"
SIGN_IN, REGISTER, CONSOLE = "/api/auth/login", "/api/auth/register", "/console/api/sign-in"
Ask = Callable[[str, int], Awaitable[httpx.Response]]


@pytest.fixture
def database(empty_sqlite: Path, tmp_path: Path) -> str:
    """It is the same whatever the database."""
    return f"sqlite:///{tmp_path}/kabar.db"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    once = dict.fromkeys(
        (
            "sign_in_failures_per_address",
            "registrations_per_address",
            "console_failures_per_address",
        ),
        "2/hour",
    )
    return settings.model_copy(update={**once, "console_password": CONSOLE_PASSWORD})


@pytest.mark.parametrize("path", [SIGN_IN, REGISTER, CONSOLE])
@pytest.mark.parametrize("spellings", SPELLINGS.values(), ids=lambda spellings: spellings[0])
async def test_no_spelling_of_an_address_passes_a_limit(
    path: str, spellings: list[str], kabar: Kabar
) -> None:
    async with asking(kabar, path) as ask:
        statuses = [
            (await ask(spelling, number)).status_code for number, spelling in enumerate(spellings)
        ]
        assert statuses[:2] in ([201, 201], [401, 401])
        assert set(statuses[2:]) <= {429}
        assert (await ask("192.0.2.99:1", 99)).status_code == statuses[0]


async def test_nor_does_nonsense_that_a_proxy_passes_on(kabar: Kabar) -> None:
    async with asking(kabar, SIGN_IN) as ask:
        statuses = [(await ask(f"nonsense-{n}", n)).status_code for n in range(4)]
    assert statuses == [401, 401, 429, 429]


@asynccontextmanager
async def asking(kabar: Kabar, path: str) -> AsyncIterator[Ask]:
    """Yield what asks from an address, as a proxy on `::1` tells it."""
    async with browser_of(kabar.asgi, address="::1") as browser:

        async def ask(address: str, number: int) -> httpx.Response:
            name = f"ann{number}"
            account = {"username": name, "name": name, "email": f"{name}@example.org"}
            body = {
                SIGN_IN: {"login": name, "password": "wrong"},
                REGISTER: {**account, "password": PASSWORD},
                CONSOLE: {"password": "wrong"},
            }[path]
            headers = {"x-forwarded-for": address}
            return await browser.post(path, json=body, headers=headers)

        yield ask
