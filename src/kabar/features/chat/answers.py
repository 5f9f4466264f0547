"""Answers: what is changed of a message for who asks, whichever call it is the answer to."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Scope

from kabar.features.accounts.identity import Identity
from kabar.features.chat.schemas import MessageView
from kabar.features.uploads.inject import Uploads
from kabar.features.uploads.links import Links
from kabar.infra.http.parts import part


class Answer(Response[Any]):
    """What all routes answer with: addresses of files are signed for who asks.

    In one place, because a call that forgot it would work, but not in a picture.
    """

    def to_asgi_response(
        self, app: Any, request: Request[Any, Any, Any], **given: Any
    ) -> ASGIResponse:
        self.content = _signed(request.scope, self.content)
        return super().to_asgi_response(app, request, **given)


def _signed(scope: Scope, content: Any) -> Any:
    if isinstance(content, MessageView):
        if _has_files(content) and (caller := _caller(scope)):
            return _for_viewer(content, part(scope, Uploads).links, caller.user_id)
        return content
    messages = getattr(content, "messages", None)
    if not messages or not any(_has_files(each) for each in messages):
        return content
    caller = _caller(scope)
    if caller is None:
        return content
    links = part(scope, Uploads).links
    signed = [
        _for_viewer(each, links, caller.user_id) if _has_files(each) else each for each in messages
    ]
    return msgspec.structs.replace(content, messages=signed)


def _has_files(message: Any) -> bool:
    if not isinstance(message, MessageView):
        return False
    return bool(message.attachments) or any(each.image_url for each in message.link_previews)


def _for_viewer(message: MessageView, links: Links, user_id: str) -> MessageView:
    attachments = [links.sign(each, user_id) for each in message.attachments]
    previews = [
        msgspec.structs.replace(each, image_url=links.sign_file(each.image_url, user_id))
        if each.image_url
        else each
        for each in message.link_previews
    ]
    return msgspec.structs.replace(
        message,
        attachments=attachments,
        attachment_url=attachments[0].url if attachments else None,
        link_previews=previews,
    )


def _caller(scope: Scope) -> Identity | None:
    caller: Identity | None = scope.get("user")
    return caller
