"""What is decided: who may say something, what was said before, and which number is whose."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from kabar.core.errors import KabarError
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.signed_in import sign_in_first
from kabar.features.chat.audience import Crowd
from kabar.features.chat.bell import Bell
from kabar.features.chat.errors import AttachmentNotFound, MessageNotFound, RoomNotFound
from kabar.features.chat.forwarding.origins import Origin
from kabar.features.chat.mentions.names import Mentioned
from kabar.features.chat.models import RoomType
from kabar.features.chat.polls.asking import cannot_close, is_same
from kabar.features.chat.receipts.marking import is_told
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.sending.composing import compose, mentioned_in, type_of
from kabar.features.chat.sending.incoming import PlaceKey, Send, Sent
from kabar.features.chat.sending.reading import Known, Room
from kabar.features.chat.threads.roots import Root
from kabar.features.follows.errors import Blocked
from kabar.features.uploads.errors import UploadUsed
from kabar.features.uploads.schemas import Attached
from kabar.infra.http.idempotency import IdempotencyKeyReused


class Said(NamedTuple):
    """A message that is new, with all that has to be written and told because of it."""

    message: MessageView
    is_direct: bool
    #: up to where its sender had read; posting counts as having read up to one's own message
    read_before: int
    #: when the newest message before it was said, if the sender had not read that, and which it is
    read_on_to: datetime | None
    told_seq: int
    #: for those who listen
    bells: list[Bell]
    #: to whom it is the first that is new
    rung: tuple[str, ...]
    #: all who are in the room
    crowd: Crowd | None
    #: how many are in the room
    participants_count: int
    #: its files
    brought: list[Attached]
    mentioned: list[Mentioned]
    #: of what its sender has not read from now on
    version: int
    #: it is what its sender had half written
    ends_draft: bool
    expires_at: datetime | None
    #: which socket said it
    socket_id: str | None
    #: the message that its thread hangs on, and its number there
    root: Root | None = None
    thread_number: int | None = None
    #: who said it first, if it is forwarded
    origin: Origin | None = None
    #: it rings nowhere; and from which message on, at the end of the room, that is so
    is_silent: bool = False
    silent_from: int = 0

    @property
    def place(self) -> PlaceKey:
        """The place of its sender."""
        return self.message.room_id, self.message.sender_id

    @property
    def readers(self) -> tuple[str, ...]:
        """Whose settings say whether others hear what its sender has read by saying it."""
        sender_id, receiver_id = self.message.sender_id, self.message.receiver_id
        return (sender_id,) if receiver_id is None else (sender_id, receiver_id)

    def tells_read(self, silent: AbstractSet[str]) -> bool:
        """Say whether others hear what its sender has read by saying it."""
        return is_told(self.readers, silent, self.participants_count)


def decide(
    known: Known, sends: Sequence[Send], *, now: datetime
) -> tuple[list[Sent | KabarError], list[Said]]:
    """Return what each gets for an answer, and what is new, in order. No I/O.

    `known` changes as it goes on: the second message of a room comes after the first, and who
    sends twice under one client id, in one batch, gets the first message twice.
    """
    outcomes: list[Sent | KabarError] = []
    said: list[Said] = []
    for send in sends:
        room, key, answers = known.rooms.get(send.draft.room_id), send.key, send.answers
        if send.sender.proof in known.signed_out:
            outcomes.append(sign_in_first())
        elif room is None or send.sender.user_id not in room.read:
            outcomes.append(RoomNotFound())
        elif key is not None and key in known.seen:
            outcomes.append(_again(send, known.seen[key]))
        elif room.is_closed:
            outcomes.append(Blocked() if send.sender.user_id in room.blockers else UserNotFound())
        elif answers is not None and answers not in known.replies:
            outcomes.append(MessageNotFound("The message to reply to is not there."))
        elif (problem := _cannot_hang(send, known)) is not None:
            outcomes.append(problem)
        elif (refusal := room.refusal(send.sender.user_id, now)) is not None:
            outcomes.append(refusal)
        elif (
            problem := _cannot_bring(send, known) or cannot_close(send.draft.poll, now)
        ) is not None:
            outcomes.append(problem)
        else:
            reply, brought = answers and known.replies[answers], _take(send, known)
            mentioned = mentioned_in(room, send, known)
            root = send.hangs_on and known.roots[send.hangs_on]
            new = (
                _say_in_thread(room, root, send, reply, brought, mentioned, now)
                if root
                else _say(room, send, reply, brought, mentioned, now)
            )
            said.append(new)
            if key is not None:
                known.seen[key] = new.message
            outcomes.append(Sent(new.message, is_new=True))
    return outcomes, said


def _again(send: Send, message: MessageView) -> Sent | KabarError:
    """Answer with the message that was sent first, if it is the same one."""
    reply_to_id = None if message.reply_to is None else message.reply_to.id
    draft = send.draft
    brought = [each.id for each in message.attachments]
    sent = (message.content, message.type, reply_to_id, message.thread_id, brought)
    kind = type_of(draft, message.attachments)
    asked = (draft.content, kind, draft.reply_to_id, draft.thread_id, draft.attachment_ids)
    # What it says may have been changed since, and then nobody knows what it said at first.
    is_as_sent = message.edited_at is None and message.deleted_at is None
    if send.is_keyed and is_as_sent and (sent != asked or not is_same(draft.poll, message.poll)):
        return IdempotencyKeyReused()
    return Sent(message, is_new=False)


def _cannot_hang(send: Send, known: Known) -> KabarError | None:
    """Return why nothing can be said in the thread, if so."""
    if send.hangs_on is None:
        return None
    root = known.roots.get(send.hangs_on)
    if root is None:
        return MessageNotFound("The message that the thread hangs on is not in this room.")
    return root.refusal


def _cannot_bring(send: Send, known: Known) -> KabarError | None:
    """Return why the files of a message cannot be sent, if so."""
    for upload_id in send.offers:
        offered = known.offered.get(upload_id)
        if offered is None or offered.owner_id != send.sender.user_id:
            return AttachmentNotFound()
        if not offered.is_free_for(send.scheduled_id):
            return UploadUsed()
    return None


def _take(send: Send, known: Known) -> list[Attached]:
    """Return the files, which no later message of the batch gets."""
    taken = [known.offered[upload_id] for upload_id in send.offers]
    for upload_id, offered in zip(send.offers, taken, strict=True):
        known.offered[upload_id] = offered._replace(is_free=False)
    return [offered.attached for offered in taken]


def _say(
    room: Room,
    send: Send,
    reply: ReplyView | None,
    brought: list[Attached],
    mentioned: list[Mentioned],
    at: datetime,
) -> Said:
    """Give the message the next number of the room, and move its sender's position there."""
    sender = send.sender
    room.last_seq += 1
    read_before = room.read[sender.user_id]
    room.read[sender.user_id] = room.last_seq
    # All that they had not read is by others: one's own messages move one's position.
    told_seq = room.last_said_seq
    read_on_to = room.last_message_at if read_before < told_seq else None
    room.last_said_seq = room.last_seq
    room.last_message_at = at
    ends_draft = sender.user_id in room.drafting and not send.keeps_draft
    if ends_draft:
        room.drafting.discard(sender.user_id)
    if room.slow_mode_seconds:
        room.sent_at[sender.user_id] = at
    message = compose(room, send, reply, brought, mentioned, at)
    is_silent = send.draft.silent
    room.silent_from = (room.silent_from or message.seq) if is_silent else 0
    bells, rung = room.listeners.said(message, is_silent=is_silent) if room.listeners else ([], ())
    return Said(
        message=message,
        is_direct=room.key.type == RoomType.DIRECT,
        read_before=read_before,
        read_on_to=read_on_to,
        told_seq=told_seq,
        bells=bells,
        rung=rung,
        crowd=room.crowd,
        participants_count=room.participants_count,
        brought=brought,
        mentioned=mentioned,
        version=2 * message.seq + room.deleted_count + room.hidden[sender.user_id],
        ends_draft=ends_draft,
        expires_at=room.expiry(at),
        socket_id=send.socket_id,
        origin=send.origin,
        is_silent=is_silent,
        silent_from=room.silent_from,
    )


def _say_in_thread(
    room: Room,
    root: Root,
    send: Send,
    reply: ReplyView | None,
    brought: list[Attached],
    mentioned: list[Mentioned],
    at: datetime,
) -> Said:
    """Give the reply the next number of the room, where it counts for nobody, and of its thread."""
    sender_id = send.sender.user_id
    room.last_seq += 1
    room.deleted_count += 1
    if room.slow_mode_seconds:
        room.sent_at[sender_id] = at
    if room.listeners:
        room.listeners.said_elsewhere()
    root.last_reply_number += 1
    root.replies_count += 1
    root.version += 1
    root.last_reply_at = at
    read = room.read[sender_id]
    return Said(
        message=compose(room, send, reply, brought, mentioned, at),
        is_direct=room.key.type == RoomType.DIRECT,
        read_before=read,
        read_on_to=None,
        told_seq=0,
        bells=[],
        rung=(),
        crowd=None,
        participants_count=room.participants_count,
        brought=brought,
        mentioned=mentioned,
        version=room.last_seq + read + room.deleted_count + room.hidden[sender_id],
        ends_draft=False,
        expires_at=room.expiry(at),
        socket_id=send.socket_id,
        root=root,
        thread_number=root.last_reply_number,
        is_silent=send.draft.silent,
    )
