"""Registration: making an account, with a username and an e-mail address that are free."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.errors import Conflict
from kabar.core.ids import new_id
from kabar.core.times import rfc3339
from kabar.features.accounts.errors import EmailTaken, UsernameTaken
from kabar.features.accounts.models import FormerUsername, User
from kabar.features.accounts.name_parts import write_parts
from kabar.features.accounts.queries import require_user, search_text
from kabar.features.accounts.schemas import Registration, UserView
from kabar.infra.db import Transaction


def register(tx: Transaction, *, draft: Registration, password_hash: str) -> UserView:
    """Create the account, or say which of its names is taken."""
    require_free_names(tx, username=draft.username, email=draft.email)
    user_id = new_id()
    found_by = search_text(draft.username, draft.name)
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    created = tx.execute(
        insert(User)
        .values(
            id=user_id,
            username=draft.username,
            name=draft.name,
            email=draft.email,
            password_hash=password_hash,
            is_private=False,
            is_bot=False,
            followers_count=0,
            following_count=0,
            search_text=found_by,
            created_at=tx.now,
            updated_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(User.id)
    ).first()
    if created is None:
        require_free_names(tx, username=draft.username, email=draft.email)
        raise Conflict  # the name was given up since: the client may try again
    write_parts(tx, user_id, found_by)
    return UserView(
        id=user_id,
        username=draft.username,
        name=draft.name,
        avatar=None,
        bio=None,
        is_private=False,
        is_bot=False,
        accepts_follows=True,
        hide_follows=False,
        followers_count=0,
        following_count=0,
        created_at=rfc3339(tx.now),
    )


def still_there(tx: Transaction, user: UserView) -> UserView:
    """Return who registered, as they are now."""
    return require_user(tx, user.id)


def require_free_names(
    tx: Transaction, *, username: str | None, email: str | None, except_id: str = ""
) -> None:
    """Raise if another user has this username, or had it, or this e-mail address."""
    is_name_taken = username is not None and not is_free_username(tx, username, except_id=except_id)
    has_email = select(User.id).where(User.email == email, User.id != except_id)
    is_email_taken = tx.execute(has_email).first() is not None
    if is_name_taken:
        raise UsernameTaken(and_email=is_email_taken)
    if is_email_taken:
        raise EmailTaken


def is_free_username(tx: Transaction, username: str, *, except_id: str) -> bool:
    """Whether nobody else has this username, or had it."""
    has = select(User.id).where(User.username == username, User.id != except_id)
    had = select(FormerUsername.user_id).where(
        FormerUsername.username == username, FormerUsername.user_id != except_id
    )
    return tx.execute(has.union_all(had)).first() is None
