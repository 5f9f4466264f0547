"""Which rule a channel has, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings
from kabar.engines.realtime.apps.apps import read_apps_file
from kabar.engines.realtime.apps.history_rules import (
    HistoryRule,
    Rewind,
    find_rule,
    parse_rewind,
    read_history_rules,
)
from kabar.engines.realtime.node.app_changes import change_apps
from kabar.server.data_folder import DataFolder
from kabar.server.from_settings import given_apps
from tests.engines.realtime.history.support import after, app_with, come, data_of, heard, say
from tests.engines.realtime.support import Loopless

FILE = """
[[apps]]
id = "1"
key = "k"
secret = "s"

[[apps.history]]
prefix = "private-news-"
size = 50
seconds = 600
rewind = "30s"
"""


def rule(prefix: str) -> HistoryRule:
    return HistoryRule(prefix=prefix)


@pytest.mark.parametrize(
    ("channel", "prefix"),
    [
        ("news-a", "news-"),
        ("news-long-a", "news-long-"),
        ("private-news-a", None),
        ("new", None),
        ("news-", "news-"),
    ],
)
def test_the_longest_prefix_wins_wherever_it_stands(channel: str, prefix: str | None) -> None:
    rules = [rule("news-"), rule("news-long-"), rule("other-")]
    for each in (rules, rules[::-1]):
        found = find_rule(each, channel)
        assert (found.prefix if found else None) == prefix


@pytest.mark.parametrize(
    ("value", "rewind"),
    [
        (0, Rewind()),
        ("0", Rewind()),
        (20, Rewind(events=20)),
        ("20", Rewind(events=20)),
        ("30s", Rewind(seconds=30)),
    ],
)
def test_a_rewind_is_a_number_of_events_or_of_seconds(value: object, rewind: Rewind) -> None:
    assert parse_rewind(value) == rewind


@pytest.mark.parametrize(
    "value", [-1, "-1", "", "s", "1.5", 1.5, True, None, [], {}, "30 s", "9" * 10, 10**9, "٣"]
)
def test_nothing_else_is_a_rewind(value: object) -> None:
    with pytest.raises(ValueError, match="a number of events"):
        parse_rewind(value)


def test_the_apps_file_says_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "apps.toml"
    path.write_text(FILE)
    expected = HistoryRule(prefix="private-news-", size=50, seconds=600, rewind="30s")
    assert read_apps_file(path).own.history == (expected,)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("size = 0", ">= 1"),
        ("size = 10_001", "<= 10000"),
        ("seconds = 0", ">= 1"),
        ("seconds = 604_801", "<= 604800"),
        ('rewind = "soon"', "rewind of the history of 'x'"),
        ("rewind = 1.5", "float"),
        ("depth = 1", "unknown field `depth`"),
        ('[[apps.history]]\nprefix = "x"', "two rules of history have the prefix 'x'"),
    ],
)
def test_a_rule_that_is_wrong_stops_the_start(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "apps.toml"
    path.write_text(f'[[apps]]\nid="1"\nkey="k"\nsecret="s"\n[[apps.history]]\nprefix="x"\n{line}')
    with pytest.raises(CannotStart, match=says):
        read_apps_file(path)


def test_the_setting_is_for_kabars_own_app(tmp_path: Path) -> None:
    settings = Settings(channel_history='[{"prefix":"news-","size":5,"rewind":2}]')
    (own,) = given_apps(settings, DataFolder(tmp_path)).apps
    (rule,) = own.history
    assert rule == HistoryRule(prefix="news-", size=5, rewind=2)
    (own,) = given_apps(Settings(), DataFolder(tmp_path)).apps
    assert own.history == ()


@pytest.mark.parametrize(
    "text", ["nonsense", "{}", '[{"size":1}]', '[{"prefix":1}]', '[{"prefix":"a"},{"prefix":"a"}]']
)
def test_a_setting_that_is_wrong_is_named(text: str) -> None:
    with pytest.raises(CannotStart, match="^KABAR_CHANNEL_HISTORY: "):
        read_history_rules(text)


def test_the_setting_does_not_go_with_an_apps_file(tmp_path: Path) -> None:
    """It would be for nothing, and nobody would notice."""
    path = tmp_path / "apps.toml"
    path.write_text(FILE)
    settings = Settings(apps_file=path, channel_history='[{"prefix":"news-"}]')
    with pytest.raises(CannotStart, match="KABAR_CHANNEL_HISTORY: there is an apps file"):
        given_apps(settings, DataFolder(tmp_path))


def test_what_was_said_while_there_was_no_rule_is_not_taken_for_nothing() -> None:
    """Under the rule that comes back, the numbers begin anew: there is a hole before them."""
    rules = HistoryRule(prefix="news-"), HistoryRule(prefix="")
    loopless = Loopless(app_with(*rules))
    socket, _, _ = come(loopless, "news-a")
    come(loopless, "other", on=socket)
    say(loopless, "news-a", "before")
    say(loopless, "other", "before")
    on_news, on_other = heard(loopless, socket)

    for without in ((), rules[1:]):
        change_apps(loopless.node, [app_with(*without)])
        say(loopless, "news-a", "unheard")
        change_apps(loopless.node, [app_with(*rules)])

        _, succeeded, events = come(loopless, "news-a", **after(on_news))
        assert (succeeded["recovered"], data_of(events)) == (False, [])
        say(loopless, "news-a", "again")
        on_news = heard(loopless, socket)[-1]

    _, succeeded, _ = come(loopless, "other", **after(on_other))
    assert succeeded["recovered"] is False, "it had no rule for a while either"


def test_a_channel_whose_rule_stays_knows_what_it_knew() -> None:
    kept, gone = HistoryRule(prefix="news-"), HistoryRule(prefix="")
    loopless = Loopless(app_with(kept, gone))
    socket, _, _ = come(loopless, "news-a")
    say(loopless, "news-a", "a")
    (first,) = heard(loopless, socket)

    change_apps(loopless.node, [app_with(kept)])
    say(loopless, "news-a", "b")

    _, succeeded, events = come(loopless, "news-a", **after(first))
    assert (succeeded["recovered"], data_of(events)) == (True, ["b"])
