"""What files cost: nothing where there are none, and never more than what is touched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from kabar.core.times import utc_now
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.models import Message
from kabar.features.chat.queries import may_see_message
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.uploads.models import Upload, UploadState
from kabar.features.uploads.queries import require_visible
from kabar.features.uploads.uploads import (
    begin_upload,
    claim_due,
    finish_upload,
    forget,
    is_last_of,
    release_orphans,
)
from kabar.infra.db import Database, Transaction
from tests.crowded import Crowded, crowded
from tests.plans import heard, walks_through


def fill(tx: Transaction, place: Crowded, count: int) -> None:
    """Add so many files that were sent."""
    ann, at = place.ann.user_id, utc_now() - timedelta(days=9)
    messages = tx.execute(select(Message.id).limit(count)).scalars().all()
    assert len(messages) == count
    tx.execute(
        Upload.__table__.insert(),  # type: ignore[attr-defined]
        [
            {
                "id": f"upload{number}",
                "owner_id": ann,
                "message_id": message_id,
                "file": f"upload{number}",
                "name": "a.txt",
                "media_type": "text/plain",
                "size": 1,
                "stored_size": 1,
                "state": UploadState.READY,
                "due_at": at,
                "created_at": at,
            }
            for number, message_id in enumerate(messages)
        ],
    )
    if tx.is_postgresql:
        tx.execute(text("ANALYZE"))


def begun(tx: Transaction, user_id: str) -> str:
    upload_id = begin_upload(
        tx,
        owner_id=user_id,
        name="a.txt",
        media_type="text/plain",
        size=1,
        dimensions=None,
        quota=100,
    )
    return finish_upload(tx, upload_id=upload_id).id


def sent(tx: Transaction, place: Crowded, *upload_ids: str) -> Any:
    draft = MessageDraft(room_id=place.room_id, content="Hi", attachment_ids=[*upload_ids])
    (outcome,) = send_messages(tx, [Send(place.ann, draft, None, Audience(None))])
    return outcome


async def test_a_message_without_files_asks_nothing_about_files(db: Database) -> None:
    place = await crowded(db, direct_rooms=2, groups=())

    with heard(db) as said:
        await db.write(sent, place)

    assert said
    assert [each.statement for each in said if "KabarUpload" in each.statement] == []


async def test_no_plan_walks_through_the_files(db: Database) -> None:
    place = await crowded(db, direct_rooms=3000, groups=())
    await db.write(fill, place, 3000)
    ann = place.ann.user_id

    with heard(db) as said:
        upload_id = await db.write(begun, ann)
        message = (await db.write(sent, place, upload_id)).message
        await db.read(require_visible, upload_id=upload_id, user_id=ann, may_see=may_see_message)
        await db.write(
            delete_message,
            user_id=ann,
            message_id=message.id,
            socket_id=None,
            audience=Audience(None),
        )
        await db.write(claim_due, state=UploadState.WAITING, most=9)
        due = await db.write(claim_due, state=UploadState.RELEASED, most=9)
        await db.read(is_last_of, upload_id, upload_id)
        await db.write(forget, [upload_id])
        await db.write(release_orphans)

    assert [each[0] for each in due] == [upload_id]
    walks = await db.read(walks_through, said, ("KabarUpload", "Message", "ChatParticipant"))
    assert not walks, walks
