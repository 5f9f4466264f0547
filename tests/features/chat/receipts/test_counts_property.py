"""Whatever three people do in a group, what is unread there is what a naive recount says."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.blocking.blocks import block_user, unblock_user
from kabar.features.chat.conversations import get_total_unread_count, room_of
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.deleting.for_me import delete_for_me
from kabar.features.chat.groups.making import create_group_room
from kabar.features.chat.groups.participants import add_participants, remove_participant
from kabar.features.chat.groups.schemas import GroupDraft
from kabar.features.chat.messages import edit_message
from kabar.features.chat.mine.choosing import change_my_room
from kabar.features.chat.mine.schemas import MyRoomEdit
from kabar.features.chat.models import Message
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.receipts.unreading import mark_as_unread
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.notifications.inbox import mark_all_read
from kabar.features.notifications.queries import counts_of
from kabar.infra.db import Database
from tests.people import identity_of

LIMITS: Any = {"max_participants": 100, "max_groups": 1_000}
ACTS = (
    *("send", "send", "mention", "mention", "mention all", "edit", "edit", "edit"),
    *("read", "read", "read all", "unread", "unread", "unread", "done", "mute", "unmute"),
    *("delete", "delete", "hide", "hide", "block", "unblock", "leave", "add"),
)
#: who, what, and to which of the messages or the others
act = st.tuples(st.integers(0, 2), st.sampled_from(ACTS), st.integers(0, 9))
#: what was said when they begin
beginning = st.lists(st.integers(0, 2), max_size=8)
_numbers = count()


@dataclass
class Line:
    """What has a number in the room, as the recount knows it."""

    id: str
    #: None: the group tells of itself
    sender: int | None
    #: all: 3
    mentioned: int | None = None
    edits: int = 0
    is_deleted: bool = False
    hidden_from: set[int] = field(default_factory=set)


class Talk:
    """A group of three, and beside it what is kept by hand. The first of them is its owner."""

    def __init__(self, db: Database, people: list[Identity], room_id: str) -> None:
        self.db = db
        self.people = people
        self.room_id = room_id
        self.audience = Audience(None)
        self.lines: list[Line] = []
        self.inside = {0, 1, 2}
        self.read_up_to = [0, 0, 0]
        #: up to there the room's entry in the bell was dealt with
        self.done_up_to = [0, 0, 0]
        self.muted: set[int] = set()
        self.blocks: list[set[int]] = [set(), set(), set()]
        #: of the counts that were seen
        self.versions: dict[int, int] = {}

    async def do(self, who: int, what: str, number: int) -> None:
        if what not in {"block", "unblock", "add"} and who not in self.inside:
            return
        here = {"user_id": self.people[who].user_id, "room_id": self.room_id}
        said = [line for line in self.lines if line.sender is not None]
        match what:
            case "send" | "mention" | "mention all":
                mentioned = self._whom(what, number)
                content = self._naming(mentioned)
                draft = MessageDraft(room_id=self.room_id, content=content)
                send = Send(self.people[who], draft, None, self.audience)
                await self.db.write_together(send_messages, send)
                await self.learn(who, mentioned)
                self.read_up_to[who] = len(self.lines)
            case "read all":
                await self.db.write(mark_as_read, **here, message_id=None, socket_id=None)
                self.read_up_to[who] = len(self.lines)
            case "read" | "unread" if self.lines:
                seq = number % len(self.lines) + 1
                unit = mark_as_read if what == "read" else mark_as_unread
                line = self.lines[seq - 1].id
                state = await self.db.write(unit, **here, message_id=line, socket_id=None)
                moved = max if what == "read" else min
                goal = seq if what == "read" else seq - 1
                if what == "unread" and goal < self.read_up_to[who]:
                    self.done_up_to[who] = min(self.done_up_to[who], goal)
                self.read_up_to[who] = moved(self.read_up_to[who], goal)
                assert state.last_read_seq == self.read_up_to[who]
                assert state.unread_count == self.unread(who)
            case "delete" if said:
                line_ = said[number % len(said)]
                if line_.sender in (who, None) or who == 0:
                    await self._delete(who, line_)
            case "edit" if mine := [line for line in said if line.sender == who]:
                await self._edit(who, mine[number % len(mine)], number % 5)
            case "hide" if said:
                line_ = said[number % len(said)]
                me, socket = here["user_id"], {"socket_id": None}
                await self.db.write(delete_for_me, user_id=me, message_id=line_.id, **socket)
                line_.hidden_from.add(who)
            case "done":
                await self.db.write(mark_all_read, user_id=here["user_id"], socket_id=None)
                if self.rings(who):
                    self.done_up_to[who] = len(self.lines)
            case "mute" | "unmute":
                edit = MyRoomEdit(is_muted=what == "mute")
                await self.db.write(change_my_room, **here, edit=edit)
                (self.muted.add if what == "mute" else self.muted.discard)(who)
            case _:
                await self._with_another(who, what, number % 3)

    def _whom(self, what: str, number: int) -> int | None:
        """Return who is mentioned: one who is in the room, or all."""
        if what == "mention all":
            return 3
        return number % 3 if what == "mention" and number % 3 in self.inside else None

    def _naming(self, mentioned: int | None) -> str:
        if mentioned is None:
            return "Hello"
        return "@room" if mentioned == 3 else f"@{self.people[mentioned].username}"

    async def _edit(self, who: int, line: Line, number: int) -> None:
        if line.is_deleted:
            return
        line.mentioned = self._whom("mention all" if number == 3 else "mention", number)
        line.edits += 1
        await self.db.write(
            edit_message,
            user_id=self.people[who].user_id,
            message_id=line.id,
            content=f"{self._naming(line.mentioned)} {line.edits}",
            socket_id=None,
            audience=self.audience,
        )

    async def _delete(self, who: int, line: Line) -> None:
        await self.db.write(
            delete_message,
            user_id=self.people[who].user_id,
            message_id=line.id,
            socket_id=None,
            audience=self.audience,
        )
        line.is_deleted = True

    async def _with_another(self, who: int, what: str, whom: int) -> None:
        me, them = self.people[who], self.people[whom]
        if what in {"block", "unblock"} and who != whom:
            unit: Any = block_user if what == "block" else unblock_user
            await self.db.write(unit, caller=me, user=them.user_id, socket_id=None)
            (self.blocks[who].add if what == "block" else self.blocks[who].discard)(whom)
        elif what == "leave" and who:
            await self.db.write(
                remove_participant, caller=me, room_id=self.room_id, user_id=me.user_id
            )
            self.inside.discard(who)
            self.muted.discard(who)
            await self.learn(None)
        elif what == "add" and whom not in self.inside and not self._is_wall(0, whom):
            draft: Any = {"room_id": self.room_id, "user_ids": [them.user_id], **LIMITS}
            await self.db.write(add_participants, caller=self.people[0], **draft)
            self.inside.add(whom)
            await self.learn(None)
            # What was said before they came is read.
            self.read_up_to[whom] = len(self.lines)
            self.done_up_to[whom] = 0

    def _is_wall(self, one: int, other: int) -> bool:
        return other in self.blocks[one] or one in self.blocks[other]

    async def learn(self, sender: int | None, mentioned: int | None = None) -> None:
        """Take down what is new in the room."""
        new = (
            select(Message.id)
            .where(Message.room_id == self.room_id, Message.seq > len(self.lines))
            .order_by(Message.seq)
        )
        ids = await self.db.read(lambda tx: list(tx.execute(new).scalars()))
        self.lines += [Line(message_id, sender, mentioned) for message_id in ids]

    def counting(self, who: int, after: int | None = None) -> list[Line]:
        """Return what is unread to somebody."""
        return [
            line
            for line in self.lines[self.read_up_to[who] if after is None else after :]
            if line.sender not in {None, who, *self.blocks[who]}
            and not line.is_deleted
            and who not in line.hidden_from
        ]

    def rings(self, who: int) -> bool:
        """Whether there is an entry in somebody's bell that they can be done with."""
        news = self.counting(who, max(self.read_up_to[who], self.done_up_to[who]))
        return any(who not in self.muted or line.mentioned in {3, who} for line in news)

    def unread(self, who: int) -> int:
        return len(self.counting(who))

    async def check(self) -> None:
        for who, person in enumerate(self.people):
            expected = self.unread(who) if who in self.inside else 0
            counted = 0 if who in self.muted else expected
            total = await self.db.read(get_total_unread_count, user_id=person.user_id)
            assert (total.total, total.rooms) == (counted, int(counted > 0))
            bell = (await self.db.read(counts_of, [person.user_id]))[person.user_id]
            news = self.counting(who, max(self.read_up_to[who], self.done_up_to[who]))
            if who in self.muted:
                news = [line for line in news if line.mentioned in {3, who}]
            assert bell.unread_count == int(who in self.inside and bool(news))
            if who in self.inside:
                seen = await self.db.read(room_of, user_id=person.user_id, room_id=self.room_id)
                assert seen.me.unread_count == expected
                assert seen.me.last_read_seq == self.read_up_to[who]
                first = next((line.id for line in self.counting(who)), None)
                assert seen.me.first_unread_id == first
                meant = [line.id for line in self.counting(who) if line.mentioned in {3, who}]
                assert seen.me.mentions_count == len(meant)
                assert seen.me.first_mention_id == next(iter(meant), None)
                assert seen.me.version >= self.versions.get(who, 0)
                self.versions[who] = seen.me.version
            else:
                self.versions.pop(who, None)


async def talk(db: Database) -> Talk:
    number = next(_numbers)
    people = [(await identity_of(db, f"{name}{number}"))[0] for name in ("ann", "ben", "cleo")]
    draft = GroupDraft(name="Team", participant_ids=[one.user_id for one in people[1:]])
    room = await db.write(create_group_room, owner=people[0], draft=draft, **LIMITS)
    return Talk(db, people, room.id)


@settings(
    max_examples=25,
    deadline=None,
    # The database is shared by all examples; each has people and a room of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=beginning, acts=st.lists(act, max_size=20))
# Of what one marks as unread, something of one's own is deleted for all, for oneself, or both.
@example(first=[0, 1, 1, 0], acts=[(1, "unread", 0), (1, "delete", 1), (1, "read", 0)])
@example(first=[0, 1, 1, 0], acts=[(1, "unread", 0), (1, "hide", 1), (0, "delete", 1)])
@example(first=[0, 1, 1, 0], acts=[(1, "hide", 1), (1, "unread", 0), (0, "delete", 1)])
# What one said oneself lies between what was marked, and done with in the bell, and what is new.
@example(first=[0, 1, 1, 0, 1], acts=[(1, "unread", 0), (1, "done", 0), (0, "send", 0)])
async def test_unread_always_equals_a_naive_recount(
    db: Database, first: list[int], acts: list[tuple[int, str, int]]
) -> None:
    group = await talk(db)
    for sender in first:
        await group.do(sender, "send", 0)
    await group.check()

    for who, what, number in acts:
        await group.do(who, what, number)
        await group.check()
