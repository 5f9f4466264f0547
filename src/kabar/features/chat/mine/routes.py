"""Routes of what somebody sets of a room for themselves."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import patch
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.inject import Rules
from kabar.features.chat.mine.choosing import change_my_room
from kabar.features.chat.mine.schemas import DraftEdit, MyRoomEdit
from kabar.features.chat.schemas import RoomView
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.inject import Db, SocketId


@patch("/api/chat/rooms/{room_id:str}/me", tags=["Chat"])
async def edit_my_room(
    room_id: FromPath[str],
    data: JSONBody[MyRoomEdit],
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
) -> RoomView:
    """Mute, pin or archive a room for oneself, say what to be told of, keep a draft."""
    most = rules.message_max_characters
    if isinstance(data.draft, DraftEdit) and len(data.draft.content) > most:
        raise refuse("draft.content", f"Must have at most {most} characters.")
    return await db.write(
        change_my_room, user_id=caller.user_id, room_id=room_id, edit=data, socket_id=socket_id
    )


MY_ROUTES: Sequence[HTTPRouteHandler] = (edit_my_room,)
