"""Events of accounts that other slices act on."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Dismissal, Event, Revocation
from kabar.features.accounts.channels import user_channels


class AccountErased(Event, frozen=True, kw_only=True):
    """An account was erased. Its sessions and its name are gone; what else there is of it, those
    who keep it take away, and tell this again until nothing is left."""

    user_id: str
    #: what they said goes too; said once, when they are erased
    removes_messages: bool = False

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)

    def publications(self) -> Iterable[Revocation]:
        for channel in user_channels(self.user_id):
            yield Revocation(channel=channel, user_id=self.user_id)


class UserSuspended(Event, frozen=True, kw_only=True):
    """Somebody is suspended: their sessions and tokens are gone, and what is open closes."""

    user_id: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)

    def publications(self) -> Iterable[Dismissal]:
        yield Dismissal(user_id=self.user_id)


class AccountOpened(Event, frozen=True, kw_only=True):
    """Anybody may follow an account now that was private, or took no followers."""

    user_id: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)


class UserRenamed(Event, frozen=True, kw_only=True):
    """Somebody is called otherwise now, or has another picture."""

    user_id: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)
