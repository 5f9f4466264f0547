"""What is said of a failure that nobody foresaw."""

from __future__ import annotations

import re

import pytest

from kabar.cli.main import _one_line
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
