"""Turns: threads go round the addresses that wait for one, however much one of them asks for."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kabar.features.accounts.errors import SignInBusy, TooManyForAccount
from kabar.infra.http.client import Client, limit_key
from kabar.infra.http.rate_limits import Key


class Asker(NamedTuple):
    """For whom a password is hashed: where they are, and whose it is said to be."""

    address: str
    account: Key


def asker_at(client: Client, *account: str) -> Asker:
    return Asker(limit_key(client.address), account)


class Turns:
    """So many may work at once; the others wait, in a line for each address.

    The lines are served in turn. When all places are taken, a newcomer gets that of who came last
    in the longest line. So whoever asks for much waits for themselves, and fills the places only
    from as many addresses as there are places.
    """

    def __init__(self, *, at_once: int, most_waiting: int, most_for_account: int) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._most_for_account = most_for_account
        #: by address, next in turn first; none is empty
        self._lines: OrderedDict[str, deque[asyncio.Future[bool]]] = OrderedDict()
        self._waiting = 0
        self._for_account: Counter[Key] = Counter()

    @contextmanager
    def counted(self, account: Key) -> Iterator[None]:
        """Count one for the account while it lasts, or raise `TooManyForAccount`.

        Somebody who signs in rightly is under no other limit, and may come from many addresses.
        """
        if self._for_account[account] >= self._most_for_account:
            raise TooManyForAccount(headers={"Retry-After": "1"})
        self._for_account[account] += 1
        try:
            yield
        finally:
            self._for_account[account] -= 1
            if not self._for_account[account]:
                del self._for_account[account]

    async def take(self, address: str) -> None:
        """Wait for one's turn, which one then has to give back; or raise `SignInBusy`."""
        if self._free:
            self._free -= 1
            return
        if self._waiting >= self._most_waiting:
            self._make_room_for(address)
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(address, deque()).append(turn)
        self._waiting += 1
        try:
            is_mine = await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._leave(address, turn)
            elif turn.result():
                self.give_back()
            raise
        if not is_mine:
            raise _busy()

    def give_back(self) -> None:
        """One's work is done: whose turn is next?"""
        while self._lines:
            address, line = self._lines.popitem(last=False)
            turn = line.popleft()
            self._waiting -= 1
            if line:
                self._lines[address] = line
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    def close(self) -> None:
        """Nobody gets a turn any more."""
        for line in self._lines.values():
            for turn in line:
                _refuse(turn)
        self._lines.clear()
        self._waiting = 0

    def _make_room_for(self, address: str) -> None:
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(self._lines.get(address, ())) + 1:
            raise _busy()
        _refuse(longest.pop())
        self._waiting -= 1

    def _leave(self, address: str, turn: asyncio.Future[bool]) -> None:
        line = self._lines.get(address)
        if line is None or turn not in line:
            return
        line.remove(turn)
        self._waiting -= 1
        if not line:
            del self._lines[address]


def _refuse(turn: asyncio.Future[bool]) -> None:
    if not turn.done():
        turn.set_result(False)


def _busy() -> SignInBusy:
    return SignInBusy(headers={"Retry-After": "5"})
