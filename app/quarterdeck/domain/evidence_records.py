"""Evidence as a record of its own: what was seen, where, how it was asked, and a digest that shows any change.

Records are chained: the digest of each covers the one before it, so that nobody can change, remove or put in a record
without every later digest telling.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind

FactValue = str | int | float | bool | tuple[str, ...]
Content = tuple[tuple[str, FactValue], ...]
"""Sorted pairs of a fact's name and its value."""

FIRST_DIGEST = ""
"""What the first record's digest is chained to."""


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One piece of evidence about one entity.

    `what` says in a sentence what was seen, `query` exactly what was asked for or which file was read. It speaks of
    `[effective_from_at, effective_to_at)`; with an open end, of the time up to when it was received, and for its
    lifetime beyond. `population` is how many things it was made from, `counts` how many of them were what. `id` is 0
    and `digest` empty until it is stored; `received_at` is set then and never again.
    """

    kind: EvidenceKind
    entity_key: str
    what: str
    source: str
    query: str
    effective_from_at: datetime
    effective_to_at: datetime | None
    received_at: datetime
    population: int
    counts: Facts
    content: Content
    id: int = 0
    digest: str = ""

    def lapses_ms(self, lifetime_ms: int) -> int:
        """When it stops to speak, in milliseconds since the epoch, for one who gives it that lifetime."""
        if self.effective_to_at is not None:
            return to_ms(self.effective_to_at)
        return max(to_ms(self.effective_from_at), to_ms(self.received_at)) + lifetime_ms


def canonical_text(record: EvidenceRecord) -> str:
    """Everything a record says but its number and digest, as one JSON text that is equal for equal records."""
    told = {
        "kind": record.kind.value,
        "entity": record.entity_key,
        "what": record.what,
        "source": record.source,
        "query": record.query,
        "effective_from_ms": to_ms(record.effective_from_at),
        "effective_to_ms": None if record.effective_to_at is None else to_ms(record.effective_to_at),
        "received_ms": to_ms(record.received_at),
        "population": record.population,
        "counts": record.counts,
        "content": record.content,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def chained_digest(previous: str, record: EvidenceRecord) -> str:
    """The digest of a record that follows one: SHA-256 in hexadecimal over both."""
    return hashlib.sha256(f"{previous}\n{canonical_text(record)}".encode()).hexdigest()


def chain_faults(records: Iterable[EvidenceRecord], previous: str = FIRST_DIGEST) -> Iterator[str]:
    """What is wrong with records in the order of their numbers, a sentence each; nothing for an unbroken chain."""
    number = 0
    for record in records:
        if number and record.id != number + 1:
            yield f"Between the evidence {number} and {record.id} records are missing."
        if chained_digest(previous, record) != record.digest:
            yield f"The evidence {record.id} about {record.entity_key} was changed after it was received."
        number, previous = record.id, record.digest
