"""Health: `GET /up`, which says whether the server serves and which of its parts does not work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from litestar import Response, get
from litestar.types import Scope

from kabar.core.log import get_log
from kabar.infra.http.parts import part
from kabar.infra.http.views import View

_log = get_log("http")
_TIMEOUT_SECONDS = 2.0

#: returns None when all is well, or one line on what is not
Check = Callable[[], Awaitable[str | None]]


class Health(View, frozen=True):
    """`ok`, or `degraded` when requests are answered but something is missing."""

    status: str
    checks: dict[str, str]


@dataclass(frozen=True)
class Checks:
    """What `/up` looks at, by name."""

    by_name: Mapping[str, Check]


@get("/up", tags=["Running"], summary="Is the server up?")
async def up(scope: Scope) -> Response[Health]:
    """200 as long as requests are answered, whatever the checks find."""
    checks = part(scope, Checks).by_name
    findings = await asyncio.gather(*(_finding(check) for check in checks.values()))
    found = dict(zip(checks, findings, strict=True))
    status = "ok" if all(finding == "ok" for finding in findings) else "degraded"
    return Response(Health(status, found), headers={"Cache-Control": "no-store"})


async def _finding(check: Check) -> str:
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            return await check() or "ok"
    except TimeoutError:
        return "does not answer"
    except Exception as failure:
        _log.warning("check_failed", because=repr(failure)[:300])
        return "failed"
