"""What the routes of moderation need beside the database."""

from __future__ import annotations

from dataclasses import dataclass

from kabar.infra.http.rate_limits import RateLimit


@dataclass(frozen=True)
class ModerationRules:
    """How much of it people may ask for, from the settings."""

    #: by each user
    reports_made: RateLimit
