"""Settings of calls to servers of others, at addresses that people write."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings

from kabar.core.setting_forms import Networks


class OutboundSettings(BaseSettings):
    """A part of `Settings`."""

    outbound_allow: Networks = Field(
        (),
        description="Addresses and networks that are not public and may be called all the same, on "
        "any port: `10.1.2.3,192.168.5.0/24`. Default: none.",
    )
    link_previews: int = Field(
        3, ge=0, le=5, description="Most previews of links of one message; 0: no page is looked at."
    )
    link_preview_images: bool = Field(
        True,
        description="Previews have the picture of their page, made anew and kept here. Off: none "
        "is fetched.",
    )
