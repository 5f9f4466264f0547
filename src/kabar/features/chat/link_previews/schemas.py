"""The shape of a link preview."""

from __future__ import annotations

from kabar.infra.http.views import View


class LinkPreviewView(View, frozen=True, kw_only=True):
    """What a page that a message links to says of itself."""

    #: as it is written in the message
    url: str
    title: str
    description: str | None
    #: its picture, made anew and kept here: whoever reads the message calls nobody else
    image_url: str | None
