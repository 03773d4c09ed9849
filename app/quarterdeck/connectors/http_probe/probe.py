"""What a probe is told and what it finds, whatever it speaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from quarterdeck.connectors.http_probe.certificate import Certificate
from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.connector import PreviewRow
from quarterdeck.sdk.records import Batch, Samples

PHASE_WORDS = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "tls": "agreeing on encryption",
    "first_byte": "waiting for the first byte",
    "whole": "all of it",
}
PHASES = tuple(PHASE_WORDS)
_SECOND_MS = 1000

Ticks = Callable[[], float]
"""A clock for durations in seconds; only differences mean anything."""


@dataclass(slots=True)
class Stopwatch:
    """Seconds spent in each phase so far; a phase that happens again (a redirect) adds up."""

    ticks: Ticks
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @contextlib.contextmanager
    def phase(self, name: str) -> Generator[None]:
        """Count the time inside as this phase, once it ended well."""
        began = self.ticks()
        yield
        self.add(name, began)

    def add(self, name: str, began: float) -> None:
        """Count the time from `began` until now as this phase."""
        self.seconds[name] = self.seconds.get(name, 0.0) + self.ticks() - began


@dataclass(frozen=True, slots=True)
class Finding:
    """What one probe found.

    `summary` is a sentence about the target, `note` one about the connection. `seconds` are by phase; the whole of a
    target that gave no answer (`is_answered` is False) is not a response time.
    """

    outcome: CheckOutcome
    summary: str
    note: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    certificate: Certificate | None = None
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    is_answered: bool = True


def passed(summary: str, facts: Mapping[str, str]) -> Finding:
    """A target that did all that was asked."""
    return Finding(CheckOutcome.PASSED, summary, facts=facts)


def failed(
    summary: str, facts: Mapping[str, str] | None = None, *, note: str = "", is_answered: bool = True
) -> Finding:
    """A target that did not; the connection itself is fine, which `note` says."""
    told = note or f"{summary.rstrip('.')}: the probe itself is fine."
    return Finding(CheckOutcome.FAILED, summary, told, facts=facts or {}, is_answered=is_answered)


def with_expiry_warning(finding: Finding, warning_days: float, now: datetime) -> Finding:
    """A passed finding whose certificate ends within the days becomes a warning that says so."""
    if finding.certificate is None or finding.outcome is not CheckOutcome.PASSED:
        return finding
    left = finding.certificate.days_left(now)
    if left >= warning_days:
        return finding
    day = finding.certificate.not_after_at.date().isoformat()
    words = (
        f"its certificate ends in {left:.0f} d ({day})" if left >= 1 else f"its certificate ends within a day ({day})"
    )
    return replace(finding, outcome=CheckOutcome.WARNING, summary=f"{finding.summary.rstrip('.')}; {words}.")


def preview_of(identity: SeriesIdentity) -> PreviewRow:
    """One series in words: a phase by what is done in it, others by their name."""
    phase = dict(identity.labels).get("phase", "")
    if phase:
        return PreviewRow(PHASE_WORDS[phase], "time", 1)
    return PreviewRow(identity.name.replace("_", " "), identity.meaning.replace("_", " "), 1)


def batch_of(finding: Finding, entity_key: str, check_name: str, label: str, at: datetime) -> Batch:
    """The check and its samples, all at one instant; `label` tells apart several probes of one entity."""
    labels = (("check", label),) if label else ()
    whole = finding.seconds.get("whole")
    available = 0.0 if finding.outcome is CheckOutcome.FAILED else 1.0
    values = {SeriesIdentity(entity_key, "availability", Meaning.AVAILABILITY, "ratio", labels=labels): available}
    if whole is not None:
        values[SeriesIdentity(entity_key, "response_time", Meaning.RESPONSE_TIME, "s", labels=labels)] = whole
    for phase in PHASES:
        if phase in finding.seconds:
            name = SeriesIdentity(entity_key, "phase", Meaning.OTHER, "s", labels=(*labels, ("phase", phase)))
            values[name] = finding.seconds[phase]
    facts = dict(finding.facts)
    facts |= {f"{phase}_ms": f"{seconds * _SECOND_MS:.1f}" for phase, seconds in finding.seconds.items()}
    if finding.certificate:
        facts |= finding.certificate.facts()
        expiry = SeriesIdentity(entity_key, "certificate_expiry", Meaning.EXPIRY, "d", labels=labels)
        values[expiry] = finding.certificate.days_left(at)
    check = CheckResult(entity_key, check_name, at, finding.outcome, finding.summary, whole, facts_of(facts))
    return Batch(samples=Samples.at(at, values), checks=(check,), note=finding.note)


def duration_ms(seconds: float) -> str:
    """A short duration as a person says it: `34 ms`, `1.2 s`."""
    return f"{seconds * _SECOND_MS:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
