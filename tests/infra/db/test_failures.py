"""Which failures pass, which are the database's, and which are ours."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from kabar.core.errors import Unavailable
from kabar.infra.db.failures import error_for_caller, is_out_of_reach, may_be_tried_again


def sqlite_failure(name: str) -> OperationalError:
    failure = sqlite3.OperationalError("it failed")
    failure.sqlite_errorname = name
    return OperationalError("SELECT 1", {}, failure)


def postgresql_failure(code: str, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    return kind("SELECT 1", {}, psycopg.errors.lookup(code)("it failed"))


@pytest.mark.parametrize(
    ("failure", "again", "gone"),
    [
        (postgresql_failure("40001"), True, False),
        (postgresql_failure("40P01"), True, False),
        (postgresql_failure("57P01"), False, True),
        (postgresql_failure("53300"), False, True),
        (postgresql_failure("23505", IntegrityError), False, False),
        (postgresql_failure("42P01", ProgrammingError), False, False),
        (OperationalError("", {}, psycopg.OperationalError("connection failed")), False, True),
        (sqlite_failure("SQLITE_BUSY"), False, True),
        (sqlite_failure("SQLITE_FULL"), False, True),
        (sqlite_failure("SQLITE_IOERR_WRITE"), False, True),
        (sqlite_failure("SQLITE_ERROR"), False, False),
    ],
)
def test_each_failure_is_taken_for_what_it_is(failure: DBAPIError, again: bool, gone: bool) -> None:
    assert may_be_tried_again(failure) is again
    assert is_out_of_reach(failure) is gone
    if again or gone:
        assert isinstance(error_for_caller(failure), Unavailable)
    else:
        assert error_for_caller(failure) is failure
