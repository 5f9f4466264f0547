"""Settings of the hook: an application of the operator's judges messages before they are kept."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings

from kabar.core.setting_forms import CalledAddress, HookSecret


class HookSettings(BaseSettings):
    """A part of `Settings`."""

    before_send_url: CalledAddress | None = Field(
        None,
        description="Is asked before a message, or its new words, are kept: it may refuse them or "
        "change them. Default: nobody is asked.",
    )
    before_send_secret: HookSecret | None = Field(
        None,
        description="With which it is asked (Standard Webhooks): `whsec_` and 24 to 64 bytes in "
        "Base64. Needed with KABAR_BEFORE_SEND_URL.",
    )
    before_send_seconds: float = Field(
        2.0,
        ge=0.1,
        le=10,
        description="How long it may take to answer, with the wait for its turn.",
    )
    before_send_required: bool = Field(
        True, description="Off: messages are kept, too, while it does not answer."
    )
    before_send_at_once: int = Field(
        32, ge=1, le=1000, description="Messages that it is asked about at the same time."
    )
