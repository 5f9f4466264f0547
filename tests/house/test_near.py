"""What a change makes the first tests of `make test-quick`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import near

_TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("changed", "first", "then"),
    [
        ("tests/core/test_text.py", "core/test_text.py", "core/test_ids.py"),
        ("src/kabar/core/ids.py", "core/test_ids.py", "infra/db/test_order_of_telling.py"),
        (
            "src/kabar/features/chat/pins/routes.py",
            "house/test_docs.py",
            "features/chat/test_pins.py",
        ),
        (
            "src/kabar/features/chat/pins/routes.py",
            "features/chat/test_pins.py",
            "core/test_text.py",
        ),
        ("src/kabar/features/chat/text.py", "features/chat/test_text.py", "core/test_text.py"),
    ],
)
def test_what_shares_more_with_a_change_is_nearer(changed: str, first: str, then: str) -> None:
    assert near._distance(_TESTS / first, (changed,)) < near._distance(_TESTS / then, (changed,))
