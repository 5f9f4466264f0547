"""The HTTP paths of uploads: who sends a file, who gets one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import (
    OpenAPIMediaType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from litestar.types import Scope

from kabar.features.accounts.identity import Caller, Visitor
from kabar.features.accounts.inject import SIGNED_IN
from kabar.features.uploads.answering import (
    Expires,
    GivesFile,
    Signature,
    UserOfLink,
    answer_download,
    whom,
)
from kabar.features.uploads.downloads import file_download, thumbnail_download
from kabar.features.uploads.errors import FileTooLarge, MalformedForm
from kabar.features.uploads.inject import Uploads
from kabar.features.uploads.receiving import FORM_BYTES
from kabar.features.uploads.schemas import AttachmentView
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.inject import Db
from kabar.infra.http.parts import part

AnyRequest = Request[Any, Any, Any]


@dataclass
class _TakesFile(Operation):
    """The description of a form with a file."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        self.request_body = RequestBody(
            required=True, content={"multipart/form-data": OpenAPIMediaType(schema=form)}
        )


@post(
    "/api/uploads",
    tags=["Uploads"],
    opt=SIGNED_IN,
    operation_class=_TakesFile,
    # The service counts as it reads: what is allowed is a setting.
    request_max_body_size=None,
)
async def upload(
    request: AnyRequest,
    caller: Caller,
    db: Db,
    idempotency_key: IdempotencyKey,
) -> Response[AttachmentView]:
    """Send a file, in the field `file` of a form; its id goes into `attachmentIds` of a message."""
    uploads = part(request.scope, Uploads)
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > uploads.service.max_bytes + FORM_BYTES:
        raise FileTooLarge(f"A file may have at most {uploads.service.max_bytes} bytes.")
    answer = await uploads.service.take(
        db,
        _body(request),
        user_id=caller.user_id,
        content_type=request.headers.get("content-type", ""),
        key=idempotency_key,
    )
    view = uploads.links.view(answer.value, caller.user_id)
    return Response(view, status_code=answer.status)


@get("/api/uploads/{upload_id:str}", tags=["Uploads"])
async def show_upload(
    upload_id: FromPath[str], caller: Caller, db: Db, scope: Scope
) -> AttachmentView:
    """A file that the caller may see, with addresses that are good for the next minutes."""
    uploads = part(scope, Uploads)
    kept = await uploads.service.find(db, upload_id, caller.user_id)
    return uploads.links.view(kept.attached, caller.user_id)


@delete("/api/uploads/{upload_id:str}", tags=["Uploads"])
async def discard_upload(upload_id: FromPath[str], caller: Caller, db: Db, scope: Scope) -> None:
    """Let a file go that was not sent."""
    await part(scope, Uploads).service.discard(db, upload_id, caller.user_id)


@get("/api/uploads/{upload_id:str}/file", tags=["Uploads"], operation_class=GivesFile)
async def download(
    request: AnyRequest,
    upload_id: FromPath[str],
    visitor: Visitor,
    db: Db,
    user: UserOfLink = None,
    expires: Expires = None,
    signature: Signature = None,
    save: Annotated[
        bool, QueryParameter(name="download", description="To a file, not into a page.")
    ] = False,
) -> Stream:
    """The file itself, or the part of it that `Range` asks for; to whom the address was made for,
    or who is signed in, as long as they may see it."""
    uploads = part(request.scope, Uploads)
    user_id = whom(uploads.links, visitor, upload_id, user, expires, signature)
    kept = await uploads.service.find_made(db, upload_id, user_id)
    return await answer_download(
        request, uploads.service, file_download(kept, save=save), signature
    )


@get("/api/uploads/{upload_id:str}/thumbnail", tags=["Uploads"], operation_class=GivesFile)
async def download_thumbnail(
    request: AnyRequest,
    upload_id: FromPath[str],
    visitor: Visitor,
    db: Db,
    user: UserOfLink = None,
    expires: Expires = None,
    signature: Signature = None,
) -> Stream:
    """A small version of a picture."""
    uploads = part(request.scope, Uploads)
    user_id = whom(uploads.links, visitor, upload_id, user, expires, signature)
    kept = await uploads.service.find_made(db, upload_id, user_id)
    return await answer_download(request, uploads.service, thumbnail_download(kept), signature)


async def _body(request: AnyRequest) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException:
        # They hung up: nothing went wrong here.
        raise MalformedForm from None


ROUTES: Sequence[HTTPRouteHandler] = (
    upload,
    show_upload,
    discard_upload,
    download,
    download_thumbnail,
)
