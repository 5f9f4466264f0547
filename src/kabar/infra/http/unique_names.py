"""JSON in which a name stands twice: what one reader takes, another does not see."""

from __future__ import annotations

import json
from typing import Any

from kabar.core.errors import BadRequest


class RepeatedName(BadRequest):
    """A name stands twice in one object."""


class NestedTooDeep(BadRequest):
    """This JSON is nested too deep."""

    code = "malformed_json"


def require_unique_names(body: bytes) -> None:
    """Raise `RepeatedName` for JSON that could be read in two ways.

    It tells nothing else of the body, which has been read already; but what another reader has
    gone through, and this one cannot, may hold anything (`NestedTooDeep`).
    """
    try:
        _look(body.decode())
    except ValueError:
        return
    except RecursionError:
        raise NestedTooDeep from None


def _unique(pairs: list[tuple[str, Any]]) -> None:
    names = {name for name, _ in pairs}
    if len(names) < len(pairs):
        raise RepeatedName


# Nothing is kept of the values: numbers of any length cost nothing.
_look = json.JSONDecoder(object_pairs_hook=_unique, parse_int=len, parse_float=len).decode
