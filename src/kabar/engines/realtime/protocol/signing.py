"""Signing: how Pusher signs subscriptions, sign-ins and HTTP calls, and keys of channels."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable

_MASTER_KEY_BYTES = 32


def sign(secret: str, text: str) -> str:
    """Return the hexadecimal HMAC-SHA256 that Pusher uses everywhere."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_signed(secret: str, text: str, signature: str) -> bool:
    """Say whether a signature is right; compared in constant time, so that timing tells nothing."""
    return hmac.compare_digest(
        sign(secret, text).encode(), signature.encode(errors="surrogatepass")
    )


def subscription_text(socket_id: str, channel: str, channel_data: str | None) -> str:
    """Return what is signed to let a socket subscribe; `channel_data` is the exact string sent."""
    text = f"{socket_id}:{channel}"
    return text if channel_data is None else f"{text}:{channel_data}"


def sign_in_text(socket_id: str, user_data: str) -> str:
    """Return what is signed to let a socket sign in; `user_data` is the exact string sent."""
    return f"{socket_id}::user::{user_data}"


def shared_secret(master_key: str, channel: str) -> str:
    """Return the key, in base64, with which the events of an encrypted channel are encrypted."""
    return b64encode(hashlib.sha256(channel.encode() + b64decode(master_key)).digest()).decode()


def is_master_key(text: str) -> bool:
    """Say whether this is base64 of 32 bytes, from which a key for each channel is made."""
    try:
        return len(b64decode(text, validate=True)) == _MASTER_KEY_BYTES
    except ValueError:
        return False


def http_text(method: str, path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Return what is signed for an HTTP call: the parameters as they were sent, sorted by name.

    Nothing is added and nothing recomputed: the Python SDK signs the MD5 of an empty body on
    every GET, others leave it out, and both are right.
    """
    signed = sorted(
        ((name.lower(), value) for name, value in parameters if name != "auth_signature"),
        key=lambda parameter: parameter[0],
    )
    query = "&".join(f"{name}={value}" for name, value in signed)
    return f"{method.upper()}\n{path}\n{query}"


def body_md5(body: bytes) -> str:
    """Return the MD5 of a body: a signed parameter, by which the signature covers the body."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
