"""Files of messages that wait for their time: whose they are, and that nobody else has them."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.features.chat.errors import AttachmentNotFound
from kabar.features.uploads.attaching import find_offered
from kabar.features.uploads.errors import UploadUsed
from kabar.features.uploads.schemas import Attached
from kabar.infra.db import Transaction


def require_offered(tx: Transaction, upload_ids: Sequence[str], *, owner_id: str) -> list[Attached]:
    """Return files of somebody that no message has, nor one that waits for its time."""
    if not upload_ids:
        return []
    offered = find_offered(tx, upload_ids)
    for upload_id in upload_ids:
        if upload_id not in offered or offered[upload_id].owner_id != owner_id:
            raise AttachmentNotFound
        if not offered[upload_id].is_free_for(None):
            raise UploadUsed
    return [offered[upload_id].attached for upload_id in upload_ids]
