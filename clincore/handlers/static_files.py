"""Files and pages that are the same for everyone: read once, at import, and answered with an ETag."""

from importlib.resources.abc import Traversable
from typing import NamedTuple

from clincore.handlers.etags import digest_of

Answer = tuple[bytes, int, dict[str, str]]
"""Body, status and headers."""
Document = tuple[bytes, str]
"""Content and its digest."""

DIGEST_IN_URL = 16
"""Digits of a digest in an immutable URL."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""The header `Cache-Control` of a URL that has the digest of its content."""

_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "png": "image/png"}


class Asset(NamedTuple):
    """A file that pages load."""

    media_type: str
    content: bytes
    digest: str

    @property
    def folder(self) -> str:
        """The folder of the immutable URL."""
        return self.digest[:DIGEST_IN_URL]


def read(file: Traversable) -> Asset:
    """The file, with the media type of its ending."""
    content = file.read_bytes()
    return Asset(_MEDIA_TYPES[file.name.rpartition(".")[2]], content, digest_of(content))


def document(html: str) -> Document:
    """A page."""
    content = html.encode()
    return content, digest_of(content)


def answer(shown: Document, **headers: str) -> Answer:
    """The document, which caches must revalidate."""
    content, digest = shown
    return content, 200, {"ETag": f'"{digest}"', "Cache-Control": "no-cache", **headers}


def answer_asset(asset: Asset, *, is_immutable: bool) -> Answer:
    """The file. `is_immutable`: its URL always stands for these bytes."""
    headers = {"Content-Type": asset.media_type, **({"Cache-Control": IMMUTABLE} if is_immutable else {})}
    return answer((asset.content, asset.digest), **headers)
