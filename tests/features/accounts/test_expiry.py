"""A session whose time is over ends what was opened in it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from kabar.features.accounts.models import Session
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Ear
from tests.people import MakePerson


def let_expire(tx: Transaction, user_id: str) -> None:
    """Let the time of all their sessions be over."""
    past = tx.now - timedelta(seconds=1)
    tx.execute(update(Session).where(Session.user_id == user_id).values(expires_at=past))


async def test_an_expired_session_takes_its_sockets_with_it(
    kabar: Kabar, person: MakePerson
) -> None:
    """As after a sign-out, they have to come back and show whose they are."""
    assert kabar.realtime is not None
    ann, ben = await person("ann"), await person("ben")
    hers, his = Ear(kabar.realtime, ann), Ear(kabar.realtime, ben)
    await hers.subscribe(f"private-user-{ann.id}")
    await his.subscribe(f"private-user-{ben.id}")
    await kabar.web.end_expired_sessions()
    assert hers.is_open

    await kabar.db.write(let_expire, ann.id)
    await kabar.web.end_expired_sessions()

    assert hers._socket.closed == (4200, "A session has ended")
    assert his.is_open
    await kabar.web.end_expired_sessions()
    assert his.is_open


async def test_expired_sessions_are_looked_for_while_the_server_runs(kabar: Kabar) -> None:
    assert "sessions" in {name for name, _ in kabar._housekeeping()}
