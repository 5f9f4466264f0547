"""Files: the storage, what works on pictures, and the service in front of them."""

from __future__ import annotations

from sqlalchemy.engine import URL

from kabar.core.settings import Settings
from kabar.engines.images import ImageLimits, Studio
from kabar.features.exports.making import ExportMaking
from kabar.features.exports.service import Exports
from kabar.features.uploads.found import FoundPictures
from kabar.features.uploads.inject import Uploads
from kabar.features.uploads.links import Links
from kabar.features.uploads.making import Making
from kabar.features.uploads.queries import MaySee
from kabar.features.uploads.service import UploadService
from kabar.infra.db import Database
from kabar.infra.storage import open_storage
from kabar.server.data_folder import DataFolder
from kabar.server.workers import Work, every

#: Of pictures that strangers put on their pages: those of people who send them go first, and wait
#: for none of these.
_FOUND = ImageLimits(max_pixels=12_000_000, max_frames=50)
#: bytes of what was deleted may stay for so long
_FORGET_EVERY = 5.0
#: who asks for their data waits so long before it is begun
_EXPORT_EVERY = 2.0


class Files:
    """All that has to do with files, put together."""

    def __init__(
        self,
        settings: Settings,
        *,
        folder: DataFolder,
        db: Database,
        url: URL,
        secret: bytes,
        may_see: MaySee,
    ) -> None:
        self._storage = open_storage(settings.storage_url, folder=folder.path / "files")
        studio = Studio(ImageLimits(settings.image_max_pixels, settings.image_max_frames))
        incoming = folder.within("incoming")
        self.making = Making(db, storage=self._storage, studio=studio, folder=incoming)
        self.found = FoundPictures(
            db, storage=self._storage, studio=Studio(_FOUND, at_once=1), folder=incoming
        )
        service = UploadService(
            settings,
            storage=self._storage,
            studio=studio,
            making=self.making,
            incoming=incoming,
            may_see=may_see,
        )
        self.uploads = Uploads(service, Links(secret, seconds=settings.upload_link_seconds))
        self.exports = Exports(settings, secret=secret, storage=self._storage)
        self.export_making = ExportMaking(
            settings, url=url, db=db, storage=self._storage, folder=incoming
        )

    def works(self) -> list[Work]:
        return [
            ("pictures", self.making.make_pictures),
            ("released files", every(_FORGET_EVERY, self.making.forget_released)),
            ("exports", every(_EXPORT_EVERY, self.export_making.make_due)),
            ("incoming files", every(3600, self.making.sweep)),
        ]

    def close(self) -> None:
        self._storage.close()
