"""Applications with keys, for accounts that are theirs."""

from __future__ import annotations

from tests.features.keys.conftest import application

__all__ = ["application"]
