"""Settings of the database: how much of it is used at once, and how long it is waited for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class DatabaseSettings(BaseSettings):
    """A part of `Settings`."""

    max_waiting_writes: int = Field(
        10_000,
        ge=1,
        description="Writes, and as many reads, that may wait for the database; more are answered "
        "503.",
    )
    max_waiting_per_user: int = Field(
        1000,
        ge=1,
        description="Reads of one user, and as many writes, that may be done or wait at once; more "
        "are answered 429. Of messages, at least a tenth of `KABAR_MAX_WAITING_WRITES`.",
    )
    database_timeout: float = Field(
        10.0,
        ge=1,
        le=300,
        description="Seconds that a request waits for the database; then it is answered 503. "
        "PostgreSQL gives up a statement after as many. A lock (on SQLite: another process that "
        "writes) is waited for half as long.",
    )

    sqlite_synchronous: Literal["NORMAL", "FULL"] = Field(
        "FULL", description="NORMAL is faster, and a power cut may take the last messages."
    )
    sqlite_readers: int = Field(4, ge=1, le=256, description="Threads that read from SQLite.")
    postgres_threads: int = Field(
        12,
        ge=4,
        le=512,
        description="Threads on PostgreSQL, each with a connection; a third of them read.",
    )
