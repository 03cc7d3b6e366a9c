"""ETags and the conditions on them (RFC 9110, section 13)."""

from werkzeug.http import parse_etags

from clincore.problems import PreconditionFailed


def etag(version: int) -> str:
    """The strong tag of a version."""
    return f'"{version}"'


def is_known(current: str, if_none_match: str) -> bool:
    """Whether the client's list of tags has the current one (section 13.1.2: weak comparison)."""
    return parse_etags(if_none_match).contains_weak(current.strip('"'))


def refuse_unless_matched(version: int, if_match: str | None) -> None:
    """See that the client's list of tags, where it sends one, has the current one (section 13.1.1: strong comparison).

    A tag without quotes, which are easily lost on a command line, is accepted.

    Raises:
        PreconditionFailed: it has not.
    """
    if if_match is not None and not parse_etags(if_match).contains(str(version)):
        raise PreconditionFailed(
            f"The case is at version {version} by now. Read it again and repeat the change.",
            headers={"ETag": etag(version)},
        )
