"""What a failure of the database means: once more, come back later, or a mistake of ours."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from kabar.core.errors import Unavailable
from kabar.core.log import get_log

_log = get_log("db")
#: PostgreSQL's codes for "nothing is wrong, try again": serialisation failure, deadlock
_TRY_AGAIN = {"40001", "40P01"}


def may_be_tried_again(failure: DBAPIError) -> bool:
    """Whether the unit met another one, and nothing of it was done."""
    return getattr(failure.orig, "sqlstate", None) in _TRY_AGAIN


def is_out_of_reach(failure: Exception) -> bool:
    """Whether it is the database that fails: gone, full, locked, shut down."""
    return (
        isinstance(failure, OperationalError)
        and not may_be_tried_again(failure)
        # SQLite files mistakes in a statement under the same class.
        and getattr(failure.orig, "sqlite_errorname", None) != "SQLITE_ERROR"
    )


def as_told(failure: DBAPIError) -> Exception:
    """Return what the caller gets to know: that it may come back later, or what it was."""
    if not (is_out_of_reach(failure) or may_be_tried_again(failure)):
        return failure
    _log.error("database_unavailable", because=str(failure.orig)[:300])
    return Unavailable("The database does not answer. Try again in a moment.")
