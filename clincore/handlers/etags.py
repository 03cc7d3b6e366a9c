"""ETags and the conditions on them (RFC 9110, section 13)."""

from clincore.problems import PreconditionFailed


def etag(version: int) -> str:
    """The strong tag of a version."""
    return f'"{version}"'


def is_known(current: str, if_none_match: str) -> bool:
    """Whether the client's list of tags has the current one (section 13.1.2: weak comparison)."""
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return current in known or "*" in known


def refuse_unless_matched(version: int, if_match: str | None) -> None:
    """See that the client's list of tags, where it sends one, has the current one (section 13.1.1: strong comparison).

    Raises:
        PreconditionFailed: it has not.
    """
    if if_match is None:
        return
    wanted = [tag.strip() for tag in if_match.split(",")]
    # With or without the quotes, which are easily lost on a command line.
    if not {"*", etag(version), str(version)} & set(wanted):
        raise PreconditionFailed(
            f"The case is at version {version} by now. Read it again and repeat the change.",
            headers={"ETag": etag(version)},
        )
