"""A log line that cannot be written is lost, and that is all."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from kabar.core.log import configure_log, get_log
from kabar.core.log_lines import LogLines, tell
from tests.patience import in_time


def lost(count: int) -> str:
    return f"{count} lost\n"


class Pipe:
    """A pipe whose reader reads when it is told to."""

    def __init__(self) -> None:
        self.reads, writes = os.pipe()
        os.set_blocking(self.reads, False)
        self.stream = os.fdopen(writes, "w")
        self.lines = LogLines(self.stream, lost=lost)

    def read(self) -> str:
        return os.read(self.reads, 1 << 20).decode()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    os.close(made.reads)
    made.stream.close()


def test_a_full_device_costs_the_line_and_nothing_else() -> None:
    with Path("/dev/full").open("w") as full:
        lines = LogLines(full, lost=lost)
        for _ in range(3):
            assert lines.write("hello\n") == 6


def test_a_pipe_that_nobody_reads_is_waited_for_once(pipe: Pipe) -> None:
    """Two minutes and a half, if each of them waited."""
    with in_time():
        for _ in range(5_000):
            pipe.lines.write("x" * 999 + "\n")


def test_when_there_is_room_again_it_says_how_much_is_missing(pipe: Pipe) -> None:
    line = "x" * 9_999 + "\n"
    for _ in range(100):
        pipe.lines.write(line)
    *whole, torn = pipe.read().splitlines(keepends=True)
    assert set(whole) == {line}
    missing = 100 - len(whole)
    pipe.lines.write("next\n")
    assert pipe.read() == f"\n{missing} lost\nnext\n"
    assert line.startswith(torn)
    pipe.lines.write("and next\n")
    assert pipe.read() == "and next\n"


def test_a_pipe_whose_reader_is_gone_costs_the_line(pipe: Pipe) -> None:
    os.close(pipe.reads)
    pipe.lines.write("hello\n")
    pipe.reads = os.open(os.devnull, os.O_RDONLY)


def test_without_standard_error_there_is_no_log() -> None:
    LogLines(None, lost=lost).write("hello\n")


def test_what_is_closed_costs_the_line() -> None:
    stream = io.StringIO()
    lines = LogLines(stream, lost=lost)
    stream.close()
    lines.write("hello\n")


class Unspeakable:
    """What cannot be put into words."""

    def __repr__(self) -> str:
        raise ZeroDivisionError

    __str__ = __repr__


@pytest.mark.parametrize("as_json", [True, False])
def test_what_cannot_be_put_into_words_is_told_without_them(
    as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    try:
        configure_log(level="info", as_json=as_json)
        get_log("test").info("it happened", what=Unspeakable(), text="\ud800")
        # What things are called in the log is free.
        get_log("test").info("more", method="GET", name="a", level="x")
    finally:
        structlog.configure(**before)
    told = capsys.readouterr().err
    assert "it happened" in told
    assert "ZeroDivisionError" in told
    assert "GET" in told


@pytest.mark.parametrize("as_json", [True, False])
def test_what_a_library_logs_has_its_traceback(
    as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    try:
        configure_log(level="info", as_json=as_json)
        try:
            int("x")
        except ValueError:
            logging.getLogger("library").exception("it failed")
    finally:
        structlog.configure(**before)
    told = capsys.readouterr().err
    assert "it failed" in told
    assert "Traceback (most recent call last)" in told
    assert (told.count("\n") == 1) is as_json


def test_a_greeting_that_nobody_can_read_is_no_failure() -> None:
    program = "from kabar.core.log_lines import tell; tell('hello'); tell('hello'); print('more')"
    status = os.spawnlp(
        os.P_WAIT, "sh", "sh", "-c", '"$0" -c "$1" >/dev/full', sys.executable, program
    )
    assert status == 0


def test_a_line_for_a_person_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    tell("hello")
    tell("oh", sys.stderr)
    assert capsys.readouterr() == ("hello\n", "oh\n")
