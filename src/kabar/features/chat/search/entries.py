"""Entries: by which words is a message found?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from kabar.features.chat.models import Message
from kabar.features.chat.search.kinds import kinds_of
from kabar.features.chat.search.scopes import block_of, kind_mark, scope, sender_mark
from kabar.features.chat.search.tables import SearchEntry
from kabar.features.chat.search.words import words_of
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Entry(NamedRow, frozen=True):
    """The words of a message, with spaces between them."""

    room_id: str
    seq: int
    words: str


def entry_of(
    *,
    room_id: str,
    seq: int,
    sender_id: str,
    content: str,
    message_type: str,
    attachments: str | None = None,
) -> Entry:
    """Return by what a message is found."""
    before = scope(room_id, block_of(seq))
    kinds = sorted(kinds_of(content=content, message_type=message_type, attachments=attachments))
    words = [sender_mark(sender_id), *map(kind_mark, kinds), *words_of(content)]
    return Entry(room_id, seq, " ".join(f"{before}{word}" for word in words))


class _AsWords(FunctionElement[str]):
    """A text with spaces as the words that are looked up."""

    name = "as_words"
    inherit_cache = True
    type = Text()


@compiles(_AsWords, "sqlite")
def _in_sqlite(element: _AsWords, compiler: SQLCompiler, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(_AsWords, "postgresql")
def _in_postgresql(element: _AsWords, compiler: SQLCompiler, **kw: Any) -> str:
    return f"array_to_tsvector(string_to_array({compiler.process(element.clauses, **kw)}, ' '))"


def _as_words(text: ColumnElement[str]) -> Any:
    return _AsWords(text)


_NEW = Rows("entries", of=Entry)
_COLUMNS: dict[Any, Any] = {
    SearchEntry.room_id: _NEW.text("room_id"),
    SearchEntry.seq: _NEW.integer("seq"),
    SearchEntry.created_at: Message.created_at,
    SearchEntry.words: _as_words(_NEW.text("words")),
}
_SELECTED = (
    select(*_COLUMNS.values())
    .select_from(in_this_order(_NEW.table, Message))
    .where(Message.room_id == _NEW.text("room_id"), Message.seq == _NEW.integer("seq"))
)
_INSERTS: dict[bool, Any] = {
    is_postgresql: insert(SearchEntry).from_select(list(_COLUMNS), _SELECTED)
    for is_postgresql, insert in ((False, sqlite.insert), (True, postgresql.insert))
}
_PLACE = [SearchEntry.room_id, SearchEntry.seq]
_ADD = {
    key: insert.on_conflict_do_nothing(index_elements=_PLACE) for key, insert in _INSERTS.items()
}
_PUT = {
    key: insert.on_conflict_do_update(index_elements=_PLACE, set_={"words": insert.excluded.words})
    for key, insert in _INSERTS.items()
}


def add_entries(tx: Transaction, entries: Iterable[Entry]) -> None:
    """Write entries of messages that have none."""
    tx.execute(_ADD[tx.is_postgresql], {"entries": as_rows(entries)})


def change_entry(tx: Transaction, entry: Entry) -> None:
    """Let a message be found by its new words, and by the old ones no more."""
    tx.execute(_PUT[tx.is_postgresql], {"entries": as_rows([entry])})


_SEQS = Rows("seqs")
_REMOVED = delete(SearchEntry).where(
    SearchEntry.room_id == bindparam("of_room"),
    SearchEntry.seq.in_(select(_SEQS.integer(0)).select_from(_SEQS.table)),
)


def remove_entries(tx: Transaction, *, room_id: str, seqs: Iterable[int]) -> None:
    """Keep no word of messages that were deleted."""
    tx.execute(_REMOVED, {"of_room": room_id, "seqs": as_rows((seq,) for seq in seqs)})
