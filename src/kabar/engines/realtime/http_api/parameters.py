"""What a query string says: one value for each name, in the two ways in which it may be signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kabar.engines.realtime.http_api.calls import Parameters, Rejection

#: a hundred channels in the query, and what every call has
_MAX_PARAMETERS = 250

_ARRAY = re.compile(r"(\w+)\[(\w*)\]")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a call, in the order in which they are signed.

    What is signed is `name=value&name=value`, sorted and not escaped. Two queries that would be
    signed alike must not be read differently, so those that leave a doubt are refused.
    """

    pairs: Sequence[Pair]
    #: the same, as PHP's SDK signs them; None where there are no arrays as it writes them
    joined: Sequence[Pair] | None

    def one(self, name: str) -> str:
        """Return a parameter that is no array, or nothing."""
        return next((value for each, value in self.pairs if each == name), "")


def read_query(text: str) -> Query:
    """Read what came behind the question mark. Raises a `Rejection` where there is a doubt."""
    try:
        sent = parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise Rejection(400, "Too many query string parameters") from None
    # Names are signed in lower case, so that is how they are read.
    found = [(name.lower(), value) for name, value in sent]
    _require_unique(found)
    for name, value in found:
        _require_clear(name, value)
    return Query(sorted(found, key=_name), _joined(found))


def values_of(pairs: Iterable[Pair]) -> Parameters:
    """Return what a handler may read of them."""
    found: dict[str, str | tuple[str, ...]] = {}
    for name, value in pairs:
        array = _ARRAY.fullmatch(name)
        if array is None:
            found[name] = value
        else:
            found[array[1]] = (*found.get(array[1], ()), value)
    return found


def _name(pair: Pair) -> str:
    return pair[0]


def _require_unique(pairs: Iterable[Pair]) -> None:
    """Only the values of `name[]` may repeat its name, and no array may be called like a text."""
    seen: set[str] = set()
    texts: set[str] = set()
    arrays: set[str] = set()
    for name, _ in pairs:
        array = _ARRAY.fullmatch(name)
        if name in seen and (array is None or array[2]):
            raise Rejection(400, f"Repeated query string parameter: {name[:200]}")
        seen.add(name)
        if array is None:
            texts.add(name)
        else:
            arrays.add(array[1])
    if both := texts & arrays:
        raise Rejection(400, f"Repeated query string parameter: {min(both)[:200]}")


def _require_clear(name: str, value: str) -> None:
    """Whoever reads what is signed must find the same names and values in it."""
    if "=" in name or "&" in name or any("=" in part for part in value.split("&")[1:]):
        raise Rejection(
            400,
            f"Ambiguous query string parameter: {name[:200]}. "
            "What has & and = in it can be sent in the body",
        )


def _joined(pairs: Sequence[Pair]) -> Sequence[Pair] | None:
    """Return the pairs as PHP's SDK signs them: it sends `name[0]=a&name[1]=b`, signs `name=a,b`.

    Only what comes back when that is split is taken for an array of PHP's.
    """
    arrays: dict[str, list[str]] = {}
    for name, array, value in _arrays(pairs):
        values = arrays.setdefault(name, [])
        if array != str(len(values)) or "," in value:
            return None
        values.append(value)
    if not arrays:
        return None
    texts = [(name, value) for name, value in pairs if not _ARRAY.fullmatch(name)]
    lists = [(name, ",".join(values)) for name, values in arrays.items()]
    return sorted([*texts, *lists], key=_name)


def _arrays(pairs: Iterable[Pair]) -> Iterator[tuple[str, str, str]]:
    for name, value in pairs:
        if array := _ARRAY.fullmatch(name):
            yield array[1], array[2], value
