"""Who may hear a room."""

from __future__ import annotations

import pytest

from kabar.features.chat.guards import allowed_room_channels
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, channel_of, did, refused
from tests.people import Person


@pytest.mark.parametrize("kind", ["private", "presence"])
async def test_participants_hear_a_room_and_others_do_not(
    kabar: Kabar, ann: Person, cleo: Person, room: Json, kind: str
) -> None:
    channel = f"{kind}-room-{room['id']}"

    for person, may in ((ann, True), (cleo, False)):
        heard = await kabar.db.read(allowed_room_channels, user_id=person.id, channels=[channel])
        assert heard == ({channel} if may else set())
        form = {"socket_id": "1.2", "channel_name": channel}
        answer = await person.browser.post("/api/pusher/auth", data=form)
        assert answer.status_code == (200 if may else 403)


async def test_the_encrypted_channel_of_a_room_is_for_participants_too(
    kabar: Kabar, ann: Person, cleo: Person, room: Json
) -> None:
    """This app has no key to encrypt with, and who may not hear it is not even told so."""
    channel = f"private-encrypted-room-{room['id']}"

    for person, may, code in (
        (ann, True, "encryption_is_off"),
        (cleo, False, "channel_forbidden"),
    ):
        heard = await kabar.db.read(allowed_room_channels, user_id=person.id, channels=[channel])
        assert heard == ({channel} if may else set())
        form = {"socket_id": "1.2", "channel_name": channel}
        answer = await person.browser.post("/api/pusher/auth", data=form)
        assert refused(answer) == (403, code)


async def test_a_channel_of_another_kind_is_no_rooms(kabar: Kabar, ann: Person, room: Json) -> None:
    others = [room["id"], f"room-{room['id']}", f"private-encrypted-{room['id']}"]

    assert await kabar.db.read(allowed_room_channels, user_id=ann.id, channels=others) == set()


async def test_in_a_call_for_many_channels_an_encrypted_one_has_its_own_answer(
    ann: Person, room: Json
) -> None:
    hidden = f"private-encrypted-room-{room['id']}"
    body = {"socket_id": "1.2", "channel_name": [channel_of(room), hidden]}

    answers = did(await ann.browser.post("/api/pusher/auth", json=body))

    assert answers[channel_of(room)]["status"] == 200
    assert answers[hidden] == {"status": 403, "code": "encryption_is_off"}


@pytest.mark.parametrize("name", ["private-room-", "private-room-x", "presence-room-private-room-"])
async def test_a_room_that_is_none_is_heard_by_nobody(ann: Person, room: Json, name: str) -> None:
    form = {"socket_id": "1.2", "channel_name": name}

    answer = await ann.browser.post("/api/pusher/auth", data=form)

    assert refused(answer) == (403, "channel_forbidden")


async def test_a_name_with_both_beginnings_is_no_way_in(ann: Person, room: Json) -> None:
    """Only the beginning says what kind it is; the rest must be the id."""
    form = {"socket_id": "1.2", "channel_name": f"private-room-presence-room-{room['id']}"}

    answer = await ann.browser.post("/api/pusher/auth", data=form)

    assert refused(answer) == (403, "channel_forbidden")


async def test_in_a_presence_channel_others_see_who_it_is(ann: Person, room: Json) -> None:
    form = {"socket_id": "1.2", "channel_name": channel_of(room).replace("private", "presence")}

    signed = did(await ann.browser.post("/api/pusher/auth", data=form))

    assert set(signed) == {"auth", "channel_data"}
    assert f'"user_id":"{ann.id}"' in signed["channel_data"]
