"""What the settings ask of this machine: does it give so much?"""

from __future__ import annotations

import resource

from argon2 import PasswordHasher
from argon2.exceptions import HashingError

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings


def require_resources(settings: Settings) -> None:
    """Raise `CannotStart` for what could not be had later, in the middle of a request."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and settings.max_connections > most:
        raise CannotStart(
            f"KABAR_MAX_CONNECTIONS: this process may have no more than {most} files open "
            "(ulimit -n), and each connection is one"
        )
    memory = settings.password_hash_memory_kib
    try:
        PasswordHasher(time_cost=1, memory_cost=memory, parallelism=1).hash("nobody")
    except (HashingError, MemoryError) as failure:
        raise CannotStart(
            f"KABAR_PASSWORD_HASH_MEMORY_KIB: there is no room for {memory} KiB"
        ) from failure
