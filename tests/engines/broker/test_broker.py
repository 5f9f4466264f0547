"""What every broker promises."""

from __future__ import annotations

import asyncio

import pytest

from kabar.core.errors import CannotStart
from kabar.core.events import Publication
from kabar.engines.broker import (
    Asked,
    Came,
    Carried,
    Expelled,
    Revoked,
    Signed,
    SignedIn,
    SignedOut,
    Went,
    open_broker,
)
from kabar.engines.broker.memory import MemoryBroker
from tests.engines.broker.conftest import OpenNode
from tests.patience import patiently


class Ear:
    """Hears what a broker delivers."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[Carried] = asyncio.Queue()

    def __call__(self, carried: Carried) -> None:
        self._heard.put_nowait(carried)

    async def hears(self, count: int) -> list[Carried]:
        async with patiently():
            return [await self._heard.get() for _ in range(count)]

    def heard_more(self) -> bool:
        return not self._heard.empty()


def event(data: str) -> Publication:
    return Publication(channels=("a", "b"), event="e", data=data, app_id="1")


async def test_the_publisher_hears_itself_in_order(open_node: OpenNode) -> None:
    broker, ear = open_node(), Ear()
    await broker.start(ear)
    said = [event(str(number)) for number in range(100)]
    for publication in said:
        broker.publish(publication)
    assert await ear.hears(100) == said
    await broker.close()


async def test_everything_that_is_carried_arrives_as_it_was(open_node: OpenNode) -> None:
    broker, ear = open_node(), Ear()
    await broker.start(ear)
    said: list[Carried] = [
        Publication(
            channels=("presence-a",),
            event="client-ä",
            data='"\\u0000"',
            except_socket="1.2",
            user_id="7",
            app_id="1",
        ),
        Asked("1", "1.2", "7"),
        Signed("1", "1.2", "private-x", "7"),
        Revoked("1", "private-a", "7"),
        Expelled("1", "7"),
        Came("node", "1", "presence-a", "1.2", "7", b'{"name":"\xc3\xa4"}'),
        Went("node", "1", "presence-a", "1.2", "7"),
        SignedIn("node", "1", "7"),
        SignedOut("node", "1", "7"),
    ]
    for carried in said:
        broker.publish(carried)
    assert await ear.hears(len(said)) == said
    assert not ear.heard_more()
    await broker.close()


async def test_a_broker_that_is_closed_or_not_yet_open_delivers_nothing_and_does_not_fail(
    open_node: OpenNode,
) -> None:
    broker, ear = open_node(), Ear()
    broker.publish(event("too early"))
    await broker.start(ear)
    broker.publish(event("now"))
    assert await ear.hears(1) == [event("now")]
    await broker.close()
    broker.publish(event("too late"))
    await broker.close()
    assert not ear.heard_more()


def test_the_scheme_of_the_url_chooses() -> None:
    assert isinstance(open_broker("memory://"), MemoryBroker)


@pytest.mark.parametrize("url", ["carrier-pigeon://roof", "", "localhost"])
def test_an_unknown_scheme_is_one_line(url: str) -> None:
    with pytest.raises(CannotStart) as caught:
        open_broker(url)
    assert "\n" not in str(caught.value)


async def test_the_memory_broker_is_a_function_call() -> None:
    broker = MemoryBroker()
    heard: list[Carried] = []
    await broker.start(heard.append)
    broker.publish(event("1"))
    assert heard == [event("1")]
