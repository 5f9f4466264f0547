"""Queries: what somebody looks for, as they typed it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import regex

from kabar.core.errors import FieldError, Invalid
from kabar.features.chat.search.kinds import Kind
from kabar.features.chat.search.scopes import kind_mark, sender_mark
from kabar.features.chat.search.words import Phrase, Sought, atoms_of

MAX_CHARACTERS = 200
MAX_WORDS = 12
#: of one message, so many places are shown
MAX_HIGHLIGHTS = 100

_TERM = regex.compile(r'["“”„]([^"“”„]*)["“”„]?|([^\s"“”„]+)')


class Query(NamedTuple):
    """What a message must have to be found: all of it."""

    phrases: tuple[Phrase, ...] = ()
    sender_id: str | None = None
    kind: Kind | None = None
    before: datetime | None = None
    after: datetime | None = None

    def sought(self) -> list[Sought]:
        """Return what is looked up: whatever has not all of it is not found."""
        marks = [] if self.sender_id is None else [sender_mark(self.sender_id)]
        marks += [] if self.kind is None else [kind_mark(self.kind)]
        words = [word for phrase in self.phrases for word in phrase.sought()]
        return list(dict.fromkeys([*(Sought(mark, False) for mark in marks), *words]))

    def highlights(self, content: str) -> list[tuple[int, int]] | None:
        """Return where in a content it stands, in JavaScript's characters; None: it does not."""
        atoms = atoms_of(content)
        places: list[tuple[int, int]] = []
        for phrase in self.phrases:
            found = phrase.find(content, atoms)
            if not found:
                return None
            places += found
        return _in_utf16(content, _merged(places)[:MAX_HIGHLIGHTS])


def read_query(
    text: str,
    *,
    sender_id: str | None = None,
    kind: Kind | None = None,
    before: datetime | None = None,
    after: datetime | None = None,
) -> Query:
    """Return what was typed as a query. Words are found at the beginning of words, what is in
    quotes only as it is."""
    phrases = []
    for quoted, plain in _TERM.findall(text):
        atoms = tuple(atoms_of(quoted or plain))
        if atoms:
            phrases.append(Phrase(atoms, is_open=not quoted))
    query = Query(tuple(phrases), sender_id, kind, before, after)
    sought = query.sought()
    if not sought:
        raise Invalid(errors=[FieldError("q", "must have a word or a number to look for")])
    if len(sought) > MAX_WORDS:
        raise Invalid(errors=[FieldError("q", f"must have at most {MAX_WORDS} words")])
    return query


def read_time(name: str, text: str | None) -> datetime | None:
    """Return a time of the query, which must say in which zone it is."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = "must be a time with a zone, as in 2026-11-29T08:15:30Z"
    raise Invalid(errors=[FieldError(name, message)])


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order, and those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _in_utf16(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Count as JavaScript does: what is beyond U+FFFF is two."""
    if not places or max(text) <= "\uffff":
        return places
    before = [0]
    for character in text:
        before.append(before[-1] + 1 + (character > "\uffff"))
    return [(before[start], before[end]) for start, end in places]
