"""The log: one line for each entry, coloured on a terminal, or JSON."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from kabar.core.log_lines import LogLines


def configure_log(*, level: str, as_json: bool) -> None:
    """Send structlog and the standard library's records to standard error in one form.

    To log never fails and never waits long: see `log_lines.py`.
    """
    lines = LogLines(sys.stderr, lost=partial(_lost, as_json=as_json))
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
        wrapper_class=_that_never_fails(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=lines),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    logging.raiseExceptions = False
    handler = logging.StreamHandler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer)
    )
    # At every start it logs that there is nothing to do.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _that_never_fails(level: int) -> type[structlog.typing.FilteringBoundLogger]:
    """Return the class of loggers: what cannot even be put into words is told without them."""
    base: Any = structlog.make_filtering_bound_logger(level)

    def log(self: Any, method: str, event: str | None = None, **words: Any) -> Any:
        try:
            return base._proxy_to_logger(self, method, event, **words)  # noqa: SLF001
        except Exception as failure:
            return base._proxy_to_logger(  # noqa: SLF001
                self, method, str(event), not_shown=type(failure).__name__
            )

    found: type[structlog.typing.FilteringBoundLogger] = type(
        "Log", (base,), {"_proxy_to_logger": log}
    )
    return found


def _lost(count: int, *, as_json: bool) -> str:
    told = {"event": "log_lines_lost", "level": "warning", "lines": count}
    return (json.dumps(told) if as_json else f"log_lines_lost lines={count}") + "\n"


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
