"""What was tried, on what, and with what result."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["passed", "failed", "advice", "not proven"]
Part = Literal["catalogue", "workers", "attacks", "http", "clean-up"]

_SHOWN_MAX = 12
_LIMIT = " for the service's own statements; with this login injected SQL could leave the role: use two logins"
_LIMITING = ("separate_login", "leaving the role")
_PARTS: dict[Part, str] = {
    "catalogue": "What the catalogue says",
    "workers": "What the Citus workers' catalogues say",
    "attacks": "What tenant B gets of tenant A's rows",
    "http": "What tenant B's key gets of tenant A's ids, cursors and ETags",
    "clean-up": "What is left behind",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and who is to blame."""

    culprit: str
    text: str
    remedy: str = ""


@dataclass
class Entry:
    """One check, or one kind of attack, with everything that it was tried on."""

    part: Part
    name: str
    title: str
    tried: int = 0
    on: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    advice: list[Finding] = field(default_factory=list)
    not_proven: list[str] = field(default_factory=list)
    """Why some of it could not be tried."""

    @property
    def outcome(self) -> Outcome:
        if self.findings:
            return "failed"
        if self.not_proven:
            return "not proven"
        return "advice" if self.advice else "passed"

    def try_on(self, what: str) -> None:
        """Count one try on it."""
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

    def leave_open(self, why: str) -> None:
        if why not in self.not_proven:
            self.not_proven.append(why)


@dataclass
class Report:
    """The whole run."""

    facts: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    """Parts that this run was not asked for."""
    seconds: float = 0.0
    progress: Callable[[str], None] = field(default=lambda _: None, repr=False)
    """Told what is tried next."""

    def entry(self, part: Part, name: str, title: str) -> Entry:
        """The entry of that name, made when there is none."""
        self.progress(title)
        for entry in self.entries:
            if (entry.part, entry.name) == (part, name):
                return entry
        self.entries.append(Entry(part, name, title))
        return self.entries[-1]

    @property
    def passed(self) -> bool:
        """Everything was tried and nothing was found; advice does not count."""
        return not any(entry.outcome in ("failed", "not proven") for entry in self.entries)

    @property
    def is_limited(self) -> bool:
        """SQL that got into the service's session could leave its role, because of the login."""
        return any(entry.advice for entry in self.entries if entry.name in _LIMITING)

    @property
    def claim(self) -> str:
        """What the run has shown, in one line."""
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
        """The report for machines; the form is `{proven, claim, login_can_leave_role, facts, counts, entries[],
        not_asked[], seconds}`."""
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

    def as_text(self) -> str:
        """The report for people."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        width = max((len(name) for name in self.facts), default=0)
        yield from (f"{name.ljust(width)}  {value}" for name, value in self.facts.items())
        for part, heading in _PARTS.items():
            entries = [entry for entry in self.entries if entry.part == part]
            if entries:
                yield from ("", heading)
            for entry in entries:
                tried = f" ({entry.tried} tries on {_few(entry.on)})" if entry.on else ""
                yield f"  {entry.outcome:10}  {entry.title}{tried}"
                for finding in [*entry.findings, *entry.advice]:
                    yield f"{'':14}{finding.culprit}"
                    yield f"{'':16}{finding.text}"
                    if finding.remedy:
                        yield f"{'':16}{finding.remedy}"
                for why in entry.not_proven:
                    yield f"{'':14}not proven: {why}"
        if self.not_asked:
            yield ""
            yield from (f"Not tried: {what}" for what in self.not_asked)
        counts = self.counts()
        yield ""
        yield (
            f"{counts['checks']} checks, {counts['tries']} tries in {self.seconds:.1f} s: {counts['passed']} passed, "
            f"{counts['failed']} failed, {counts['advice']} with advice, {counts['not proven']} not proven"
        )
        yield self.claim


def _few(names: list[str]) -> str:
    shown = [name.removeprefix("public.") for name in names[:_SHOWN_MAX]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
