"""Nobody keeps others from signing in by signing in very often."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from kabar.features.accounts.errors import SignInBusy
from kabar.features.accounts.turns import Turns
from tests.patience import patiently
from tests.people import PASSWORD, MakePerson


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No password is checked before it is set."""
    opened = threading.Event()
    verify = PasswordHasher.verify

    def later(self: PasswordHasher, known_hash: str | bytes, password: str | bytes) -> Any:
        opened.wait()
        return verify(self, known_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", later)
    yield opened
    opened.set()


async def test_who_comes_from_elsewhere_has_a_place_however_many_one_address_wants(
    stranger: httpx.AsyncClient, person: MakePerson, gate: threading.Event
) -> None:
    names = [(await person(f"user{number}")).username for number in range(15)]
    await person("bob")
    many = [
        asyncio.create_task(_sign_in(stranger, name, address="192.0.2.1"))
        for name in names
        for _ in range(10)
    ]
    refused = await _done(many, 150 - 102)

    bob = asyncio.create_task(_sign_in(stranger, "bob", address="192.0.2.2"))
    refused |= await _done([*many, bob], 150 - 102 + 1)

    assert bob not in refused, "it is the crowd that has to make room"
    assert {task.result().status_code for task in refused} == {503}
    assert {task.result().headers["retry-after"] for task in refused} == {"5"}
    gate.set()
    async with patiently():
        assert (await bob).status_code == 200
        assert [answer.status_code for answer in await asyncio.gather(*many)].count(200) == 101


async def test_one_account_takes_few_places_from_however_many_addresses(
    stranger: httpx.AsyncClient, person: MakePerson, gate: threading.Event
) -> None:
    await person("ann")
    await person("bob")
    many = [
        asyncio.create_task(_sign_in(stranger, "ann", address=f"192.0.2.{number}"))
        for number in range(130)
    ]
    refused = await _done(many, 120)

    assert {task.result().status_code for task in refused} == {429}
    assert {task.result().headers["retry-after"] for task in refused} == {"1"}
    bob = asyncio.create_task(_sign_in(stranger, "bob", address="192.0.2.200"))
    gate.set()
    async with patiently():
        assert (await bob).status_code == 200
        assert [answer.status_code for answer in await asyncio.gather(*many)].count(200) == 10


async def test_new_passwords_of_one_person_take_few_places_too(
    person: MakePerson, gate: threading.Event
) -> None:
    ann = await person("ann")
    changes = {"password": "a new password", "currentPassword": PASSWORD}
    many = [asyncio.create_task(ann.patch("/api/me", changes)) for _ in range(30)]

    refused = await _done(many, 20)

    assert {task.result().status_code for task in refused} == {429}
    gate.set()
    async with patiently():
        await asyncio.gather(*many)


async def test_who_has_guessed_too_often_waits_in_no_line(
    stranger: httpx.AsyncClient, gate: threading.Event
) -> None:
    gate.set()
    for _ in range(10):
        await _sign_in(stranger, "nobody", address="192.0.2.1")
    gate.clear()

    async with patiently():
        answer = await _sign_in(stranger, "nobody", address="192.0.2.1")

    assert answer.status_code == 429


class TestTurns:
    """The lines themselves, one thread for three who wait."""

    async def test_addresses_are_served_in_turn(self) -> None:
        turns, served = _turns(), list[str]()
        await turns.take("a")
        waiting = [_wait(turns, address, served) for address in ("a", "a", "b")]
        await _settle()

        for _ in range(3):
            turns.give_back()
            await _settle()

        assert served == ["a", "b", "a"]
        assert all(task.done() for task in waiting)

    async def test_the_last_of_the_longest_line_makes_room(self) -> None:
        turns, served = _turns(), list[str]()
        await turns.take("a")
        waiting = [_wait(turns, "a", served) for _ in range(3)]
        await _settle()

        waiting.append(_wait(turns, "b", served))
        waiting.append(_wait(turns, "c", served))
        await _settle()

        assert [task.done() for task in waiting] == [False, True, True, False, False]
        with pytest.raises(SignInBusy):
            await waiting[1]
        with pytest.raises(SignInBusy):
            await turns.take("d")
        with pytest.raises(SignInBusy):
            await waiting[2]
        turns.close()
        await asyncio.gather(*waiting, return_exceptions=True)

    @pytest.mark.parametrize("is_next", [True, False])
    async def test_who_hangs_up_takes_no_place_and_no_turn(self, is_next: bool) -> None:
        turns, served = _turns(), list[str]()
        await turns.take("a")
        gone = _wait(turns, "a", served)
        await _settle()

        if is_next:
            turns.give_back()
        gone.cancel()
        await _settle()
        if not is_next:
            turns.give_back()

        assert gone.cancelled()
        async with patiently():
            await turns.take("b")

    async def test_at_the_end_nobody_waits_any_more(self) -> None:
        turns, served = _turns(), list[str]()
        await turns.take("a")
        waiting = _wait(turns, "b", served)
        await _settle()

        turns.close()

        with pytest.raises(SignInBusy):
            await waiting
        turns.give_back()
        assert served == []


def _turns() -> Turns:
    return Turns(at_once=1, most_waiting=3, most_for_account=10)


def _wait(turns: Turns, address: str, served: list[str]) -> asyncio.Task[None]:
    async def wait() -> None:
        await turns.take(address)
        served.append(address)

    return asyncio.create_task(wait())


async def _settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def _done(
    tasks: list[asyncio.Task[httpx.Response]], number: int
) -> set[asyncio.Task[httpx.Response]]:
    """Wait until so many have an answer, and see that the others have none."""
    async with patiently():
        while sum(task.done() for task in tasks) < number:
            pending = [task for task in tasks if not task.done()]
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    done = {task for task in tasks if task.done()}
    assert len(done) == number
    return done


async def _sign_in(browser: httpx.AsyncClient, login: str, *, address: str) -> httpx.Response:
    return await browser.post(
        "/api/auth/login",
        json={"login": login, "password": PASSWORD},
        headers={"x-forwarded-for": address},
    )
