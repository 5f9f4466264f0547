"""Credentials: is the signature right that a client subscribes or signs in with?"""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.requests import (
    SignIn,
    Subscribe,
    User,
    decode_channel_data,
    decode_user_data,
)
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import signing
from kabar.engines.realtime.protocol.errors import Refusal
from kabar.engines.realtime.protocol.frames import Member


def require_signed_subscription(app: App, socket_id: str, request: Subscribe) -> None:
    text = signing.subscription_text(socket_id, request.channel, request.channel_data)
    _require_signed(app, text, request.auth, "subscription")


def require_signed_in_user(
    app: App, socket_id: str, request: SignIn, limits: RealtimeLimits
) -> User:
    """Return the user whom a sign-in names, if its signature is right."""
    text = signing.sign_in_text(socket_id, request.user_data)
    _require_signed(app, text, request.auth, "signin")
    user = decode_user_data(request.user_data)
    _require_fitting(user.member, limits)
    return user


def require_member(request: Subscribe, signed_in: Member | None, limits: RealtimeLimits) -> Member:
    """Return the member as whom a client joins a presence channel.

    What its subscription says counts for more than whom it signed in as.
    """
    if request.channel_data is not None:
        return _require_fitting(decode_channel_data(request.channel_data), limits)
    if signed_in is not None:
        return signed_in
    raise Refusal(
        f"{request.channel} is a presence channel and subscription must include channel_data"
    )


def _require_signed(app: App, text: str, auth: str, of_what: str) -> None:
    key, colon, signature = auth.partition(":")
    if not colon:
        raise Refusal("Invalid format: auth must have the format key:signature")
    secret = app.find_secret(key)
    if secret is None:
        raise Refusal(f"Invalid key in {of_what} auth data: '{key}'")
    if not signing.is_signed(secret, text, signature):
        raise Refusal(
            f"Invalid signature: Expected HMAC SHA256 hex digest of {text}, but got {signature}"
        )


def _require_fitting(member: Member, limits: RealtimeLimits) -> Member:
    if len(member.user_id) > limits.max_user_id:
        raise Refusal(f"A user id may have {limits.max_user_id} characters")
    if len(member.user_info or b"") > limits.max_user_info_bytes:
        raise Refusal(f"user_info may have {limits.max_user_info_bytes} bytes")
    return member
