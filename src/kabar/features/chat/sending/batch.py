"""A batch of messages, from first to last: read, decide, write, tell."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.core.errors import KabarError
from kabar.features.chat.receipts.marking import silent_readers
from kabar.features.chat.sending.deciding import Said, decide
from kabar.features.chat.sending.incoming import Send, Sent
from kabar.features.chat.sending.reading import read
from kabar.features.chat.sending.telling import tell
from kabar.features.chat.sending.writing import write
from kabar.infra.db import Transaction


def send_messages(tx: Transaction, sends: Sequence[Send]) -> list[Sent | KabarError]:
    """Send all of them in one transaction; each gets its message or its own error.

    This is the hottest path of Kabar. Its cost does not depend on how many participants a room
    has: nothing is written per participant, and only of those who listen is it read where they are.
    """
    known = read(tx, sends)
    outcomes, said = decide(known, sends, now=tx.now)
    silent = _silent_readers(tx, said)
    write(tx, said, silent)
    tell(tx, said, silent)
    return outcomes


def _silent_readers(tx: Transaction, said: Sequence[Said]) -> set[str]:
    """Of those who have read on by answering, and of whom they answer: who does not tell of it."""
    return silent_readers(
        tx, {reader for each in said if each.read_on_to is not None for reader in each.readers}
    )
