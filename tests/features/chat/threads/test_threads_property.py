"""Whatever three people do in a group's threads, counts are what a naive recount says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.blocking.blocks import block_user, unblock_user
from kabar.features.chat.conversations import room_of
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.deleting.for_me import delete_for_me
from kabar.features.chat.errors import NotYourMessage
from kabar.features.chat.groups.making import create_group_room
from kabar.features.chat.groups.participants import add_participants, remove_participant
from kabar.features.chat.groups.schemas import GroupDraft
from kabar.features.chat.messages import edit_message, get_messages
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.schemas import MessageDraft, MessageView
from kabar.features.chat.sending import Send, send_messages
from kabar.features.chat.threads.reading import mark_thread_as_read
from kabar.infra.db import Database
from tests.people import identity_of
from tests.recorder import Recorder

LIMITS = {"max_participants": 100, "max_groups": 1_000}
who = st.integers(0, 2)
which = st.integers(0, 30)
#: by whom, and whether in a thread; what is in one list is said at once
words = st.lists(st.tuples(who, st.none() | which), min_size=1, max_size=4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), words),
        st.tuples(st.just("read"), st.tuples(who, which)),
        st.tuples(st.just("read thread"), st.tuples(who, which, st.none() | which)),
        st.tuples(st.just("hide"), st.tuples(who, which)),
        st.tuples(st.sampled_from(["edit", "delete"]), st.tuples(who, which)),
        st.tuples(st.sampled_from(["block", "unblock"]), st.tuples(who, who)),
        st.tuples(st.sampled_from(["leave", "come"]), st.integers(1, 2)),
    ),
    max_size=15,
)
_numbers = count()


@dataclass
class Said:
    """A message as the recount knows it."""

    id: str
    seq: int
    sender: int
    created_at: str
    #: what it hangs on
    root: Said | None = None
    deleted: bool = False
    hidden_from: set[int] = field(default_factory=set)
    replies: list[Said] = field(default_factory=list)
    #: of its thread: who follows it, and up to where they have read
    followers: dict[int, int] = field(default_factory=dict)


class Talk:
    """A group of three, and beside it lists that are kept by hand."""

    def __init__(self, db: Database, people: list[Identity], room_id: str) -> None:
        self.db = db
        self.people = people
        self.room_id = room_id
        self.audience = Audience(Recorder())
        self.present = {0, 1, 2}
        self.blocks: set[tuple[int, int]] = set()
        self.said: list[Said] = []
        self.read_up_to = {0: 0, 1: 0, 2: 0}

    @property
    def main(self) -> list[Said]:
        return [each for each in self.said if each.root is None]

    def user(self, person: int) -> str:
        return self.people[person].user_id

    async def send(self, sends: list[tuple[int, int | None]]) -> None:
        roots = self.main
        wanted = [
            (sender, None if thread is None or not roots else roots[thread % len(roots)])
            for sender, thread in sends
            if sender in self.present
        ]
        wanted = [
            (sender, root)
            for sender, root in wanted
            if not (root and root.deleted and not root.replies)
        ]
        views = await asyncio.gather(*(self._send(*each) for each in wanted))
        pairs = sorted(zip(views, wanted, strict=True), key=lambda pair: pair[0].seq)
        for view, (sender, root) in pairs:
            said = Said(view.id, view.seq, sender, view.created_at, root)
            self.said.append(said)
            if root is None:
                self.read_up_to[sender] = view.seq
                continue
            assert view.thread_id == root.id
            root.followers[sender] = view.seq
            if not root.replies and root.sender in self.present:
                root.followers.setdefault(root.sender, 0)
            root.replies.append(said)

    async def _send(self, sender: int, root: Said | None) -> MessageView:
        draft = MessageDraft(
            room_id=self.room_id, content="Hello", thread_id=root.id if root else None
        )
        send = Send(self.people[sender], draft, None, self.audience)
        return (await self.db.write_together(send_messages, send)).message

    async def read(self, person: int, number: int) -> None:
        if person not in self.present or not self.main:
            return
        up_to = self.main[number % len(self.main)]
        await self.db.write(
            mark_as_read,
            user_id=self.user(person),
            room_id=self.room_id,
            message_id=up_to.id,
            socket_id=None,
        )
        self.read_up_to[person] = max(self.read_up_to[person], up_to.seq)

    async def read_thread(self, person: int, number: int, reply: int | None) -> None:
        if person not in self.present or not self.main:
            return
        root = self.main[number % len(self.main)]
        up_to = None
        if reply is not None and root.replies:
            up_to = root.replies[reply % len(root.replies)]
        state = await self.db.write(
            mark_thread_as_read,
            user_id=self.user(person),
            room_id=self.room_id,
            thread_id=root.id,
            message_id=up_to.id if up_to else None,
            socket_id=None,
        )
        if person in root.followers:
            newest = root.replies[-1] if root.replies else root
            seq = max(root.followers[person], (up_to or newest).seq)
            root.followers[person] = seq
            assert state.last_read_seq == seq
        assert state.unread_count == self.unread_in_thread(person, root)

    async def change(self, what: str, person: int, number: int) -> None:
        if person not in self.present or not self.said:
            return
        message = self.said[number % len(self.said)]
        given: dict[str, Any] = {
            "user_id": self.user(person),
            "message_id": message.id,
            "socket_id": None,
        }
        if what == "hide":
            await self.db.write(delete_for_me, **given)
            message.hidden_from.add(person)
            message.followers.pop(person, None)
            return
        given["audience"] = self.audience
        try:
            if what == "delete":
                await self.db.write(delete_message, **given)
                message.deleted = True
            elif not message.deleted:
                await self.db.write(edit_message, content=f"Hello {number}", **given)
        except NotYourMessage:
            assert message.sender != person

    async def wall(self, what: str, person: int, other: int) -> None:
        if person == other:
            return
        given: Any = {"caller": self.people[person], "user": self.user(other), "socket_id": None}
        if what == "block":
            await self.db.write(block_user, **given)
            self.blocks.add((person, other))
        else:
            await self.db.write(unblock_user, **given)
            self.blocks.discard((person, other))

    async def go(self, what: str, person: int) -> None:
        if what == "leave" and person in self.present:
            await self.db.write(
                remove_participant,
                caller=self.people[person],
                room_id=self.room_id,
                user_id=self.user(person),
            )
            self.present.discard(person)
            for root in self.main:
                root.followers.pop(person, None)
        elif what == "come" and person not in self.present:
            if {(0, person), (person, 0)} & self.blocks:
                return
            room = await self.db.write(
                add_participants,
                caller=self.people[0],
                room_id=self.room_id,
                user_ids=[self.user(person)],
                **LIMITS,
            )
            self.present.add(person)
            self.read_up_to[person] = room.last_seq

    def counts(self, person: int, message: Said) -> bool:
        return not (
            message.deleted
            or person in message.hidden_from
            or (person, message.sender) in self.blocks
        )

    def unread_in_thread(self, person: int, root: Said) -> int:
        if person not in root.followers:
            return 0
        after = [reply for reply in root.replies if reply.seq > root.followers[person]]
        return sum(self.counts(person, reply) for reply in after)

    async def check(self) -> None:
        for person in self.present:
            await self._check(person)

    async def _check(self, person: int) -> None:
        user_id = self.user(person)
        room = await self.db.read(room_of, user_id=user_id, room_id=self.room_id)
        after = [each for each in self.main if each.seq > self.read_up_to[person]]
        assert room.me.unread_count == sum(self.counts(person, each) for each in after)

        given: Any = {"user_id": user_id, "room_id": self.room_id, "limit": 100}
        page = await self.db.read(get_messages, **given)
        views = {view.id: view for view in page.messages if view.type != "system"}
        seen = [each for each in self.main if person not in each.hidden_from]
        assert list(views) == [each.id for each in seen]
        for root in seen:
            view = views[root.id]
            if not root.replies:
                assert view.thread is None
                continue
            assert view.thread is not None
            left = [reply for reply in root.replies if not reply.deleted]
            assert view.thread.replies_count == len(left)
            assert view.thread.last_reply_at == (left[-1].created_at if left else None)
            assert view.thread.unread_count == self.unread_in_thread(person, root)
            thread = await self.db.read(get_messages, thread_id=root.id, **given)
            assert [reply.id for reply in thread.messages] == [
                reply.id for reply in root.replies if person not in reply.hidden_from
            ]


@settings(
    max_examples=25,
    deadline=None,
    # The database is shared by all examples; each has people and a room of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
async def test_counts_of_threads_always_equal_a_naive_recount(
    db: Database, steps: list[tuple[str, Any]]
) -> None:
    number = next(_numbers)
    people = [(await identity_of(db, f"{name}{number}"))[0] for name in ("ann", "ben", "cleo")]
    draft = GroupDraft(name="Team", participant_ids=[each.user_id for each in people[1:]])
    room = await db.write(create_group_room, owner=people[0], draft=draft, **LIMITS)
    talk = Talk(db, people, room.id)
    # So that there is something to delete and to read.
    await talk.send([(0, None)])
    await talk.send([(1, 0), (2, 0), (1, 0)])

    for step in steps:
        match step:
            case ("send", sends):
                await talk.send(sends)
            case ("read", (person, message)):
                await talk.read(person, message)
            case ("read thread", (person, root, reply)):
                await talk.read_thread(person, root, reply)
            case ("block" | "unblock" as what, (person, other)):
                await talk.wall(what, person, other)
            case ("leave" | "come" as what, person):
                await talk.go(what, person)
            case (what, (person, message)):
                await talk.change(what, person, message)
        await talk.check()
