"""The HTTP paths of one's own data: asking for it, how far it is, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream
from litestar.types import Scope

from kabar.features.accounts.identity import Caller, Visitor
from kabar.features.exports.exports import find_export, latest_export
from kabar.features.exports.schemas import ExportAsked, ExportView, LatestExport
from kabar.features.exports.service import Exports
from kabar.features.uploads.answering import (
    Expires,
    GivesFile,
    Signature,
    UserOfLink,
    answer_download,
    whom,
)
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.inject import Db
from kabar.infra.http.parts import part


@post("/api/me/export", status_code=202, tags=["Accounts"], summary="Ask for one's own data")
async def ask_for_export(
    caller: Caller, db: Db, idempotency_key: IdempotencyKey, scope: Scope
) -> Response[ExportAsked]:
    """A zip with all that is stored of the caller is written. While one is, it is that one."""
    asked = await part(scope, Exports).ask(db, caller.user_id, key=idempotency_key)
    return Response(asked, status_code=202)


@get("/api/me/export", tags=["Accounts"], summary="The newest export of one's own data")
async def show_latest_export(caller: Caller, db: Db, scope: Scope) -> LatestExport:
    found = await db.read(latest_export, user_id=caller.user_id)
    return LatestExport(found and part(scope, Exports).signed(found, caller.user_id))


@get("/api/me/export/{export_id:str}", tags=["Accounts"], summary="How far is an export?")
async def show_export(export_id: FromPath[str], caller: Caller, db: Db, scope: Scope) -> ExportView:
    """Once it is ready, `url` leads to the file for some minutes."""
    found = await db.read(find_export, user_id=caller.user_id, export_id=export_id)
    return part(scope, Exports).signed(found, caller.user_id)


@get("/api/me/export/{export_id:str}/file", tags=["Accounts"], operation_class=GivesFile)
async def download_export(
    request: Request[Any, Any, Any],
    export_id: FromPath[str],
    visitor: Visitor,
    db: Db,
    user: UserOfLink = None,
    expires: Expires = None,
    signature: Signature = None,
) -> Stream:
    """The zip, or the part of it that `Range` asks for; to whom it is of."""
    exports = part(request.scope, Exports)
    user_id = whom(exports, visitor, export_id, user, expires, signature)
    found = await exports.find(db, export_id, user_id)
    return await answer_download(request, exports, found, signature)


ROUTES: Sequence[HTTPRouteHandler] = (
    ask_for_export,
    show_latest_export,
    show_export,
    download_export,
)
