"""What is done with accounts: register, sign in and out, change them, make tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from litestar.datastructures import Cookie
from msgspec import UnsetType

from kabar.core.settings import Settings
from kabar.features.accounts import (
    entering,
    erasing,
    profiles,
    queries,
    registration,
    sessions,
    tokens,
)
from kabar.features.accounts.cookies import cookie_hash, cookie_hashes, cookie_of, no_cookie
from kabar.features.accounts.devices import Devices
from kabar.features.accounts.errors import BadCredentials, WrongPassword
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.name_changes import NameChanges
from kabar.features.accounts.password_attempts import PasswordAttempt, PasswordAttempts
from kabar.features.accounts.passwords import Passwords
from kabar.features.accounts.queries import Account
from kabar.features.accounts.schemas import (
    Credentials,
    Farewell,
    NewToken,
    OwnProfile,
    ProfileChanges,
    Registration,
    TokenDraft,
    UserView,
)
from kabar.features.accounts.session_lookup import SessionLookup
from kabar.features.accounts.sessions import NewSession
from kabar.features.accounts.signed_in import database_of
from kabar.features.accounts.turns import asker_at
from kabar.infra.db import Database
from kabar.infra.http.client import Client, limit_key
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.idempotency import Answer, Repeatable, repeatable
from kabar.infra.http.rate_limits import RateLimit

Headers = Iterable[tuple[bytes, bytes]]


class Admitted(NamedTuple):
    """Who is in, the cookie that says so, and the one that says that they were here."""

    user: Answer[UserView]
    cookies: list[Cookie]


class AccountService:
    """Carries out what routes of accounts ask for, with the password checks, limits and sessions
    that it needs beside units of work."""

    def __init__(
        self,
        *,
        db: Database,
        lookup: SessionLookup,
        settings: Settings,
        secret: bytes,
        on_end: Callable[[str], None],
    ) -> None:
        """`on_end` is called with the user whose session or token has ended: it closes their
        sockets."""
        self._db = db
        self._on_end = on_end
        self._lookup = lookup
        self._secret = secret
        self._lasts = timedelta(days=settings.session_days)
        self._removes_messages = settings.erased_messages == "remove"
        self._always_secure = (settings.public_url or "").startswith("https:")
        self._passwords = Passwords(
            memory_kib=settings.password_hash_memory_kib, known_hashes=self._kinds_of_hashes
        )
        self._attempts = PasswordAttempts(settings)
        self._devices = Devices(secret)
        self._name_changes = NameChanges(settings)
        self._registrations = RateLimit(settings.registrations_per_address)

    def close(self) -> None:
        self._passwords.close()

    async def register(
        self, draft: Registration, *, client: Client, headers: Headers, key: str | None
    ) -> Admitted:
        """Make an account and sign it in. Who repeats it (same key, same body) is signed in."""
        self._registrations.spend(limit_key(client.address))
        mark = self._same_registration(draft, key)
        if mark is None:
            # Hashing is expensive: do it only for names that are free.
            await self._db.read(
                registration.require_free_names, username=draft.username, email=draft.email
            )
        password_hash = await self._passwords.hash(
            draft.password, asker_at(client, "new", draft.username)
        )
        answer, session = await self._db.write(
            entering.register_and_sign_in,
            mark=mark,
            draft=draft,
            password_hash=password_hash,
            lasts=self._lasts,
            instead_of=cookie_hash(headers),
        )
        if session is None:
            # The password may have been changed since: then it must not sign in any more.
            account = await self._db.read(queries.require_account, answer.value.id)
            guess = self._attempts.at_login(draft.username, client)
            _, account, session = await self._open(account, draft.password, guess, headers)
        else:
            account = Account(answer.value.id, password_hash)
        return self._admit(answer, account, session, headers=headers, client=client)

    async def sign_in(
        self, credentials: Credentials, *, client: Client, headers: Headers
    ) -> Admitted:
        account = await self._db.read(queries.find_account, credentials.login)
        device = self._devices.find(headers, account) if account else None
        guess = self._attempts.at_login(credentials.login, client, device=device)
        user, account, session = await self._open(account, credentials.password, guess, headers)
        answer = Answer(user, first=False)
        return self._admit(answer, account, session, headers=headers, client=client)

    async def _open(
        self, account: Account | None, password: str, attempt: PasswordAttempt, headers: Headers
    ) -> tuple[UserView, Account, NewSession]:
        """Begin a session, if the password is the account's present one. The account is returned
        as it is then: its hash may be a better one."""
        verdict = await self._passwords.verify(
            password, account.password_hash if account else None, attempt
        )
        if account is None or not verdict.is_right:
            raise BadCredentials
        user, session = await self._db.write(
            entering.sign_in,
            user_id=account.user_id,
            verified_hash=account.password_hash,
            lasts=self._lasts,
            instead_of=cookie_hash(headers),
            better_hash=verdict.better_hash,
        )
        present_hash = verdict.better_hash or account.password_hash
        return user, Account(account.user_id, present_hash), session

    async def sign_out(self, *, client: Client, headers: Headers) -> Cookie:
        """End the session of the cookie, on the server too; of two cookies, both."""
        for token_hash in cookie_hashes(headers):
            user_id = await self._db.write(sessions.end_session, token_hash=token_hash)
            self._lookup.forget_token(token_hash)
            if user_id is not None:
                self._on_end(user_id)
        return no_cookie(secure=self._is_secure(client))

    async def end_expired_sessions(self) -> None:
        """End the sessions and tokens whose time is over, and close the sockets of their users."""
        users = await self._db.write(sessions.end_expired_sessions)
        users |= await self._db.write(tokens.end_expired_tokens)
        for user_id in users:
            self._on_end(user_id)

    async def change_profile(
        self, caller: Identity, changes: ProfileChanges, *, client: Client
    ) -> tuple[OwnProfile, list[Cookie]]:
        """Change one's own account; for what one signs in with one must know the password. With
        a new one comes a new cookie for this browser, which has shown that it is known."""
        password_hash = present_hash = None
        names: OwnProfile | None = None
        if isinstance(changes.username, str) or isinstance(changes.email, str):
            names = await self._db.read(queries.require_own_profile, caller.user_id)
        if isinstance(changes.password, str) or (names and _needs_password(names, changes)):
            present_hash = await self._require_password(caller, changes.current_password, client)
        if isinstance(changes.password, str):
            password_hash = await self._passwords.hash(
                changes.password, asker_at(client, "caller", caller.user_id)
            )
        if names is not None:
            self._name_changes.spend(names, changes)
        profile = await database_of(self._db, caller).write(
            profiles.update_profile,
            caller=caller,
            changes=changes,
            password_hash=password_hash,
            instead_of_hash=present_hash,
        )
        self._lookup.forget_user(caller.user_id)
        if password_hash is None:
            return profile, []
        self._on_end(caller.user_id)
        account = Account(caller.user_id, password_hash)
        return profile, [self._devices.cookie(account, secure=self._is_secure(client))]

    async def erase(self, caller: Identity, farewell: Farewell, *, client: Client) -> Cookie:
        """Erase the caller, on whom every session and socket ends."""
        account = await self._db.read(queries.require_account, caller.user_id)
        if account.password_hash is not None:
            await self._verify(account, farewell.password, client, field="password")
        await database_of(self._db, caller).write(
            erasing.erase_own_account,
            caller=caller,
            verified_hash=account.password_hash,
            removes_messages=self._removes_messages,
        )
        self._lookup.forget_user(caller.user_id)
        self._on_end(caller.user_id)
        return no_cookie(secure=self._is_secure(client))

    async def create_token(
        self, caller: Identity, draft: TokenDraft, *, key: str | None
    ) -> Answer[NewToken]:
        return await self._db.write(
            tokens.create_token,
            mark=repeatable(
                key, owner=caller.user_id, operation="token", body=draft, secret=self._secret
            ),
            caller=caller,
            name=draft.name,
            secret=self._secret,
        )

    async def revoke_token(self, caller: Identity, token_id: str) -> None:
        token_hash = await database_of(self._db, caller).write(
            tokens.revoke_token, user_id=caller.user_id, token_id=token_id
        )
        self._lookup.forget_token(token_hash)
        self._on_end(caller.user_id)

    async def _kinds_of_hashes(self) -> list[str]:
        return await self._db.read(queries.one_hash_of_each_kind)

    async def _require_password(
        self, caller: Identity, password: str | UnsetType, client: Client
    ) -> str | None:
        """Return the hash of the caller's password, or raise if the password is wrong."""
        if isinstance(password, UnsetType):
            raise refuse("currentPassword", "Needed to change the e-mail address.")
        account = await self._db.read(queries.require_account, caller.user_id)
        await self._verify(account, password, client, field="currentPassword")
        return account.password_hash

    async def _verify(self, account: Account, password: str, client: Client, *, field: str) -> None:
        guess = self._attempts.of_caller(account.user_id, client)
        verdict = await self._passwords.verify(password, account.password_hash, guess)
        if not verdict.is_right:
            raise WrongPassword(field=field)

    def _same_registration(self, draft: Registration, key: str | None) -> Repeatable | None:
        """Return the mark. Nobody is signed in yet, so the fingerprint of the body is the owner."""
        mark = repeatable(key, owner="", operation="register", body=draft, secret=self._secret)
        return mark and mark._replace(owner=mark.fingerprint)

    def _admit(
        self,
        user: Answer[UserView],
        account: Account,
        session: NewSession,
        *,
        headers: Headers,
        client: Client,
    ) -> Admitted:
        """Return the user with the new cookie; forget the session that the browser had before."""
        before = cookie_hash(headers)
        if before is not None:
            self._lookup.forget_token(before)
        if session.ended is not None:
            self._on_end(session.ended)
        seconds = int(self._lasts.total_seconds())
        secure = self._is_secure(client)
        cookie = cookie_of(session, seconds=seconds, secure=secure)
        return Admitted(user, [cookie, self._devices.cookie(account, secure=secure)])

    def _is_secure(self, client: Client) -> bool:
        return self._always_secure or client.is_https


def _needs_password(present: OwnProfile, changes: ProfileChanges) -> bool:
    """Whoever finds a browser unattended must not have the account's mail sent to themselves."""
    is_new = isinstance(changes.email, str) and changes.email != present.email
    return is_new and present.has_password
