"""The script that Alembic runs; `migrate.py` gives it the connection."""

from __future__ import annotations

from alembic import context

import kabar.features.apps.models
import kabar.wiring  # noqa: F401  (every table is declared by then)
from kabar.infra.db import Base

# What a virtual table of SQLite consists of is its own.
VIRTUAL = "KabarSearchWords"

context.configure(
    include_name=lambda name, kind, _parents: kind != "table" or not str(name).startswith(VIRTUAL),
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # A batch makes a table anew on SQLite, and its DROP deletes all that refers to the old one.
    render_as_batch=False,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
