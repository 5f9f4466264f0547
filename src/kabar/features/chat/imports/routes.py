"""The route by which an application imports messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.types import Scope

from kabar.features.accounts.inject import Key
from kabar.features.chat.imports.importing import import_messages
from kabar.features.chat.imports.schemas import ImportedMessages, ImportResult
from kabar.features.chat.inject import ChatRules
from kabar.features.keys.models import May
from kabar.infra.http.inject import Db
from kabar.infra.http.parts import part

_ACT: dict[str, Any] = {"may": May.ACT}


@post(
    "/api/chat/rooms/{room_id:str}/import",
    tags=["Applications"],
    summary="Import messages that were said elsewhere",
    status_code=200,
    opt=_ACT,
)
async def import_to_room(
    room_id: FromPath[str], data: JSONBody[ImportedMessages], key: Key, db: Db, scope: Scope
) -> ImportResult:
    """With times and ids of the application's own; those that are there already stay. Nobody is
    told, and for who had read all nothing is unread."""
    longest = part(scope, ChatRules).message_max_characters
    return await db.write(
        import_messages, room_id=room_id, messages=data.messages, max_characters=longest
    )


ROUTES: Sequence[HTTPRouteHandler] = (import_to_room,)
