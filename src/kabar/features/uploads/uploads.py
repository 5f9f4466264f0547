"""Uploads from their first row to their last: begun, kept, made anew, released, gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.uploads.errors import NoRoomForFiles, UploadNotFound, UploadUsed
from kabar.features.uploads.models import DUE, HeldUpload, Upload, UploadState, UploadUsage
from kabar.features.uploads.queries import attached_of
from kabar.features.uploads.schemas import Attached
from kabar.infra.db import Transaction

#: of one who sends nothing with what they uploaded
_ORPHAN_AGE = timedelta(hours=24)
#: after that long somebody else does what one began
LEASE = timedelta(minutes=5)
_IS_HELD = exists().where(HeldUpload.upload_id == Upload.id)


def begin_upload(
    tx: Transaction,
    *,
    owner_id: str,
    name: str,
    media_type: str,
    size: int,
    dimensions: tuple[int, int] | None,
    quota: int,
) -> str:
    """Note a file before it is stored, so that none is ever stored that nobody knows of."""
    count_bytes(tx, owner_id, size, quota=quota)
    upload_id = new_id()
    width, height = dimensions or (None, None)
    tx.execute(
        Upload.__table__.insert().values(  # type: ignore[attr-defined]
            id=upload_id,
            owner_id=owner_id,
            message_id=None,
            file=upload_id,
            name=name,
            media_type=media_type,
            size=size,
            stored_size=size,
            thumbnail_size=None,
            width=width,
            height=height,
            state=UploadState.ARRIVING,
            due_at=tx.now,
            created_at=tx.now,
        )
    )
    return upload_id


def finish_upload(tx: Transaction, *, upload_id: str) -> Attached:
    """Say that its bytes are stored: from now on it can be sent."""
    row = tx.execute(
        select(Upload.width).where(Upload.id == upload_id, Upload.state == UploadState.ARRIVING)
    ).one_or_none()
    if row is None:
        raise UploadNotFound
    state = UploadState.READY if row.width is None else UploadState.WAITING
    tx.execute(update(Upload).where(Upload.id == upload_id).values(state=state, due_at=tx.now))
    return attached_of(tx, upload_id)


def require_upload(tx: Transaction, made: Attached) -> Attached:
    """Return a file that somebody sent as it is now, if it is still there."""
    kept = select(Upload.id).where(Upload.id == made.id, Upload.state != UploadState.RELEASED)
    if tx.execute(kept).first() is None:
        raise UploadNotFound
    return attached_of(tx, made.id)


def discard_upload(tx: Transaction, *, upload_id: str, user_id: str) -> None:
    """Let a file go that one has not sent."""
    row = tx.execute(
        select(Upload.message_id, Upload.state, _IS_HELD.label("is_held")).where(
            Upload.id == upload_id, Upload.owner_id == user_id
        )
    ).one_or_none()
    if row is None or row.state == UploadState.RELEASED:
        raise UploadNotFound
    if row.message_id is not None or row.is_held:
        raise UploadUsed
    # Whoever sends it at this moment comes before this or after.
    release(tx, [upload_id], only_unused=True)


def release(
    tx: Transaction,
    upload_ids: Sequence[str],
    *,
    only_unsent: bool = False,
    only_unused: bool = False,
) -> None:
    """Give files up: nobody gets them any more, and their bytes go soon.

    Unsent is what no message has; unused what is not held for one that waits either.
    """
    which = [Upload.id.in_(upload_ids), Upload.state != UploadState.RELEASED]
    if only_unsent or only_unused:
        which.append(Upload.message_id.is_(None))
    if only_unused:
        # Whoever is sending one of them, now or later, comes before what is read next.
        tx.execute(select(Upload.id).where(Upload.id.in_(upload_ids)).with_for_update())
        which.append(~_IS_HELD)
    released = tx.execute(
        update(Upload)
        .where(*which)
        .values(state=UploadState.RELEASED, message_id=None, due_at=tx.now)
        .returning(Upload.owner_id, Upload.size)
    ).all()
    for owner_id, size in released:
        if owner_id is not None:
            count_bytes(tx, owner_id, -size, quota=0)


def release_orphans(tx: Transaction) -> None:
    """Release what nobody has sent within a day, and what the message of which is gone."""
    while (
        orphans := tx.execute(
            select(Upload.id)
            .where(
                Upload.message_id.is_(None),
                ~_IS_HELD,
                Upload.created_at < tx.now - _ORPHAN_AGE,
                Upload.state != UploadState.RELEASED,
            )
            .limit(500)
        )
        .scalars()
        .all()
    ):
        release(tx, orphans, only_unused=True)


def claim_due(tx: Transaction, *, state: UploadState, most: int) -> list[tuple[str, str, int]]:
    """Return some (id, file, stored size) of a state that are due, and are now ours to look at.

    People take turns: who sends a thousand pictures holds up nobody who sends one.
    """
    is_due = and_(DUE, Upload.state == state, Upload.due_at <= tx.now)
    turn = func.row_number().over(partition_by=Upload.owner_id, order_by=Upload.due_at)
    ranked = select(Upload.id, Upload.due_at, turn.label("turn")).where(is_due).subquery()
    next_ones = select(ranked.c.id).order_by(ranked.c.turn, ranked.c.due_at).limit(most)
    claimed = select(Upload.id).where(Upload.id.in_(next_ones), is_due)
    if tx.is_postgresql:
        claimed = claimed.with_for_update(skip_locked=True)
    ids = tx.execute(claimed).scalars().all()
    if not ids:
        return []
    rows = tx.execute(
        update(Upload)
        .where(Upload.id.in_(ids))
        .values(due_at=tx.now + LEASE)
        .returning(Upload.id, Upload.file, Upload.stored_size)
    )
    return [(row.id, row.file, row.stored_size) for row in rows]


def note_made(tx: Transaction, *, file: str, stored_size: int, thumbnail_size: int) -> None:
    """Say that a picture was made anew."""
    tx.execute(
        update(Upload)
        .where(Upload.file == file, Upload.state == UploadState.WAITING)
        .values(state=UploadState.READY, stored_size=stored_size, thumbnail_size=thumbnail_size)
    )


def note_broken(tx: Transaction, *, file: str) -> None:
    """Say that a picture could not be made anew."""
    tx.execute(
        update(Upload)
        .where(Upload.file == file, Upload.state == UploadState.WAITING)
        .values(state=UploadState.BROKEN)
    )


def is_last_of(tx: Transaction, upload_id: str, file: str) -> bool:
    """Say whether nobody else has the bytes of a file that was released."""
    others = select(func.count()).where(
        Upload.file == file, Upload.id != upload_id, Upload.state != UploadState.RELEASED
    )
    return not tx.execute(others).scalar_one()


def forget(tx: Transaction, upload_ids: Sequence[str]) -> None:
    """Delete the rows of files whose bytes are gone."""
    tx.execute(
        delete(Upload).where(Upload.id.in_(upload_ids), Upload.state == UploadState.RELEASED)
    )


def count_bytes(tx: Transaction, user_id: str, size: int, *, quota: int) -> None:
    """Count what somebody has more, or less. Raises `NoRoomForFiles` beyond the quota, if any."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    counted = tx.execute(
        insert(UploadUsage)
        .values(user_id=user_id, bytes=max(0, size))
        .on_conflict_do_update(
            index_elements=[UploadUsage.user_id], set_={"bytes": UploadUsage.bytes + size}
        )
        .returning(UploadUsage.bytes)
    ).scalar_one()
    if quota and size > 0 and counted > quota:
        raise NoRoomForFiles
