"""Whatever happens: an old state, with all that sync tells, is that of the server."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kabar.core.errors import KabarError
from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.groups.making import change_room, create_group_room
from kabar.features.chat.groups.participants import add_participants, remove_participant
from kabar.features.chat.groups.schemas import GroupDraft, RoomEdit
from kabar.features.chat.messages import edit_message, get_messages
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.features.chat.queries import find_place
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.room_views import ROOMS, RoomRow
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.chat.sync.changes import note_changes
from kabar.features.chat.sync.syncing import sync
from kabar.infra.db import Database
from tests.people import identity_of
from tests.recorder import Recorder

who, which = st.integers(0, 2), st.integers(0, 20)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("send"), who, which),
        st.tuples(st.just("edit"), who, which),
        st.tuples(st.just("delete"), who, which),
        st.tuples(st.just("read"), who, which),
        st.tuples(st.just("rename"), who, which),
        st.tuples(st.just("leave"), who, which),
        st.tuples(st.just("add"), who, which),
    ),
    max_size=12,
)
_numbers = count()
State = dict[str, Any]


class Group:
    """A group of three, what is done in it, and what one of them knows."""

    def __init__(self, db: Database, people: list[Identity], room_id: str) -> None:
        self.db, self.people, self.room_id = db, people, room_id
        self._audience = Audience(Recorder())
        self._number = count()

    async def act(self, what: str, who: int, which: int) -> None:
        with suppress(KabarError):  # not in it, not theirs, deleted …
            await self._act(what, self.people[who], which)

    async def _act(self, what: str, person: Identity, which: int) -> None:
        db, room_id, user_id = self.db, self.room_id, person.user_id
        heard: dict[str, Any] = {"socket_id": None, "audience": self._audience}
        if what == "send":
            draft = MessageDraft(room_id=room_id, content=f"said {next(self._number)}")
            await db.write_together(send_messages, Send(person, draft, None, self._audience))
        elif what == "rename":
            edit = RoomEdit(name=f"Name {which}")
            await db.write(change_room, caller=person, room_id=room_id, edit=edit)
        elif what == "leave":
            await db.write(remove_participant, caller=person, room_id=room_id, user_id=user_id)
        elif what == "add":
            ids = [each.user_id for each in self.people]
            await db.write(
                add_participants,
                caller=person,
                room_id=room_id,
                user_ids=ids,
                max_participants=9,
                max_groups=1_000,
            )
        else:
            message_id = await self._message(user_id, which)
            if what == "edit":
                content = f"edited {next(self._number)}"
                await db.write(
                    edit_message, user_id=user_id, message_id=message_id, content=content, **heard
                )
            elif what == "delete":
                await db.write(delete_message, user_id=user_id, message_id=message_id, **heard)
            else:
                await db.write(
                    mark_as_read,
                    user_id=user_id,
                    room_id=room_id,
                    message_id=message_id,
                    socket_id=None,
                )

    async def _message(self, user_id: str, which: int) -> str:
        page = await self.db.read(get_messages, user_id=user_id, room_id=self.room_id, limit=50)
        messages = page.messages
        return messages[which % len(messages)].id if messages else "none"

    async def state(self) -> State | None:
        """Return what the first of them sees of the room now; None if they are not in it."""
        me = self.people[0].user_id
        if await self.db.read(find_place, self.room_id, me) is None:
            return None
        page = await self.db.read(get_messages, user_id=me, room_id=self.room_id, limit=100)
        places = [
            await self.db.read(find_place, self.room_id, person.user_id) for person in self.people
        ]
        name = await self.db.read(lambda tx: tx.execute(ROOMS.where(_this(self.room_id, me))).one())
        return {
            "messages": {
                each.seq: (each.id, each.content, each.deleted_at, each.edited_at)
                for each in page.messages
            },
            "read": {place.user_id: place.last_read_seq for place in places if place is not None},
            "name": RoomRow(*name).name,
        }


def _this(room_id: str, user_id: str) -> Any:
    return (ChatRoom.id == room_id) & (ChatParticipant.user_id == user_id)


def replayed(state: State | None, events: list[Any], me: str) -> State | None:
    """Return an old state with what was told."""
    if state is None:
        return None
    state = {name: dict(part) if isinstance(part, dict) else part for name, part in state.items()}
    messages, read = state["messages"], state["read"]
    for event in events:
        data = event.data
        if event.type in {"new-message", "message-edited"}:
            messages[data.seq] = (data.id, data.content, data.deleted_at, data.edited_at)
            if event.type == "new-message" and data.type != "system" and data.sender_id in read:
                read[data.sender_id] = max(data.seq, read[data.sender_id])
        elif event.type == "message-deleted":
            old = messages[data["seq"]]
            messages[data["seq"]] = (old[0], "", data["deletedAt"], None)
        elif event.type == "message-read":
            read[data["userId"]] = max(data["lastReadSeq"], read.get(data["userId"], 0))
        elif event.type in {"user-left", "user-joined"}:
            if data["userId"] == me:
                return None
            # How far who comes in has read is seen when they read on.
            read.pop(data["userId"], None)
        elif event.type == "room-updated" and "name" in data:
            state["name"] = data["name"]
    return state


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=acts, meanwhile=acts, is_at_once=st.booleans())
async def test_an_old_state_becomes_that_of_the_server_or_is_said_to_be_stale(
    db: Database, before: list[Any], meanwhile: list[Any], is_at_once: bool
) -> None:
    db.keep(note_changes)
    number = next(_numbers)
    people = [(await identity_of(db, f"{name}{number}"))[0] for name in ("ann", "ben", "cleo")]
    draft = GroupDraft(name="Team", participant_ids=[each.user_id for each in people[1:]])
    # The second of them makes the group, so that the first may leave and be added again.
    draft = GroupDraft(name="Team", participant_ids=[people[0].user_id, people[2].user_id])
    room = await db.write(
        create_group_room, owner=people[1], draft=draft, max_participants=9, max_groups=1_000
    )
    team = Group(db, people, room.id)
    for act in before:
        await team.act(*act)

    me = people[0].user_id
    since = (await db.read(sync, user_id=me, since=None, days=30)).next
    old = await team.state()
    if is_at_once:
        await asyncio.gather(*(team.act(*act) for act in meanwhile))
    else:
        for act in meanwhile:
            await team.act(*act)
    answer = await db.read(sync, user_id=me, since=since, days=30)

    now = await team.state()
    if room.id not in answer.stale:
        known = replayed(old, answer.events, me)
        assert known == (now and {**now, "read": _only(now["read"], known)})
    assert answer.limited == bool(answer.stale)
    if now is None:
        assert {each.type for each in answer.events} <= {"user-left"}


def _only(read: dict[str, int], known: State | None) -> dict[str, int]:
    return {key: seq for key, seq in read.items() if known is not None and key in known["read"]}
