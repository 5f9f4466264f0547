"""The log: one line an event, readable on a terminal, JSON elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

import structlog


def configure_log(*, level: str, as_json: bool) -> None:
    """Send structlog and the standard library's records to standard error in one form."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The richer one writes the local variables too: passwords, cookies, messages.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info if as_json else _keep,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer)
    )
    # It tells of every start that there is nothing to do.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _keep(
    _logger: object, _name: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    return event


def get_log(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the log of a part of the program."""
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=name)
    return log


class Seldom:
    """Tells the log of what may happen often: at once, and then not again for a while."""

    def __init__(
        self,
        say: Callable[..., object],
        event: str,
        *,
        seconds: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._event = event
        self._seconds = seconds
        self._now = now
        self._said_at = float("-inf")
        self._count = 0

    def say(self, **told: object) -> None:
        """Count it, and say how often it was since the log heard of it last."""
        self._count += 1
        now = self._now()
        if now - self._said_at >= self._seconds:
            self._said_at = now
            self._say(self._event, count=self._count, **told)
            self._count = 0
