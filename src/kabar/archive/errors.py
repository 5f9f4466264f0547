"""What is wrong with an archive, and where."""

from __future__ import annotations

from kabar.core.errors import CannotStart


class BadArchive(CannotStart):
    """An archive that cannot be imported. What was imported before stays: it can be repeated."""

    @classmethod
    def at(cls, where: str, what: str) -> BadArchive:
        return cls(f"{where}: {what}")
