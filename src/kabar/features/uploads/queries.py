"""Reading uploads: what one may download, and as what."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from kabar.features.accounts.models import User
from kabar.features.accounts.suspension import NOT_SUSPENDED
from kabar.features.uploads.errors import UploadNotFound
from kabar.features.uploads.models import Upload, UploadState
from kabar.features.uploads.schemas import Attached
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of

#: says whether somebody may see a message at this moment: chat knows
MaySee = Callable[[Transaction, str, str], bool]


class Kept(NamedRow, frozen=True):
    """A file as it is kept."""

    id: str
    owner_id: str | None
    message_id: str | None
    file: str
    name: str
    media_type: str
    size: int
    stored_size: int
    thumbnail_size: int | None
    width: int | None
    height: int | None
    state: str

    @property
    def attached(self) -> Attached:
        return Attached(
            id=self.id,
            name=self.name,
            media_type=self.media_type,
            size=self.size,
            width=self.width,
            height=self.height,
        )


KEPT = select(
    *columns_of(
        Kept,
        id=Upload.id,
        owner_id=Upload.owner_id,
        message_id=Upload.message_id,
        file=Upload.file,
        name=Upload.name,
        media_type=Upload.media_type,
        size=Upload.size,
        stored_size=Upload.stored_size,
        thumbnail_size=Upload.thumbnail_size,
        width=Upload.width,
        height=Upload.height,
        state=Upload.state,
    )
)


def require_visible(tx: Transaction, *, upload_id: str, user_id: str, may_see: MaySee) -> Kept:
    """Return a file that this person may see now: their own, or one of a message of theirs."""
    row = tx.execute(
        KEPT.where(
            Upload.id == upload_id,
            Upload.state.not_in((UploadState.ARRIVING, UploadState.RELEASED)),
            # A signed address outlives the session it was made for.
            select(User.id).where(User.id == user_id, NOT_SUSPENDED).exists(),
        ),
        {"now": tx.now},
    ).one_or_none()
    if row is None:
        raise UploadNotFound
    kept = Kept(*row)
    if kept.message_id is None:
        if kept.owner_id != user_id:
            raise UploadNotFound
    elif not may_see(tx, user_id, kept.message_id):
        raise UploadNotFound
    return kept


def attached_of(tx: Transaction, upload_id: str) -> Attached:
    return Kept(*tx.execute(KEPT.where(Upload.id == upload_id)).one()).attached
