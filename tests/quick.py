"""Which tests are quick: those that start no server and no browser; and what holds them to it."""

from __future__ import annotations

import pytest

#: they start what their name says; `database` may be the first of them, too
_SLOW_FIXTURES = frozenset({"postgresql", "browser"})

#: the test that runs; none, while a fixture of the whole session comes up outside of any
_running: list[pytest.Item] = []


def is_quick(item: pytest.Item) -> bool:
    """Whether `make test-quick` runs the test: it is no journey, and asks for nothing slow."""
    if item.get_closest_marker("journey") is not None:
        return False
    asked = set(getattr(item, "fixturenames", ()))
    call = getattr(item, "callspec", None)
    if call is not None:
        asked.update(value for value in call.params.values() if isinstance(value, str))
    return asked.isdisjoint(_SLOW_FIXTURES)


def runs(item: pytest.Item | None) -> None:
    """Remember which test runs now."""
    _running[:] = [] if item is None else [item]


def starts(program: str) -> None:
    """Say that the test that runs starts this: a quick one must not, or it soon is none."""
    for item in _running:
        if is_quick(item):
            pytest.fail(
                f"{item.nodeid} starts {program}: mark it `journey`, or ask for the fixture",
                pytrace=False,
            )
