"""Cursors: opaque to clients, strict towards made-up ones."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabar.infra.http.cursors import BadCursor, TimeCursor, read_cursor, write_cursor

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  Hypothesis wants it so


@given(
    st.datetimes(min_value=EPOCH, max_value=EPOCH.replace(year=9999)),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=25),
)
def test_what_is_written_is_read(time: datetime, row_id: str) -> None:
    time = time.replace(microsecond=time.microsecond // 1000 * 1000, tzinfo=UTC)
    cursor = TimeCursor.at(time, row_id)

    read = read_cursor(write_cursor(cursor), TimeCursor)

    assert read == cursor
    assert read.time == time


def test_no_cursor_is_the_start() -> None:
    assert read_cursor(None, TimeCursor) is None


@pytest.mark.parametrize(
    "json",
    [
        "",
        "null",
        "[]",
        "{}",
        "[1]",
        '["1","id"]',
        '[1,"id",2]',
        '[-1,"id"]',
        '[1.5,"id"]',
        "[1,2]",
        '[1,""]',
        '[1,"a\\u0000"]',
        '[9999999999999999,"id"]',
        '[1,"id"] ',
        "[" * 900,
        '[1,"' + "x" * 900 + '"]',
    ],
)
def test_one_that_was_made_up_is_refused(json: str) -> None:
    text = base64.urlsafe_b64encode(json.encode()).rstrip(b"=").decode()
    if json == '[1,"id"] ':
        assert read_cursor(text, TimeCursor) == TimeCursor(1, "id")
    else:
        with pytest.raises(BadCursor):
            read_cursor(text, TimeCursor)


@given(st.text())
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    try:
        read_cursor(text, TimeCursor)
    except BadCursor:
        pass
