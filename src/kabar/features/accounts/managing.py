"""What applications do with their users, with what it needs beside units of work."""

from __future__ import annotations

from collections.abc import Callable

from kabar.core.settings import Settings
from kabar.features.accounts import erasing, managed_users, tokens
from kabar.features.accounts.key_schemas import UserDraft, UserTokenDraft, chosen_id
from kabar.features.accounts.schemas import NewToken, UserView
from kabar.features.accounts.session_lookup import SessionLookup
from kabar.features.keys.keys import ApiKey
from kabar.infra.db import Units
from kabar.infra.http.idempotency import Answer, repeatable


class UserManagement:
    """Carries out what routes for applications ask for."""

    def __init__(
        self,
        *,
        lookup: SessionLookup,
        settings: Settings,
        secret: bytes,
        on_end: Callable[[str], None],
    ) -> None:
        """`on_end` closes the sockets of a user."""
        self._removes_messages = settings.erased_messages == "remove"
        self._lookup = lookup
        self._secret = secret
        self._on_end = on_end

    async def put(self, db: Units, user_id: str, draft: UserDraft) -> Answer[UserView]:
        user_id = chosen_id(user_id)
        answer = await db.write(managed_users.put_user, user_id=user_id, draft=draft)
        self._lookup.forget_user(user_id)
        return answer

    async def erase(self, db: Units, user_id: str) -> None:
        await db.write(erasing.erase_user, user_id=user_id, removes_messages=self._removes_messages)
        self._lookup.forget_user(user_id)
        self._on_end(user_id)

    async def create_token(
        self, db: Units, user_id: str, draft: UserTokenDraft, *, caller: ApiKey, key: str | None
    ) -> Answer[NewToken]:
        return await db.write(
            tokens.create_token_for,
            mark=repeatable(
                key,
                owner=f"key {caller.id}",
                operation=f"token {user_id}",
                body=draft,
                secret=self._secret,
            ),
            user_id=user_id,
            draft=draft,
            key_id=caller.id,
            secret=self._secret,
        )
