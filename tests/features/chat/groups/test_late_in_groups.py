"""What a dead process left untold of groups is told as it is now, to who may know of it now."""

from __future__ import annotations

from kabar.features.chat.groups.events import (
    JoinRequested,
    JoinRequestEnded,
    RoleChanged,
    RoomChanged,
    SystemMessageWritten,
)
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import address, change, give_role, leave
from tests.features.chat.talk import Json, channel_of, did, group, listen
from tests.features.chat.test_late import left_over
from tests.people import Person


async def test_a_role_is_told_as_it_is_by_now(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    await leave(cleo, room)
    ear = await listen(kabar, ann, channel_of(room))
    events = [
        RoleChanged(room_id=room["id"], user_id=person.id, role="admin", by=ann.id)
        for person in (ben, cleo)
    ]

    await left_over(kabar, *events)

    told = [(data["userId"], data["role"]) for _, _, data in await ear.heard()]
    assert told == [(ben.id, "member")]


async def test_rules_are_told_as_they_are_by_now(kabar: Kabar, ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await change(ann, room, name="Garden", slowModeSeconds=30)
    ear = await listen(kabar, ben, channel_of(room))

    await left_over(kabar, RoomChanged(room_id=room["id"], name="Old", avatar=None, by=ann.id))

    ((_, event, data),) = await ear.heard()
    assert (event, data["name"], data["slowModeSeconds"]) == ("room-updated", "Garden", 30)


async def test_a_system_message_is_told_with_the_names_of_now(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    await change(ann, room, name="Garden")
    (told,) = await events_of(kabar, room)
    await ann.patch("/api/me", {"name": "Anna"})
    ear = await listen(kabar, ben, channel_of(room))

    await left_over(kabar, told)

    ((_, _, data),) = await ear.heard("new-message")
    assert "Anna" in data["content"]
    assert data["seq"] == 1


async def events_of(kabar: Kabar, room: Json) -> list[SystemMessageWritten]:
    """Return what the group said of itself, as its process would have told it."""
    rows = await kabar.db.read(
        lambda tx: tx.execute(MESSAGES.where(Message.room_id == room["id"])).all()
    )
    return [SystemMessageWritten(message=message_view(row)) for row in rows]


async def test_a_request_is_told_to_those_who_may_answer_it_now(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    await change(ann, room, joinRule="request")
    await give_role(ann, ben, room, "admin")
    did(await cleo.post(f"{address(room)}/join"))
    await give_role(ann, ben, room, "member")
    ears = [await listen(kabar, one, f"private-user-{one.id}") for one in (ann, ben)]
    both = [ann.id, ben.id]
    asked = JoinRequested(
        room_id=room["id"], user_id=cleo.id, name="Cleo", username="cleo", avatar=None, staff=both
    )
    ended = JoinRequestEnded(room_id=room["id"], user_id=cleo.id, staff=both)

    await left_over(kabar, asked, ended)

    heard = [[event for _, event, _ in await ear.heard()] for ear in ears]
    assert heard == [["join-requested"], []]
