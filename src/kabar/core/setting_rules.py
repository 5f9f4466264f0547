"""What settings have to be like beside their forms: each as a text, and several together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kabar.core.errors import CannotStart

#: JSON may have many lines
_MANY_LINES = {"channel_history"}


def require_rules(settings: Mapping[str, Any], *, called: Callable[[str], str]) -> None:
    """Raise `CannotStart` for the first one that could only be done by half."""
    for name, value in settings.items():
        text = " ".join(str(value).split()) if name in _MANY_LINES else str(value)
        if isinstance(value, str | Path) and not _is_plain(text):
            raise CannotStart(f"{called(name)}: must be UTF-8, without control characters")
    if settings["access_log"] and settings["log_level"] not in {"debug", "info"}:
        raise CannotStart(
            f"{called('access_log')}: its lines are of the level info, and {called('log_level')} "
            "lets none of them through"
        )
    if settings["before_send_url"] and not settings["before_send_secret"]:
        raise CannotStart(
            f"{called('before_send_secret')}: is needed with {called('before_send_url')}: whsec_ "
            "and 24 to 64 bytes in Base64"
        )
    room = min(settings["max_body_bytes"], settings["socket_queue_bytes"])
    if settings["message_max_characters"] > room:
        raise CannotStart(
            f"{called('message_max_characters')}: no message of so many gets through, because "
            f"{called('max_body_bytes')} and {called('socket_queue_bytes')} let {room} bytes pass"
        )


def _is_plain(text: str) -> bool:
    """Whether it can be written as UTF-8, on one line, and typed on a keyboard.

    What came from a file often has a line's end at its end, and nobody sees it.
    """
    is_utf8 = text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
    return is_utf8 and not any(char < " " or char == "\x7f" for char in text)
