"""The database: running units of work, committing them together, the outbox."""

from kabar.infra.db.base import Base
from kabar.infra.db.database import Database
from kabar.infra.db.transaction import Transaction

__all__ = ["Base", "Database", "Transaction"]
