"""How many wrong passwords a login, and an address, may have before it has to wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kabar.core.settings import Settings
from kabar.features.accounts.turns import Asker, asker_at
from kabar.infra.http.client import Client, limit_key
from kabar.infra.http.rate_limits import Key, RateLimit


class PasswordAttempt:
    """A password that is tried. Only wrong ones are counted."""

    def __init__(self, asker: Asker, counted: Sequence[_Counted]) -> None:
        self.asker = asker
        self._counted = counted

    def begin(self) -> None:
        """Raise `TooManyRequests` if there were too many wrong ones already."""
        for limit, key in self._counted:
            limit.check(key)

    def failed(self) -> None:
        for limit, key in self._counted:
            limit.count(key)


class PasswordAttempts:
    """Counts the wrong ones, by what was typed: so nobody learns whether there is such an account,
    or that a name and an e-mail address are the same person's.

    Who guesses from one address does not lock out the owner, who comes from another. Who guesses
    from very many does, except where the owner has signed in before.
    """

    def __init__(self, settings: Settings) -> None:
        self._per_account = RateLimit(settings.sign_in_failures_per_account)
        self._per_address = RateLimit(settings.sign_in_failures_per_address)
        self._everywhere = RateLimit(settings.sign_in_failures_everywhere)

    def at_login(self, login: str, client: Client, *, device: str | None = None) -> PasswordAttempt:
        """`device`: the name of the known one that it comes from. What others guess elsewhere
        does not stop it; besides, it is counted like any other, and wherever it goes."""
        here = self._here("login", login, client)
        if device is not None:
            # Known devices have places of their own: strangers cannot take them.
            asker = asker_at(client, "devices", login)
            return PasswordAttempt(asker, [*here, _Counted(self._per_account, ("device", device))])
        asker = asker_at(client, "login", login)
        return PasswordAttempt(asker, [*here, _Counted(self._everywhere, ("login", login))])

    def of_caller(self, user_id: str, client: Client) -> PasswordAttempt:
        """Of somebody who is signed in: whatever strangers type at sign-in does not count here."""
        here = self._here("caller", user_id, client)
        asker = asker_at(client, "caller", user_id)
        return PasswordAttempt(asker, [*here, _Counted(self._everywhere, ("caller", user_id))])

    def _here(self, kind: str, who: str, client: Client) -> list[_Counted]:
        address = limit_key(client.address)
        return [
            _Counted(self._per_address, address),
            _Counted(self._per_account, (kind, who, address)),
        ]


class _Counted(NamedTuple):
    limit: RateLimit
    key: Key
