"""Who is suspended is out everywhere at once, until it ends."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text, update

from kabar.core.times import rfc3339, utc_now
from kabar.features.accounts.models import User
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.scheduled.saying import say_what_is_due
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.line import Line
from tests.features.chat.talk import Json, channel_of, did, direct_room, refused, say, send
from tests.features.moderation.conftest import MakeApplication
from tests.features.uploads.files import upload
from tests.people import PASSWORD, Person
from tests.plans import heard, plans_of

LATER = rfc3339(utc_now() + timedelta(days=7))
MODERATORS_ONLY = (403, "moderators_only")
STANDS_ABOVE = (403, "stands_above")


async def suspend(mod: Person, person: Person, **more: str) -> httpx.Response:
    return await mod.put(f"/api/moderation/users/{person.id}/suspension", more)


async def lift(mod: Person, person: Person) -> httpx.Response:
    return await mod.delete(f"/api/moderation/users/{person.id}/suspension")


async def sign_in(stranger: httpx.AsyncClient, person: Person) -> httpx.Response:
    credentials = {"login": person.username, "password": PASSWORD}
    return await stranger.post("/api/auth/login", json=credentials)


async def end_now(kabar: Kabar, person: Person) -> None:
    """Let its time come."""
    ended = update(User).where(User.id == person.id).values(suspended_until=utc_now())
    await kabar.db.write(lambda tx: tx.execute(ended))


async def test_they_are_signed_out_everywhere_and_told_why_when_they_come_back(
    kabar: Kabar, mod: Person, ann: Person, stranger: httpx.AsyncClient
) -> None:
    token = did(await ann.post("/api/auth/tokens", {"name": "phone"}), 201)["token"]
    line, bystander = Line(kabar, ann), Line(kabar, mod)
    await line.subscribe(f"private-user-{ann.id}")
    await bystander.subscribe(f"private-user-{mod.id}")

    assert (await suspend(mod, ann, until=LATER, reason="Spam")).status_code == 204

    assert (line.code, bystander.is_open) == (4200, True)
    assert refused(await ann.get("/api/me")) == (401, "not_signed_in")
    by_token = await stranger.get("/api/me", headers={"authorization": f"Bearer {token}"})
    assert refused(by_token) == (401, "not_signed_in")
    answer = await sign_in(stranger, ann)
    assert refused(answer) == (403, "account_suspended")
    assert (answer.json()["until"], answer.json()["reason"]) == (LATER, "Spam")
    assert answer.json()["detail"] == f"This account is suspended until {LATER}. Spam"


async def test_who_does_not_know_the_password_learns_nothing(
    mod: Person, ann: Person, stranger: httpx.AsyncClient
) -> None:
    await suspend(mod, ann)
    wrong = {"login": "ann", "password": "not this"}
    answer = await stranger.post("/api/auth/login", json=wrong)
    assert refused(answer) == (401, "bad_credentials")


async def test_it_ends_when_its_time_has_come_and_when_it_is_lifted(
    kabar: Kabar, mod: Person, ann: Person, ben: Person, stranger: httpx.AsyncClient
) -> None:
    await suspend(mod, ann, until=LATER)
    await suspend(mod, ben)
    assert [each["user"]["id"] for each in await suspended(mod)] == [ben.id, ann.id]

    await end_now(kabar, ann)
    assert (await lift(mod, ben)).status_code == 204
    assert (await lift(mod, ben)).status_code == 204

    assert await suspended(mod) == []
    for person in (ann, ben):
        assert did(await sign_in(stranger, person))["user"]["id"] == person.id


async def suspended(mod: Person) -> list[Json]:
    found: list[Json] = did(await mod.get("/api/moderation/suspensions"))["suspended"]
    return found


async def test_nobody_acts_for_them_and_no_token_is_made(
    mod: Person, ann: Person, application: MakeApplication
) -> None:
    shop = await application("act", "users")
    await suspend(mod, ann, reason="Spam")

    acting = await shop.call("GET", "/api/me", user=ann.id)
    token = await shop.call("POST", f"/api/users/{ann.id}/tokens", {"name": "phone"})

    assert refused(acting) == refused(token) == (403, "account_suspended")
    assert acting.json()["reason"] == "Spam"
    await lift(mod, ann)
    assert did(await shop.call("GET", "/api/me", user=ann.id))["id"] == ann.id


async def test_nobody_finds_them_and_what_they_said_stays(
    mod: Person, ann: Person, ben: Person
) -> None:
    room = await direct_room(ann, ben)
    await say(ann, room, "Hello")
    await suspend(mod, ann)

    for query in ("ann", ""):
        found = did(await ben.get("/api/users", query=query))["users"]
        assert ann.id not in {user["id"] for user in found}
    page = did(await ben.get("/api/chat/messages", roomId=room["id"]))
    assert [each["content"] for each in page["messages"]] == ["Hello"]
    assert did(await ben.get(f"/api/users/{ann.id}"))["name"] == "Ann"
    await say(ben, room, "For when you are back")


async def test_what_they_scheduled_is_not_said(
    kabar: Kabar, mod: Person, ann: Person, ben: Person, stranger: httpx.AsyncClient
) -> None:
    room = await direct_room(ann, ben)
    did(await send(ann, room, "Later", sendAt=LATER), 202)
    await suspend(mod, ann)
    due = update(ScheduledMessage).values(send_at=utc_now())
    await kabar.db.write(lambda tx: tx.execute(due))

    await say_what_is_due(kabar.db, kabar.web.rules)

    assert did(await ben.get("/api/chat/messages", roomId=room["id"]))["messages"] == []
    await lift(mod, ann)
    await sign_in(stranger, ann)
    (waits,) = (await stranger.get("/api/chat/scheduled")).json()["scheduled"]
    assert waits["failure"] == "account_suspended"


async def test_what_was_signed_for_them_opens_nothing(
    kabar: Kabar, mod: Person, ann: Person, ben: Person
) -> None:
    """The signature is good for as long as the socket is: so the socket ends."""
    room = await direct_room(ann, ben)
    line = Line(kabar, ann)
    asked = {"socket_id": line.socket_id, "channel_name": channel_of(room)}
    signed = did(await ann.post("/api/pusher/auth", asked))

    await suspend(mod, ann)
    line.resubscribe(channel_of(room), signed)
    await say(ben, room, "psst")

    assert await line.heard("new-message") == []
    assert line.code == 4200


async def test_the_address_of_a_file_that_was_made_for_them_gives_it_no_more(
    mod: Person, ann: Person, ben: Person, stranger: httpx.AsyncClient
) -> None:
    room = await direct_room(ann, ben)
    file = await upload(ben, b"notes")
    await say(ben, room, "Here", attachmentIds=[file["id"]])
    page = did(await ann.get("/api/chat/messages", roomId=room["id"]))
    address = page["messages"][0]["attachments"][0]["url"]
    assert (await stranger.get(address)).content == b"notes"

    await suspend(mod, ann)

    assert refused(await stranger.get(address)) == (404, "upload_not_found")


@pytest.mark.parametrize(
    "body", [{"until": "2020-01-01T00:00:00Z"}, {"until": "2500-01-01T00:00Z"}]
)
async def test_a_time_that_cannot_be_meant_is_refused(
    mod: Person, ann: Person, body: dict[str, str]
) -> None:
    answer = await suspend(mod, ann, **body)
    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "until"
    assert (await ann.get("/api/me")).status_code == 200


async def test_nobody_suspends_whoever_stands_beside_or_above_them(
    mod: Person, admin: Person, ann: Person, ben: Person, application: MakeApplication
) -> None:
    robot = await application("moderate")
    nobody = await application("act", "users")
    path = "/api/moderation/users/{}/suspension"

    assert refused(await suspend(ann, ben)) == MODERATORS_ONLY
    assert refused(await lift(ann, ben)) == MODERATORS_ONLY
    assert refused(await suspend(mod, mod)) == STANDS_ABOVE
    assert refused(await suspend(mod, admin)) == STANDS_ABOVE
    assert refused(await suspend(admin, admin)) == STANDS_ABOVE
    assert refused(await robot.call("PUT", path.format(mod.id), {})) == STANDS_ABOVE
    for call in (nobody.call("PUT", path.format(ann.id), {}),):
        assert refused(await call) == (403, "key_may_not")
    by_proxy = await nobody.call("PUT", path.format(ann.id), {}, user=admin.id)
    assert refused(by_proxy) == (403, "key_may_not")
    assert (await robot.call("PUT", path.format("@ann"), {})).status_code == 204
    assert (await suspend(admin, mod)).status_code == 204
    assert refused(await mod.get("/api/moderation/suspensions")) == (401, "not_signed_in")


async def test_strangers_and_people_see_nothing_of_it(
    ann: Person, mod: Person, stranger: httpx.AsyncClient
) -> None:
    for path in ("/api/moderation/suspensions", "/api/moderation/acts"):
        assert refused(await stranger.get(path)) == (401, "not_signed_in")
        assert refused(await ann.get(path)) == MODERATORS_ONLY
    assert refused(await mod.get("/api/moderation/acts")) == (403, "admins_only")


async def test_admins_see_who_did_what(
    admin: Person, mod: Person, ann: Person, application: MakeApplication
) -> None:
    robot = await application("moderate")
    await suspend(mod, ann, reason="Spam")
    await suspend(mod, ann, reason="Spam")
    await lift(mod, ann)
    await robot.call("PUT", f"/api/moderation/users/{ann.id}/suspension", {"until": LATER})

    acts = did(await admin.get("/api/moderation/acts"))["acts"]

    shown = [(act["deed"], act["by"]["name"], act["user"]["name"]) for act in acts]
    assert shown == [
        ("suspend", "shop", "Ann"),
        ("lift-suspension", "Mod", "Ann"),
        ("suspend", "Mod", "Ann"),
        ("give-role", "The operator", "Mod"),
        ("give-role", "The operator", "Admin"),
    ]
    assert [(act["note"], act["until"]) for act in acts] == [
        *((None, LATER), (None, None), ("Spam", None), ("moderator", None), ("admin", None)),
    ]


async def test_moderators_are_told(kabar: Kabar, mod: Person, admin: Person, ann: Person) -> None:
    hers, his = Line(kabar, admin), Line(kabar, ann)
    for line, person in ((hers, admin), (his, ann)):
        await line.subscribe(f"private-user-{person.id}")

    await suspend(mod, ann)

    assert [data for *_, data in await hers.heard("moderation-changed")] == [
        {"about": "suspensions"}
    ]
    assert await his.heard("moderation-changed") == []


async def test_the_list_of_the_suspended_is_read_along_its_index(kabar: Kabar, mod: Person) -> None:
    with heard(kabar.db) as said:
        await suspended(mod)
    asked = [each for each in said if "suspendedFor" in each.statement]

    def plans(tx: Transaction) -> list[str]:
        if tx.is_postgresql:
            # Of two rows it reads the table, whatever there is.
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        return list(plans_of(tx, asked).values())

    (plan,) = await kabar.db.read(plans)
    assert "User_suspended_idx" in plan
