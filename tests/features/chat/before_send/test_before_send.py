"""The application is asked before anything is kept: it lets it pass, refuses it, or changes it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import update

from kabar.core.settings import Settings
from kabar.core.times import rfc3339, utc_now
from kabar.features.chat.before_send.breaker import Breaker
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.scheduled.saying import say_what_is_due
from kabar.server.app import Kabar
from kabar.services.chat import ChatService
from tests.features.chat.talk import Json, did, everything_in, group, refused, say, send
from tests.people import MakePerson, Person

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
REFUSED = (403, "message_refused")
NOT_CHECKED = (503, "message_not_checked")


class Judge:
    """The application: it answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[Json] = []
        self.verdict: Any = {"action": "allow"}
        self.status = 200
        self.at_once = self.most_at_once = 0
        #: while it is clear, nobody is answered
        self.answers = asyncio.Event()
        self.answers.set()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        call_id, sent_at = (request.headers[f"webhook-{part}"] for part in ("id", "timestamp"))
        signed = f"{call_id}.{sent_at}.".encode() + body
        digest = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        assert request.headers["webhook-signature"] == f"v1,{digest}"
        self.asked.append(json.loads(body)["data"])
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await self.answers.wait()
        self.at_once -= 1
        return web.Response(status=self.status, text=json.dumps(self.verdict))


@pytest.fixture
async def judge() -> AsyncIterator[Judge]:
    judge = Judge()
    application = web.Application()
    application.router.add_post("/judge", judge.answer)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    judge.url = f"http://127.0.0.1:{runner.addresses[0][1]}/judge"
    yield judge
    judge.answers.set()
    await runner.cleanup()


@pytest.fixture
def settings(settings: Settings, judge: Judge) -> Settings:
    asking = {"before_send_url": judge.url, "before_send_secret": SECRET}
    # The patient loop of the tests leaves it all the time it needs.
    return settings.model_copy(update={**asking, "before_send_seconds": 10.0})


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def room(ann: Person, person: MakePerson) -> Json:
    return await group(ann, await person("ben"))


async def said_in(person: Person, room: Json) -> list[str]:
    return [each["content"] for each in await everything_in(person, room)]


async def test_it_is_asked_who_says_what_and_where(judge: Judge, ann: Person, room: Json) -> None:
    await say(ann, room, "Hello")

    (asked,) = judge.asked
    assert asked["sender"] == {"id": ann.id, "username": "ann", "name": "Ann"}
    assert (asked["kind"], asked["roomId"], asked["content"]) == ("send", room["id"], "Hello")
    assert await said_in(ann, room) == ["Hello"]


async def test_what_it_refuses_is_nowhere_and_the_sender_is_told_why(
    judge: Judge, ann: Person, room: Json
) -> None:
    judge.verdict = {"action": "refuse", "text": "No adverts, please."}

    answer = await send(ann, room, "Buy!")

    assert refused(answer) == REFUSED
    assert answer.json()["detail"] == "No adverts, please."
    assert await said_in(ann, room) == []
    judge.verdict = {"action": "refuse"}
    assert (await send(ann, room)).json()["detail"] == "This message is not allowed here."


async def test_it_puts_other_words_in_place(judge: Judge, ann: Person, room: Json) -> None:
    judge.verdict = {"action": "replace", "content": "D***!"}
    assert (await say(ann, room, "Darn!"))["content"] == "D***!"
    assert await said_in(ann, room) == ["D***!"]


async def test_new_words_of_a_message_are_judged_too(judge: Judge, ann: Person, room: Json) -> None:
    message = await say(ann, room, "Hello")
    change = {"messageId": message["id"], "content": "Buy!"}
    judge.verdict = {"action": "refuse", "text": "No."}
    assert refused(await ann.patch("/api/chat/messages", change)) == REFUSED

    judge.verdict = {"action": "replace", "content": "Good day"}
    assert did(await ann.patch("/api/chat/messages", change))["content"] == "Good day"

    assert [each["kind"] for each in judge.asked] == ["send", "edit", "edit"]
    assert judge.asked[-1]["messageId"] == message["id"]
    assert await said_in(ann, room) == ["Good day"]


async def test_what_is_forwarded_is_judged_for_each_room(
    judge: Judge, ann: Person, room: Json
) -> None:
    message = await say(ann, room, "Hello")
    others = [await group(ann, name=name) for name in ("One", "Two")]
    body = {"roomIds": [other["id"] for other in others]}
    path = f"/api/chat/messages/{message['id']}/forward"
    judge.verdict = {"action": "refuse"}
    assert refused(await ann.post(path, body)) == REFUSED

    judge.verdict = {"action": "replace", "content": "Good day"}
    did(await ann.post(path, body), 201)

    assert [each["kind"] for each in judge.asked] == ["send", *["forward"] * 4]
    assert {each["roomId"] for each in judge.asked[1:]} == set(body["roomIds"])
    assert [await said_in(ann, other) for other in others] == [["Good day"], ["Good day"]]


async def test_what_was_scheduled_is_judged_when_it_is_said(
    kabar: Kabar, judge: Judge, ann: Person, room: Json
) -> None:
    later = rfc3339(utc_now() + timedelta(days=1))
    did(await send(ann, room, "Buy!", sendAt=later), 202)
    assert judge.asked == []
    due = update(ScheduledMessage).values(send_at=utc_now())
    await kabar.db.write(lambda tx: tx.execute(due))
    judge.verdict = {"action": "refuse", "text": "No."}

    await say_what_is_due(kabar.db, kabar.web.rules)

    assert [each["kind"] for each in judge.asked] == ["scheduled"]
    (waits,) = did(await ann.get("/api/chat/scheduled"))["scheduled"]
    assert waits["failure"] == "message_refused"
    assert await said_in(ann, room) == []


async def test_programs_are_judged_like_people(
    kabar: Kabar, judge: Judge, ann: Person, room: Json
) -> None:
    judge.verdict = {"action": "replace", "content": "Other words"}
    service = ChatService(kabar)
    message = await service.send_message(room["id"], ann.id, "Hello")
    edited = await service.edit_message(message.id, "Hello again")
    assert (message.content, edited.content) == ("Other words", "Other words")


async def test_what_was_sent_before_is_not_judged_again(
    judge: Judge, ann: Person, room: Json
) -> None:
    await say(ann, room, "Hello", clientId="1")
    judge.verdict = {"action": "refuse"}
    assert did(await send(ann, room, "Hello", clientId="1"))["content"] == "Hello"
    assert len(judge.asked) == 1


async def test_a_key_stands_for_what_was_made_of_the_message(
    judge: Judge, ann: Person, room: Json
) -> None:
    judge.verdict = {"action": "replace", "content": "D***!"}
    body = {"roomId": room["id"], "content": "Darn!"}
    key = {"headers": {"Idempotency-Key": "k"}}
    first = did(await ann.post("/api/chat/send", body, **key), 201)
    again = did(await ann.post("/api/chat/send", body, **key))
    assert (again["id"], again["content"]) == (first["id"], "D***!")


async def test_it_is_not_asked_about_people_who_may_not_write_there(
    judge: Judge, room: Json, person: MakePerson
) -> None:
    assert refused(await send(await person("eve"), room)) == (404, "room_not_found")
    assert judge.asked == []


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (500, {"action": "allow"}),
        (302, {"action": "allow"}),
        (200, {"action": "burn"}),
        (200, ["allow"]),
        (200, {"action": "replace", "content": " "}),
        (200, {"action": "replace", "content": "x" * 20_000}),
        (200, {"action": "allow", "text": "x" * 300_000}),
    ],
)
async def test_what_is_no_answer_keeps_the_message_out(
    judge: Judge, ann: Person, room: Json, status: int, verdict: Any
) -> None:
    judge.status, judge.verdict = status, verdict

    answer = await send(ann, room)

    assert refused(answer) == NOT_CHECKED
    assert "Retry-After" in answer.headers
    assert await said_in(ann, room) == []


async def test_who_does_not_answer_again_and_again_is_asked_no_more_for_a_while(
    judge: Judge, ann: Person, room: Json
) -> None:
    judge.status = 500
    for _ in range(8):
        assert refused(await send(ann, room)) == NOT_CHECKED
    assert len(judge.asked) == 5


def test_the_breaker_lets_one_through_after_the_pause_and_all_once_it_is_answered() -> None:
    now = 0.0
    breaker = Breaker(lambda: now)
    for _ in range(5):
        assert breaker.lets_through()
        breaker.failed()
    assert not breaker.lets_through()
    now = 10.0
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    breaker.answered()
    assert breaker.lets_through()


class TestOpen:
    """Messages are kept where it does not answer."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(
            update={"before_send_required": False, "before_send_seconds": 0.1}
        )

    async def test_who_hangs_is_not_waited_for(self, judge: Judge, ann: Person, room: Json) -> None:
        judge.answers.clear()
        for number in range(7):
            await say(ann, room, str(number))
        assert await said_in(ann, room) == [str(number) for number in range(7)]
        assert len(judge.asked) <= 5

    async def test_but_a_refusal_counts(
        self, kabar: Kabar, judge: Judge, ann: Person, room: Json
    ) -> None:
        judge.verdict = {"action": "refuse"}
        while (answer := await send(ann, room)).status_code == 201:
            pass  # a machine that is this slow has not heard of it in time
        assert refused(answer) == REFUSED


class TestFew:
    """How many it is asked about at the same time."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"before_send_at_once": 2})

    async def test_no_more_than_that(self, judge: Judge, ann: Person, room: Json) -> None:
        await asyncio.gather(*(say(ann, room, str(number)) for number in range(12)))
        assert judge.most_at_once <= 2
        assert len(await said_in(ann, room)) == 12
