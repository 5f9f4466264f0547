"""Routes of pins."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kabar.features.accounts.identity import Caller
from kabar.features.chat.pins.pinning import pin, pins_of, unpin
from kabar.features.chat.pins.schemas import PinsView
from kabar.features.chat.schemas import MessageView
from kabar.infra.http.inject import Db, SocketId

_PIN = "/api/chat/messages/{message_id:str}/pin"


@put(_PIN, tags=["Chat"])
async def pin_message(
    message_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> MessageView:
    """Pin a message: in a group its owner and admins; twice is once."""
    return await db.write(pin, pinner=caller, message_id=message_id, socket_id=socket_id)


@delete(_PIN, tags=["Chat"], status_code=200)
async def unpin_message(
    message_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> MessageView:
    """Take a pin away: in a group its owner and admins; twice is once."""
    return await db.write(unpin, pinner=caller, message_id=message_id, socket_id=socket_id)


@get("/api/chat/rooms/{room_id:str}/pins", tags=["Chat"])
async def list_pins(room_id: FromPath[str], caller: Caller, db: Db) -> PinsView:
    """What is pinned in a room, what was pinned last first."""
    return await db.read(pins_of, user_id=caller.user_id, room_id=room_id)


PIN_ROUTES: Sequence[HTTPRouteHandler] = (pin_message, unpin_message, list_pins)
