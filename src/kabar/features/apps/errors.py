"""Errors of changing apps."""

from __future__ import annotations

from kabar.core.errors import Conflict, NotFound


class AppExists(Conflict):
    """There is an app with this id already."""


class NoSuchApp(NotFound):
    """There is no app with this id."""


class AppIsInFile(Conflict):
    """This app belongs to the apps file: change it there."""


class AppIsNeeded(Conflict):
    """Kabar's own app can be rotated, but neither disabled nor removed."""


class TooManyKeys(Conflict):
    """This app has as many keys that are still good as it may have."""
