"""View: the base class of all shapes that the HTTP API answers with."""

from __future__ import annotations

import msgspec


class View(msgspec.Struct, frozen=True, rename="camel"):
    """An answer. Times are texts already (`kabar.core.times.rfc3339`)."""
