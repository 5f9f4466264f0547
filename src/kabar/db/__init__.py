"""The database floor: units of work, group commit, the outbox; SQLite and PostgreSQL alike."""

from kabar.db.base import Base
from kabar.db.database import Database
from kabar.db.transaction import Transaction

__all__ = ["Base", "Database", "Transaction"]
