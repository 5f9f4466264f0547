"""Files and messages: which files may go into one, and what becomes of them with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import insert, select, update

from kabar.core.ids import new_id
from kabar.features.uploads.models import HeldUpload, Upload, UploadState
from kabar.features.uploads.queries import KEPT, Kept
from kabar.features.uploads.schemas import Attached
from kabar.features.uploads.uploads import count_bytes, release
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Offered(NamedTuple):
    """A file that somebody wants to send."""

    owner_id: str | None
    is_free: bool
    #: the message that waits for its time and will have it
    scheduled_id: str | None
    attached: Attached

    def is_free_for(self, scheduled_id: str | None) -> bool:
        """Say whether a message may have it: this one that waited, or one that did not."""
        return self.is_free and self.scheduled_id in {None, scheduled_id}


_IDS = Rows("upload_ids")
_HELD = select(HeldUpload.scheduled_id).where(HeldUpload.upload_id == Upload.id).scalar_subquery()
_OFFERED = (
    KEPT.add_columns(_HELD)
    .where(
        Upload.id.in_(select(_IDS.text(0)).select_from(_IDS.table)),
        Upload.state.not_in((UploadState.ARRIVING, UploadState.RELEASED)),
    )
    .order_by(Upload.id)
)


def find_offered(tx: Transaction, upload_ids: Collection[str]) -> dict[str, Offered]:
    """Return those of the files that there are; nobody else sends them until the end of `tx`."""
    statement = _OFFERED.with_for_update(of=Upload) if tx.is_postgresql else _OFFERED
    rows = tx.execute(statement, {"upload_ids": as_rows((each,) for each in upload_ids)})
    found = [(Kept(*kept), held) for *kept, held in rows]
    return {
        kept.id: Offered(kept.owner_id, kept.message_id is None, held, kept.attached)
        for kept, held in found
    }


class GivenRow(NamedRow, frozen=True):
    """A file that a message has from now on."""

    upload_id: str
    message_id: str


_GIVEN = Rows("rows", of=GivenRow)
_GIVE = (
    update(Upload)
    .where(Upload.id == _GIVEN.text("upload_id"))
    .values(message_id=_GIVEN.text("message_id"))
)


def give_to_messages(tx: Transaction, rows: Sequence[GivenRow]) -> None:
    """Write which messages have which files."""
    tx.execute(_GIVE, {"rows": as_rows(rows)})


def release_of_messages(tx: Transaction, message_ids: Sequence[str]) -> None:
    """Give up the files of messages that are deleted for all."""
    if not message_ids:
        return
    found = select(Upload.id).where(Upload.message_id.in_(message_ids))
    if upload_ids := tx.execute(found).scalars().all():
        release(tx, upload_ids)


def hold(tx: Transaction, upload_ids: Sequence[str], scheduled_id: str) -> None:
    """Hold files for a message that is said later. They were offered in this transaction."""
    tx.execute(
        insert(HeldUpload),
        [{"upload_id": each, "scheduled_id": scheduled_id} for each in upload_ids],
    )


def release_held(tx: Transaction, scheduled_id: str) -> None:
    """Give up the files of a message that will not be said."""
    held = select(HeldUpload.upload_id).where(HeldUpload.scheduled_id == scheduled_id)
    release(tx, tx.execute(held).scalars().all(), only_unsent=True)


def copy_for(
    tx: Transaction, upload_ids: Sequence[str], *, owner_id: str | None
) -> dict[str, Attached]:
    """Return a copy of each file that there is, for another message of this person's, or nobody's.

    The bytes are there once. They stay until the last copy is released.
    """
    statement = KEPT.where(
        Upload.id.in_(upload_ids),
        Upload.state.in_((UploadState.WAITING, UploadState.READY, UploadState.BROKEN)),
    )
    if tx.is_postgresql:
        # Whoever releases the original waits until the copy is there.
        statement = statement.with_for_update(read=True)
    copies: dict[str, Attached] = {}
    for row in tx.execute(statement).all():
        kept = Kept(*row)
        copy_id = new_id()
        tx.execute(
            Upload.__table__.insert().values(  # type: ignore[attr-defined]
                id=copy_id,
                owner_id=owner_id,
                message_id=None,
                file=kept.file,
                name=kept.name,
                media_type=kept.media_type,
                size=kept.size,
                stored_size=kept.stored_size,
                thumbnail_size=kept.thumbnail_size,
                width=kept.width,
                height=kept.height,
                state=kept.state,
                due_at=tx.now,
                created_at=tx.now,
            )
        )
        copies[kept.id] = msgspec.structs.replace(kept.attached, id=copy_id)
        # Released by and by, they are taken off again; nobody is refused a forwarded message.
        if owner_id is not None:
            count_bytes(tx, owner_id, kept.size, quota=0)
    return copies
