"""A session that ends takes with it what was opened in it, and what is being opened."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from kabar.engines.broker import Outdated
from kabar.features.accounts.models import Session
from kabar.server.app import Kabar
from tests.engines.realtime.support import frame
from tests.features.chat.talk import Ear, did, refused
from tests.people import PASSWORD, MakePerson, Person, browser_of

SESSION_HAS_ENDED = (4200, "A session has ended")


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


def ear_of(kabar: Kabar, person: Person) -> Ear:
    assert kabar.realtime is not None
    return Ear(kabar.realtime, person)


@pytest.mark.parametrize("path", ["/api/pusher/auth", "/api/pusher/user-auth"])
async def test_a_session_that_ends_before_the_body_is_there_signs_nothing(
    kabar: Kabar, ann: Person, path: str
) -> None:
    """Who has somebody's cookie could keep a call open until its owner signs out."""
    ear = ear_of(kabar, ann)
    form = f"socket_id={ear.socket_id}&channel_name=private-user-{ann.id}"

    async def body() -> AsyncIterator[bytes]:
        yield form[:5].encode()
        async with browser_of(kabar.asgi, token=ann.token) as hers:
            assert (await hers.post("/api/auth/logout")).status_code == 204
        yield form[5:].encode()

    answer = await ann.browser.post(path, content=body())

    assert refused(answer) == (401, "not_signed_in")


async def test_a_sign_in_that_is_signed_but_not_used_ends_with_the_session(
    kabar: Kabar, ann: Person
) -> None:
    """The signature is good for as long as the socket is: so the socket ends."""
    ear = ear_of(kabar, ann)
    signed = did(await ann.post("/api/pusher/user-auth", {"socket_id": ear.socket_id}))

    assert (await ann.post("/api/auth/logout")).status_code == 204
    ear._node.receive(ear._socket, frame("pusher:signin", signed), 0.0)

    assert ear._socket.closed == SESSION_HAS_ENDED


async def test_who_signs_in_as_another_leaves_nothing_open(
    kabar: Kabar, ann: Person, person: MakePerson
) -> None:
    """The session that the browser had before ends, as in a sign-out."""
    ben = await person("ben")
    hers, his = ear_of(kabar, ann), ear_of(kabar, ben)
    await hers.subscribe(f"private-user-{ann.id}")
    await his.subscribe(f"private-user-{ben.id}")

    did(await ann.post("/api/auth/login", {"login": "ben", "password": PASSWORD}))

    assert hers._socket.closed == SESSION_HAS_ENDED
    assert his.is_open


async def test_a_session_that_ends_on_another_node_is_forgotten_here_at_once(
    kabar: Kabar, ann: Person
) -> None:
    """Else it would be good here for another half minute, and open its sockets again."""
    assert kabar.realtime is not None
    did(await ann.get("/api/me"))
    await kabar.db.write(lambda tx: tx.execute(delete(Session)))
    assert (await ann.get("/api/me")).status_code == 200, "it is remembered"

    kabar.realtime._broker.publish(Outdated(kabar.realtime.app.id, ann.id))

    assert refused(await ann.get("/api/me")) == (401, "not_signed_in")
