"""Who runs units of work, plain functions `(tx, …)`: the database, or one that is checked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from kabar.infra.db.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")

Unit = Callable[Concatenate[Transaction, P], T]


class Units(ABC):
    """What a route may ask of the database."""

    @abstractmethod
    async def read(self, unit: Unit[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a unit that only reads, in one snapshot."""

    @abstractmethod
    async def write(self, unit: Unit[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a unit and return its result once it is committed."""
