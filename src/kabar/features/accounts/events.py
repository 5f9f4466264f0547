"""Events of accounts that other slices act on."""

from __future__ import annotations

from kabar.core.events import Event


class AccountOpened(Event, frozen=True, kw_only=True):
    """An account that was private is public now."""

    user_id: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)
