"""ETags and the conditions on them (RFC 9110, section 13)."""

import hashlib

from werkzeug.http import parse_etags

from clincore.openapi import GZIP_SUFFIX
from clincore.problems import PreconditionFailed


def etag(version: int) -> str:
    """The strong tag of a version of a case as JSON."""
    return f'"{version}"'


def digest_of(content: bytes) -> str:
    """The digest of an `ETag`: 32 hexadecimal digits of the SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


def etag_of(version: int, media_type: str, content: bytes) -> str:
    """The strong tag of another representation of a version of a case."""
    return f'"{version}.{digest_of(media_type.encode() + content)}"'


def refuse_unless_matched(version: int, if_match: str | None) -> None:
    """Check that `If-Match`, if the client sent it, lists the current tag (section 13.1.1: strong comparison).

    A version has two tags, of the case as JSON, plain and in gzip. Tags of other representations, such as the FHIR
    document, do not match, because no change is made from them. A tag without quotes is accepted: they are easily lost
    on a command line.

    Raises:
        PreconditionFailed: the current tag is not listed.
    """
    if if_match is None:
        return
    listed = parse_etags(if_match)
    if not listed.contains(str(version)) and not listed.contains(f"{version}{GZIP_SUFFIX}"):
        raise PreconditionFailed(
            f"The case is now at version {version}. Read it again and repeat the change.",
            headers={"ETag": etag(version)},
        )
