"""Stretches of time that carry a label and never overlap: how a new stretch is put among those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`[from_ms, to_ms)` with a label; `details` travel along and do not keep two spans of one label apart."""

    from_ms: int
    to_ms: int
    label: tuple[str, ...]
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpanChange:
    """Everything inside `[from_ms, to_ms)` becomes `spans`: inside it, ordered, without overlap."""

    from_ms: int
    to_ms: int
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        reached = self.from_ms
        for span in self.spans:
            if span.from_ms < reached or span.to_ms < span.from_ms or span.to_ms > self.to_ms:
                message = "intervals must lie in their range, in order and without overlap"
                raise ValueError(message)
            reached = span.to_ms


def spliced(existing: Iterable[Span], change: SpanChange) -> list[Span]:
    """The spans after a change: neighbours clipped, spans of one label that touch joined."""
    kept: list[Span] = []
    for span in existing:
        if span.from_ms < change.from_ms:
            kept.append(replace(span, to_ms=min(span.to_ms, change.from_ms)))
        if span.to_ms > change.to_ms:
            kept.append(replace(span, from_ms=max(span.from_ms, change.to_ms)))
    return joined(sorted(kept + [span for span in change.spans if span.to_ms > span.from_ms]))


def joined(spans: Sequence[Span]) -> list[Span]:
    """Ordered spans with those of one label that touch made one; the first one's details stand."""
    result: list[Span] = []
    for span in spans:
        if result and result[-1].to_ms == span.from_ms and result[-1].label == span.label:
            result[-1] = replace(result[-1], to_ms=span.to_ms)
        else:
            result.append(span)
    return result
