"""The log of where a partner's claims and our measurement differ: a range cut into standings, settled and added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from quarterdeck.analysis.claim_courses import Course, Stretch
from quarterdeck.domain.claims import ClaimSpan, ClaimTotals, Side, Standing, Telling, Told, standing
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms

LEAST_SECONDS = 120.0
"""What holds for a shorter time counts as what was before it: both sides are looked at only now and then."""

TOLD_AFTER_SECONDS = 3600.0
"""A partner may tell of an outage up to so long after its end."""

_LEAST_MS = int(LEAST_SECONDS * 1000)
_UNWELL = frozenset({HealthState.DEGRADED, HealthState.DOWN})
_ADMITTED = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.MAINTENANCE})
_SILENT = frozenset({HealthState.UNKNOWN, HealthState.STALE})


@dataclass(frozen=True, slots=True)
class Pair:
    """One entity of a partner: what is claimed of it and what is measured of it."""

    entity_key: str
    claimed: Course
    measured: Course


@dataclass(frozen=True, slots=True)
class _Moment:
    """What the pairs say together over `[from_ms, to_ms)`."""

    from_ms: int
    to_ms: int
    standing: Standing
    claimed: Stretch
    measured: Stretch
    entity_key: str
    worst_claimed: HealthState
    worst_measured: Stretch


def cut(pairs: Sequence[Pair], time_range: TimeRange) -> tuple[ClaimSpan, ...]:
    """The range as spans without overlap or gap, each of one standing.

    A claim better than what is measured anywhere counts first, then trouble that both sides see, then a needless alarm,
    then that all is well on both sides. What holds for less than two minutes counts as what was before it; time that is
    not known is never lent in this way.
    """
    spans = [_span(moment) for moment in _moments(pairs, time_range)]
    settled: list[ClaimSpan] = []
    for span in _joined(spans):
        is_short = span.seconds < LEAST_SECONDS and span.standing is not Standing.NOT_KNOWN
        if settled and is_short:
            settled[-1] = replace(settled[-1], to_at=span.to_at)
        else:
            settled.append(span)
    found = list(_joined(settled))
    if found:
        found[0] = replace(found[0], is_cut=True)
        found[-1] = replace(found[-1], is_open=True)
    return tuple(found)


def holding(pairs: Sequence[Pair], before_ms: int) -> tuple[Side, Side]:
    """What is claimed and what is measured just before an instant, by the pair that speaks for all then."""
    moment = _moment(pairs, before_ms - 1, before_ms)
    return Side(moment.claimed.state, moment.claimed.words), Side(moment.measured.state, moment.measured.words)


def clipped(spans: Iterable[ClaimSpan], time_range: TimeRange) -> tuple[ClaimSpan, ...]:
    """The parts of spans inside a range; one that begins before it is marked as cut."""
    return tuple(
        replace(
            span,
            from_at=max(span.from_at, time_range.start_at),
            to_at=min(span.to_at, time_range.end_at),
            is_cut=span.is_cut or span.from_at < time_range.start_at,
        )
        for span in spans
        if span.from_at < time_range.end_at and time_range.start_at < span.to_at
    )


def totals(spans: Iterable[ClaimSpan]) -> ClaimTotals:
    """The seconds of each standing."""
    found = dict.fromkeys(Standing, 0)
    for span in spans:
        found[span.standing] += _ms(span)
    return ClaimTotals(*(found[each] / 1000 for each in Standing))


def tellings(pairs: Sequence[Pair], time_range: TimeRange) -> tuple[Telling, ...]:
    """Each outage we measured over a range, oldest first, and when the partner first told of it.

    An outage is a stretch of two minutes or more in which any of the pairs is degraded or down. It is told once any of
    their claims is degraded, down or in maintenance, before the next outage and at most an hour after its end. Whether
    it was told is not known where claims are not known, or where it had begun before the range.
    """
    moments = tuple(_moments(pairs, time_range))
    outages = [*_outages(moments)]
    onsets = [*(moments[first].from_ms for first, _ in outages[1:]), time_range.end_ms]
    return tuple(_telling(outage, moments, onset) for outage, onset in zip(outages, onsets, strict=False))


def _moments(pairs: Sequence[Pair], time_range: TimeRange) -> Iterator[_Moment]:
    start_ms, end_ms = time_range.start_ms, time_range.end_ms
    edges = {start_ms, end_ms}
    for pair in pairs:
        edges |= pair.claimed.edges(start_ms, end_ms) | pair.measured.edges(start_ms, end_ms)
    for from_ms_, to_ms_ in pairwise(sorted(edges)):
        yield _moment(pairs, from_ms_, to_ms_)


def _moment(pairs: Sequence[Pair], from_ms_: int, to_ms_: int) -> _Moment:
    told = [(pair.entity_key, pair.claimed.at(from_ms_), pair.measured.at(from_ms_)) for pair in pairs]
    claims = [claimed for _, claimed, _ in told]
    measures = [measured for _, _, measured in told]
    key, claimed, measured = max(told, key=lambda each: _weight(each[1], each[2]), default=("", _NOTHING, _NOTHING))
    return _Moment(
        from_ms_,
        to_ms_,
        standing(claimed.state, measured.state),
        claimed,
        measured,
        key,
        worst_claimed=_worst_known(claims).state,
        worst_measured=_worst_known(measures),
    )


_NOTHING = Stretch(0, 0, HealthState.UNKNOWN)


def _weight(claimed: Stretch, measured: Stretch) -> tuple[int, int]:
    """Which of several pairs speaks for the partner: the greatest."""
    stand = standing(claimed.state, measured.state)
    ranks = {
        Standing.NOT_KNOWN: 0,
        Standing.PLANNED: 1,
        Standing.AGREED: 4 if measured.state in _UNWELL else 2,
        Standing.OVERSTATED: 3,
        Standing.UNDERSTATED: 5,
    }
    return ranks[stand], SEVERITY[measured.state]


def _worst_known(stretches: Sequence[Stretch]) -> Stretch:
    known = [each for each in stretches if each.state not in _SILENT]
    return max(known, key=lambda each: SEVERITY[each.state], default=_NOTHING)


def _span(moment: _Moment) -> ClaimSpan:
    return ClaimSpan(
        moment.standing,
        from_ms(moment.from_ms),
        from_ms(moment.to_ms),
        Side(moment.claimed.state, moment.claimed.words, (moment.claimed.state,)),
        Side(moment.measured.state, moment.measured.words, (moment.measured.state,)),
        (moment.entity_key,) if moment.entity_key else (),
    )


def _joined(spans: Iterable[ClaimSpan]) -> Iterator[ClaimSpan]:
    """Neighbours of one standing as one span."""
    before: ClaimSpan | None = None
    for span in spans:
        if before is None or before.standing is not span.standing:
            if before is not None:
                yield before
            before = span
        else:
            before = _one_of(before, span)
    if before is not None:
        yield before


def _one_of(before: ClaimSpan, after: ClaimSpan) -> ClaimSpan:
    """Both as one, told by the part with the worse measurement."""
    worse = SEVERITY[after.measured.state] > SEVERITY[before.measured.state]
    told = after if worse else before
    return replace(
        before,
        to_at=after.to_at,
        claimed=replace(told.claimed, course=_course(before.claimed, after.claimed)),
        measured=replace(told.measured, course=_course(before.measured, after.measured)),
        subject_keys=tuple(dict.fromkeys((*before.subject_keys, *after.subject_keys))),
    )


def _course(before: Side, after: Side) -> tuple[HealthState, ...]:
    return tuple(dict.fromkeys((*before.course, *after.course)))


def _outages(moments: Sequence[_Moment]) -> Iterator[tuple[int, int]]:
    """Places `[first, last)` of the moments of each outage of two minutes or more; shorter calm does not end one."""
    runs: list[tuple[int, int]] = []
    for place, moment in enumerate(moments):
        if moment.worst_measured.state not in _UNWELL:
            continue
        if runs and moment.from_ms - moments[runs[-1][1] - 1].to_ms < _LEAST_MS:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    yield from (run for run in runs if moments[run[1] - 1].to_ms - moments[run[0]].from_ms >= _LEAST_MS)


def _telling(outage: tuple[int, int], moments: Sequence[_Moment], next_ms: int) -> Telling:
    first, last = moments[outage[0]], moments[outage[1] - 1]
    end_ms = min(last.to_ms + int(TOLD_AFTER_SECONDS * 1000), next_ms)
    worst = max(
        (moment.worst_measured for moment in moments[slice(*outage)]), key=lambda stretch: SEVERITY[stretch.state]
    )
    told, told_ms = _told([moment for moment in moments[outage[0] :] if moment.from_ms < end_ms])
    if outage[0] == 0:
        told, told_ms = Told.NOT_KNOWN, None
    if told is Told.NEVER and moments[-1].to_ms < last.to_ms + int(TOLD_AFTER_SECONDS * 1000):
        told = Told.NOT_YET
    return Telling(
        from_ms(first.from_ms),
        from_ms(last.to_ms),
        Side(worst.state, worst.words),
        told,
        None if told_ms is None else from_ms(told_ms),
        is_open=outage[1] == len(moments),
    )


def _told(moments: Sequence[_Moment]) -> tuple[Told, int | None]:
    """Whether these moments, the first of which is the onset, tell of trouble, and from when on."""
    for moment in moments:
        if moment.worst_claimed in _ADMITTED:
            return (Told.BEFORE, None) if moment is moments[0] else (Told.LATE, moment.from_ms)
        if moment.worst_claimed in _SILENT:
            return Told.NOT_KNOWN, None
    return Told.NEVER, None


def _ms(span: ClaimSpan) -> int:
    return to_ms(span.to_at) - to_ms(span.from_at)
