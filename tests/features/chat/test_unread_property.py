"""Whatever two people do, unread is what a naive recount says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kabar.core.events import Event
from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.conversations import conversations, get_total_unread_count
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.deleting.for_me import delete_for_me
from kabar.features.chat.errors import MessageNotFound, NotYourMessage
from kabar.features.chat.events import MessageSent
from kabar.features.chat.lifetimes.sweeping import sweep_up
from kabar.features.chat.messages import get_messages
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.rooms import get_or_create_direct_room
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.notifications.queries import counts_of
from kabar.infra.db import Database
from tests.features.chat.lifetimes.time import let_expire
from tests.people import identity_of
from tests.recorder import Recorder

who = st.integers(0, 1)
which = st.integers(0, 30)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.lists(who, min_size=1, max_size=4)),
        st.tuples(st.just("read"), st.tuples(who, st.none() | which)),
        st.tuples(st.just("delete"), st.tuples(who, which)),
        st.tuples(st.just("hide"), st.tuples(who, which)),
        st.tuples(st.just("expire"), which),
        st.tuples(st.just("sweep"), st.none()),
    ),
    max_size=25,
)
_numbers = count()


@dataclass
class Said:
    """A message as the recount knows it."""

    id: str
    sender: int
    deleted: bool = False
    expired: bool = False
    #: who deleted it for themselves
    hidden_from: set[int] = field(default_factory=set)


@dataclass
class Talk:
    """A direct room of two, and beside it a list that is kept by hand."""

    db: Database
    told: list[Event]
    people: list[Identity]
    room_id: str
    said: list[Said] = field(default_factory=list)
    audience: Audience = field(default_factory=lambda: Audience(Recorder()))
    read_up_to: list[int] = field(default_factory=lambda: [0, 0])

    async def send(self, senders: list[int]) -> None:
        """All at once: in one batch, or in several, as it comes."""
        heard = len(self.told)
        await asyncio.gather(*(self._send(sender) for sender in senders))
        events = [event for event in self.told[heard:] if isinstance(event, MessageSent)]
        for event in sorted(events, key=lambda sent: sent.said.seq):
            sender = [one.user_id for one in self.people].index(event.said.sender_id)
            self.said.append(Said(event.said.id, sender))
            assert event.said.seq == len(self.said)
            self.read_up_to[sender] = len(self.said)
            (bell,) = event.bells
            assert bell.channels[0].endswith(self.people[1 - sender].user_id)
            assert bell.unread_count == self.recount(1 - sender)

    async def _send(self, sender: int) -> None:
        draft = MessageDraft(room_id=self.room_id, content="Hello")
        await self.db.write_together(
            send_messages, Send(self.people[sender], draft, None, self.audience)
        )

    async def read(self, reader: int, number: int | None) -> None:
        if number is not None and not self.said:
            return
        index = None if number is None else number % len(self.said)
        state = await self.db.write(
            mark_as_read,
            user_id=self.people[reader].user_id,
            room_id=self.room_id,
            message_id=None if index is None else self.said[index].id,
            socket_id=None,
        )
        up_to = len(self.said) if index is None else index + 1
        self.read_up_to[reader] = max(self.read_up_to[reader], up_to)
        assert state.last_read_seq == self.read_up_to[reader]
        assert state.unread_count == self.recount(reader)

    async def delete(self, person: int, number: int) -> None:
        if not self.said:
            return
        message = self.said[number % len(self.said)]
        try:
            await self.db.write(
                delete_message,
                user_id=self.people[person].user_id,
                message_id=message.id,
                socket_id=None,
                audience=self.audience,
            )
        except MessageNotFound:
            assert message.expired
        except NotYourMessage:
            assert message.sender != person
        else:
            assert message.sender == person
            message.deleted = True

    async def hide(self, person: int, number: int) -> None:
        if not self.said:
            return
        message = self.said[number % len(self.said)]
        try:
            await self.db.write(
                delete_for_me,
                user_id=self.people[person].user_id,
                message_id=message.id,
                socket_id=None,
            )
        except MessageNotFound:
            assert message.expired
        else:
            message.hidden_from.add(person)

    async def expire(self, number: int) -> None:
        """Let a message's time be over, whether or not somebody sweeps it up."""
        if not self.said:
            return
        message = self.said[number % len(self.said)]
        await self.db.write(let_expire, self.room_id, message.id)
        message.expired = True

    async def sweep(self, _: None) -> None:
        await sweep_up(self.db, self.audience)

    def recount(self, person: int) -> int:
        after = self.said[self.read_up_to[person] :]
        return sum(
            not message.deleted and not message.expired and person not in message.hidden_from
            for message in after
        )

    async def check(self) -> None:
        for number, person in enumerate(self.people):
            expected = self.recount(number)
            page = await self.db.read(conversations, user_id=person.user_id, limit=10, cursor=None)
            total = await self.db.read(get_total_unread_count, user_id=person.user_id)
            assert [room.me.unread_count for room in page.conversations] in ([expected], [])
            shown = await self.db.read(
                get_messages, user_id=person.user_id, room_id=self.room_id, limit=100
            )
            assert [message.id for message in shown.messages] == [
                message.id
                for message in self.said
                if number not in message.hidden_from and not message.expired
            ]
            assert (total.total, total.rooms) == (expected, int(expected > 0))
        # The marks of the bell follow with the sweep.
        await self.sweep(None)
        for number, person in enumerate(self.people):
            told = await self.db.read(counts_of, [person.user_id])
            assert told[person.user_id].unread_count == int(self.recount(number) > 0)


@settings(
    max_examples=25,
    deadline=None,
    # The database is shared by all examples; each has people and a room of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
async def test_unread_always_equals_a_naive_recount(
    db: Database, told: list[Event], steps: list[tuple[str, list[int] | tuple[int, int | None]]]
) -> None:
    number = next(_numbers)
    people = [(await identity_of(db, f"{name}{number}"))[0] for name in ("ann", "ben")]
    room_id = await db.write(
        get_or_create_direct_room, user_id=people[0].user_id, other_id=people[1].user_id
    )
    talk = Talk(db, told, people, room_id)

    for step in steps:
        match step:
            case ("send", list(senders)):
                await talk.send(senders)
            case ("read", (int(reader), up_to)):
                await talk.read(reader, up_to)
            case ("delete", (int(person), int(message))):
                await talk.delete(person, message)
            case ("hide", (int(person), int(message))):
                await talk.hide(person, message)
        await talk.check()
