"""What the console's tests may ask for: a Kabar that has one, and the operator's browser."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.people import browser_of

PASSWORD = "open sesame, please"
APPS = """
[[apps]]
id = "1"
key = "app-key"
secret = "app-secret"

[[apps]]
id = "2"
key = "other-key"
secret = "other-secret"
enabled = false
"""


@pytest.fixture
def database(empty_sqlite: Path, tmp_path: Path) -> str:
    """The console does not ask the database."""
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'kabar.db')}"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    apps_file = tmp_path / "apps.toml"
    apps_file.write_text(APPS)
    return settings.model_copy(
        update={
            "apps_file": apps_file,
            "console_password": PASSWORD,
            "console_failures_per_address": "3/15 minutes",
        }
    )


@pytest.fixture
async def operator(kabar: Kabar) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is signed in to the console."""
    async with browser_of(kabar.asgi) as browser:
        assert (await sign_in(browser)).status_code == 204
        yield browser


async def sign_in(browser: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/console/api/sign-in", json={"password": password})
