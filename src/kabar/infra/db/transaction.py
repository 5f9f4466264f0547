"""Transaction: what a unit of work gets: a connection, the time, and `emit` for events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from kabar.core.events import Event, encode_json


class Transaction:
    """The first argument of every unit of work. `now` is the same for all that the unit does."""

    __slots__ = ("connection", "events", "now", "retold")

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        #: what was told, each with its JSON
        self.events: list[tuple[Event, bytes]] = []
        #: the same of what a dead process left untold: for one consumer, after so many attempts
        self.retold: list[tuple[str, int, Event, bytes]] = []

    def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        return self.connection.execute(statement, parameters)

    def emit(self, event: Event) -> None:
        """Say that something happened: stored with the data, published and handled after commit."""
        # Here already: what cannot be written down fails the unit that tells it, and no other.
        self.events.append((event, encode_json(event.kept())))

    def tell_again(self, consumer: str, event: Event, *, attempts: int) -> None:
        """Tell a fact that one consumer has not heard of yet; the others have."""
        self.retold.append((consumer, attempts, event, encode_json(event.kept())))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what is done and told inside if it raises; what was before stays."""
        told, retold = len(self.events), len(self.retold)
        self._say("SAVEPOINT unit")
        try:
            yield
        except Exception as failure:
            try:
                self._say("ROLLBACK TO SAVEPOINT unit")
                self._say("RELEASE SAVEPOINT unit")
            except Exception as broken:
                # The database itself has failed, and the whole transaction with it.
                raise failure from broken
            del self.events[told:]
            del self.retold[retold:]
            raise
        self._say("RELEASE SAVEPOINT unit")

    def _say(self, statement: str) -> None:
        # Straight to the driver: it is said twice for every unit of a group.
        driver: Any = self.connection.connection.driver_connection
        driver.execute(statement)

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"
