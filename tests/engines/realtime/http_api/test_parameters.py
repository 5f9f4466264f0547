"""What a query string says: of two that are signed alike, both say the same."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabar.engines.realtime.http_api.calls import Rejection, VerifiedCall
from kabar.engines.realtime.http_api.parameters import Pair, read_query, values_of
from kabar.engines.realtime.protocol import signing
from tests.engines.realtime.support import APP

NAMES = st.sampled_from(["a", "A", "b", "a[]", "a[0]", "a[1]", "b[0]", "b[x]", "a&b", "=", ""])
VALUES = st.text(alphabet="ab&=,[]\n ", max_size=6)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=5)


def as_signed(text: str) -> list[Pair]:
    """Take a signed text apart again, which anybody would do in this way."""
    query = text.partition("\n")[2].partition("\n")[2]
    split = [part.partition("=") for part in query.split("&")] if query else []
    # What has no "=" belongs to the value before it.
    pairs: list[Pair] = []
    for name, sign, value in split:
        if sign:
            pairs.append((name, value))
        else:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}&{name}")
    return pairs


@given(PAIRS)
def test_what_is_signed_can_be_taken_apart_in_one_way_only(sent: list[Pair]) -> None:
    try:
        query = read_query(urlencode(sent))
    except Rejection:
        return
    for pairs in (query.pairs, query.joined):
        if pairs is not None:
            text = signing.http_text("GET", "/", pairs)
            assert values_of(as_signed(text)) == values_of(pairs)


@pytest.mark.parametrize(
    ("query", "text", "array"),
    [
        ("", None, []),
        ("info=", "", [""]),
        ("info=a,b", "a,b", ["a", "b"]),
        ("info[]=a&info[]=b", "a,b", ["a", "b"]),
        ("info[0]=a&info[1]=b", "a,b", ["a", "b"]),
        ("info%5B%5D=a,b", "a,b", ["a,b"]),
        ("INFO=a", "a", ["a"]),
    ],
)
def test_a_parameter_is_a_text_or_a_list(query: str, text: str | None, array: list[str]) -> None:
    call = VerifiedCall(app=APP, parameters=values_of(read_query(query).pairs))
    assert (call.parameter("info"), call.array("info")) == (text, array)
