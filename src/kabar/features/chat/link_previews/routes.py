"""The route of link previews: they come by themselves, and go when their author says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import delete
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.chat.link_previews.changing import remove_previews
from kabar.features.chat.schemas import MessageView
from kabar.infra.http.inject import Db, SocketId


@delete("/api/chat/messages/{message_id:str}/link-previews", tags=["Chat"], status_code=200)
async def delete_link_previews(
    message_id: FromPath[str],
    caller: Caller,
    db: Db,
    socket_id: SocketId,
    url: Annotated[
        str | None, QueryParameter(max_length=2048, description="Only of this address.")
    ] = None,
) -> MessageView:
    """Take the previews of its links off a message: its author only. They do not come back."""
    return await db.write(
        remove_previews,
        user_id=caller.user_id,
        message_id=message_id,
        url=url,
        socket_id=socket_id,
    )


PREVIEW_ROUTES: Sequence[HTTPRouteHandler] = (delete_link_previews,)
