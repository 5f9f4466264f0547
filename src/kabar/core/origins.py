"""Origins: where a page comes from, in the one spelling that is compared."""

from __future__ import annotations

import re

# No userinfo, path or wildcard; letters beyond ASCII are sent as `xn--…`.
_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(text: str) -> str | None:
    """Return an origin as browsers write it in `Origin`; None if it is none.

    In lower case, without the port that the scheme has anyway, without a slash at the end. The
    scheme may be an app's own: `capacitor://localhost`.
    """
    found = _ORIGIN.fullmatch(text.lower())
    if found is None:
        return None
    scheme, host, port = found.groups()
    if port is None or int(port) == _DEFAULT_PORTS.get(scheme):
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{int(port)}" if 0 < int(port) <= 65535 else None
