"""What one does in a group costs the same however many are in it, or in others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text, update

from kabar.features.chat.groups import bans, invites, joining, lists, making, participants, roles
from kabar.features.chat.groups.schemas import BanDraft, InviteDraft, RoomEdit
from kabar.features.chat.models import ChatParticipant, JoinRule, Role
from kabar.infra.db import Database, Transaction
from tests.crowded import Crowded, crowded
from tests.plans import heard, walks_through

TABLES = ("ChatRoom", "ChatParticipant", "Message", "User", "KabarDeleted")
LIMITS: dict[str, Any] = {"max_participants": 100_000, "max_groups": 1_000}


async def scene(db: Database, size: int) -> tuple[Crowded, str]:
    """A group of Ann's with so many in it, beside rooms that nobody touches."""
    place = await crowded(db, direct_rooms=10_000, groups=(size,))
    group = place.groups[size]

    def own(tx: Transaction) -> None:
        mine = (ChatParticipant.room_id == group, ChatParticipant.user_id == place.ann.user_id)
        tx.execute(update(ChatParticipant).where(*mine).values(role=Role.OWNER))
        tx.execute(text("ANALYZE"))

    await db.write(own)
    return place, group


async def test_no_act_walks_through_a_table(db: Database) -> None:
    place, group = await scene(db, 3_000)
    here: dict[str, Any] = {"caller": place.ann, "room_id": group}

    acts: list[tuple[Any, dict[str, Any]]] = [
        (making.change_room, {"edit": RoomEdit(name="New", join_rule=JoinRule.OPEN)}),
        (participants.add_participants, {"user_ids": ["user4000"], **LIMITS}),
        (participants.remove_participant, {"user_id": "user4000"}),
        (roles.change_role, {"user_id": "user7", "role": Role.ADMIN}),
        (invites.make_invite, {"draft": InviteDraft(), "origin": ""}),
        (bans.ban, {"user_id": "user8", "draft": BanDraft()}),
        (bans.lift_ban, {"user_id": "user8"}),
        (joining.join, LIMITS),
        (participants.remove_participant, {"user_id": place.ann.user_id}),
    ]

    with heard(db) as said:
        for unit, more in acts:
            await db.write(unit, **here, **more)
        page: dict[str, Any] = {"user_id": "user7", "room_id": group, "limit": 50, "after": None}
        await db.read(lists.page_of_participants, query="", **page)
        await db.read(bans.page_of_bans, **page)
        await db.read(joining.page_of_join_requests, **page)
        await db.read(invites.page_of_invites, origin="", **page)

    walks = await db.read(walks_through, said, TABLES)
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


@pytest.mark.parametrize("size", [100_000])
async def test_a_hundred_thousand_may_be_in_a_group(db: Database, size: int) -> None:
    """The last one comes in, and is found at the end of the list; the next one is one too many."""
    place, group = await scene(db, size - 1)
    here: dict[str, Any] = {"caller": place.ann, "room_id": group}

    def last(tx: Transaction) -> int:
        room = participants.add_participants(tx, **here, user_ids=["user99999"], **LIMITS)
        return room.participants_count

    def named(tx: Transaction) -> None:
        tx.execute(_BEGINNINGS)
        tx.execute(text("ANALYZE"))

    assert await db.write(last) == size
    await db.write(named)
    page: dict[str, Any] = {"user_id": "user99999", "room_id": group, "limit": 5, "after": None}
    with heard(db) as said:
        found = await db.read(lists.page_of_participants, query="user99999", **page)
        many = await db.read(lists.page_of_participants, query="user", **page)
    assert [one.user.id for one in found.participants] == ["user99999"]
    assert found.next_cursor is None
    assert len(many.participants) == 5
    assert many.next_cursor is not None
    walks = await db.read(walks_through, said, (*TABLES, "KabarNamePart"))
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


# All parts of so many names would be millions: these are what is typed here.
_BEGINNINGS = text(
    """
    INSERT INTO "KabarNamePart" (part, "userId") SELECT ' ' || username, id FROM "User"
    """.strip()
)
