"""What the text of a setting has to look like: whatever could only be done by half is refused."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from kabar.core.addresses import is_ipv6, parse_network
from kabar.core.origins import origin_of

_HOST_NAME = re.compile(r"(?=.{1,253}$)([A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?")
#: the words that stand for all and for none of them
EVERYBODY, NOBODY = "*", "none"


def _split_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _require(pattern: str, what: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {what}")
        return value

    return check


def _require_host(value: str) -> str:
    if not (is_ipv6(value[1:-1]) if value.startswith("[") else _HOST_NAME.fullmatch(value)):
        raise ValueError("must be a host, without scheme, port or path")
    return value


def _require_bind_host(value: str) -> str:
    if is_ipv6(value):
        return value
    return _require_host(value).strip("[]")


def _require_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("must start with http:// or https://")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "must end with the host, or its port: below a path the page would find nothing"
        )
    if parts.username is not None or parts.password is not None:
        raise ValueError("must be without a name and a password")
    if parts.netloc.endswith(":") or not _has_host_and_port(value):
        raise ValueError("must be like https://chat.example, the host as browsers send it")
    return f"{parts.scheme}://{parts.netloc}"


def _has_host_and_port(value: str) -> bool:
    parts = urlsplit(value)
    host = parts.hostname or ""
    try:
        _require_host(f"[{host}]" if ":" in host else host)
        # Asked for its port, it says whether that is a number.
        return parts.port != 0
    except ValueError:
        return False


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
    if not re.match(r"(sqlite|postgresql|postgres)(\+\w+)?:", value):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _require_storage_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"file", "s3", "gs", "az"}:
        raise ValueError("must start with file:///, s3://, gs:// or az://")
    if parts.scheme == "file" and (parts.netloc or parts.path in {"", "/"}):
        raise ValueError("must name a folder, like file:///srv/files")
    if parts.scheme != "file" and not parts.netloc:
        raise ValueError("must name a bucket, like s3://bucket")
    return value


def _require_scanner_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return value
    if parts.scheme != "tcp" or not _has_host_and_port(value) or parts.path:
        raise ValueError("must be like tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl")
    return value


def _require_media_types(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(r"\*/\*|[a-z]+/(\*|[a-z0-9.+-]+)", value):
            raise ValueError(f"{value!r} is not like image/png, image/* or */*")
    return values


def _require_called_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not _has_host_and_port(value) or parts.username:
        raise ValueError("must be like https://app.example/messages")
    return value


def _require_hook_secret(value: str) -> str:
    try:
        key = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not value.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("must be whsec_ and 24 to 64 bytes in Base64")
    return value


def _require_rate(value: str) -> str:
    try:
        rates = parse_many(value)
    except ValueError:
        rates = []
    # Of several only the first would count, and of "0 hours" they make one.
    if len(rates) != 1 or rates[0].amount < 1 or re.search(r"/\s*0|per\s+0", value):
        raise ValueError("must be one rate of at least 1, for example 10/15 minutes")
    return value


def _require_proxies(value: tuple[str, ...]) -> tuple[str, ...]:
    for proxy in value:
        if proxy not in {EVERYBODY, NOBODY}:
            parse_network(proxy)
    if len(value) > 1 and NOBODY in value:
        raise ValueError(f"{NOBODY!r} stands alone")
    return value


def _require_networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        parse_network(value)
    return values


def _expand(value: Path) -> Path:
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("there is no such home folder") from None


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)]
Origins = Annotated[Names, AfterValidator(_require_origins)]
Networks = Annotated[Names, AfterValidator(_require_networks)]
Proxies = Annotated[Names, AfterValidator(_require_proxies)]
Cluster = Annotated[
    str, AfterValidator(_require("[a-z0-9-]{1,40}", "the name of a cluster, for example ap1"))
]
Host = Annotated[str, AfterValidator(_require_host)]
#: an address or a name that sockets are bound to
BindHost = Annotated[str, AfterValidator(_require_bind_host)]
#: it stands in paths
AppId = Annotated[
    str, AfterValidator(_require("[A-Za-z0-9._~-]{1,200}", "letters and digits, and any of ._~-"))
]
#: it stands before the colon of signatures
AppKey = Annotated[str, AfterValidator(_require("[^:]+", "without a colon"))]
HookSecret = Annotated[str, AfterValidator(_require_hook_secret)]
#: an address that is called, with its path
CalledAddress = Annotated[str, AfterValidator(_require_called_address)]
WebAddress = Annotated[str, AfterValidator(_require_web_address)]
DatabaseUrl = Annotated[str, AfterValidator(_require_database_url)]
BrokerUrl = Annotated[
    str, AfterValidator(_require("memory://", "memory://: there is no other yet"))
]
Rate = Annotated[str, AfterValidator(_require_rate)]
Place = Annotated[Path, AfterValidator(_expand)]
StorageUrl = Annotated[str, AfterValidator(_require_storage_url)]
ScannerUrl = Annotated[str, AfterValidator(_require_scanner_url)]
MediaTypes = Annotated[Names, AfterValidator(_require_media_types)]
