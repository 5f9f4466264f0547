"""PasswordAttempts: how many wrong passwords may there be for an account, and from an address?"""

from __future__ import annotations

from typing import NamedTuple

from kabar.core.settings import Settings
from kabar.infra.http.client import Client, limit_key
from kabar.infra.http.rate_limits import RateLimit


class PasswordAttempt(NamedTuple):
    """A password given for an account from an address. Only wrong ones are counted."""

    account: str
    address: str
    per_account: RateLimit
    per_address: RateLimit

    def begin(self) -> None:
        self.per_address.check(self.address)
        self.per_account.check(self.account)

    def failed(self) -> None:
        self.per_address.count(self.address)
        self.per_account.count(self.account)


class PasswordAttempts:
    """Counts wrong passwords, by account and by address."""

    def __init__(self, settings: Settings) -> None:
        self._per_account = RateLimit(settings.sign_in_failures_per_account)
        self._per_address = RateLimit(settings.sign_in_failures_per_address)

    def attempt(self, account: str, client: Client) -> PasswordAttempt:
        return PasswordAttempt(
            account, limit_key(client.address), self._per_account, self._per_address
        )
