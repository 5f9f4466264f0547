"""Settings of what is kept, for whom, and for how long."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from kabar.core.setting_forms import Rate


class KeepingSettings(BaseSettings):
    """A part of `Settings`."""

    erased_messages: Literal["keep", "remove"] = Field(
        "keep",
        description="What somebody said whose account is erased: kept, as that of nobody, or "
        "removed with its files.",
    )
    message_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Messages are removed when they are older, where their group says nothing "
        "else; 0 = never.",
    )
    exports_per_user: Rate = Field(
        "5/day", description="How often somebody may ask for a file with all their data."
    )
    export_days: int = Field(
        7, ge=1, le=365, description="After so long a file with somebody's data is deleted."
    )
