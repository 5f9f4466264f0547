"""Is every setting done whole, or refused with one line that names it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings, misspelt_settings, read_settings, variable

WRONG = {
    "KABAR_HOST": ("http://0.0.0.0", "127.0.0.1:80", "[127.0.0.1]", "a..b", "0.0.0.0/8", "a b"),
    "KABAR_PORT": ("eighty", "-1", "65536", "tcp://10.0.0.1:80"),
    "KABAR_DATA": ("~nobody-of-this-name/data", "da\nta", "da\udcffta"),
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
    "KABAR_PUBLIC_URL": (
        "chat.example",
        "ftp://chat.example",
        "https://",
        "https://chat.example/below",
        "https://chat.example/?a=b",
        "https://chat.example#a",
        "https://ann:secret@chat.example",
        "https://chat.example:",
        "https://chat.example:0",
        "https://chat.example:abc",
        "https://chät.example",
        "https://chat example",
    ),
    "KABAR_SECRET": ("short", "long enough, but \udcff"),
    "KABAR_DATABASE_URL": ("mysql://db", "nonsense", "sqlite", "postgresql://db/k\n"),
    "KABAR_BROKER_URL": ("redis://localhost", "memory://elsewhere", "memory"),
    "KABAR_APPS_FILE": ("~nobody-of-this-name/apps.toml",),
    "KABAR_REALTIME": ("perhaps",),
    "KABAR_TRANSPORT": ("pigeon",),
    "KABAR_HOSTED_USER_ALIAS": ("perhaps",),
    "KABAR_HOSTED_QUEUE_EVENTS": ("0",),
    "PUSHER_APP_ID": ("a/b", "a b"),
    "PUSHER_APP_KEY": ("key:with:colons",),
    "PUSHER_APP_SECRET": ("secret\n",),
    "PUSHER_APP_CLUSTER": ("ap1.example", "AP 1"),
    "PUSHER_HOST": ("https://sockets.example", "sockets.example/path", "a b"),
    "PUSHER_PORT": ("0", "65536", "https"),
    "PUSHER_SCHEME": ("ws",),
    "KABAR_LOG_LEVEL": ("loud", "INFO"),
    "KABAR_LOG_JSON": ("perhaps",),
    "KABAR_ACCESS_LOG": ("perhaps",),
    "KABAR_TRUSTED_PROXIES": ("proxy.example", "10.0.0.0/33", "127.0.0.1:80", "none,::1"),
    "KABAR_SYNC_DAYS": ("0", "1.5", "1000000000"),
    "KABAR_SESSION_DAYS": ("0", "1.5", "1000000000"),
    "KABAR_SIGN_IN_FAILURES_PER_ACCOUNT": ("often", "10", "0/hour", "10/0 hours"),
    "KABAR_SIGN_IN_FAILURES_EVERYWHERE": ("100", "often/day"),
    "KABAR_SIGN_IN_FAILURES_PER_ADDRESS": ("10/fortnight", "10/hour;5/day"),
    "KABAR_REGISTRATIONS_PER_ADDRESS": ("-5/hour", "10/hour, 50/day"),
    "KABAR_EMAIL_CHANGES_PER_USER": ("0/day", "often"),
    "KABAR_USERNAME_CHANGES_PER_USER": ("0/day", "10"),
    "KABAR_PASSWORD_HASH_MEMORY_KIB": ("1024", "1000000000"),
    "KABAR_CONSOLE_PASSWORD": ("short", "a good password\n"),
    "KABAR_CONSOLE_FAILURES_PER_ADDRESS": ("never",),
    "KABAR_STORAGE_URL": ("ftp://host/x", "file:///", "file://host/x", "s3://", "/srv/files"),
    "KABAR_OUTBOUND_ALLOW": ("localhost", "10.0.0.0/33", "10.0.0.1:80"),
    "KABAR_LINK_PREVIEWS": ("-1", "6"),
    "KABAR_LINK_PREVIEW_IMAGES": ("perhaps",),
    "KABAR_UPLOAD_MAX_BYTES": ("0", "10000000000"),
    "KABAR_UPLOAD_QUOTA_BYTES": ("-1",),
    "KABAR_UPLOAD_TYPES": ("png", "*/png", "image/*;q=1"),
    "KABAR_UPLOAD_LINK_SECONDS": ("59", "86401"),
    "KABAR_UPLOADS_AT_ONCE": ("0",),
    "KABAR_UPLOADS_AT_ONCE_PER_USER": ("0",),
    "KABAR_MESSAGE_MAX_ATTACHMENTS": ("0", "101"),
    "KABAR_IMAGE_MAX_PIXELS": ("1000", "1000000000"),
    "KABAR_IMAGE_MAX_FRAMES": ("0",),
    "KABAR_CLAMAV_URL": ("http://host:3310", "tcp://", "tcp://host:0", "unix:clamd", "clamd"),
    "KABAR_CLAMAV_REQUIRED": ("perhaps",),
    "KABAR_MAX_BODY_BYTES": ("1",),
    "KABAR_BODY_TIMEOUT": ("0", "-1", "soon"),
    "KABAR_REQUEST_TIMEOUT": ("0", "inf", "nan", "soon"),
    "KABAR_MESSAGE_MAX_CHARACTERS": ("0", "2000000"),
    "KABAR_ROOM_MAX_PARTICIPANTS": ("1",),
    "KABAR_GROUPS_PER_USER": ("0", "many"),
    "KABAR_GROUPS_MADE_PER_USER": ("0/hour", "many"),
    "KABAR_BEFORE_SEND_URL": ("app.example/messages", "ftp://app.example/"),
    "KABAR_BEFORE_SEND_SECRET": ("whsec_dGlueQ==", "secret"),
    "KABAR_BEFORE_SEND_SECONDS": ("60", "0"),
    "KABAR_BEFORE_SEND_AT_ONCE": ("0", "many"),
    "KABAR_BEFORE_SEND_REQUIRED": ("perhaps", "2"),
    "KABAR_REPORTS_PER_USER": ("0/day", "many"),
    "KABAR_MAX_WAITING_WRITES": ("0",),
    "KABAR_MAX_WAITING_PER_USER": ("0", "some"),
    "KABAR_ERASED_MESSAGES": ("forget",),
    "KABAR_MESSAGE_DAYS": ("-1", "36501", "many"),
    "KABAR_EXPORT_DAYS": ("0", "366"),
    "KABAR_EXPORTS_PER_USER": ("0/day", "often"),
    "KABAR_SCHEDULED_MESSAGES_PER_USER": ("-1", "many"),
    "KABAR_DATABASE_TIMEOUT": ("0", "inf", "301"),
    "KABAR_SQLITE_SYNCHRONOUS": ("OFF",),
    "KABAR_SQLITE_READERS": ("0", "257"),
    "KABAR_POSTGRES_THREADS": ("3", "513"),
    "KABAR_CACHE_SECONDS": ("0", "1801"),
    "KABAR_CHANNEL_HISTORY": ("\0",),
    "KABAR_MAX_HISTORY_BYTES": ("1",),
    "KABAR_IDEMPOTENCY_SECONDS": ("0", "86401"),
    "KABAR_MAX_CONNECTIONS": ("-1",),
    "KABAR_MAX_CONNECTIONS_PER_ADDRESS": ("-1",),
    "KABAR_MAX_FALLBACK_SOCKETS": ("-1",),
    "KABAR_SOCKET_QUEUE_BYTES": ("0",),
    "KABAR_COMPRESSION": ("perhaps",),
    "KABAR_COMPRESSION_MIN_BYTES": ("-1",),
    "KABAR_ACTIVITY_TIMEOUT": ("0", "86401"),
    "KABAR_PONG_TIMEOUT": ("0",),
    "KABAR_DRAIN_SECONDS": ("60", "nan"),
}
RIGHT: dict[str, dict[str, Any]] = {
    "KABAR_HOST": {
        "::1": "::1",
        "[::1]": "::1",
        "localhost": "localhost",
        "fe80::1%lo": "fe80::1%lo",
    },
    "KABAR_PUBLIC_URL": {
        "https://chat.example/": "https://chat.example",
        "HTTP://chat.example:8080": "http://chat.example:8080",
        "http://[2001:db8::1]:8080": "http://[2001:db8::1]:8080",
    },
    "KABAR_DATABASE_URL": {"sqlite+aiosqlite:///x.db": "sqlite+aiosqlite:///x.db"},
    "KABAR_TRUSTED_PROXIES": {
        "none": ("none",),
        "*": ("*",),
        "10.0.0.0/8, [::1],": ("10.0.0.0/8", "[::1]"),
    },
    "KABAR_REGISTRATIONS_PER_ADDRESS": {"10 per 2 days": "10 per 2 days"},
    "KABAR_CHANNEL_HISTORY": {"[\n]": "[\n]"},
    "KABAR_CONSOLE_PASSWORD": {"a pässwörd with spaces": "a pässwörd with spaces"},
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a `.env` file."""
    monkeypatch.chdir(tmp_path)


def set_in_environment(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A zero byte cannot be in the environment, but in the file."""
    if "\0" in value:
        Path(".env").write_text(f"{name}='{value}'")
    else:
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_setting_is_named_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_in_environment(monkeypatch, name, value)
    with pytest.raises(CannotStart) as failure:
        read_settings()
    assert str(failure.value).startswith(f"{name}: ")
    assert "\n" not in str(failure.value)
    assert "secret" not in str(failure.value).replace("_SECRET", "")


def test_an_access_log_that_nobody_would_see_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_ACCESS_LOG", "true")
    assert read_settings(log_level="debug").access_log
    with pytest.raises(CannotStart, match="^KABAR_ACCESS_LOG: .* KABAR_LOG_LEVEL lets none"):
        read_settings(log_level="warning")


def test_every_setting_has_a_value_that_is_refused() -> None:
    assert {variable(name) for name in Settings.model_fields} <= set(WRONG)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [(name, *pair) for name, values in RIGHT.items() for pair in values.items()],
)
def test_a_right_setting_is_understood_however_people_write_it(
    name: str, value: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), name.removeprefix("KABAR_").lower()) == read


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_setting_is_unset(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files set what nobody has given a value; Laravel's `.env` comes that way."""
    for name in Settings.model_fields:
        monkeypatch.setenv(variable(name), empty)
    assert read_settings(host="") == Settings.model_construct()


def test_an_empty_setting_in_the_environment_leaves_that_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("KABAR_PORT=7\nPUSHER_APP_KEY=key\n")
    monkeypatch.setenv("KABAR_PORT", "")
    monkeypatch.setenv("PUSHER_APP_KEY", "")
    settings = read_settings()
    assert (settings.port, settings.pusher_app_key) == (7, "key")


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("KABAR_PORT=1\nKABAR_HOST=file\nKABAR_LOG_LEVEL=error\n")
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


def test_a_home_folder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(Path.cwd()))
    monkeypatch.setenv("KABAR_DATA", "~/kabar")
    assert read_settings().data == Path.cwd() / "kabar"


@pytest.mark.parametrize("content", [b"KABAR_PORT=\xff\n", "KABAR_PORT=7\n".encode("utf-16")])
def test_an_env_file_that_is_not_utf_8_is_named(content: bytes) -> None:
    Path(".env").write_bytes(content)
    with pytest.raises(CannotStart, match=r"^\.env cannot be read: it is not UTF-8$"):
        read_settings()


def test_an_env_file_that_cannot_be_read_is_named() -> None:
    Path(".env").symlink_to("/proc/self/mem")
    with pytest.raises(CannotStart, match=r"^\.env cannot be read: Input/output error$"):
        read_settings()


def test_an_env_file_may_begin_with_the_mark_of_an_editor() -> None:
    Path(".env").write_bytes(b"\xef\xbb\xbfKABAR_PORT=7\n")
    assert read_settings().port == 7


@pytest.mark.parametrize("line", ["KABAR_PORT 9000", "KABAR_PORT", "KABAR_SECRET='never closed"])
def test_a_line_of_ours_that_says_nothing_is_named(line: str) -> None:
    Path(".env").write_text(f"# others may write what they like\nwhatever this is\n{line}\n")
    with pytest.raises(CannotStart, match=r"^\.env: line 3 is not of the form NAME=value$"):
        read_settings()


def test_a_folder_of_that_name_is_no_file_of_settings() -> None:
    """Some call their virtual environment so."""
    Path(".env").mkdir()
    assert read_settings() == Settings.model_construct()


def test_what_is_set_and_is_no_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("KABAR_PROT=7\nkabar_port=8\nOTHER=1\n")
    monkeypatch.setenv("KABAR_TRUSTED_PROXY", "::1")
    monkeypatch.setenv("KABAR_ZZZ", "")
    # So Kubernetes tells of a service with our name.
    monkeypatch.setenv("KABAR_SERVICE_HOST", "10.0.0.1")
    assert misspelt_settings() == {
        "KABAR_PROT": "KABAR_PORT",
        "KABAR_TRUSTED_PROXY": "KABAR_TRUSTED_PROXIES",
        "KABAR_ZZZ": "",
    }
