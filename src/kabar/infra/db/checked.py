"""A database that looks again, in the transaction that writes, whether its user still may."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from kabar.infra.db.database import Database
from kabar.infra.db.transaction import Transaction
from kabar.infra.db.units import Unit, Units

P = ParamSpec("P")
T = TypeVar("T")


class CheckedDatabase(Units):
    """Runs units of work for somebody: `check` raises when they may write no more.

    Between the moment a request is let in and the moment it writes lies the time that its body
    takes, which is the sender's to choose.
    """

    def __init__(self, db: Database, caller: str, check: Callable[[Transaction], None]) -> None:
        self._db = db
        self._caller = caller
        self._check = check

    async def read(self, unit: Unit[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._db.read_for(self._caller, unit, *args, **kwargs)

    async def write(self, unit: Unit[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def checked(tx: Transaction) -> T:
            self._check(tx)
            return unit(tx, *args, **kwargs)

        return await self._db.write_for(self._caller, checked)
