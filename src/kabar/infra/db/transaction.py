"""Transaction: what a unit of work gets: a connection, the time, and `emit` for events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from kabar.core.events import Event


class Transaction:
    """The first argument of every unit of work. `now` is the same for all that the unit does."""

    __slots__ = ("connection", "events", "now")

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.events: list[Event] = []

    def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        return self.connection.execute(statement, parameters)

    def emit(self, event: Event) -> None:
        """Say that something happened: stored with the data, published and handled after commit."""
        self.events.append(event)

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"
