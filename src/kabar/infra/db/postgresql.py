"""PostgreSQL: how a connection is opened, also through a pooler, and how long it may wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import Conninfo, TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from kabar.core.errors import CannotStart

T = TypeVar("T")

#: what the URL does not say; all of it stays on this side of the line
_DEFAULTS: Mapping[str, str | int] = {
    "connect_timeout": 5,
    "fallback_application_name": "kabar",
    # A line that is cut without a word is noticed in half a minute.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: SQLAlchemy makes one of several
_MAY_REPEAT = {"host", "port"}


def require_known_parameters(url: URL) -> None:
    """Refuse what libpq would not know, and what only it would know the meaning of."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for name, value in url.query.items():
        if name not in known:
            shown = f" {name}" if name.isidentifier() else ""
            raise CannotStart(f"KABAR_DATABASE_URL: PostgreSQL has no parameter{shown}")
        if not isinstance(value, str) and name not in _MAY_REPEAT:
            raise CannotStart(f"KABAR_DATABASE_URL: {name} is there twice")


def open_postgresql(
    url: URL, *, connections: int, seconds: float | None, **execution_options: Any
) -> Engine:
    """Return the engine; a statement may take so many seconds, and waits for locks half of them."""
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={name: value for name, value in _DEFAULTS.items() if name not in url.query},
        execution_options=execution_options,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, params: Any) -> _Connection:
        connection = _Connection.connect(*args, **params)
        try:
            connection.greet(seconds)
        except BaseException:
            connection.close()
            raise
        return connection

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: _Connection = connection.connection.driver_connection  # type: ignore[assignment]
        if driver.said_first:
            connection.exec_driver_sql(driver.said_first)

    return engine


class _Connection(psycopg.Connection[Any]):
    """One that does not wait for ever: a server that is stopped, or gone without a word, keeps
    the line open and says nothing."""

    _seconds: float | None = None
    #: what every transaction begins with, where what is set once would be set for others
    said_first = ""

    def greet(self, seconds: float | None) -> None:
        """Find out who is there, and agree on times.

        A pooler gives each transaction to any of its connections: what was prepared in one is not
        there in the next, or is another's; and what is set would be set for whoever comes after.
        It tells us a number of its own for the process that serves us. Nothing of this is asked
        for at the start, because older poolers refuse what they do not know.
        """
        self._seconds = None if seconds is None else seconds + 1
        limits = _limits(seconds)
        pid, *now = self.execute(
            "SELECT pg_backend_pid()" + "".join(f", current_setting('{name}')" for name in limits)
        ).fetchone() or (0,)
        # Who has set a limit for this role or database, or in the URL, knows better.
        unset = {
            name: limits[name] for name, value in zip(limits, now, strict=True) if value == "0"
        }
        settings = {"TimeZone": "UTC", **unset}
        if pid == self.info.backend_pid:
            self.execute("; ".join(f"SET {name} = '{value}'" for name, value in settings.items()))
        else:
            self.prepare_threshold = None
            self.said_first = "; ".join(
                f"SET LOCAL {name} = '{value}'" for name, value in settings.items()
            )
        self.commit()

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait no longer than the server itself would let a statement run."""
        try:
            return super().wait(gen, interval, self._seconds if timeout is None else timeout)
        except psycopg.OperationalError as failure:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            # In the middle of an answer nothing can be said any more on this line.
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer in {self._seconds:.0f} seconds") from failure


def _limits(seconds: float | None) -> dict[str, int]:
    """Return PostgreSQL's own limits, in milliseconds."""
    if seconds is None:
        return {}
    return {
        "statement_timeout": round(1000 * seconds),
        "lock_timeout": round(500 * seconds),
        # If it is we who stand still, nobody waits for our locks for ever.
        "idle_in_transaction_session_timeout": round(3000 * seconds),
    }
