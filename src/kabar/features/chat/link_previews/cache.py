"""Cache: pages that were looked at, so that a link that goes round is looked at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.features.chat.link_previews.models import LinkPage
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of

#: Shorter than a day: then a picture that no message has is collected.
_BELIEVED = timedelta(hours=12)
#: of a page that could not be read
_BELIEVED_OF_NONE = timedelta(minutes=10)
#: after that long somebody else looks
_LEASE = timedelta(seconds=60)


class Known(NamedRow, frozen=True):
    """What is known of a page; without a title, that there is nothing to show."""

    title: str | None
    description: str | None
    image_id: str | None


_KNOWN = select(
    *columns_of(
        Known,
        title=LinkPage.title,
        description=LinkPage.description,
        image_id=LinkPage.image_id,
    )
)


def find_page(tx: Transaction, url: str) -> Known | None:
    """Return what is known and still believed."""
    row = tx.execute(
        _KNOWN.where(
            LinkPage.url == url, LinkPage.fetched_at.is_not(None), LinkPage.due_at > tx.now
        )
    ).one_or_none()
    return None if row is None else Known(*row)


def claim_page(tx: Transaction, url: str) -> bool:
    """Say whether the page is the caller's to look at now; else somebody does, or has done so."""
    insert: Any = postgresql.insert if tx.is_postgresql else sqlite.insert
    values = {"due_at": tx.now + _LEASE, "fetched_at": None}
    claimed = tx.execute(
        insert(LinkPage)
        .values(url=url, **values)
        .on_conflict_do_update(
            index_elements=[LinkPage.url], set_=values, where=LinkPage.due_at <= tx.now
        )
        .returning(LinkPage.url)
    )
    return claimed.first() is not None


def note_page(tx: Transaction, url: str, known: Known) -> None:
    """Say what was found there."""
    believed = _BELIEVED_OF_NONE if known.title is None else _BELIEVED
    tx.execute(
        update(LinkPage)
        .where(LinkPage.url == url)
        .values(
            title=known.title,
            description=known.description,
            image_id=known.image_id,
            fetched_at=tx.now,
            due_at=tx.now + believed,
        )
    )


def give_page_back(tx: Transaction, url: str) -> None:
    """Let somebody look who has the time."""
    tx.execute(delete(LinkPage).where(LinkPage.url == url, LinkPage.fetched_at.is_(None)))


def forget_pages(tx: Transaction) -> None:
    """Drop what is no longer believed."""
    tx.execute(delete(LinkPage).where(LinkPage.due_at <= tx.now))
