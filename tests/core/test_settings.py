"""Does a wrong setting stop the start with one line that names it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kabar.core.errors import CannotStart
from kabar.core.settings import read_settings

WRONG = {
    "KABAR_PORT": ("eighty", "-1", "65536", ""),
    "KABAR_ALLOWED_ORIGINS": (
        "*",
        "https://app.example, *",
        "chat.example",
        "https://app.example,chat.example",
        "https://*.example",
        "https://app.example/path",
        "https://app.example:99999",
        "null",
        "a\nb",
    ),
    "KABAR_PUBLIC_URL": ("chat.example", "ftp://chat.example"),
    "KABAR_SECRET": ("short",),
    "KABAR_DATABASE_URL": ("mysql://db", "nonsense"),
    "KABAR_REALTIME": ("perhaps",),
    "KABAR_LOG_LEVEL": ("loud",),
    "KABAR_SESSION_DAYS": ("0", "1.5"),
    "KABAR_SIGN_IN_FAILURES_PER_ACCOUNT": ("often", "10", ""),
    "KABAR_SIGN_IN_FAILURES_PER_ADDRESS": ("10/fortnight",),
    "KABAR_REGISTRATIONS_PER_ADDRESS": ("-5/hour",),
    "KABAR_PASSWORD_HASH_MEMORY_KIB": ("1024",),
    "KABAR_MAX_BODY_BYTES": ("1",),
    "KABAR_SQLITE_SYNCHRONOUS": ("OFF",),
    "KABAR_POSTGRES_THREADS": ("1",),
    "KABAR_SOCKET_QUEUE_BYTES": ("0",),
    "KABAR_DRAIN_SECONDS": ("60",),
    "KABAR_TRANSPORT": ("pigeon",),
    "KABAR_HOSTED_QUEUE_EVENTS": ("0",),
    "PUSHER_APP_CLUSTER": ("ap1.example", "AP 1"),
    "PUSHER_HOST": ("https://sockets.example", "sockets.example/path", "a b"),
    "PUSHER_PORT": ("0", "65536", "https"),
    "PUSHER_SCHEME": ("ws",),
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a `.env` file."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_setting_is_named_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CannotStart) as failure:
        read_settings()
    assert str(failure.value).startswith(f"{name}: ")
    assert "\n" not in str(failure.value)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("KABAR_PORT=1\nKABAR_HOST=file\nKABAR_LOG_LEVEL=error\n")
    monkeypatch.setenv("KABAR_PORT", "2")
    monkeypatch.setenv("KABAR_HOST", "environment")
    settings = read_settings(port=3, host=None)
    assert (settings.port, settings.host, settings.log_level) == (3, "environment", "error")


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_ALLOWED_ORIGINS", "https://a.example, https://b.example ,")
    assert read_settings().allowed_origins == ("https://a.example", "https://b.example")


def test_origins_are_kept_once_and_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    written = "https://App.Example/, https://app.example:443, http://LOCALHOST:5173"
    monkeypatch.setenv("KABAR_ALLOWED_ORIGINS", written)
    assert read_settings().allowed_origins == ("https://app.example", "http://localhost:5173")


def test_why_an_origin_is_refused_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, why in [("*", "cookies"), ("chat.example", "'chat.example' is not an origin")]:
        monkeypatch.setenv("KABAR_ALLOWED_ORIGINS", value)
        with pytest.raises(CannotStart, match=why):
            read_settings()


def test_an_address_that_is_empty_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for empty in ("", " ", ",", " , "):
        monkeypatch.setenv("KABAR_ALLOWED_ORIGINS", empty)
        assert read_settings().allowed_origins == ()
    monkeypatch.setenv("KABAR_PUBLIC_URL", "")
    assert read_settings().public_url is None
