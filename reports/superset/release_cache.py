"""A result cache whose keys carry the published release: a swap puts every old result away."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_caching.backends.filesystemcache import FileSystemCache


class ReleaseFileCache(FileSystemCache):
    """Files under ``CACHE_DIR``; ``CACHE_RELEASE_LINK`` is the symlink to the current release."""

    def __init__(self, release_link: str, **options: Any) -> None:
        self.release_link = Path(release_link)
        super().__init__(**options)

    @classmethod
    def factory(
        cls, _app: Flask, config: dict[str, Any], _args: list[Any], _kwargs: dict[str, Any]
    ) -> "ReleaseFileCache":
        """Called by flask-caching with the ``DATA_CACHE_CONFIG`` dictionary."""
        return cls(
            release_link=config["CACHE_RELEASE_LINK"],
            cache_dir=config["CACHE_DIR"],
            threshold=config["CACHE_THRESHOLD"],
            default_timeout=config["CACHE_DEFAULT_TIMEOUT"],
        )

    def _get_filename(self, key: str) -> str:
        if key == self._fs_count_file:  # the count of files is the folder's, not a release's
            return super()._get_filename(key)
        # Resolved at each lookup, so a running server follows the swap without being told.
        return super()._get_filename(f"{self.release_link.resolve().name}|{key}")
