"""What checks and states tell of an entity, as evidence for rules: certificates, freshness, availability by the day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from quarterdeck.domain.availability import Ledger, ledger
from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.evidence_records import Content, EvidenceRecord, FactValue
from quarterdeck.domain.facts import fact, facts_of
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import EPOCH, TimeRange, to_ms
from quarterdeck.domain.policies import EvidenceKind

WINDOW = timedelta(days=30)
DAY = timedelta(days=1)
_SILENT = frozenset({HealthState.STALE, HealthState.UNKNOWN})
_TLS = re.compile(r"TLSv?([0-9](?:\.[0-9])?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class CertificateReading:
    """One check that saw a certificate: when it ends, over which version of TLS, and whether anybody vouches for it."""

    check: CheckResult
    ends_at: datetime
    version: float | None
    is_verified: bool | None


def certificate_readings(checks: Iterable[CheckResult]) -> dict[str, list[CertificateReading]]:
    """The certificates that checks saw, by the entity they probe."""
    found: dict[str, list[CertificateReading]] = {}
    for check in checks:
        ends_at = _instant(fact(check.facts, "certificate_not_after"))
        if ends_at is not None:
            version = _TLS.fullmatch(fact(check.facts, "tls_version"))
            verified = {"yes": True, "no": False}.get(fact(check.facts, "certificate_verified"))
            reading = CertificateReading(check, ends_at, float(version[1]) if version else None, verified)
            found.setdefault(check.entity_key, []).append(reading)
    return found


def certificate_evidence(
    entity_key: str, readings: Sequence[CertificateReading], received_at: datetime
) -> EvidenceRecord | None:
    """What certificates say together: the soonest end, the lowest version, and trust only where all are trusted."""
    if not readings:
        return None
    versions = [reading.version for reading in readings]
    trusts = [reading.is_verified for reading in readings]
    content: dict[str, FactValue | None] = {
        "tls.days_left": to_ms(min(reading.ends_at for reading in readings)),
        "tls.version": min(version for version in versions if version is not None) if all(versions) else None,
        "tls.verified": None if None in trusts else all(trusts),
    }
    names = sorted({f"“{reading.check.name}” of {reading.check.entity_key}" for reading in readings})
    return EvidenceRecord(
        kind=EvidenceKind.CERTIFICATE,
        entity_key=entity_key,
        what="Certificate and protocol version as the peer showed them.",
        source=", ".join(sorted({reading.check.name for reading in readings})),
        query=f"newest result of {', '.join(names)}",
        effective_from_at=max(reading.check.checked_at for reading in readings),
        effective_to_at=None,
        received_at=received_at,
        population=len(readings),
        counts=facts_of(Counter(reading.check.outcome.value for reading in readings)),
        content=_content(content),
    )


def freshness_evidence(
    entity_key: str, intervals: Sequence[StateInterval], received_at: datetime
) -> Iterator[EvidenceRecord]:
    """A record per stretch in which an entity told of itself, or did not; the last one is still open."""
    runs = [(is_fresh, list(run)) for is_fresh, run in groupby(intervals, lambda each: each.state not in _SILENT)]
    for number, (is_fresh, run) in enumerate(runs):
        from_at = run[0].from_at
        to_at = runs[number + 1][1][0].from_at if number + 1 < len(runs) else run[-1].to_at
        if from_at >= received_at or (to_at is not None and to_at <= from_at):
            continue
        yield EvidenceRecord(
            kind=EvidenceKind.FRESHNESS,
            entity_key=entity_key,
            what="Told of itself in time." if is_fresh else "Told nothing fresh of itself.",
            source="health states",
            query=f"states of {entity_key} from {from_at.isoformat(timespec='seconds')}",
            effective_from_at=from_at,
            effective_to_at=to_at if to_at is not None and to_at < received_at else None,
            received_at=received_at,
            population=len(run),
            counts=facts_of(Counter(each.state.value for each in run)),
            content=(("freshness.fresh", is_fresh),),
        )


def availability_evidence(
    entity_key: str, intervals: Sequence[StateInterval], days: Sequence[datetime], received_at: datetime
) -> Iterator[EvidenceRecord]:
    """A record per midnight of the availability over the thirty days before it, good for the day that follows."""
    for midnight in days:
        window = TimeRange(midnight - WINDOW, midnight)
        inside = [each for each in intervals if each.from_at < midnight and (each.to_at or midnight) > window.start_at]
        if not inside:
            continue
        found = ledger(inside, window)
        ends_at = midnight + DAY
        yield EvidenceRecord(
            kind=EvidenceKind.AVAILABILITY,
            entity_key=entity_key,
            what="Availability over the 30 days before.",
            source="health states",
            query=f"states of {entity_key}, {window.start_at:%Y-%m-%d} to {midnight:%Y-%m-%d} UTC, degraded as up",
            effective_from_at=midnight,
            effective_to_at=ends_at if ends_at <= received_at else None,
            received_at=received_at,
            population=len(inside),
            counts=_ledger_counts(found),
            content=_content(_availability_facts(found, window)),
        )


def midnights(since_at: datetime, until_at: datetime) -> tuple[datetime, ...]:
    """The beginnings of days in UTC inside a stretch of time, the last of them not after its end."""
    first = EPOCH + timedelta(days=-((EPOCH - since_at) // DAY))
    return tuple(first + number * DAY for number in range(max(0, (until_at - first) // DAY + 1)))


def _availability_facts(found: Ledger, window: TimeRange) -> dict[str, FactValue | None]:
    ratio = found.availability
    return {
        "availability.percent": None if ratio is None else round(100 * ratio, 4),
        "availability.known_percent": round(100 * (1 - found.unknown_seconds / window.seconds), 4),
    }


def _ledger_counts(found: Ledger) -> tuple[tuple[str, str], ...]:
    seconds = {
        "up_seconds": found.up_seconds,
        "down_seconds": found.down_seconds,
        "excluded_seconds": found.excluded_seconds,
        "unknown_seconds": found.unknown_seconds,
    }
    return facts_of({name: f"{value:.0f}" for name, value in seconds.items()})


def _content(told: dict[str, FactValue | None]) -> Content:
    return tuple(sorted((name, value) for name, value in told.items() if value is not None))


def _instant(text: str) -> datetime | None:
    try:
        told_at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told_at if told_at.tzinfo is not None else None
