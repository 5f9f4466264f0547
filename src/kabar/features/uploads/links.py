"""Addresses of files: they name the person they were made for, and are good for minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Literal
from urllib.parse import urlencode

import msgspec

from kabar.features.uploads.errors import LinkNotGood
from kabar.features.uploads.schemas import Attached, AttachmentView

Part = Literal["file", "thumbnail"]


def attachment_view(attached: Attached, query: str = "") -> AttachmentView:
    """Return a file as it is shown. Without a query its address is for who is signed in."""
    has_picture = attached.width is not None and attached.height is not None
    return AttachmentView(
        id=attached.id,
        url=file_address(attached.id) + query,
        name=attached.name,
        media_type=attached.media_type,
        size=attached.size,
        width=attached.width or msgspec.UNSET,
        height=attached.height or msgspec.UNSET,
        thumbnail_url=f"/api/uploads/{attached.id}/thumbnail{query}"
        if has_picture
        else msgspec.UNSET,
    )


def file_address(upload_id: str) -> str:
    """Return the address of a file for who is signed in."""
    return f"/api/uploads/{upload_id}/file"


class Links:
    """Signs addresses, and reads them back."""

    def __init__(self, secret: bytes, *, seconds: int, purpose: bytes = b"kabar uploads") -> None:
        # For each purpose one of its own: what is signed for it is good for nothing else.
        self._key = hmac.new(secret, purpose, hashlib.sha256).digest()
        self._seconds = seconds

    def view(self, attached: Attached, user_id: str) -> AttachmentView:
        """Return a file with addresses for this person."""
        return attachment_view(attached, self.query(attached.id, user_id))

    def sign(self, view: AttachmentView, user_id: str) -> AttachmentView:
        """Return the same file with addresses for this person."""
        query = self.query(view.id, user_id)
        thumbnail = view.thumbnail_url
        return msgspec.structs.replace(
            view,
            url=_bare(view.url) + query,
            thumbnail_url=_bare(thumbnail) + query if isinstance(thumbnail, str) else thumbnail,
        )

    def sign_file(self, address: str, user_id: str) -> str:
        """Return the address of a file for this person."""
        return address + self.query(address.split("/")[-2], user_id)

    def require_user(self, upload_id: str, user_id: str, expires: int, signature: str) -> str:
        """Return whom the address was made for. Raises `LinkNotGood`."""
        good = self._signature(upload_id, user_id, expires)
        if not hmac.compare_digest(good.encode(), signature.encode()) or expires < time.time():
            raise LinkNotGood
        return user_id

    def query(self, upload_id: str, user_id: str) -> str:
        """Return what an address ends with that names this person."""
        # The same for a while: a browser knows again what it has.
        expires = (int(time.time()) // self._seconds + 2) * self._seconds
        signature = self._signature(upload_id, user_id, expires)
        return "?" + urlencode({"user": user_id, "expires": expires, "signature": signature})

    def _signature(self, upload_id: str, user_id: str, expires: int) -> str:
        said = f"{upload_id}\n{user_id}\n{expires}".encode()
        digest = hmac.new(self._key, said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:24]).decode()


def _bare(address: str) -> str:
    return address.partition("?")[0]
