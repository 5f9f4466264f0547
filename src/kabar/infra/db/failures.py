"""Failures of the database: may the unit be run again, is the database away, or is it a bug?"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from kabar.core.errors import Unavailable
from kabar.core.log import get_log

_log = get_log("db")
#: PostgreSQL's codes for "nothing is wrong, try again": serialisation failure, deadlock
_TRY_AGAIN = {"40001", "40P01"}


def may_be_tried_again(failure: DBAPIError) -> bool:
    """Say whether the unit collided with another one: it was rolled back and may be run again."""
    return getattr(failure.orig, "sqlstate", None) in _TRY_AGAIN


def is_out_of_reach(failure: Exception) -> bool:
    """Say whether the database itself fails: it is gone, full, locked or shut down."""
    return (
        isinstance(failure, OperationalError)
        and not may_be_tried_again(failure)
        # SQLite has the same class for a wrong statement.
        and getattr(failure.orig, "sqlite_errorname", None) != "SQLITE_ERROR"
    )


def error_for_caller(failure: DBAPIError) -> Exception:
    """Return the error for the caller: `Unavailable`, or the failure itself if it is a bug."""
    if not (is_out_of_reach(failure) or may_be_tried_again(failure)):
        return failure
    _log.error("database_unavailable", because=str(failure.orig)[:300])
    return Unavailable("The database does not answer. Try again in a moment.")
