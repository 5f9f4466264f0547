"""Errors of uploads."""

from __future__ import annotations

from kabar.core.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    UnsupportedMediaType,
)


class UploadNotFound(NotFound):
    """There is no such file, or you may not see it."""


class PictureUnreadable(NotFound):
    """This picture could not be read. Send it again, from the original."""


class UploadUsed(Conflict):
    """This file is in a message already. Send it anew."""


class LinkNotGood(Forbidden):
    """This address is not good, or not any more. Read the message again for a new one."""


class NotMultipart(UnsupportedMediaType):
    """Send a form, with `Content-Type: multipart/form-data`, and the file in its field `file`."""


class MalformedForm(BadRequest):
    """The form is malformed, or ended before it was complete."""


class FileTooLarge(TooLarge):
    """This file is larger than this server takes."""


class NoRoomForFiles(TooLarge):
    """Your files need more room than you have. Delete messages with large files."""


class FileTypeNotAllowed(UnsupportedMediaType):
    """Files of this kind are not taken here."""


class NotAPicture(Invalid):
    """By its name it is a picture, but there is none in it."""


class PictureTooLarge(Invalid):
    """This picture has more pixels than this server takes. Make it smaller."""


class PictureTooLong(Invalid):
    """This picture has more frames than this server takes. Make it shorter."""
