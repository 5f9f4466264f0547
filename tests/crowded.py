"""A database with rows enough to matter, filled straight: what plans are for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from kabar.features.accounts.identity import Identity
from kabar.infra.db import Database, Transaction


@dataclass(frozen=True)
class Crowded:
    """Who and what is there."""

    ann: Identity
    #: the first of Ann's ten direct rooms
    room_id: str
    #: groups by how many are in them; Ann and everybody else is
    groups: dict[int, str]


async def crowded(db: Database, *, direct_rooms: int, groups: tuple[int, ...] = ()) -> Crowded:
    """Fill a database: `user0` is Ann; a user, a room, three messages, an entry each number."""
    return await db.write(_fill, direct_rooms, groups)


def _fill(tx: Transaction, direct_rooms: int, groups: tuple[int, ...]) -> Crowded:
    _each(
        tx,
        max(direct_rooms, *groups, 1) + 1,
        '"User" ("id","username","name","email","isPrivate","followersCount","followingCount",'
        '"searchText","createdAt","updatedAt")',
        "'user' || n, 'user' || n, 'User', 'user' || n || '@example.org', false, 0, 0,"
        " ' user' || n || ' user', {now}, {now}",
    )
    _each(
        tx,
        direct_rooms,
        '"ChatRoom" ("id","type","user1Id","user2Id","lastSeq","participantsCount","isActive",'
        '"lastMessageAt","createdAt","updatedAt")',
        "'room' || n, 'DIRECT', {owner}, 'user' || (n + 1), 3, 2, true, {now}, {now}, {now}",
    )
    participants = (
        '"ChatParticipant" ("id","roomId","userId","role","lastReadSeq","isMuted","isPinned",'
        '"joinedAt")'
    )
    for side, user in (("a", "{owner}"), ("b", "'user' || (n + 1)")):
        _each(
            tx,
            direct_rooms,
            participants,
            f"'{side}' || n, 'room' || n, {user}, 'member', 0, false, false, {{now}}",
        )
    for seq in (1, 2, 3):
        _each(
            tx,
            direct_rooms,
            '"Message" ("id","roomId","seq","senderId","content","type","isRead","isDelivered",'
            '"createdAt")',
            f"'m{seq}-' || n, 'room' || n, {seq}, 'user' || (n + 1), 'Hello', 'text', false, false,"
            " {now}",
        )
    _each(
        tx,
        direct_rooms,
        '"KabarHidden" ("userId","roomId","seq","isCounted")',
        "'user' || (n + 1), 'room' || n, 1, true",
    )
    _each(
        tx,
        direct_rooms,
        '"KabarEdit" ("id","messageId","content","editedAt")',
        "'e' || n, 'm1-' || n, 'Hi', {now}",
    )
    _each(
        tx,
        direct_rooms,
        '"KabarReaction" ("id","messageId","userId","emoji","createdAt")',
        "'r' || n, 'm1-' || n, 'user' || (n + 1), '*', {now}",
    )
    _each(
        tx,
        direct_rooms,
        '"KabarVote" ("messageId","userId","optionIds","votedAt")',
        "'m3-' || n, 'user' || (n + 1), '1', {now}",
    )
    tx.execute(
        text('UPDATE "Message" SET "poll" = :poll WHERE "seq" = 3'),
        {"poll": '{"question":"?","options":[["Yes",1],["No"]],"voters":1}'},
    )
    _each(
        tx,
        direct_rooms,
        '"Notification" ("id","userId","type","title","body","link","actorId","subjectId","count",'
        '"data","groupKey","createdAt","updatedAt")',
        "'n' || n, {owner}, 'new-follower', 'User', '', '/', 'user' || (n + 1), 'user' || (n + 1),"
        " 1, '{{}}', 'follower:user' || (n + 1), {now}, {now}",
    )
    _each(
        tx,
        direct_rooms,
        '"KabarDeleted" ("roomId","level","block","count")',
        "'room' || n, 1, 7, 1",
    )
    _each(
        tx,
        direct_rooms,
        '"KabarBlock" ("id","blockerId","blockedId","createdAt")',
        "'w' || n, 'user' || (n + 1), {owner}, {now}",
    )
    for size in groups:
        tx.execute(
            text(
                'INSERT INTO "ChatRoom" ("id","type","lastSeq","participantsCount","isActive",'
                '"createdAt","updatedAt") SELECT :id, \'GROUP\', 0, :size, true, "createdAt",'
                ' "createdAt" FROM "User" WHERE "id" = \'user0\''
            ),
            {"id": f"group{size}", "size": size},
        )
        _each(
            tx,
            size,
            participants,
            f"'g{size}-' || n, 'group{size}', 'user' || n, 'member', 0, false, false, {{now}}",
        )
    ann = Identity("user0", "user0", "User", None, None, None, None)
    return Crowded(ann, "room0", {size: f"group{size}" for size in groups})


def _each(tx: Transaction, count: int, table: str, values: str) -> None:
    """Insert a row for each number; the first ten rooms have Ann for one of their two."""
    series = (
        "SELECT generate_series(0, :last) AS n"
        if tx.is_postgresql
        else "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < :last)"
        " SELECT n FROM s"
    )
    owner = "'user' || CASE WHEN n < 10 THEN 0 ELSE n END"
    now = "TIMESTAMP '2026-11-28 12:00:00'" if tx.is_postgresql else "1795867200000"
    chosen = values.format(owner=owner, now=now)
    tx.execute(
        text(f"INSERT INTO {table} SELECT {chosen} FROM ({series}) AS numbers"), {"last": count - 1}
    )
