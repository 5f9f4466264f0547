"""The apps file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.apps import Apps, read_apps_file

FILE = """
[[apps]]
id = "1"
key = "app-key"
secret = "app-secret"
enabled = true
client_events = true
client_events_per_second = 10   # per connection; 0 = no limit
subscription_count = true
watchlist = true
max_connections = 0
authorized_connections = false
authorization_timeout = 30
encryption_master_key = ""

[[apps.webhooks]]
url = "http://127.0.0.1:9000/hook"
events = ["channel_occupied", "client_event"]
channel_prefix = "private-"
batch = true

[[apps]]
id = "2"
key = "k2"
secret = "s2"
enabled = false
"""


def test_the_file_is_read_and_its_first_app_is_kabars_own(tmp_path: Path) -> None:
    path = tmp_path / "apps.toml"
    path.write_text(FILE)

    apps = read_apps_file(path)

    hook = Webhook(
        url="http://127.0.0.1:9000/hook",
        events=("channel_occupied", "client_event"),
        channel_prefix="private-",
        batch=True,
    )
    assert apps.own == App(id="1", key="app-key", secret="app-secret", webhooks=(hook,))
    second = apps.find_by_key("k2")
    assert second is not None
    assert not second.enabled
    assert apps.find_by_id("2") is second
    assert [app.id for app in apps] == ["1", "2"]
    assert apps.find_by_key("nobody's") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "apps"),
        ("apps = []", "at least one app"),
        ('[[apps]]\nid="1"\nkey="k"', "secret"),
        ('[[apps]]\nid=1\nkey="k"\nsecret="s"', "str"),
        ('[[apps]]\nid="1"\nkey=""\nsecret="s"', "key"),
        ('[[apps]]\nid="1"\nkey="k"\nsecret="s"\nsecrets="t"', "secrets"),
        ('[[apps]]\nid="1"\nkey="k"\nsecret="s"\n' * 2, "same id"),
        ('[[apps]]\nid="1"\nkey="k"\nsecret="s"\n[[apps]]\nid="2"\nkey="k"\nsecret="s"', "same"),
        ("[[apps", "toml"),
        *(
            (f'[[apps]]\nid="1"\nkey="k"\nsecret="s"\nencryption_master_key="{key}"', "32 bytes")
            for key in ("c2hvcnQ=", "A" * 32, "not base64, but long enough to be 32 bytes")
        ),
    ],
)
def test_a_wrong_file_is_one_line_that_says_what(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "apps.toml"
    path.write_text(text)
    with pytest.raises(CannotStart) as caught:
        read_apps_file(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_line_too(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot read the apps file"):
        read_apps_file(tmp_path / "nowhere.toml")


def test_there_is_no_registry_without_an_app() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Apps([])
