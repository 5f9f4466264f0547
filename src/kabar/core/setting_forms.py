"""What the text of a setting has to look like."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from limits import parse
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from kabar.core.origins import origin_of


def _split_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _require_cluster(value: str) -> str:
    if value and not re.fullmatch(r"[a-z0-9-]{1,40}", value):
        raise ValueError("must be the name of a cluster, for example ap1")
    return value


def _require_host(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]", value):
        raise ValueError("must be a host, without scheme, port or path")
    return value


def _require_web_address(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"}:
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _require_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return each origin once, as browsers write it."""
    if "*" in values:
        # A page anywhere could then do with a visitor's cookie whatever the visitor can.
        raise ValueError("any origin (*) and cookies do not go together: name each origin")
    origins = {value: origin_of(value) for value in values}
    for value, origin in origins.items():
        if origin is None:
            raise ValueError(f"{value!r} is not an origin: write it like https://app.example")
    return tuple(dict.fromkeys(filter(None, origins.values())))


def _require_database_url(value: str) -> str:
    if not value.startswith(("sqlite:", "postgresql:", "postgres:")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _require_rate(value: str) -> str:
    parse(value)
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)]
Origins = Annotated[Names, AfterValidator(_require_origins)]
Cluster = Annotated[str, AfterValidator(_require_cluster)]
Host = Annotated[str, AfterValidator(_require_host)]
WebAddress = Annotated[str, AfterValidator(_require_web_address)]
DatabaseUrl = Annotated[str, AfterValidator(_require_database_url)]
Rate = Annotated[str, AfterValidator(_require_rate)]
