"""Which piece of evidence speaks when: of all that cover an instant the one that was received last."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind

ENDLESS = 2**63 - 1
"""The end of what still holds, in milliseconds."""

Records = Mapping[EvidenceKind, Sequence[EvidenceRecord]]
"""The evidence about one entity by kind, in the order in which it was received."""


class Spoken(NamedTuple):
    """A record and the stretch `[from_ms, to_ms)` over which it is the one that speaks."""

    from_ms: int
    to_ms: int
    record: EvidenceRecord


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch `[from_ms, to_ms)` over which the same records speak; timelines without one are missing."""

    from_ms: int
    to_ms: int
    records: dict[str, EvidenceRecord]


def spoken(records: Sequence[EvidenceRecord], lifetime_ms: int, from_ms: int) -> list[Spoken]:
    """Who speaks from an instant on, in order and without overlap; with gaps where nobody does.

    `records` are in the order in which they were received; `ENDLESS` as a lifetime lets open records never lapse.
    """
    covers = [_cover(record, lifetime_ms, from_ms) for record in records]
    standing = [cover for cover in covers if cover.to_ms > cover.from_ms]
    return standing if len(standing) < 2 else _latest_first(standing)  # noqa: PLR2004 - one alone has no rival


def _cover(record: EvidenceRecord, lifetime_ms: int, from_ms: int) -> Spoken:
    is_endless = lifetime_ms == ENDLESS and record.effective_to_at is None
    ends_ms = ENDLESS if is_endless else record.lapses_ms(lifetime_ms if lifetime_ms != ENDLESS else 0)
    return Spoken(max(to_ms(record.effective_from_at), from_ms), ends_ms, record)


def _latest_first(covers: Sequence[Spoken]) -> list[Spoken]:
    """A sweep over the edges with a heap of those that cover, the one received last on top."""
    edges = sorted({cover.from_ms for cover in covers} | {cover.to_ms for cover in covers})
    waiting = sorted(range(len(covers)), key=lambda number: covers[number].from_ms, reverse=True)
    covering: list[int] = []
    found: list[Spoken] = []
    for from_ms, to_ms_ in pairwise(edges):
        while waiting and covers[waiting[-1]].from_ms <= from_ms:
            heapq.heappush(covering, -waiting.pop())
        while covering and covers[-covering[0]].to_ms <= from_ms:
            heapq.heappop(covering)
        if covering:
            _extend(found, Spoken(from_ms, to_ms_, covers[-covering[0]].record))
    return found


def _extend(found: list[Spoken], piece: Spoken) -> None:
    last = found[-1] if found else None
    if last is not None and last.to_ms == piece.from_ms and last.record is piece.record:
        found[-1] = last._replace(to_ms=piece.to_ms)
    else:
        found.append(piece)


def segments(timelines: Mapping[str, Sequence[Spoken]]) -> list[Segment]:
    """The stretches over which nothing changes, from the first record to the end of time; without overlap or gap."""
    edges = {piece.from_ms for line in timelines.values() for piece in line}
    if not edges:
        return []
    edges.update(piece.to_ms for line in timelines.values() for piece in line)
    edges.add(ENDLESS)
    ordered = sorted(edges)
    spoken_in: list[dict[str, EvidenceRecord]] = [{} for _ in ordered]
    number_of = {edge: number for number, edge in enumerate(ordered)}
    for kind, line in timelines.items():
        for piece in line:
            for number in range(number_of[piece.from_ms], number_of[piece.to_ms]):
                spoken_in[number][kind] = piece.record
    return [Segment(*edge, told) for edge, told in zip(pairwise(ordered), spoken_in, strict=False)]
