"""Whatever four people do to a group at once: one owner, no gaps, nobody in it who is banned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kabar.core.errors import KabarError
from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.conversations import conversations
from kabar.features.chat.groups import bans, invites, joining, making, participants, roles
from kabar.features.chat.groups.models import Invite, JoinRequest
from kabar.features.chat.groups.schemas import BanDraft, GroupDraft, InviteDraft, RoomEdit
from kabar.features.chat.groups.waiting import banned_of
from kabar.features.chat.models import ChatParticipant, ChatRoom, JoinRule, Message, Role
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.infra.db import Database, Transaction
from tests.people import identity_of

LIMITS = {"max_participants": 100, "max_groups": 1_000}
MOST_USES = 2
ACTS = (
    *("say", "read", "add", "remove", "leave", "promote", "demote", "hand over", "ban", "lift"),
    *("join", "accept", "invite", "open", "ask"),
)
act = st.tuples(st.integers(0, 3), st.sampled_from(ACTS), st.integers(0, 3))
#: what is in one list is done at once
steps = st.lists(st.lists(act, min_size=1, max_size=4), max_size=10)
_numbers = count()


class Play:
    """A group, and what people try to do to it."""

    def __init__(self, db: Database, people: list[Identity], room_id: str, code: str) -> None:
        self.db = db
        self.people = people
        self.room_id = room_id
        self.code = code
        self.audience = Audience(None)

    async def do(self, who: int, what: str, whom: int) -> None:
        """Try it; whether it may be done is not the question here."""
        caller, other = self.people[who], self.people[whom]
        try:
            if what == "say":
                draft = MessageDraft(room_id=self.room_id, content="Hello")
                await self.db.write_together(
                    send_messages, Send(caller, draft, None, self.audience)
                )
            else:
                unit, more = self._unit(caller, other, what)
                await self.db.write(lambda tx: unit(tx, **more))
        except KabarError:
            pass

    def _unit(self, caller: Identity, other: Identity, what: str) -> tuple[Callable[..., Any], Any]:
        here = {"caller": caller, "room_id": self.room_id}
        them = {**here, "user_id": other.user_id}
        rule = {"open": JoinRule.OPEN, "ask": JoinRule.REQUEST}
        match what:
            case "read":
                me = {"user_id": caller.user_id, "room_id": self.room_id}
                return mark_as_read, {**me, "message_id": None, "socket_id": None}
            case "add":
                ids = {"user_ids": [other.user_id], **LIMITS}
                return participants.add_participants, {**here, **ids}
            case "remove":
                return participants.remove_participant, them
            case "leave":
                return participants.remove_participant, {**here, "user_id": caller.user_id}
            case "promote":
                return roles.change_role, {**them, "role": Role.ADMIN}
            case "demote":
                return roles.change_role, {**them, "role": Role.MEMBER}
            case "hand over":
                return roles.change_role, {**them, "role": Role.OWNER}
            case "ban":
                return bans.ban, {**them, "draft": BanDraft()}
            case "lift":
                return bans.lift_ban, them
            case "join":
                return joining.join, {**here, **LIMITS}
            case "accept":
                return joining.accept_request, {**them, **LIMITS}
            case "invite":
                come = {"caller": caller, "code": self.code, **LIMITS}
                return invites.accept_invite, come
            case _:
                return making.change_room, {**here, "edit": RoomEdit(join_rule=rule[what])}

    async def check(self) -> None:
        await self.db.read(self._check)
        for person in self.people:
            page = await self.db.read(conversations, user_id=person.user_id, limit=9, cursor=None)
            for room in page.conversations:
                unread = await self.db.read(self._recount, room.me.last_read_seq)
                assert room.me.unread_count == unread

    def _check(self, tx: Transaction) -> None:
        room = tx.execute(
            select(
                ChatRoom.last_seq,
                ChatRoom.last_said_seq,
                ChatRoom.participants_count,
                ChatRoom.deleted_count,
                ChatRoom.is_active,
            ).where(ChatRoom.id == self.room_id)
        ).one()
        mine = ChatParticipant.room_id == self.room_id
        found = tx.execute(select(ChatParticipant.user_id, ChatParticipant.role).where(mine))
        places = {user_id: role for user_id, role in found}  # noqa: C416  (typed)
        assert room.participants_count == len(places)
        assert room.is_active == bool(places)
        assert list(places.values()).count(Role.OWNER) == int(bool(places))
        said = tx.execute(
            select(Message.seq, Message.happening)
            .where(Message.room_id == self.room_id)
            .order_by(Message.seq)
        ).all()
        assert [one.seq for one in said] == list(range(1, room.last_seq + 1))
        assert room.deleted_count == sum(one.happening is not None for one in said)
        spoken = [one.seq for one in said if one.happening is None]
        assert room.last_said_seq == max(spoken, default=0)
        banned = banned_of(tx, self.room_id, [one.user_id for one in self.people])
        asking = set(
            tx.execute(
                select(JoinRequest.user_id).where(JoinRequest.room_id == self.room_id)
            ).scalars()
        )
        assert not banned & set(places)
        assert not asking & (banned | set(places))
        uses = tx.execute(select(Invite.uses).where(Invite.code == self.code)).scalar()
        assert uses is None or 0 <= uses <= MOST_USES

    def _recount(self, tx: Transaction, after: int) -> int:
        found: int = tx.execute(
            select(func.count()).where(
                Message.room_id == self.room_id,
                Message.seq > after,
                Message.happening.is_(None),
                Message.deleted_at.is_(None),
            )
        ).scalar_one()
        return found


@settings(
    max_examples=25,
    deadline=None,
    # The database is shared by all examples; each has people and a room of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
async def test_a_group_holds_together_whatever_is_done_to_it_at_once(
    db: Database, steps: list[list[tuple[int, str, int]]]
) -> None:
    number = next(_numbers)
    names = ("ann", "ben", "cleo", "dan")
    people = [(await identity_of(db, f"{name}{number}"))[0] for name in names]
    owner = people[0]
    draft = GroupDraft(name="Team", participant_ids=[people[1].user_id, people[2].user_id])
    room = await db.write(
        lambda tx: making.create_group_room(tx, owner=owner, draft=draft, **LIMITS)
    )
    link = await db.write(
        lambda tx: invites.make_invite(
            tx, caller=owner, room_id=room.id, draft=InviteDraft(max_uses=MOST_USES), origin=""
        )
    )
    play = Play(db, people, room.id, link.code)

    for at_once in steps:
        await asyncio.gather(*(play.do(*each) for each in at_once))
        await play.check()
