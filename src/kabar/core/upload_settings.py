"""Settings of files that people send: where they are kept, and how much of them there may be."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings

from kabar.core.setting_forms import MediaTypes, ScannerUrl, StorageUrl


class UploadSettings(BaseSettings):
    """A part of `Settings`."""

    storage_url: StorageUrl | None = Field(
        None,
        description="Where files are kept: `file:///folder`, `s3://bucket/below?region=…`, "
        "`gs://bucket`, `az://account/container`; buckets need `pip install 'kabar[storage]'`. "
        "Default: `files` in the data folder.",
    )
    upload_max_bytes: int = Field(
        50 << 20, ge=1, le=5 << 30, description="Largest file that may be sent."
    )
    upload_quota_bytes: int = Field(
        5 << 30, ge=0, description="Of all files of one user together; 0 = no limit."
    )
    upload_types: MediaTypes = Field(
        ("*/*",),
        description="Kinds of files that may be sent, judged by what is in them: "
        "`image/*,application/pdf`.",
    )
    upload_link_seconds: int = Field(
        900, ge=60, le=86400, description="How long the address of a file is good, at least."
    )
    uploads_at_once: int = Field(
        64, ge=1, description="Files that are received at the same time; more are answered 503."
    )
    uploads_at_once_per_user: int = Field(
        6, ge=1, description="The same, of one user; more are answered 429."
    )
    message_max_attachments: int = Field(10, ge=1, le=100, description="Most files of one message.")
    image_max_pixels: int = Field(
        50_000_000,
        ge=1_000_000,
        le=500_000_000,
        description="Width times height of a picture; each needs 20 bytes of memory for a moment.",
    )
    image_max_frames: int = Field(
        1000, ge=1, description="Most frames of a picture that moves; together at most twice the "
        "pixels of one."
    )  # fmt: skip
    clamav_url: ScannerUrl | None = Field(
        None,
        description="clamd that looks at each file before it is taken: `tcp://127.0.0.1:3310` or "
        "`unix:///run/clamav/clamd.ctl`. Default: nobody looks.",
    )
    clamav_required: bool = Field(
        True, description="Off: files are taken, too, while clamd does not answer."
    )
