"""Errors of chat."""

from __future__ import annotations

from kabar.core.errors import BadRequest, Conflict, Forbidden, NotFound, TooManyRequests


class RoomNotFound(NotFound):
    """There is no such room, or you are not in it."""


class MessageNotFound(NotFound):
    """There is no such message in your rooms."""


class ParticipantNotFound(NotFound):
    """This person is not in the room."""


class ScheduledNotFound(NotFound):
    """There is no such message of yours that waits; it may have been said."""


class TooManyScheduled(Conflict):
    """You have the most messages that may wait already. Take one back first."""


class RoomIsTooLarge(BadRequest):
    """In a room of more than 256 participants nobody is told how far each of the others is."""


class CannotMessageSelf(BadRequest):
    """You cannot write to yourself."""


class NotYourMessage(Forbidden):
    """Only its author may do this to a message."""


class NotARoomAdmin(Forbidden):
    """Only an owner or admin of the room may do this."""


class AttachmentNotFound(NotFound):
    """One of the files is not there, or not yours. Send it first."""


class NotTheRoomOwner(Forbidden):
    """Only the owner of the room may do this."""


class OnlyAdminsWrite(Forbidden):
    """In this room only its owner and admins write."""


class SlowMode(TooManyRequests):
    """This room is in slow mode. Wait a little before your next message."""


class SystemMessageIsFixed(Conflict):
    """Nobody said this: it tells what happened in the room, and stays as it is."""


class PollIsFixed(Conflict):
    """A poll stays as it was asked. Delete it, and ask anew."""


class ForwardedIsFixed(Conflict):
    """What somebody else said stays as they said it. Delete it, and say it in words of yours."""


class PollIsClosed(Conflict):
    """This poll is closed. Its result stays as it is."""


class NotAPoll(Conflict):
    """This message is no poll."""


class MessageIsDeleted(Conflict):
    """This message has been deleted."""


class DirectRoomIsFixed(Conflict):
    """A direct room always has the same two people. You can mute it."""
