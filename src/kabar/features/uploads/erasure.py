"""Erasure: what uploads do when an account is erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.queries import lock_erased
from kabar.features.uploads.models import Upload, UploadState, UploadUsage
from kabar.features.uploads.uploads import release
from kabar.infra.db import Transaction

#: in one transaction
_AT_ONCE = 200


def let_files_go(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """What somebody brought and sent to nobody goes; what they sent stays with its message."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        unsent = (
            select(Upload.id)
            .where(
                Upload.owner_id == user_id,
                Upload.message_id.is_(None),
                Upload.state != UploadState.RELEASED,
            )
            .limit(_AT_ONCE)
        )
        upload_ids = tx.execute(unsent).scalars().all()
        if upload_ids:
            release(tx, upload_ids, only_unsent=True)
            # There may be more.
            lock_erased(tx, user_id)
            tx.emit(AccountErased(user_id=user_id))
        else:
            tx.execute(delete(UploadUsage).where(UploadUsage.user_id == user_id))
