"""Options that all commands take: the data folder, and the settings that come with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kabar.core.log import configure_log
from kabar.core.settings import Settings, read_settings

Data = Annotated[Path | None, typer.Option(help="The data folder (KABAR_DATA).")]


def settings_of(**given: object) -> Settings:
    """Return the settings for a command, and configure the log by them."""
    settings = read_settings(**given)
    configure_log(level=settings.log_level, as_json=settings.log_json)
    return settings
