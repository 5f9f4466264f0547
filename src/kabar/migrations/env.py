"""The script that Alembic runs; `migrate.py` gives it the connection."""

from __future__ import annotations

from alembic import context

import kabar.features.apps.models
import kabar.wiring  # noqa: F401  (every table is declared by then)
from kabar.infra.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
