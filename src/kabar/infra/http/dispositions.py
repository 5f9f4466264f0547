"""How a browser is told the name of a file (RFC 6266): whatever the name is."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

_ODD = re.compile(r"[^\w .()+,@=-]", re.ASCII)


def content_disposition(kind: Literal["inline", "attachment"], name: str) -> str:
    """Return the header: the name in ASCII for old programs, and as it is for the others."""
    plain = _ODD.sub("_", name)
    if plain == name:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
