"""File descriptors: every connection takes one, and without any nobody is let in or told so."""

from __future__ import annotations

import os
import resource

from kabar.core.log import Seldom, get_log

#: seconds between two looks
EVERY = 5.0
#: from here on there are few
_FEW = 0.95

_log = get_log("server")


class Descriptors:
    """Looks how many are left. The loop drops a connection for which there is none, silently."""

    def __init__(self) -> None:
        self._said = Seldom(_log.error, "file_descriptors_run_out")
        self._finding: str | None = None

    async def look(self) -> None:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        lowest = _lowest_free(limit)
        self._finding = None
        if lowest >= limit * _FEW:
            self._finding = f"{lowest} of {limit} file descriptors are in use"
            self._said.say(in_use=lowest, limit=limit)

    async def check(self) -> str | None:
        """Return what `/up` says."""
        await self.look()
        return self._finding


def raise_limit() -> None:
    """Take as many as the system allows: the usual default is 1,024, for programs that know no
    more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (ValueError, OSError):
            _log.warning("file_descriptors_not_raised", limit=soft, allowed=hard)


def _lowest_free(limit: int) -> int:
    """Return the lowest number that is free, which is the one that the next file gets: so many at
    least are in use."""
    try:
        descriptor = os.open(os.devnull, os.O_RDONLY)
    except OSError:
        return limit
    os.close(descriptor)
    return descriptor
