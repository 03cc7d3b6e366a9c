"""`Problem`, the base of all problem types."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar


def example_of(detail: str, instance: str, **members: Any) -> Mapping[str, Any]:
    return {"detail": detail, "instance": instance, **members}


class Problem(Exception):
    """An error response. `detail` is shown to the client: no secret, no SQL, no long echo of its input.

    A subclass with its own `code` is a problem type. Its page, `GET /problems/<code>`, is made from its title and from
    `meaning`, `occurs` and `remedy`: sentences with code in backticks.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    detail: str = ""

    meaning: ClassVar[str]
    occurs: ClassVar[str]
    """When the service answers with this problem."""
    remedy: ClassVar[str]
    """What the client can do."""
    example: ClassVar[Mapping[str, Any]]
    """`detail`, `instance` and further members of an example document."""

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail or self.detail
        self.headers = dict(headers or {})
        self.members = members


class Unprocessable(Problem):
    """The request matches its schema, but breaks a rule that no schema can state."""

    status = 422

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """`errors`: pairs of a place, as for `ValidationFailed`, and what is wrong or missing there."""
        super().__init__(
            "; ".join(f"{pointer} {detail}" for pointer, detail in errors)[:500],
            errors=[{"pointer": pointer, "detail": detail} for pointer, detail in errors],
        )


def problem_types() -> list[type[Problem]]:
    """Every problem type, by status and code."""

    def types_below(parent: type[Problem]) -> Iterator[type[Problem]]:
        for child in parent.__subclasses__():
            if "code" in vars(child):
                yield child
            yield from types_below(child)

    return sorted(types_below(Problem), key=lambda problem: (problem.status, problem.code))
