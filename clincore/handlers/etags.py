"""ETags and the conditions on them (RFC 9110, section 13)."""

import hashlib

from werkzeug.http import parse_etags

from clincore.openapi import GZIP_SUFFIX
from clincore.problems import PreconditionFailed


def etag(version: int) -> str:
    """The strong tag of a version, as JSON."""
    return f'"{version}"'


def etag_of(version: int, media_type: str, content: bytes) -> str:
    """The strong tag of another representation of a version."""
    return f'"{version}.{hashlib.sha256(media_type.encode() + content).hexdigest()[:32]}"'


def refuse_unless_matched(version: int, if_match: str | None) -> None:
    """See that the client's list of tags, where it sends one, has the current one (section 13.1.1: strong comparison).

    The tags of a version are those of the case as JSON, plain or in gzip; one of another representation, such as the
    FHIR document, is not what a change is made from. A tag without quotes, which are easily lost on a command line, is
    accepted.

    Raises:
        PreconditionFailed: it has not.
    """
    if if_match is None:
        return
    listed = parse_etags(if_match)
    if not listed.contains(str(version)) and not listed.contains(f"{version}{GZIP_SUFFIX}"):
        raise PreconditionFailed(
            f"The case is now at version {version}. Read it again and repeat the change.",
            headers={"ETag": etag(version)},
        )
