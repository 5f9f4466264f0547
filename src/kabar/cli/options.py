"""Options that all commands take: the data folder, and the settings that come with it."""

from __future__ import annotations

from typing import Annotated

import typer

from kabar.core.log import configure_log, get_log
from kabar.core.settings import Settings, misspelt_settings, read_settings

#: a text, because an empty one is unset, and an empty path would be the folder that one is in
Data = Annotated[str | None, typer.Option(help="The data folder (KABAR_DATA).", metavar="PATH")]


def settings_of(**given: object) -> Settings:
    """Return the settings for a command, and configure the log by them."""
    settings = read_settings(**given)
    configure_log(level=settings.log_level, as_json=settings.log_json)
    for name, meant in misspelt_settings().items():
        get_log("settings").warning(
            "no_such_setting", name=name, **({"meant": meant} if meant else {})
        )
    return settings
