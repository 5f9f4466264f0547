"""Asking to follow a private account, and no longer asking."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.accounts.identity import Identity
from kabar.features.follows.events import FollowRequested, FollowRequestEnded
from kabar.features.follows.models import FollowRequest
from kabar.features.follows.quiet import mutes
from kabar.infra.db import Transaction

_THIS_ONE = (
    FollowRequest.requester_id == bindparam("requester"),
    FollowRequest.target_id == bindparam("target"),
)
_ASKS = select(FollowRequest.id).where(*_THIS_ONE)
_TAKE = delete(FollowRequest).where(*_THIS_ONE).returning(FollowRequest.id)

# Of all functions here both users are locked.


def asks(tx: Transaction, requester_id: str, target_id: str) -> bool:
    """Whether one asks to follow the other."""
    pair = {"requester": requester_id, "target": target_id}
    return tx.execute(_ASKS, pair).first() is not None


def ask(tx: Transaction, requester: Identity, target_id: str, socket_id: str | None) -> None:
    """Ask to follow somebody; who asks already is told of once."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    asked = tx.execute(
        insert(FollowRequest)
        .values(id=new_id(), requester_id=requester.user_id, target_id=target_id, created_at=tx.now)
        .on_conflict_do_nothing()
        .returning(FollowRequest.id)
    ).first()
    if asked is not None:
        tx.emit(
            FollowRequested(
                requester_id=requester.user_id,
                requester_name=requester.name,
                requester_username=requester.username,
                requester_avatar=requester.avatar,
                target_id=target_id,
                is_quiet=mutes(tx, target_id, requester.user_id),
                except_socket=socket_id,
            )
        )


def withdraw(tx: Transaction, requester_id: str, target_id: str, socket_id: str | None) -> bool:
    """End a request; False if there is none."""
    if not take_request(tx, requester_id, target_id):
        return False
    tx.emit(
        FollowRequestEnded(requester_id=requester_id, target_id=target_id, except_socket=socket_id)
    )
    return True


def take_request(tx: Transaction, requester_id: str, target_id: str) -> bool:
    """End a request, and tell nobody; False if there is none."""
    pair = {"requester": requester_id, "target": target_id}
    return tx.execute(_TAKE, pair).first() is not None
