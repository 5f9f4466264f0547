"""Two servers on one PostgreSQL number the messages of a room together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kabar.features.chat.audience import Audience
from kabar.features.chat.messages import get_messages
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.rooms import get_or_create_direct_room
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.infra.db import Database
from kabar.infra.db.engine import database_url
from tests.people import identity_of

WRITERS = 10
MESSAGES = 8


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_no_gap_and_no_error_between_two_nodes(database: str) -> None:
    async with AsyncExitStack() as stack:
        nodes = [await stack.enter_async_context(node(database)) for _ in range(2)]
        ann, ben = [(await identity_of(nodes[0], name))[0] for name in ("ann", "ben")]
        room_id = await nodes[0].write(
            get_or_create_direct_room, user_id=ann.user_id, other_id=ben.user_id
        )

        async def send_all(writer: int) -> list[int]:
            """Each writer has a twin at the other node, with the same client ids."""
            numbers = []
            for number in range(MESSAGES):
                client_id = f"{writer // 2}-{number}"
                draft = MessageDraft(room_id=room_id, content="Hello", client_id=client_id)
                send = Send(ann, draft, None, Audience(None))
                sent = await nodes[writer % 2].write_together(send_messages, send)
                numbers.append(sent.message.seq)
            return numbers

        async def read(number: int) -> None:
            await nodes[number % 2].write(
                mark_as_read,
                user_id=ben.user_id,
                room_id=room_id,
                message_id=None,
                socket_id=None,
            )

        with capture_logs() as logs:
            sending = asyncio.gather(*(send_all(writer) for writer in range(2 * WRITERS)))
            await asyncio.gather(*(read(number) for number in range(20)))
            numbers = [number for sent in await sending for number in sent]

        every = range(1, WRITERS * MESSAGES + 1)
        assert sorted(numbers) == sorted([*every, *every])
        page = await nodes[1].read(get_messages, user_id=ben.user_id, room_id=room_id, limit=100)
        assert [message.seq for message in page.messages] == list(every)
        assert [entry["event"] for entry in logs] == [], "they wait for each other, none fails"


@asynccontextmanager
async def node(database: str) -> AsyncIterator[Database]:
    db = Database(database_url(database, Path()), writers=2)
    await db.start()
    yield db
    await db.close()
