"""Whatever four people do to a group at once, over HTTP: nothing is missing, double, miscounted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.people import MakePerson, Person

ACTS = (
    *("say", "say", "say again", "reply", "edit", "delete", "delete for me", "read", "react"),
    *("take back", "pin", "leave", "add", "block", "unblock", "mute", "archive"),
)
#: who, what, whom or which message
act = st.tuples(st.integers(0, 3), st.sampled_from(ACTS), st.integers(0, 9))
#: what is in one list is done at once
steps = st.lists(st.lists(act, min_size=2, max_size=6), min_size=2, max_size=8)
_numbers = count()


@dataclass
class Group:
    """A group, the people who try things in it, and what was answered."""

    people: list[Person]
    room_id: str
    #: every message that was acknowledged, by its sender's client id
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    _client_ids: list[str] = field(default_factory=list)

    async def do(self, who: int, what: str, which: int) -> None:
        """Try it. Whether it may be done is not the question here; that it is answered well is."""
        answer = await self._act(self.people[who], what, which)
        if answer is not None:
            assert answer.status_code < 500, (what, answer.text)
            assert answer.status_code < 400 or answer.json()["code"], what

    async def _act(self, me: Person, what: str, which: int) -> Any:
        other = self.people[which % len(self.people)]
        room, message = f"/api/chat/rooms/{self.room_id}", self._message(which)
        match what:
            case "say" | "say again" | "reply":
                return await self._say(me, what, message)
            case "edit":
                edit = {"messageId": message, "content": f"edited {which}"}
                return await me.patch("/api/chat/messages", edit)
            case "delete" | "delete for me":
                scope = "all" if what == "delete" else "me"
                return await me.delete("/api/chat/messages", messageId=message, scope=scope)
            case "read":
                return await me.post("/api/chat/read", {"roomId": self.room_id})
            case "react":
                return await me.put(f"/api/chat/messages/{message}/reactions/👍")
            case "take back":
                return await me.delete(f"/api/chat/messages/{message}/reactions/👍")
            case "pin":
                return await me.put(f"/api/chat/messages/{message}/pin")
            case "leave":
                return await me.delete(f"{room}/participants/me")
            case "add":
                return await me.post(f"{room}/participants", {"userIds": [other.id]})
            case "block":
                return None if other is me else await me.put(f"/api/users/{other.id}/block")
            case "unblock":
                return await me.delete(f"/api/users/{other.id}/block")
            case "mute":
                return await me.patch(f"{room}/me", {"isMuted": which % 2 == 0})
            case _:
                return await me.patch(f"{room}/me", {"isArchived": which % 2 == 0})

    async def _say(self, me: Person, what: str, message: str) -> Any:
        if what != "say again" or not self._client_ids:
            self._client_ids.append(f"c{len(self._client_ids)}")
        client_id = self._client_ids[-1]
        draft = {"roomId": self.room_id, "content": "Hello", "clientId": client_id}
        if what == "reply":
            draft["replyToId"] = message
        answer = await me.post("/api/chat/send", draft)
        if answer.status_code < 300:
            first = self.said.setdefault((me.id, client_id), answer.json()["id"])
            assert answer.json()["id"] == first, "one client id, two messages"
        return answer

    def _message(self, which: int) -> str:
        known = [*dict.fromkeys(self.said.values())]
        return known[which % len(known)] if known else "none"


def _rows(tx: Transaction, /, sql: str, **values: Any) -> list[Any]:
    return [tuple(row) for row in tx.execute(text(sql), values)]


async def check(kabar: Kabar, group: Group) -> None:
    """Compare what each is shown with what a recount of the tables says."""

    async def ask(sql: str, **values: Any) -> list[Any]:
        return await kabar.db.read(_rows, sql, room=group.room_id, **values)

    messages = await ask(
        'SELECT seq, id, "senderId", "clientId", "deletedAt" IS NOT NULL, happening IS NOT NULL'
        ' FROM "Message" WHERE "roomId" = :room ORDER BY seq'
    )
    assert [row[0] for row in messages] == list(range(1, len(messages) + 1))
    kept = {(sender, client): mid for _, mid, sender, client, *_ in messages if client}
    assert kept == group.said
    places = dict(
        await ask('SELECT "userId", "lastReadSeq" FROM "ChatParticipant" WHERE "roomId" = :room')
    )
    for me in group.people:
        page = await me.get("/api/chat/messages", roomId=group.room_id, limit=100)
        room = await me.get(f"/api/chat/rooms/{group.room_id}")
        if me.id not in places:
            assert (page.status_code, room.status_code) == (404, 404)
            continue
        hidden = {
            seq
            for (seq,) in await ask(
                'SELECT seq FROM "KabarHidden" WHERE "roomId" = :room AND "userId" = :me', me=me.id
            )
        }
        blocked = {
            each
            for (each,) in await ask(
                'SELECT "blockedId" FROM "KabarBlock" WHERE "blockerId" = :me AND :room <> \'\'',
                me=me.id,
            )
        }
        shown = [row for row in messages if row[0] not in hidden]
        assert [each["id"] for each in page.json()["messages"]] == [row[1] for row in shown][-100:]
        unread = [
            seq
            for seq, _, sender, _, is_deleted, is_system in shown
            if seq > places[me.id] and not is_deleted and not is_system and sender not in blocked
        ]
        assert room.json()["me"]["unreadCount"] == len(unread)
        assert room.json()["participantsCount"] == len(places)
        counted = dict(await ask(_REACTIONS))
        for message in page.json()["messages"]:
            shown_reactions = sum(each["count"] for each in message["reactions"])
            assert shown_reactions == counted.get(message["id"], 0)


_REACTIONS = (
    'SELECT message.id, count(*) FROM "KabarReaction" AS reaction JOIN "Message" AS message'
    ' ON message.id = reaction."messageId" WHERE message."roomId" = :room GROUP BY message.id'
)


@settings(
    max_examples=12,
    deadline=None,
    # The server is shared by all examples; each has people and a room of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
async def test_a_group_is_whole_whatever_is_done_in_it_at_once(
    kabar: Kabar, person: MakePerson, steps: list[list[tuple[int, str, int]]]
) -> None:
    number = next(_numbers)
    people = [await person(f"{name}{number}") for name in ("ann", "ben", "cleo", "dan")]
    draft = {"name": "Team", "participantIds": [each.id for each in people[1:3]]}
    room = await people[0].post("/api/chat/rooms", draft)
    group = Group(people, room.json()["id"])

    for at_once in steps:
        await asyncio.gather(*(group.do(*each) for each in at_once))
        await check(kabar, group)
