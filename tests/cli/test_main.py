"""What is said of a failure that nobody foresaw, and of a command that says nothing."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from kabar.cli.main import _one_line, main
from kabar.core.errors import CannotStart, Unavailable


def secret_failure() -> Exception:
    try:
        int("the password is s3cret\nand more")
    except ValueError as failure:
        return failure
    raise AssertionError


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (CannotStart("two\nlines"), "two lines"),
        (Unavailable(), "The server cannot take this now. Try again in a moment."),
        (OSError(28, "No space left on device", "/data/x"), "/data/x: No space left on device"),
        (OSError(24, "Too many open files"), "Too many open files"),
        (
            secret_failure(),
            r"unexpected ValueError in test_main\.py, line \d+\. KABAR_LOG_LEVEL=debug shows .+",
        ),
    ],
)
def test_every_failure_is_one_line_without_anything_secret(failure: Exception, line: str) -> None:
    assert re.fullmatch(line, _one_line(failure))


def run(
    *arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[object, str, str]:
    monkeypatch.setattr(sys, "argv", ["kabar", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0, *capsys.readouterr()


@pytest.mark.parametrize("group", [(), ("apps",), ("keys",), ("outbox",)])
def test_who_says_nothing_is_shown_what_there_is(
    group: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(*group, monkeypatch=monkeypatch, capsys=capsys)

    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: {' '.join(('kabar', *group))} [OPTIONS] COMMAND")


def test_the_version_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run("--version", monkeypatch=monkeypatch, capsys=capsys)
    assert told == (0, f"kabar {version('kabar')}\n", "")


def test_an_option_that_is_wrong_is_called_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run("serve", "--port", "99999", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, err.partition(" Input")[0]) == (2, "kabar: --port:")

    monkeypatch.setenv("KABAR_PORT", "99999")
    code, _, err = run("serve", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, err.partition(" Input")[0]) == (2, "kabar: KABAR_PORT:")


@pytest.mark.parametrize("group", ["apps", "keys", "outbox"])
def test_who_only_looks_makes_nothing(
    group: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A mistyped folder was made, and had no apps but a new one."""
    (tmp_path / "empty").mkdir()
    for name, complaint in (("wrong", "there is no"), ("empty", "no Kabar has used the")):
        folder = tmp_path / name
        told = run(group, "list", "--data", str(folder), monkeypatch=monkeypatch, capsys=capsys)
        line = f"kabar: {complaint} data folder {folder}. `kabar serve` makes one; choose another "
        assert told == (2, "", f"{line}with --data\n")

    assert [*tmp_path.iterdir()] == [tmp_path / "empty"]
    assert not [*(tmp_path / "empty").iterdir()]
