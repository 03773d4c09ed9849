"""The security of integrations and services: certificates, protocol versions, keys, exposure and scanners' findings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quarterdeck.domain.estate import Entity, EntityKind, RelationKind
from quarterdeck.domain.facts import fact
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import from_ms
from quarterdeck.domain.policies import EvidenceKind, Severity
from quarterdeck.services.expiries import expiry_health
from quarterdeck.services.measured_facts import CertificateReading
from quarterdeck.services.posture import (
    EvidenceSubject,
    Figure,
    Judgement,
    PostureRow,
    PostureTable,
    PostureView,
    judgements_on,
    mark_of,
    mark_of_unknown,
)
from quarterdeck.services.posture_facts import PostureFacts
from quarterdeck.services.wording import domain_words, moment_words

COLUMNS = ("Certificate", "Chain", "Protocol", "Keys", "Exposure", "Scanners")
_DAY = timedelta(days=1)
_NO_CHECK = "No check saw a certificate of it or of its partners within a day. A TLS probe would."
_SEVERITIES = tuple(Severity)
_SCAN_MARKS = {
    Severity.LOW: HealthState.DEGRADED,
    Severity.MEDIUM: HealthState.DEGRADED,
    Severity.HIGH: HealthState.DOWN,
    Severity.CRITICAL: HealthState.DOWN,
}


def security_table(facts: PostureFacts, kind: EntityKind) -> PostureTable:
    """A row for each entity of a kind."""
    rows = tuple(_row(_Subject.of(entity, facts)) for entity in facts.entities(kind))
    noun = "integration" if kind is EntityKind.INTEGRATION else kind.value
    return PostureTable(
        view=PostureView.SECURITY,
        subject=noun.capitalize(),
        columns=COLUMNS,
        rows=rows,
        at=facts.at,
        query=f"security of every {noun} at {facts.at.isoformat(timespec='seconds')}",
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """One entity with what it shows to the outside: its own certificates and those of the partners it runs to."""

    entity: Entity
    facts: PostureFacts
    readings: Sequence[CertificateReading]
    places: tuple[str, ...]

    @classmethod
    def of(cls, entity: Entity, facts: PostureFacts) -> _Subject:
        places = (entity.key, *(partner.key for partner in facts.partners_of(entity.key)))
        readings = [reading for place in places for reading in facts.readings.get(place, ())]
        return cls(entity, facts, readings, places)

    def judged(self, *names: str) -> tuple[Judgement, ...]:
        return judgements_on(names, (self.entity.key,), self.facts.judged)

    def evidence(self, kind: EvidenceKind) -> tuple[EvidenceSubject, ...]:
        return (EvidenceSubject(self.entity.key, kind),)


def _row(subject: _Subject) -> PostureRow:
    entity = subject.entity
    figures = (
        _certificate(subject),
        _chain(subject),
        _protocol(subject),
        _keys(subject),
        _exposure(subject),
        _scans(subject),
    )
    return PostureRow(entity.key, entity.key, entity.name, domain_words(entity.domain), figures)


def _unknown(number: int, told: str, judged: tuple[Judgement, ...], evidence: tuple[EvidenceSubject, ...]) -> Figure:
    return Figure(COLUMNS[number], "", mark_of_unknown(judged), told, math.nan, judged, evidence)


def _certificate(subject: _Subject) -> Figure:
    judged, evidence = subject.judged("tls.days_left"), subject.evidence(EvidenceKind.CERTIFICATE)
    if not subject.readings:
        return _unknown(0, _NO_CHECK, judged, evidence)
    first = min(subject.readings, key=lambda reading: reading.ends_at)
    days = (first.ends_at - subject.facts.at) / _DAY
    more = f", first of {len(subject.readings)}" if len(subject.readings) > 1 else ""
    words = f"ends in {math.floor(days)} d{more}" if days >= 0 else f"ended {math.ceil(-days)} d ago{more}"
    return Figure(
        label=COLUMNS[0],
        words=words,
        state=mark_of(judged) or expiry_health(days, subject.entity.expectations),
        told_by=f"It ends {first.ends_at:%Y-%m-%d %H:%M} UTC. {_seen(subject.readings, subject.facts.at)}",
        rank=days,
        judged_by=judged,
        evidence=evidence,
    )


def _chain(subject: _Subject) -> Figure:
    judged, evidence = subject.judged("tls.verified"), subject.evidence(EvidenceKind.CERTIFICATE)
    if not subject.readings:
        return _unknown(1, _NO_CHECK, judged, evidence)
    trusts = [reading.is_verified for reading in subject.readings]
    told = "; ".join(dict.fromkeys(_issued(reading) for reading in subject.readings))
    if False in trusts:
        words, state = "not trusted", HealthState.DOWN
    elif None in trusts:
        words, state = "", None
        told = f"{told}. Whether it is trusted was not checked everywhere"
    else:
        words, state = "trusted", HealthState.HEALTHY
    told = f"{told}. {_seen(subject.readings, subject.facts.at)}"
    if not words:
        return _unknown(1, told, judged, evidence)
    return Figure(COLUMNS[1], words, mark_of(judged) or state, told, math.nan, judged, evidence)


def _issued(reading: CertificateReading) -> str:
    told = reading.check.facts
    named = fact(told, "certificate_subject") or "a certificate without a name"
    issuer = fact(told, "certificate_issuer")
    return f"{named}, issued by {issuer}" if issuer else f"{named}, its issuer is not told"


def _protocol(subject: _Subject) -> Figure:
    judged, evidence = subject.judged("tls.version"), subject.evidence(EvidenceKind.CERTIFICATE)
    versions = [reading.version for reading in subject.readings if reading.version is not None]
    if len(versions) < len(subject.readings) or not versions:
        told = "Not every check told the version of TLS." if subject.readings else _NO_CHECK
        return _unknown(2, told, judged, evidence)
    lowest = min(versions)
    words = f"TLS {lowest:g}" if max(versions) == lowest else f"TLS {lowest:g} to {max(versions):g}"
    told = f"The lowest that was agreed on. {_seen(subject.readings, subject.facts.at)}"
    return Figure(COLUMNS[2], words, mark_of(judged), told, lowest, judged, evidence)


def _keys(subject: _Subject) -> Figure:
    """How old the oldest key is, as declared where it is used."""
    judged = subject.judged("secret.days_since_rotation")
    known: list[tuple[int, str]] = []
    for place in subject.places:
        if place in subject.facts.view.entities:
            rotated = subject.facts.declared(place).get("secret.days_since_rotation")
            known += [(rotated, place)] if isinstance(rotated, int) else []
    evidence = tuple(EvidenceSubject(place, EvidenceKind.DECLARATION) for place in subject.places)
    if not known:
        told = "No day on which a key was changed is declared (`key_rotated`)."
        return _unknown(3, told, judged, evidence)
    oldest, place = min(known)
    days = (subject.facts.at - from_ms(oldest)) / _DAY
    told = f"Declared of {place}: changed on {from_ms(oldest):%Y-%m-%d}."
    return Figure(COLUMNS[3], f"{math.floor(days)} d old", mark_of(judged), told, days, judged, evidence)


def _exposure(subject: _Subject) -> Figure:
    """Which outside parties it faces, over which protocol, and whether each link says how it is encrypted."""
    key, facts = subject.entity.key, subject.facts
    outer = tuple(facts.view.behind(key, RelationKind.EXTERNAL_INTERNAL, towards=False))
    content = facts.declared(key)
    bare, carrying = content.get("encryption.undeclared_links", 0), content.get("encryption.links", 0)
    judged = subject.judged("encryption.undeclared_links", "protocol.declared")
    names = ", ".join(sorted(one.name for one in outer))
    faces = any(one.kind is EntityKind.PARTNER for one in outer)
    words = f"faces {names}" if faces else f"behind {names}" if names else "inside only"
    words += f"; {bare} of {carrying} links undeclared" if bare else ""
    incoming = [version.relation for version in facts.links_of(key) if version.relation.target_key == key]
    outward = [each for each in incoming if each.kind is RelationKind.EXTERNAL_INTERNAL]
    protocols = sorted({fact(each.facts, "protocol") or "a protocol not declared" for each in outward})
    told = f"Over {', '.join(protocols)}." if protocols else "No declared or seen link leads outside."
    told += f" Of {carrying} links that carry data {bare} do not say how they are encrypted."
    evidence = subject.evidence(EvidenceKind.DECLARATION)
    return Figure(COLUMNS[4], words, mark_of(judged), told, float(len(outer)), judged, evidence)


def _scans(subject: _Subject) -> Figure:
    facts = subject.facts
    reports = [facts.scans[place] for place in subject.places if place in facts.scans]
    evidence = subject.evidence(EvidenceKind.SCAN)
    if not reports:
        return _unknown(5, "No scanner has reported on it.", (), evidence)
    evidence = tuple(EvidenceSubject(place, EvidenceKind.SCAN) for place in subject.places if place in facts.scans)
    found = [one.finding.severity for place in subject.places for one in facts.scanned.get(place, ())]
    last_at = max(report.effective_from_at for report in reports)
    told = f"Last scan {moment_words(last_at, facts.at)}. {_by_severity(found)}"
    if not found:
        return Figure(COLUMNS[5], "nothing open", HealthState.HEALTHY, told, 0.0, (), evidence)
    worst = max(found, key=_SEVERITIES.index)
    words = f"{len(found)} open, worst {worst.value}"
    return Figure(COLUMNS[5], words, _SCAN_MARKS[worst], told, float(len(found)), (), evidence)


def _by_severity(found: Iterable[Severity]) -> str:
    counts = Counter(found)
    told = [f"{counts[severity]} {severity.value}" for severity in reversed(_SEVERITIES) if counts[severity]]
    return f"{', '.join(told).capitalize()}." if told else "Nothing that it found is open."


def _seen(readings: Iterable[CertificateReading], at: datetime) -> str:
    last = max(readings, key=lambda reading: reading.check.checked_at).check
    return f"Seen by “{last.name}” of {last.entity_key}, {moment_words(last.checked_at, at)}."
