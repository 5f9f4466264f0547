"""Errors of API keys."""

from __future__ import annotations

from kabar.core.errors import Forbidden, NotFound, NotSignedIn
from kabar.features.keys.models import May


class BadKey(NotSignedIn):
    """There is no such API key, or it was revoked."""

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class KeyNeeded(NotSignedIn):
    """Only applications may do this: send an API key, with `Authorization: Bearer`."""

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class KeyMayNot(Forbidden):
    """This API key may not do this."""

    def __init__(self, right: May) -> None:
        super().__init__(f"This API key may not do this: it was made without `{right}`.")


class KeyNotFound(NotFound):
    """There is no such API key."""
