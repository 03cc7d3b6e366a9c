"""The report: what was tried, on what, and with what result."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["passed", "failed", "advice", "not proven"]
Part = Literal["catalogue", "nodes", "attacks", "http", "clean-up"]

_NAMES_MAX = 12
_LIMIT = " for the service's own statements; with this login injected SQL could leave the role: use two logins"
_LIMITING = ("separate_login", "leaving the role")
_PARTS: dict[Part, str] = {
    "catalogue": "Checks of PostgreSQL's catalogue",
    "nodes": "Checks of the catalogues of the Citus nodes",
    "attacks": "Attacks by tenant B on tenant A's rows",
    "http": "Requests with tenant B's key for tenant A's resources",
    "clean-up": "Clean-up",
}


@dataclass(frozen=True)
class Finding:
    """One fault, and the table, policy, role, function or operation that causes it."""

    culprit: str
    text: str
    remedy: str = ""


@dataclass
class Entry:
    """One check or one kind of attack, with everything it was tried on."""

    part: Part
    name: str
    title: str
    tried: int = 0
    on: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    advice: list[Finding] = field(default_factory=list)
    not_proven: list[str] = field(default_factory=list)
    """Reasons why a part of it could not be tried."""

    @property
    def outcome(self) -> Outcome:
        if self.findings:
            return "failed"
        if self.not_proven:
            return "not proven"
        return "advice" if self.advice else "passed"

    def try_on(self, what: str) -> None:
        """Count one try on `what`, such as a table."""
        self.tried += 1
        if what not in self.on:
            self.on.append(what)

    def fail(self, culprit: str, text: str, remedy: str = "") -> None:
        finding = Finding(culprit, text, remedy)
        if finding not in self.findings:
            self.findings.append(finding)

    def advise(self, culprit: str, text: str, remedy: str = "") -> None:
        finding = Finding(culprit, text, remedy)
        if finding not in self.advice:
            self.advice.append(finding)

    def mark_unproven(self, why: str) -> None:
        if why not in self.not_proven:
            self.not_proven.append(why)


@dataclass
class Report:
    """The whole run."""

    facts: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    """Parts that were not requested in this run."""
    tables: list[str] = field(default_factory=list)
    """All tables of tenants."""
    seconds: float = 0.0
    progress: Callable[[str], None] = field(default=lambda _: None, repr=False)
    """Called with the title of each step."""

    def entry(self, part: Part, name: str, title: str) -> Entry:
        """The entry of this name; it is created if there is none."""
        self.progress(title)
        for entry in self.entries:
            if (entry.part, entry.name) == (part, name):
                return entry
        self.entries.append(Entry(part, name, title))
        return self.entries[-1]

    @property
    def passed(self) -> bool:
        """Whether everything was tried and nothing was found. Advice does not count."""
        return not any(entry.outcome in ("failed", "not proven") for entry in self.entries)

    @property
    def is_limited(self) -> bool:
        """Whether SQL injected into the service's session could leave its role, because of the login."""
        return any(entry.advice for entry in self.entries if entry.name in _LIMITING)

    @property
    def claim(self) -> str:
        """The result of the run, in one line."""
        return f"PROVEN{_LIMIT if self.is_limited else ''}" if self.passed else "NOT PROVEN"

    @property
    def culprits(self) -> list[str]:
        return [finding.culprit for entry in self.entries for finding in entry.findings]

    def counts(self) -> dict[str, int]:
        outcomes = [entry.outcome for entry in self.entries]
        return {
            "checks": len(outcomes),
            "tries": sum(entry.tried for entry in self.entries),
            **{outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "advice", "not proven")},
        }

    def as_json(self) -> dict[str, Any]:
        """The report for `--json`: `{proven, claim, login_can_leave_role, facts, counts, entries[], not_asked[],
        seconds}`."""
        return {
            "proven": self.passed,
            "claim": self.claim,
            "login_can_leave_role": self.is_limited,
            "facts": self.facts,
            "counts": self.counts(),
            "entries": [{"outcome": entry.outcome, **asdict(entry)} for entry in self.entries],
            "not_asked": self.not_asked,
            "seconds": round(self.seconds, 2),
        }

    def as_text(self, width: int | None = None) -> str:
        """The report as text. `width`: wrap lines at this column, with indentation."""
        lines = []
        for prefix, text in self._lines():
            room = max(width - len(prefix), 40) if width is not None else len(text) + 1
            # Names and URLs are never broken, even if they are longer than the line.
            wrapped = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
            lines.append(prefix + f"\n{'':{len(prefix)}}".join(wrapped))
        return "\n".join(lines) + "\n"

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Each line as its prefix, below which nothing is wrapped, and its text."""
        width = max((len(name) for name in self.facts), default=0)
        yield from ((f"{name.ljust(width)}  ", value) for name, value in self.facts.items())
        for part, heading in _PARTS.items():
            entries = [entry for entry in self.entries if entry.part == part]
            if entries:
                yield from (("", ""), ("", heading))
            for entry in entries:
                yield f"  {entry.outcome:10}  ", f"{entry.title}{self._tries(entry)}"
                for finding in [*entry.findings, *entry.advice]:
                    yield " " * 14, finding.culprit
                    yield " " * 16, finding.text
                    if finding.remedy:
                        yield " " * 16, finding.remedy
                yield from ((" " * 14, f"not proven: {why}") for why in entry.not_proven)
        if self.not_asked:
            yield "", ""
            yield from (("", f"Not tried: {what}") for what in self.not_asked)
        counts = self.counts()
        yield "", ""
        yield (
            "",
            f"{counts['checks']} checks, {counts['tries']} tries in {self.seconds:.1f} s: {counts['passed']} passed, "
            f"{counts['failed']} failed, {counts['advice']} with advice, {counts['not proven']} not proven",
        )
        yield "", self.claim

    def _tries(self, entry: Entry) -> str:
        """How often and on what the entry was tried, in parentheses."""
        tries = f"{entry.tried} {'try' if entry.tried == 1 else 'tries'}"
        if not entry.on:
            return ""
        if entry.on[1:] and set(entry.on) == set(self.tables):
            return f" ({tries} on all {len(self.tables)} tables)"
        if len(entry.on) == 1 and entry.title.startswith(entry.on[0]):
            return f" ({tries})"
        names = [name.removeprefix("public.") for name in entry.on]
        more = f" and {len(names) - _NAMES_MAX} more" if len(names) > _NAMES_MAX else ""
        return f" ({tries} on {', '.join(names[:_NAMES_MAX])}{more})"
