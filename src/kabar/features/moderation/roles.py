"""Roles: who operates the server says who moderates it."""

from __future__ import annotations

from sqlalchemy import select, update

from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.models import ServerRole, User
from kabar.features.accounts.queries import lock_user, require_user_id
from kabar.features.moderation.acts import note_act
from kabar.features.moderation.models import Deed
from kabar.features.moderation.moderators import role_of
from kabar.infra.db import Transaction


def give_role(tx: Transaction, *, user: str, role: ServerRole) -> str:
    """Give a role to a user, named by username (with or without @) or id; return the username."""
    user_id = _find(tx, user)
    lock_user(tx, user_id)
    if role_of(tx, user_id) is not role:
        tx.execute(update(User).where(User.id == user_id).values(role=role))
        note_act(tx, by=None, deed=Deed.GIVE_ROLE, user_id=user_id, note=role)
    return str(tx.execute(select(User.username).where(User.id == user_id)).scalar_one())


def _find(tx: Transaction, user: str) -> str:
    try:
        return require_user_id(tx, user if user.startswith("@") else f"@{user}")
    except UserNotFound:
        return require_user_id(tx, user)
