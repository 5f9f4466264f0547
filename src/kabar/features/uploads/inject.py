"""What the routes of uploads find in the parts of their server."""

from __future__ import annotations

from dataclasses import dataclass

from kabar.features.uploads.links import Links
from kabar.features.uploads.service import UploadService


@dataclass(frozen=True)
class Uploads:
    """The service, and what signs addresses."""

    service: UploadService
    links: Links
