"""Ids look like Prisma's, are never the same, and sort by age."""

from __future__ import annotations

import re
import time

from kabar.core.ids import new_id


def test_an_id_has_the_form_of_prismas_cuid() -> None:
    assert all(re.fullmatch(r"c[0-9a-z]{24}", new_id()) for _ in range(1000))


def test_no_two_ids_are_the_same() -> None:
    assert len({new_id() for _ in range(100_000)}) == 100_000


def test_a_newer_id_sorts_after_an_older_one() -> None:
    older = new_id()
    until = time.time_ns() + 2_000_000
    while time.time_ns() < until:
        pass
    assert older < new_id()
