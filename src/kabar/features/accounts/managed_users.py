"""Users of an application's own: made and changed by it, under ids that it chooses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.errors import Conflict
from kabar.features.accounts.errors import UserErased, UserNotFound
from kabar.features.accounts.key_schemas import UserDraft
from kabar.features.accounts.models import User
from kabar.features.accounts.name_parts import write_parts
from kabar.features.accounts.profiles import change_user
from kabar.features.accounts.queries import lock_user, no_address, require_user, search_text
from kabar.features.accounts.registration import is_free_username, require_free_names
from kabar.features.accounts.schemas import UserView
from kabar.features.accounts.tokens import end_tokens_of_key
from kabar.features.keys.keys import revoke_key
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import Answer

_LONGEST_USERNAME = 30


def put_user(tx: Transaction, *, user_id: str, draft: UserDraft) -> Answer[UserView]:
    """Make the user, or change what is given. Of two who make them at once, one makes them."""
    made = _insert(tx, user_id, draft)
    if not made:
        _change(tx, user_id, draft)
    return Answer(require_user(tx, user_id), first=made)


def _insert(tx: Transaction, user_id: str, draft: UserDraft) -> bool:
    """Return whether it was made; False: there is one with this id."""
    if tx.execute(select(User.id).where(User.id == user_id)).first():
        return False
    username = (
        free_username(tx, user_id, called=user_id) if draft.username is UNSET else draft.username
    )
    email, found_by = draft.email or no_address(user_id), search_text(username, draft.name)
    require_free_names(tx, username=username, email=email)
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    row = {
        "id": user_id,
        "username": username,
        "name": draft.name,
        "email": email,
        "avatar": draft.avatar or None,
        "is_private": False,
        "is_bot": draft.is_bot is True,
        "followers_count": 0,
        "following_count": 0,
        "search_text": found_by,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    made = insert(User).values(row).on_conflict_do_nothing().returning(User.id)
    if tx.execute(made).first() is not None:
        write_parts(tx, user_id, found_by)
        return True
    if tx.execute(select(User.id).where(User.id == user_id)).first():
        return False
    require_free_names(tx, username=username, email=email)
    raise Conflict  # the name was given up since: the caller may try again


def _change(tx: Transaction, user_id: str, draft: UserDraft) -> None:
    try:
        lock_user(tx, user_id)
    except UserNotFound:
        raise UserErased from None
    values: dict[str, Any] = {
        field: value
        for field in ("name", "username", "avatar", "is_bot")
        if (value := getattr(draft, field)) is not UNSET
    }
    if draft.email is not UNSET:
        values["email"] = draft.email or no_address(user_id)
    change_user(tx, user_id, values)


def free_username(
    tx: Transaction, user_id: str, *, called: str, taken: AbstractSet[str] = frozenset()
) -> str:
    """Return the username of who was given none: what they are called (their id), as far as it can
    be one; when that is somebody's, its beginning with eight digits that stand for the id."""
    plain = re.sub(r"[^a-z0-9_.]", "_", called.lower())
    if len(plain) < 3:
        plain = f"user_{plain}"
    plain = plain[:_LONGEST_USERNAME]
    if plain in taken or not is_free_username(tx, plain, except_id=user_id):
        digest = hashlib.sha256(user_id.encode()).hexdigest()[:8]
        return f"{plain[: _LONGEST_USERNAME - 9]}_{digest}"
    return plain


def revoke_application(tx: Transaction, *, key_id: str) -> None:
    """Revoke a key, and end the tokens that were made with it."""
    revoke_key(tx, key_id=key_id)
    end_tokens_of_key(tx, key_id=key_id)
