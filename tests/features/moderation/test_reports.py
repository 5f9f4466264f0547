"""What people report, moderators see and settle: once, whoever else is at it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.features.chat.line import Line
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    direct_room,
    group,
    page_of,
    refused,
    say,
    say_all,
)
from tests.features.moderation.conftest import MakeApplication
from tests.features.uploads.files import fetch, upload
from tests.patience import patiently
from tests.people import MakePerson, Person

NOT_FOUND = (404, "report_not_found")


@pytest.fixture
async def cleo(person: MakePerson) -> Person:
    return await person("cleo")


async def report(person: Person, reason: str = "Spam", **what: str) -> httpx.Response:
    return await person.post("/api/reports", {"reason": reason, **what})


async def queue(mod: Person, **query: str) -> list[Json]:
    found: list[Json] = did(await mod.get("/api/moderation/reports", **query))["reports"]
    return found


async def resolve(mod: Person, found: Json, action: str, **more: str) -> httpx.Response:
    path = f"/api/moderation/reports/{found['id']}/resolve"
    return await mod.post(path, {"action": action, **more})


async def reported(mod: Person, ann: Person, ben: Person, text: str = "Buy!") -> tuple[Json, Json]:
    """Let Ann report what Ben says in a group of the two; return report and message."""
    room = await group(ann, ben)
    message = await say(ben, room, text)
    did(await report(ann, messageId=message["id"]), 201)
    (found,) = await queue(mod)
    return found, message


async def test_a_message_is_in_the_queue_as_it_was_with_what_stands_around_it(
    mod: Person, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    await say_all(ann, room, 5)
    message = await say(ben, room, "Buy my things!")
    await say_all(ann, room, 5)
    did(await report(ann, "It is an advert", messageId=message["id"]), 201)
    change = {"messageId": message["id"], "content": "Who, me?"}
    did(await ben.patch("/api/chat/messages", change))

    (found,) = await queue(mod)

    assert (found["message"]["content"], found["reason"]) == ("Buy my things!", "It is an advert")
    assert (found["user"]["id"], found["reporter"]["id"]) == (ben.id, ann.id)
    assert (found["room"]["name"], found["resolution"]) == ("Team", None)
    assert found["actions"] == ["none", "delete", "suspend", "ban"]
    shown = did(await mod.get(f"/api/moderation/reports/{found['id']}"))
    assert [each["content"] for each in shown["messages"]] == [
        *("3", "4", "5", "Who, me?", "1", "2", "3"),
    ]
    # No more of the room.
    assert refused(await mod.get(f"/api/chat/rooms/{room['id']}")) == (404, "room_not_found")
    assert refused(await mod.get("/api/chat/messages", roomId=room["id"]))[0] == 404


async def test_people_and_rooms_are_reported_too(mod: Person, ann: Person, ben: Person) -> None:
    room = await group(ben, ann)
    did(await report(ann, userId=ben.id), 201)
    did(await report(ann, roomId=room["id"]), 201)

    of_room, of_user = await queue(mod)

    assert (of_user["user"]["id"], of_user["actions"]) == (ben.id, ["none", "suspend"])
    assert (of_room["room"]["id"], of_room["user"], of_room["actions"]) == (
        *(room["id"], None, ["none"]),
    )


async def test_one_reports_only_what_one_sees_and_never_oneself(
    mod: Person, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    message = await say(ann, room)
    gone = await say(ann, room)
    await delete(ann, gone)
    did(await ben.put(f"/api/users/{cleo.id}/block"))

    assert refused(await report(cleo, messageId=message["id"])) == (404, "message_not_found")
    assert refused(await report(cleo, roomId=room["id"])) == (404, "room_not_found")
    assert refused(await report(cleo, userId=ben.id)) == (404, "user_not_found")
    assert refused(await report(ben, messageId=gone["id"])) == (404, "message_not_found")
    assert refused(await report(ann, messageId=message["id"])) == (400, "cannot_report_self")
    assert refused(await report(ann, userId=ann.id)) == (400, "cannot_report_self")
    assert refused(await report(ann)) == (422, "invalid")
    assert refused(await report(ann, userId=ben.id, roomId=room["id"])) == (422, "invalid")
    assert refused(await report(ann, " ", userId=ben.id)) == (422, "invalid")
    assert await queue(mod) == []
    # Whom one blocks one still reports.
    did(await report(ben, userId=cleo.id), 201)


async def test_the_same_thing_waits_once_of_each_person(
    mod: Person, ann: Person, ben: Person, cleo: Person
) -> None:
    answers = await asyncio.gather(*(report(ann, userId=ben.id) for _ in range(4)))
    did(await report(cleo, userId=ben.id), 201)

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    first, second = await queue(mod)
    assert did(await resolve(mod, first, "none", note="Known"))["resolution"]["note"] == "Known"
    # Both were about the same.
    assert await queue(mod) == []
    settled = await queue(mod, resolved="true")
    assert {each["id"] for each in settled} == {first["id"], second["id"]}
    # What happens later is another thing.
    did(await report(ann, userId=ben.id), 201)
    assert len(await queue(mod)) == 1


async def test_a_reported_message_is_deleted_for_all(
    kabar: Kabar, mod: Person, ann: Person, ben: Person
) -> None:
    found, message = await reported(mod, ann, ben)
    line = Line(kabar, ben)
    await line.subscribe(channel_of({"id": message["roomId"]}))

    settled = did(await resolve(mod, found, "delete"))

    assert settled["resolution"]["action"] == "delete"
    assert settled["resolution"]["by"] == {"id": mod.id, "name": "Mod"}
    ((_, _, told),) = await line.heard("message-deleted")
    assert (told["messageId"], told["by"]) == (message["id"], mod.id)
    page = await page_of(ann, {"id": message["roomId"]})
    assert page["messages"][-1]["deletedAt"] is not None
    (kept,) = await queue(mod, resolved="true")
    assert kept["message"]["content"] == "Buy!"


async def test_who_said_it_is_suspended(mod: Person, ann: Person, ben: Person) -> None:
    found, _ = await reported(mod, ann, ben)
    did(await resolve(mod, found, "suspend"))
    assert refused(await ben.get("/api/me")) == (401, "not_signed_in")


async def test_who_said_it_is_banned_from_the_group(mod: Person, ann: Person, ben: Person) -> None:
    found, message = await reported(mod, ann, ben)

    did(await resolve(mod, found, "ban"))

    path = f"/api/chat/rooms/{message['roomId']}"
    assert refused(await ben.get(path)) == (404, "room_not_found")
    (banned,) = did(await ann.get(f"{path}/bans"))["bans"]
    assert banned["user"]["id"] == ben.id
    last = (await page_of(ann, {"id": message["roomId"]}))["messages"][-1]
    assert last["system"]["happening"] == "banned"


@pytest.mark.parametrize("action", ["delete", "suspend", "ban", "none"])
async def test_of_two_moderators_at_once_one_acts(
    kabar: Kabar,
    person: MakePerson,
    mod: Person,
    admin: Person,
    ann: Person,
    ben: Person,
    action: str,
) -> None:
    found, _ = await reported(mod, ann, ben)

    answers = await asyncio.gather(
        *(resolve(each, found, action) for each in (mod, admin, mod, admin))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({str(answer.json()["resolution"]) for answer in answers}) == 1
    acts = did(await admin.get("/api/moderation/acts"))["acts"]
    assert [act["deed"] for act in acts].count("resolve") == 1
    other = "none" if action != "none" else "delete"
    assert refused(await resolve(mod, found, other)) == (409, "report_resolved")


async def test_what_does_not_fit_is_refused(mod: Person, ann: Person, ben: Person) -> None:
    room = await direct_room(ann, ben)
    message = await say(ben, room)
    did(await report(ann, messageId=message["id"]), 201)
    (found,) = await queue(mod)

    assert refused(await resolve(mod, found, "ban")) == (400, "action_does_not_fit")
    assert refused(await resolve(mod, {"id": "nothing"}, "none")) == NOT_FOUND
    assert refused(await resolve(mod, found, "burn")) == (422, "invalid")
    assert refused(await resolve(ann, found, "none")) == (403, "moderators_only")
    assert len(await queue(mod)) == 1


async def test_who_is_reported_does_not_learn_by_whom(
    kabar: Kabar, mod: Person, admin: Person, ann: Person
) -> None:
    """Even if they are a moderator; and moderators judge no moderator."""
    did(await report(ann, userId=mod.id), 201)
    (found,) = await queue(admin)

    assert await queue(mod) == []
    assert refused(await mod.get(f"/api/moderation/reports/{found['id']}")) == NOT_FOUND
    assert refused(await resolve(mod, found, "none")) == NOT_FOUND
    did(await report(ann, userId=admin.id), 201)
    (about_admin,) = await queue(mod)
    assert refused(await resolve(mod, about_admin, "suspend")) == (403, "stands_above")
    did(await resolve(admin, found, "suspend"))


async def test_moderators_hear_of_reports_and_of_what_became_of_them(
    kabar: Kabar, mod: Person, ann: Person, ben: Person
) -> None:
    hers, his = Line(kabar, mod), Line(kabar, ben)
    for line, person in ((hers, mod), (his, ben)):
        await line.subscribe(f"private-user-{person.id}")

    did(await report(ann, userId=ben.id), 201)
    did(await report(ann, userId=ben.id), 200)
    (found,) = await queue(mod)
    did(await resolve(mod, found, "none"))

    told: list[Any] = [data for *_, data in await hers.heard("moderation-changed")]
    assert told == [{"about": "reports"}, {"about": "reports"}]
    assert await his.heard("moderation-changed") == []


async def test_moderators_have_the_files_of_what_is_reported_and_no_others(
    mod: Person, admin: Person, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    bad, good = [await upload(ben, text) for text in (b"bad", b"good")]
    message = await say(ben, room, "This", attachmentIds=[bad["id"]])
    await say(ben, room, "That", attachmentIds=[good["id"]])
    address = f"/api/uploads/{bad['id']}/file"
    assert refused(await fetch(mod, address)) == (404, "upload_not_found")

    did(await report(ann, messageId=message["id"]), 201)

    (found,) = await queue(mod)
    assert found["message"]["files"] == ["notes.txt"]
    shown = did(await mod.get(f"/api/moderation/reports/{found['id']}"))["messages"]
    files = [file for each in shown for file in each["attachments"]]
    assert [file["id"] for file in files] == [bad["id"]]
    assert (await fetch(mod, files[0]["url"])).content == b"bad"
    assert refused(await fetch(mod, f"/api/uploads/{good['id']}/file"))[0] == 404
    await delete(ben, message)
    assert refused(await fetch(mod, address)) == (404, "upload_not_found")


async def test_an_application_settles_reports(
    mod: Person, ann: Person, ben: Person, application: MakeApplication
) -> None:
    found, message = await reported(mod, ann, ben)
    robot = await application("moderate")

    listed = (await robot.call("GET", "/api/moderation/reports")).json()["reports"]
    path = f"/api/moderation/reports/{found['id']}/resolve"
    settled = await robot.call("POST", path, {"action": "ban", "note": "By rule 3"})

    assert [each["id"] for each in listed] == [found["id"]]
    assert settled.json()["resolution"]["by"] == {"id": None, "name": "shop"}
    room = f"/api/chat/rooms/{message['roomId']}"
    assert refused(await ben.get(room)) == (404, "room_not_found")


async def test_of_who_is_erased_no_report_is_left(
    kabar: Kabar, mod: Person, ann: Person, ben: Person, cleo: Person, application: MakeApplication
) -> None:
    shop = await application("users")
    did(await report(ann, userId=ben.id), 201)
    did(await report(cleo, userId=ann.id), 201)
    did(await report(cleo, userId=ben.id), 201)

    await shop.call("DELETE", f"/api/users/{ann.id}")

    async with patiently():
        while len(await queue(mod)) > 1:
            await asyncio.sleep(0)
    assert [(each["reporter"]["id"], each["user"]["id"]) for each in await queue(mod)] == [
        (cleo.id, ben.id)
    ]


class TestLimits:
    """How much one may report."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"reports_per_user": "2/hour"})

    async def test_who_reports_very_much_has_to_wait(
        self, ann: Person, ben: Person, cleo: Person
    ) -> None:
        room = await group(ben, ann)
        for what in ({"userId": ben.id}, {"userId": cleo.id}):
            did(await report(ann, **what), 201)
        assert refused(await report(ann, roomId=room["id"])) == (429, "too_many_requests")
        did(await report(cleo, userId=ben.id), 201)


async def test_pages_follow_each_other(mod: Person, ann: Person, person: MakePerson) -> None:
    for number in range(5):
        did(await report(ann, userId=(await person(f"spammer{number}")).id), 201)
    found: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = did(await mod.get("/api/moderation/reports", **query))
        found += [each["user"]["username"] for each in page["reports"]]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert found == [f"spammer{number}" for number in reversed(range(5))]
