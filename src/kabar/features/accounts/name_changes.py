"""How often somebody may change what nobody else may have: username and e-mail address."""

from __future__ import annotations

from kabar.core.settings import Settings
from kabar.features.accounts.schemas import OwnProfile, ProfileChanges
from kabar.infra.http.rate_limits import RateLimit


class NameChanges:
    """Counts those that are refused too: the answer says whether somebody has the address."""

    def __init__(self, settings: Settings) -> None:
        self._limits = {
            "username": RateLimit(
                settings.username_changes_per_user,
                says="You have changed your username too often. Wait, then try again.",
            ),
            "email": RateLimit(
                settings.email_changes_per_user,
                says="You have changed your e-mail address too often. Wait, then try again.",
            ),
        }

    def spend(self, present: OwnProfile, changes: ProfileChanges) -> None:
        """Count what differs from the present, or raise `TooManyRequests` and count nothing."""
        counted = [
            limit
            for field, limit in self._limits.items()
            if isinstance(new := getattr(changes, field), str) and new != getattr(present, field)
        ]
        for limit in counted:
            limit.check(present.id)
        for limit in counted:
            limit.count(present.id)
