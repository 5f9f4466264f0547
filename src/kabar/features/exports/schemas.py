"""What exports answer."""

from __future__ import annotations

import msgspec

from kabar.infra.http.views import View


class ExportAsked(View, frozen=True):
    """An export that was asked for."""

    id: str


class ExportView(View, frozen=True, kw_only=True):
    """How far an export is. `url`, once it is ready, is good for minutes: ask again for another."""

    id: str
    state: str
    #: of a hundred
    progress: int
    created_at: str
    url: str | msgspec.UnsetType = msgspec.UNSET
    #: in bytes, once it is ready
    size: int | msgspec.UnsetType = msgspec.UNSET
    #: when it is deleted, once it is ready
    expires_at: str | msgspec.UnsetType = msgspec.UNSET


class LatestExport(View, frozen=True):
    """The caller's newest export, if there is one."""

    export: ExportView | None


class NoBody(msgspec.Struct, frozen=True):
    """What is sent with a call that takes nothing."""
