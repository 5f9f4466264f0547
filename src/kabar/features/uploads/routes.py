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
    OpenAPIResponse,
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
from kabar.features.accounts.signed_in import sign_in_first
from kabar.features.uploads.downloads import Download, file_download, thumbnail_download
from kabar.features.uploads.errors import FileTooLarge, LinkNotGood, MalformedForm
from kabar.features.uploads.inject import Uploads
from kabar.features.uploads.receiving import FORM_BYTES
from kabar.features.uploads.schemas import AttachmentView
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.inject import Db
from kabar.infra.http.parts import part

AnyRequest = Request[Any, Any, Any]
_NO_PIECES: Sequence[bytes] = ()
_UserOfLink = Annotated[str | None, QueryParameter(name="user", max_length=64)]
_Expires = Annotated[int | None, QueryParameter(ge=0, lt=1 << 53)]
_Signature = Annotated[str | None, QueryParameter(max_length=64)]


@dataclass
class _TakesFile(Operation):
    """The description of a form with a file."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        self.request_body = RequestBody(
            required=True, content={"multipart/form-data": OpenAPIMediaType(schema=form)}
        )


@dataclass
class _GivesFile(Operation):
    """The description of a download: of whatever type the file is."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.responses = {
            "200": OpenAPIResponse(description="The file.", content={"*/*": file}),
            "206": OpenAPIResponse(description="A part of it.", content={"*/*": file}),
            "304": OpenAPIResponse(description="It is the one that you have."),
        }


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


@get("/api/uploads/{upload_id:str}/file", tags=["Uploads"], operation_class=_GivesFile)
async def download(
    request: AnyRequest,
    upload_id: FromPath[str],
    visitor: Visitor,
    db: Db,
    user: _UserOfLink = None,
    expires: _Expires = None,
    signature: _Signature = None,
    save: Annotated[
        bool, QueryParameter(name="download", description="To a file, not into a page.")
    ] = False,
) -> Stream:
    """The file itself, or the part of it that `Range` asks for; to whom the address was made for,
    or who is signed in, as long as they may see it."""
    uploads = part(request.scope, Uploads)
    user_id = _whom(uploads, visitor, upload_id, user, expires, signature)
    kept = await uploads.service.find_made(db, upload_id, user_id)
    return await _answer(request, uploads, file_download(kept, save=save), signature)


@get("/api/uploads/{upload_id:str}/thumbnail", tags=["Uploads"], operation_class=_GivesFile)
async def download_thumbnail(
    request: AnyRequest,
    upload_id: FromPath[str],
    visitor: Visitor,
    db: Db,
    user: _UserOfLink = None,
    expires: _Expires = None,
    signature: _Signature = None,
) -> Stream:
    """A small version of a picture."""
    uploads = part(request.scope, Uploads)
    user_id = _whom(uploads, visitor, upload_id, user, expires, signature)
    kept = await uploads.service.find_made(db, upload_id, user_id)
    return await _answer(request, uploads, thumbnail_download(kept), signature)


async def _body(request: AnyRequest) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException:
        # They hung up: nothing went wrong here.
        raise MalformedForm from None


def _whom(
    uploads: Uploads,
    visitor: Any,
    upload_id: str,
    user: str | None,
    expires: int | None,
    signature: str | None,
) -> str:
    if signature is not None:
        if user is None or expires is None:
            raise LinkNotGood
        return uploads.links.require_user(upload_id, user, expires, signature)
    if visitor is None:
        raise sign_in_first()
    user_id: str = visitor.user_id
    return user_id


async def _answer(
    request: AnyRequest, uploads: Uploads, found: Download, signature: str | None
) -> Stream:
    headers = found.headers(is_signed=signature is not None)
    if found.is_known(request.headers.get("if-none-match")):
        return Stream(_nothing(), status_code=304, headers=headers, media_type=found.media_type)
    piece = found.part(request.headers.get("range"), request.headers.get("if-range"))
    pieces = await uploads.service.read(found.key, start=piece.start, length=piece.length)
    headers["content-length"] = str(piece.length)
    if not piece.is_all:
        last = piece.start + piece.length - 1
        headers["content-range"] = f"bytes {piece.start}-{last}/{found.size}"
    return Stream(
        pieces,
        status_code=200 if piece.is_all else 206,
        headers=headers,
        media_type=found.media_type,
    )


async def _nothing() -> AsyncIterator[bytes]:
    for piece in _NO_PIECES:
        yield piece


ROUTES: Sequence[HTTPRouteHandler] = (
    upload,
    show_upload,
    discard_upload,
    download,
    download_thumbnail,
)
