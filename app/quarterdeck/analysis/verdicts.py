"""From evidence and policies to dated verdicts: what every control was, is, and becomes by itself as evidence lapses.

Verdicts reach to the end of time: where the evidence ends, the control is not evaluable from that instant on, whether
anybody is there to judge it then or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from quarterdeck.analysis.evidence_timelines import ENDLESS, Records, Segment, Spoken, segments, spoken
from quarterdeck.analysis.judged_policies import AlikePolicies, Outcome, PolicyGroup, PolicySet
from quarterdeck.analysis.known_facts import day_edges, facts_at, subject_of
from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind, Verdict, Waiver

_MISSING = {kind: f"No evidence of {kind.value}" for kind in EvidenceKind}
_LAPSED = {kind: f"The evidence of {kind.value} has lapsed" for kind in EvidenceKind}
BEGINNING = 0
"""From when on policies are judged that nobody has judged before: the epoch."""


class VerdictSpan(NamedTuple):
    """A verdict over `[from_ms, to_ms)`, why, and the numbers of the records it rested on when it began."""

    from_ms: int
    to_ms: int
    verdict: Verdict
    reason: str = ""
    evidence_ids: tuple[int, ...] = ()


Spans = tuple[VerdictSpan, ...]
Facts = Mapping[str, FactValue]


def verdicts(known: PolicySet, records: Records, from_ms: int = BEGINNING) -> list[Spans]:
    """The verdicts of one entity from an instant on, a history for each policy in their order.

    A history is in order, without overlap, and without gap for as long as the entity is declared and in the policy's
    scope; it is empty where it never is. A declaration without content says that the entity is declared no more.
    """
    found: list[Spans] = [()] * len(known.policies)
    told = spoken(records.get(EvidenceKind.DECLARATION, ()), ENDLESS, from_ms)
    declared = [piece for piece in told if piece.record.content]
    covering = {id(piece.record): known.covering(subject_of(piece.record.content)) for piece in declared}
    lines: dict[tuple[EvidenceKind, int], list[Spoken]] = {}
    first_ms = {kind: min(to_ms(each.effective_from_at) for each in own) for kind, own in records.items() if own}
    known_facts: dict[tuple[tuple[int, ...], int], Facts] = {}
    for number, group in enumerate(known.groups):
        covered = {key: each[number] for key, each in covering.items()}
        if not any(covered.values()):
            continue
        for need in group.needs:
            if need not in lines:
                lines[need] = spoken(records.get(need[0], ()), need[1], from_ms)
        pieces = list(_pieces(group, declared, lines, first_ms, known_facts))
        if pieces:
            _judge(covered, pieces, found)
    return found


def waived(spans: Spans, waivers: Iterable[Waiver]) -> Spans:
    """The spans with what waivers set aside; what is satisfied stays so, and a waiver's end opens the control again."""
    for waiver in waivers:
        from_ms, until_ms = to_ms(waiver.from_at), to_ms(waiver.until_at)
        reason = f"Waived until {waiver.until_at:%Y-%m-%d}: {waiver.reason}"
        pieces: list[VerdictSpan] = []
        for span in spans:
            inside = max(span.from_ms, from_ms), min(span.to_ms, until_ms)
            if span.verdict in {Verdict.SATISFIED, Verdict.WAIVED} or inside[0] >= inside[1]:
                pieces.append(span)
                continue
            pieces.append(span._replace(to_ms=inside[0]))
            pieces.append(VerdictSpan(*inside, Verdict.WAIVED, reason, span.evidence_ids))
            pieces.append(span._replace(from_ms=inside[1]))
        spans = joined(pieces)
    return spans


def joined(spans: Iterable[VerdictSpan]) -> Spans:
    """Spans in their order; empty ones go, those of one verdict that touch are one, and the first's reason stands."""
    found: list[VerdictSpan] = []
    for span in spans:
        if found and found[-1].to_ms == span.from_ms and found[-1].verdict is span.verdict:
            found[-1] = found[-1]._replace(to_ms=span.to_ms)
        elif span.to_ms > span.from_ms:
            found.append(span)
    return tuple(found)


class _Piece(NamedTuple):
    """A stretch over which nothing that a group reads changes: its facts, or what it is to every policy without."""

    from_ms: int
    to_ms: int
    declared: EvidenceRecord
    ids: tuple[int, ...]
    facts: Facts | None
    silence: VerdictSpan | None = None


def _pieces(
    group: PolicyGroup,
    declared: Sequence[Spoken],
    lines: Mapping[tuple[EvidenceKind, int], Sequence[Spoken]],
    first_ms: Mapping[EvidenceKind, int],
    known_facts: dict[tuple[tuple[int, ...], int], Facts],
) -> Iterator[_Piece]:
    """The time in which a group is in force and the entity is declared, cut where anything it reads changes.

    `first_ms` is when the first evidence of each kind begins; `known_facts` are those of records at an instant,
    gathered for all groups of the entity.
    """
    scope = {"scope": declared}
    needed = {kind: lines[kind, life] for kind, life in group.needs}
    for segment in segments({**scope, **needed}):
        from_ms, to_ms_ = max(segment.from_ms, group.from_ms), min(segment.to_ms, group.to_ms)
        told = segment.records.get("scope")
        if told is None or from_ms >= to_ms_:
            continue
        speaking = [segment.records[kind] for kind, _ in group.needs if kind in segment.records]
        ids = tuple(record.id for record in speaking)
        if len(speaking) < len(group.needs):
            words = _silence_words(group, segment, first_ms)
            silence = VerdictSpan(from_ms, to_ms_, Verdict.NOT_EVALUABLE, words, ids)
            yield _Piece(from_ms, to_ms_, told, ids, None, silence)
            continue
        edges = day_edges(speaking, group.days, from_ms, to_ms_) if group.days else ()
        for start_ms, end_ms in pairwise((from_ms, *edges, to_ms_)):
            at = tuple(map(id, speaking)), start_ms
            facts = known_facts.get(at)
            if facts is None:
                facts = known_facts[at] = facts_at(speaking, start_ms)
            yield _Piece(start_ms, end_ms, told, ids, facts)


def _silence_words(group: PolicyGroup, segment: Segment, first_ms: Mapping[EvidenceKind, int]) -> str:
    """Which needed evidence does not speak in a segment, and whether it ever did."""
    kind = next(kind for kind, _ in group.needs if kind not in segment.records)
    return _LAPSED[kind] if first_ms.get(kind, ENDLESS) < segment.from_ms else _MISSING[kind]


def _judge(covered: Mapping[int, tuple[AlikePolicies, ...]], pieces: Sequence[_Piece], found: list[Spans]) -> None:
    """Put the histories of a group's policies where they belong; `covered` tells by declaration which those are."""
    first = covered[id(pieces[0].declared)]
    if all(each is first for each in covered.values()):
        for alike in first:
            _judge_alike(alike, pieces, found)
        return
    for key, members in covered.items():
        own = [piece for piece in pieces if id(piece.declared) == key]
        for alike in members if own else ():
            before = {number: found[number] for number in alike.numbers}
            _judge_alike(alike, own, found)
            for number, spans in before.items():
                found[number] = joined(sorted((*spans, *found[number])))


def _judge_alike(alike: AlikePolicies, pieces: Sequence[_Piece], found: list[Spans]) -> None:
    """Judge policies over the same pieces; what is the same for several of them is made once."""
    told = [None if piece.facts is None else alike.outcomes(piece.facts) for piece in pieces]
    for course, numbers in alike.courses(told):
        spans = joined([_span(piece, outcome) for piece, outcome in zip(pieces, course, strict=True)])
        for number in numbers:
            found[number] = spans


def _span(piece: _Piece, outcome: Outcome | None) -> VerdictSpan:
    if outcome is None:
        return piece.silence or VerdictSpan(piece.from_ms, piece.to_ms, Verdict.NOT_EVALUABLE, "", piece.ids)
    return VerdictSpan(piece.from_ms, piece.to_ms, *outcome, piece.ids)
