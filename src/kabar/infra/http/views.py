"""Views: the base of what the server answers."""

from __future__ import annotations

import msgspec


class View(msgspec.Struct, frozen=True, rename="camel"):
    """An answer. Times are texts already (`kabar.times.rfc3339`)."""
