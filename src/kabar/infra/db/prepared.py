"""Prepared: a statement of a hot path, compiled once, that goes straight to the driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import Connection, Dialect, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeEngine

from kabar.infra.db.transaction import Transaction

Parameters = Mapping[str, Any]
Process = Callable[[Any], Any] | None


class _Compiled(NamedTuple):
    sql: str
    #: of each parameter, in the statement's order: its name, what makes it the driver's value, and
    #: what it is where nobody gives it
    binds: Sequence[tuple[str, Process, Any]]
    is_positional: bool
    #: columns that the driver does not return as we want them
    processes: Sequence[tuple[int, Callable[[Any], Any]]]


class Prepared:
    """For the few statements that the hottest paths cannot do without.

    SQLAlchemy looks up, binds and wraps anew at every call, which is more than half of what a small
    statement costs; here that is done once for each kind of database. Everything else goes through
    `tx.execute`, which can do more.
    """

    def __init__(self, statement: SelectBase | UpdateBase) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, tx: Transaction, parameters: Parameters) -> list[Sequence[Any]]:
        """Return all rows. Raises what `tx.execute` would."""
        compiled = self._for(tx.connection.dialect)
        found = _execute(tx.connection, compiled, parameters, fetches=True)
        if not compiled.processes:
            return found
        return [_processed(row, compiled.processes) for row in found]

    def run(self, tx: Transaction, parameters: Parameters) -> None:
        """Run what writes. Raises what `tx.execute` would."""
        _execute(tx.connection, self._for(tx.connection.dialect), parameters, fetches=False)

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self._statement, dialect)
        return compiled


def _compile(statement: SelectBase | UpdateBase, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect)
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise TypeError(f"what is written anew at every call cannot be prepared: {compiled}")
    by_name = {name: bind for bind, name in compiled.bind_names.items()}
    columns = statement.selected_columns if isinstance(statement, SelectBase) else ()
    return _Compiled(
        sql=compiled.string,
        binds=[
            (name, _own(by_name[name].type, dialect).bind_processor(dialect), _usual(by_name[name]))
            for name in (compiled.positiontup if compiled.positional else by_name)
        ],
        is_positional=compiled.positional,
        processes=[
            (at, process)
            for at, column in enumerate(columns)
            if (process := _own(column.type, dialect).result_processor(dialect, None)) is not None
        ],
    )


def _usual(bind: Any) -> Any:
    return bind.value if bind.callable is None else bind.callable


def _own(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _execute(
    connection: Connection, compiled: _Compiled, parameters: Parameters, *, fetches: bool
) -> list[Sequence[Any]]:
    values = _values(compiled, parameters)
    cursor: Any = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    try:
        cursor.execute(compiled.sql, values)
        found: list[Sequence[Any]] = cursor.fetchall() if fetches else []
    except Exception as failure:
        _fail(connection, compiled.sql, values, failure)
    # Who listens to what SQLAlchemy sends, as our tests of plans do, hears of these as well.
    connection.dispatch.after_cursor_execute(connection, cursor, compiled.sql, values, None, False)
    cursor.close()
    return found


def _values(compiled: _Compiled, parameters: Parameters) -> Any:
    values = [
        value if process is None else process(value)
        for name, process, usual in compiled.binds
        for value in (parameters[name] if name in parameters else _now(usual),)
    ]
    if compiled.is_positional:
        return tuple(values)
    return {name: value for (name, _, _), value in zip(compiled.binds, values, strict=True)}


def _now(usual: Any) -> Any:
    """Return what a parameter is that nobody gives: some are made at each call."""
    return usual() if callable(usual) else usual


def _processed(
    row: Sequence[Any], processes: Sequence[tuple[int, Callable[[Any], Any]]]
) -> list[Any]:
    values = list(row)
    for at, process in processes:
        values[at] = process(values[at])
    return values


def _fail(connection: Connection, sql: str, values: Any, failure: Exception) -> NoReturn:
    dialect: Any = connection.dialect
    is_gone = dialect.is_disconnect(failure, connection.connection.driver_connection, None)
    if is_gone:
        connection.invalidate(failure)
    raise DBAPIError.instance(
        sql,
        values,
        failure,
        dialect.loaded_dbapi.Error,
        connection_invalidated=is_gone,
        dialect=dialect,
    ) from failure
