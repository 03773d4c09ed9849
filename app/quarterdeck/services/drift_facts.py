"""What sources see of the links that are declared, as evidence for rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from quarterdeck.domain.drift import Drift, DriftStanding
from quarterdeck.domain.estate import Origin, RelationVersion
from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.declared_facts import DeclaredEstateView
from quarterdeck.services.drift import DriftReport

_SEEN = "seen"
_MOST_NAMED = 5


def drift_evidence(
    keys: Iterable[str], view: DeclaredEstateView, report: DriftReport, now: datetime
) -> Iterator[EvidenceRecord]:
    """A record for each entity with a declared link that some source would see; of others nothing can be told."""
    told = {row.drift.key: row.drift for row in report.rows}
    for key in keys:
        links = [each for each in view.links.get(key, ()) if each.origin is Origin.DECLARED]
        counts = Counter(_standing(each, told) for each in links)
        if counts.total() > counts[DriftStanding.NO_SOURCE]:
            yield _record(key, links, told, report.looking_names, now)


def _record(
    key: str, links: Sequence[RelationVersion], told: Mapping[str, Drift], looking: Sequence[str], now: datetime
) -> EvidenceRecord:
    unseen = [told[each.relation.key] for each in links if _standing(each, told) is DriftStanding.NOT_SEEN]
    counts = Counter(str(_standing(each, told)) for each in links)
    begun = [each.since_at for each in unseen if each.since_at is not None]
    return EvidenceRecord(
        kind=EvidenceKind.DRIFT,
        entity_key=key,
        what="Which of its declared links sources see, and which they would see and do not.",
        source=", ".join(looking) or "sources that are silent",
        query=_query(key, unseen, now),
        effective_from_at=min(max(begun), now) if begun else now,
        effective_to_at=None,
        received_at=now,
        population=len(links),
        counts=facts_of(counts),
        content=tuple(sorted((name, value) for name, value in _content(unseen, counts).items() if value is not None)),
    )


def _content(unseen: Sequence[Drift], counts: Mapping[str, int]) -> dict[str, FactValue | None]:
    """While a source is silent nobody knows that all are seen, but one that is not seen is known to be."""
    silent = counts.get(DriftStanding.SOURCE_SILENT, 0)
    begun = [each.since_at for each in unseen if each.since_at is not None]
    return {
        "drift.watched_links": counts.get(_SEEN, 0) + len(unseen),
        "drift.silent_links": silent,
        "drift.unseen_links": len(unseen) if unseen or not silent else None,
        "drift.days_unseen": to_ms(min(begun)) if begun else None,
    }


def _query(key: str, unseen: Sequence[Drift], now: datetime) -> str:
    query = f"sightings of the declared links of {key} at {now.isoformat(timespec='seconds')}"
    named = [each.key for each in unseen[:_MOST_NAMED]]
    more = len(unseen) - len(named)
    also = f" and {more} more" if more > 0 else ""
    return f"{query}; not seen: {', '.join(named)}{also}" if named else query


def _standing(link: RelationVersion, told: Mapping[str, Drift]) -> str:
    drift = told.get(link.relation.key)
    return _SEEN if drift is None else drift.standing
