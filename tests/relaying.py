"""What the tests of the relay are made of: events, a handler, a relay with a recorder."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from kabar.core.events import Dismissal, Event, Publication, Revocation, publication
from kabar.core.times import utc_now
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url
from kabar.infra.db.outbox import OutboxRow
from kabar.infra.relay import Handler, Relay
from kabar.server.workers import Workers
from tests.infra.db.rows import Noted, note
from tests.patience import patiently
from tests.recorder import Recorder


class Said(Event, frozen=True, kw_only=True):
    """Something for sockets and for handlers."""

    text: str

    def publications(self) -> Iterable[Publication]:
        yield publication(("room",), "said", {"text": self.text})


class Gone(Event, frozen=True, kw_only=True):
    """Somebody hears no more."""

    user_id: str

    def publications(self) -> Iterable[Publication | Revocation]:
        yield Revocation(channel="room", user_id=self.user_id)
        yield publication(("room",), "gone", {"userId": self.user_id})


class Out(Event, frozen=True, kw_only=True):
    """Somebody is signed in no more."""

    user_id: str

    def publications(self) -> Iterable[Dismissal]:
        yield Dismissal(user_id=self.user_id)


def say(tx: Transaction, *texts: str) -> None:
    for text in texts:
        tx.emit(Said(text=text))


def note_said(tx: Transaction, events: Sequence[Said]) -> None:
    """The work of a handler: a row for each event. The same one twice would break."""
    for event in events:
        note(tx, event.text)


@asynccontextmanager
async def relay_of(
    db: Database,
    *on_said: Handler,
    handlers: dict[type[Event], list[Handler]] | None = None,
    runs: bool = True,
    publisher: Recorder | None = None,
) -> AsyncIterator[tuple[Relay, Recorder]]:
    """Yield a relay and what it published; unless it `runs`, only `settle` makes handlers work."""
    heard = publisher or Recorder()
    relay = Relay(
        db,
        events=(Said, Gone, Out, Noted),
        handlers=handlers or {Said: on_said},
        publisher=heard,
    )
    workers = Workers(relay.works() if runs else [])
    await workers.start()
    yield relay, heard
    await workers.close()


async def idle(relay: Relay) -> None:
    async with patiently():
        while not relay.is_idle:
            await asyncio.sleep(0)


@asynccontextmanager
async def opened(database: str) -> AsyncIterator[Database]:
    """Yield a database whose commits nobody hears of, until a relay says that it does."""
    db = Database(database_url(database, Path()), writers=2)
    db.tell(lambda _event: ["realtime", f"{__name__}.note_said"], lambda _committed: None)
    await db.start()
    yield db
    await db.close()


async def leave_unheard(database: str, *texts: str) -> None:
    """Commit, and die before anybody hears of it."""
    async with opened(database) as db:
        for text in texts:
            await db.write(say, text)
        # as if it had been a while ago
        long_ago = utc_now() - timedelta(minutes=1)
        await db.write(lambda tx: tx.execute(update(OutboxRow).values(available_at=long_ago)))


async def outbox_of(db: Database) -> dict[str, tuple[int, datetime | None]]:
    """Return attempts and time of what the outbox holds."""

    def rows(tx: Transaction) -> dict[str, tuple[int, datetime | None]]:
        found = tx.execute(select(OutboxRow.id, OutboxRow.attempts, OutboxRow.available_at))
        return {row_id: (attempts, at) for row_id, attempts, at in found}

    return await db.read(rows)


def texts(heard: Recorder) -> list[str]:
    return [json.loads(said.data)["text"] for said in heard.publications("said")]


def short(one: Publication | Revocation | Dismissal) -> str:
    if isinstance(one, Revocation):
        return f"revoked {one.user_id}"
    if isinstance(one, Dismissal):
        return f"dismissed {one.user_id}"
    return f"{one.event} {one.data}"
