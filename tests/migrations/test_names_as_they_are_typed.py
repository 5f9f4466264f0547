"""Who registered with an older version is found as with this one."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert
from sqlalchemy.engine import URL

from kabar.core.times import utc_now
from kabar.features.accounts.models import User
from kabar.features.follows.people_search import find_people
from kabar.infra.db import Database
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import _config, migrate
from tests.servers import PostgreSQL

NOW = utc_now()
#: username, name, how version 0006 folded it, and what is typed
PEOPLE = [
    ("ann", "Ann", "ann", "ann"),
    ("conan", "Conan O\u2019Brien", "conan o\u2019brien", "o'brien"),
    ("aki", "サクラ", "サクラ", "さくら"),
    ("karim", "كريم", "كريم", "کریم"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A database of version 0006, with people."""
    if request.param == "sqlite":
        url = database_url(f"sqlite:///{tmp_path}/old.db", tmp_path)
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = database_url(server.url(server.create_database()), tmp_path)
    engine = open_writer(url, connections=1, synchronous="OFF")
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for username, name, was_folded, _ in PEOPLE:
            connection.execute(
                insert(User).values(
                    id=username,
                    username=username,
                    name=name,
                    email=f"{username}@example.org",
                    is_private=False,
                    followers_count=0,
                    following_count=0,
                    search_text=f" {username} {was_folded}",
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
    engine.dispose()
    return url


async def test_people_of_before_are_found_as_keyboards_type_them(url: URL) -> None:
    migrate(url)

    db = Database(url)
    await db.start()
    found = [
        await db.read(find_people, caller_id="ann", query=typed, limit=9, after=None)
        for *_, typed in PEOPLE
    ]
    await db.close()
    assert [[user.username for user in people.users] for people in found] == [
        [username] for username, *_ in PEOPLE
    ]
