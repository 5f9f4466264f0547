"""Where files are kept: in a folder, or in a bucket elsewhere."""

from kabar.infra.storage.storage import NotStored, Storage, open_storage

__all__ = ["NotStored", "Storage", "open_storage"]
