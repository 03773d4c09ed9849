"""From a CycloneDX document to what the console keeps: each vulnerability once in every component that it is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from quarterdeck.connectors.scan_reports.cyclonedx_document import (
    Affected,
    Bom,
    Component,
    Metadata,
    Rating,
    Vulnerability,
)
from quarterdeck.connectors.scan_reports.documents import fault_words
from quarterdeck.connectors.scan_reports.identities import FindingNames, plain_finding
from quarterdeck.connectors.scan_reports.runs import told_instant
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding, ScanReport
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line

MAX_FINDINGS = 20_000
_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.LOW,
    "none": Severity.LOW,
}
_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))
"""The bounds of CVSS' qualitative ratings."""

_SEVERITIES = tuple(Severity)
_SET_ASIDE = frozenset({"resolved", "resolved_with_pedigree", "false_positive", "not_affected"})
_MAX_SCORE = 10.0
_MAX_NAME_CHARS = 100
_MAX_SCAN_CHARS = 240


def read_cyclonedx(document: Mapping[str, Any], shown: str, scan: str, written_at: datetime) -> ScanReport:
    """What a document tells of vulnerabilities; one that only lists components cannot tell that one is gone.

    Raises UnexpectedReply naming the report and the place in it.
    """
    try:
        bom = Bom.model_validate(document)
    except (ValidationError, RecursionError) as fault:
        words = fault_words(fault) if isinstance(fault, ValidationError) else "components stand too deep in another"
        message = f"The report {shown} is not CycloneDX: {words}."
        raise UnexpectedReply(message, "Look into it at that place, or tell the scanner's makers.") from fault
    if bom.vulnerabilities is None and bom.components is None:
        message = f"The report {shown} tells neither components nor vulnerabilities, not even that there are none."
        raise UnexpectedReply(message, "See whether the scanner ended before it looked; let it run again.")
    return _report(bom, one_line(document.get("specVersion", ""), 10), shown, scan, written_at)


def _report(bom: Bom, version: str, shown: str, scan: str, written_at: datetime) -> ScanReport:
    known = {each.bom_ref: each for each in _all((bom.metadata.component, *(bom.components or ()))) if each.bom_ref}
    told, names = tuple(_told(bom.vulnerabilities or ())), FindingNames()
    _refuse_too_many(len(told), shown)
    named = [(_name(names, found, known.get(affected.ref), affected), found, affected) for found, affected in told]
    states = [_state(found, affected) for found, affected in told]
    findings = tuple(
        _finding(name, found, known.get(affected.ref), affected)
        for (name, found, affected), state in zip(named, states, strict=True)
        if state == "open"
    )
    severities = Counter(f"severity_{finding.severity.value}" for finding in findings)
    amounts = {"components": _amount(bom.components), "vulnerabilities": _amount(bom.vulnerabilities)}
    program = next(iter(bom.metadata.programs), None)
    return ScanReport(
        tool=one_line(program.name if program else "", _MAX_NAME_CHARS) or "a scanner without a name",
        format=f"CycloneDX {version}".strip(),
        scan=_scan(bom.metadata) or scan,
        scanned_at=told_instant(bom.metadata.timestamp) or written_at,
        is_complete=bom.vulnerabilities is not None,
        findings=findings,
        population=len(told),
        counts=facts_of(
            {**Counter(states), **severities, **amounts, "version": program.version or None if program else None}
        ),
    )


def _all(components: Iterable[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _all(component.components)


def _amount(parts: tuple[object, ...] | None) -> int | None:
    return None if parts is None else len(parts)


def _refuse_too_many(count: int, shown: str) -> None:
    if count > MAX_FINDINGS:
        message = f"The report {shown} tells of more than {MAX_FINDINGS:,} vulnerabilities in components."
        raise UnexpectedReply(message, "See whether it is the report of one product.")


def _told(vulnerabilities: Iterable[Vulnerability]) -> Iterator[tuple[Vulnerability, Affected]]:
    for found in vulnerabilities:
        for affected in found.affects or (Affected(),):
            yield found, affected


def _name(names: FindingNames, found: Vulnerability, component: Component | None, affected: Affected) -> str:
    """By the vulnerability and the component without its version, so that an upgrade that does not help is known."""
    who = f"{component.group}/{component.name}" if component is not None else affected.ref
    return names.name((found.source.name, found.id or found.description, who))


def _state(found: Vulnerability, affected: Affected) -> str:
    """What became of it: `open` unless somebody said otherwise of the vulnerability or of every version told."""
    if found.rejected:
        return "rejected"
    if found.analysis.state in _SET_ASIDE:
        return found.analysis.state
    if affected.versions and all(each.status == "unaffected" for each in affected.versions):
        return "not_affected"
    return "open"


def _finding(name: str, found: Vulnerability, component: Component | None, affected: Affected) -> ScanFinding:
    place = affected.ref
    if component is not None:
        place = component.purl or " ".join(part for part in (component.name, component.version) if part)
    rule = found.id or "unnamed vulnerability"
    address = found.source.url
    return plain_finding(
        name,
        rule,
        _severity(found.ratings),
        found.description or found.detail or f"{rule} in {place or 'this product'}",
        place=place,
        help_address=address if address.startswith(("https://", "http://")) else "",
    )


def _severity(ratings: Iterable[Rating]) -> Severity:
    """The worst of what was told; medium where nobody told any."""
    told = [severity for rating in ratings if (severity := _rated(rating)) is not None]
    return max(told, key=_SEVERITIES.index, default=Severity.MEDIUM)


def _rated(rating: Rating) -> Severity | None:
    word = _WORDS.get(rating.severity)
    if word is not None or not rating.method.startswith("CVSS") or not 0.0 <= rating.score <= _MAX_SCORE:
        return word
    return next(severity for bound, severity in _SCORES if rating.score >= bound)


def _scan(metadata: Metadata) -> str:
    """Of what the document is, without the version: its next version is of the same."""
    about = metadata.component
    return one_line("/".join(part for part in (about.group, about.name) if part), _MAX_SCAN_CHARS)
