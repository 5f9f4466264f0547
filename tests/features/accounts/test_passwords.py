"""Hashing passwords beside the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters

from kabar.features.accounts.errors import SignInBusy
from kabar.features.accounts.passwords import Passwords
from kabar.features.accounts.turns import Asker

ANN = Asker("192.0.2.1", ("login", "ann"))


class Freely:
    """An attempt that is always allowed; counts what failed."""

    def __init__(self) -> None:
        self.failures = 0
        self.asker = ANN

    def begin(self) -> None:
        pass

    def failed(self) -> None:
        self.failures += 1


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(memory_kib=19456)
    yield made
    made.close()


async def test_a_password_is_recognised_and_others_are_not(passwords: Passwords) -> None:
    attempt = Freely()
    known = await passwords.hash("correct horse", ANN)

    assert (await passwords.verify("correct horse", known, attempt)).is_right
    assert attempt.failures == 0
    assert not (await passwords.verify("correct  horse", known, attempt)).is_right
    assert attempt.failures == 1


async def test_it_is_argon2id_with_a_salt(passwords: Passwords) -> None:
    one, two = (
        await passwords.hash("correct horse", ANN),
        await passwords.hash("correct horse", ANN),
    )

    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != two


async def test_it_does_not_matter_how_a_keyboard_writes_an_accent(passwords: Passwords) -> None:
    known = await passwords.hash("caf\u00e9 au lait", ANN)
    assert (await passwords.verify("cafe\u0301 au lait", known, Freely())).is_right


@pytest.mark.parametrize("known", [None, "", "x", "$argon2id$v=19$m=1"])
async def test_without_a_good_hash_no_password_is_right(
    passwords: Passwords, known: str | None
) -> None:
    assert not (await passwords.verify("nobody", known, Freely())).is_right


async def test_a_wrong_password_costs_the_same_whoever_it_is_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also while accounts have hashes of an older setting: of each kind one is checked."""
    older = Passwords(memory_kib=32768)
    old = await older.hash("correct horse", ANN)
    older.close()

    async def known() -> list[str]:
        return [old]

    passwords = Passwords(memory_kib=19456, known_hashes=known)
    new = await passwords.hash("correct horse", ANN)
    checked: list[int] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, known_hash: str | bytes, password: str | bytes) -> Any:
        checked.append(extract_parameters(str(known_hash)).memory_cost)
        return verify(self, known_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    costs = []
    for known_hash in (old, new, None, ""):
        checked.clear()
        assert not (await passwords.verify("wrong", known_hash, Freely())).is_right
        costs.append(sorted(checked))
    passwords.close()

    assert costs == [[19456, 32768]] * 4


async def test_too_many_at_once_are_told_to_come_back(passwords: Passwords) -> None:
    results = await asyncio.gather(
        *(
            passwords.hash("correct horse", Asker("192.0.2.1", ("login", f"user{n}")))
            for n in range(120)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(result, SignInBusy) for result in results) == 18
    assert sum(isinstance(result, str) for result in results) == 102
