"""What an older version has written goes on meaning the same: entries of rooms, and deletions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, text
from sqlalchemy.engine import URL

from kabar.core.times import utc_now
from kabar.features.accounts.models import User
from kabar.features.notifications.models import Notification
from kabar.features.notifications.queries import page_of_notifications
from kabar.infra.db import Database
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import _config, migrate
from tests.servers import PostgreSQL

NOW = utc_now()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A database as version 0003 made it."""
    if request.param == "sqlite":
        url = database_url(f"sqlite:///{tmp_path}/old.db", tmp_path)
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = database_url(server.url(server.create_database()), tmp_path)
    engine = open_writer(url, connections=1, synchronous="OFF")
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    engine.dispose()
    return url


class Old:
    """Writes what the older version wrote."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at = 0

    def user(self, user_id: str) -> None:
        self._connection.execute(
            insert(User).values(
                id=user_id,
                username=user_id,
                name=user_id.title(),
                email=f"{user_id}@example.org",
                is_private=False,
                followers_count=0,
                following_count=0,
                search_text=user_id,
                created_at=NOW,
                updated_at=NOW,
            )
        )

    def room(
        self, room_id: str, *, messages: int, read: int, deleted: tuple[int, ...] = ()
    ) -> None:
        """A room in which Ann has said so much, and Ben has read so far."""
        at = self._time(NOW)
        self._say(
            'INSERT INTO "ChatRoom" ("id","type","lastSeq","participantsCount","isActive",'
            '"lastMessageAt","createdAt","updatedAt")'
            " VALUES (:room,:type,:last,2,:yes,:at,:at,:at)",
            room=room_id,
            type="GROUP",
            last=messages,
            yes=True,
            at=at,
        )
        for user_id, position in (("ann", messages), ("ben", read)):
            self._say(
                'INSERT INTO "ChatParticipant" ("id","roomId","userId","role","lastReadSeq",'
                '"isMuted","isPinned","joinedAt") VALUES (:id,:room,:user,:role,:read,:no,:no,:at)',
                id=f"{room_id}-{user_id}",
                room=room_id,
                user=user_id,
                role="member",
                read=position,
                no=False,
                at=at,
            )
        for seq in range(1, messages + 1):
            self._say(
                'INSERT INTO "Message" ("id","roomId","seq","senderId","content","type","isRead",'
                '"isDelivered","deletedAt","createdAt")'
                " VALUES (:id,:room,:seq,:who,:said,'text',:no,:no,:gone,:at)",
                id=f"{room_id}-{seq}",
                room=room_id,
                seq=seq,
                who="ann",
                said=f"number {seq}",
                no=False,
                gone=at if seq in deleted else None,
                at=at,
            )

    def entry(
        self,
        room_id: str,
        seq: int,
        *,
        seen: bool = False,
        read: bool = False,
        archived: bool = False,
    ) -> None:
        self._at += 1
        at = NOW + timedelta(seconds=self._at)
        self._connection.execute(
            insert(Notification).values(
                id=f"entry-{room_id}",
                user_id="ben",
                type="new-message",
                title="Ann",
                body=f"number {seq}",
                link=f"/chat/{room_id}",
                actor_id="ann",
                subject_id=f"{room_id}-{seq}",
                count=1,
                data="{}",
                group_key=f"room:{room_id}",
                created_at=at,
                updated_at=at,
                seen_at=at if seen else None,
                read_at=at if read else None,
                archived_at=at if archived else None,
            )
        )

    def _say(self, statement: str, **values: Any) -> None:
        self._connection.execute(text(statement), values)

    def _time(self, time: Any) -> Any:
        is_sqlite = self._connection.dialect.name == "sqlite"
        return int(time.timestamp() * 1000) if is_sqlite else time.replace(tzinfo=None)


async def test_what_was_in_the_list_is_in_the_list_and_what_was_not_is_not(url: URL) -> None:
    engine = open_writer(url, connections=1, synchronous="OFF")
    with engine.begin() as connection:
        old = Old(connection)
        old.user("ann")
        old.user("ben")
        old.room("unread", messages=3, read=1)
        old.entry("unread", 3)
        old.room("seen", messages=2, read=0)
        old.entry("seen", 2, seen=True)
        old.room("done", messages=2, read=2)
        old.entry("done", 2, seen=True, read=True)
        old.room("archived", messages=2, read=2)
        old.entry("archived", 2, seen=True, read=True, archived=True)
        old.room("never shown", messages=5, read=0)
        old.room("deleted", messages=200, read=10, deleted=(5, 50, 63, 64, 150))
        old.entry("deleted", 200)
    engine.dispose()

    migrate(url)

    db = Database(url)
    await db.start()
    page = await db.read(page_of_notifications, user_id="ben", only=None, limit=50, after=None)
    put_away = await db.read(
        page_of_notifications, user_id="ben", only="archived", limit=50, after=None
    )
    await db.close()
    shown = {
        entry.data["roomId"]: (entry.count, entry.seen_at is None, entry.read_at is None)
        for entry in page.notifications
    }
    assert shown == {
        "unread": (2, True, True),
        "seen": (2, False, True),
        "done": (0, False, False),
        "deleted": (190 - 4, True, True),
    }
    assert (page.unread_count, page.unseen_count) == (3, 2)
    assert [entry.data["roomId"] for entry in put_away.notifications] == ["archived"]
