"""The database: running units of work, committing them together, the outbox."""

from kabar.infra.db.base import Base
from kabar.infra.db.checked import CheckedDatabase
from kabar.infra.db.database import Database
from kabar.infra.db.transaction import Transaction
from kabar.infra.db.units import Units

__all__ = ["Base", "CheckedDatabase", "Database", "Transaction", "Units"]
