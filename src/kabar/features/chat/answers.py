"""Answers: what is changed of a message for who asks, whichever call it is the answer to."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Scope

from kabar.features.accounts.identity import Identity
from kabar.features.chat.scheduled.schemas import ScheduledView
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
    if isinstance(content, MessageView | ScheduledView):
        return _for_viewer(scope, [content])[0]
    for name in ("messages", "scheduled"):
        found = getattr(content, name, None)
        if isinstance(found, list):
            return msgspec.structs.replace(content, **{name: _for_viewer(scope, found)})
        if isinstance(found, ScheduledView):
            return msgspec.structs.replace(content, scheduled=_for_viewer(scope, [found])[0])
    return content


def _for_viewer(scope: Scope, found: list[Any]) -> list[Any]:
    """Return messages as this caller sees them; most have no file, and stay what they are."""
    if not any(_has_files(each) for each in found):
        return found
    caller = _caller(scope)
    if caller is None:
        return found
    links = part(scope, Uploads).links
    return [
        _with_links(each, links, caller.user_id) if _has_files(each) else each for each in found
    ]


def _has_files(found: Any) -> bool:
    if isinstance(found, MessageView):
        return bool(found.attachments) or any(each.image_url for each in found.link_previews)
    return isinstance(found, ScheduledView) and bool(found.attachments)


def _with_links(
    found: MessageView | ScheduledView, links: Links, user_id: str
) -> MessageView | ScheduledView:
    attachments = [links.sign(each, user_id) for each in found.attachments]
    if isinstance(found, ScheduledView):
        return msgspec.structs.replace(found, attachments=attachments)
    previews = [
        msgspec.structs.replace(each, image_url=links.sign_file(each.image_url, user_id))
        if each.image_url
        else each
        for each in found.link_previews
    ]
    return msgspec.structs.replace(
        found,
        attachments=attachments,
        attachment_url=attachments[0].url if attachments else None,
        link_previews=previews,
    )


def _caller(scope: Scope) -> Identity | None:
    caller: Identity | None = scope.get("user")
    return caller
