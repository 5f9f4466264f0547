"""Encrypted channels: which key does a client get that Kabar itself lets subscribe?"""

from __future__ import annotations

from kabar.core.errors import Forbidden
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.protocol import signing


class EncryptionIsOff(Forbidden):
    """This app has no encryption_master_key, so it has no encrypted channels."""


def require_shared_secret(app: App, channel: str) -> str:
    """Return the key of a channel, in base64. It stays the same for ever."""
    if not app.encryption_master_key:
        raise EncryptionIsOff
    return signing.shared_secret(app.encryption_master_key, channel)
