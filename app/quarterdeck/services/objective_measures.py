"""What an objective's indicator was over a stretch of time, read from the store; what it cannot be told of says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Protocol

import numpy as np

from quarterdeck.analysis.histograms import BOUND_LABEL
from quarterdeck.analysis.indicator_measures import (
    Slicing,
    Track,
    answered,
    counted_events,
    events_at,
    fresh_over_time,
    is_good,
    kept_by_sample,
    kept_over_time,
    sliced,
)
from quarterdeck.analysis.objective_ledger import Measured, ledger_of
from quarterdeck.analysis.state_measures import up_over_time
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.facts import Facts, fact
from quarterdeck.domain.indicator_queries import IndicatorQuery, QueryKind, UnreadQuery, read_query
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.objective_ledger import CountingRule, span_us, to_us
from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective
from quarterdeck.domain.series import SeriesInfo, SeriesKind
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.ports import (
    ConnectionStore,
    EventQuery,
    OccurrenceStore,
    OwnStateStore,
    SeriesQuery,
    SeriesStore,
)
from quarterdeck.services.series_choice import choose_series
from quarterdeck.services.signals import Patience

_LEAD = timedelta(hours=1)
_PAGE = 5_000
_MOST_EVENTS = 500_000
_DECLARE_STEP = "Change the objective's definition; the others are not touched by it."


class NotMeasurable(OperatorError):
    """An objective that cannot be measured from what the store holds."""


class MeasureStore(JudgedStates, OwnStateStore, SeriesStore, OccurrenceStore, ConnectionStore, Protocol):
    """What indicators are read from."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """Whose indicator is read, of which objective, over which time, and by which rule."""

    entity: Entity
    objective: Objective
    time_range: TimeRange
    rule: CountingRule


class IndicatorReader:
    """Reads indicators; every call may take a while and belongs in a worker. Raises NotMeasurable, StoreUnavailable."""

    def __init__(self, store: MeasureStore) -> None:
        self._store = store
        self._states = CurrentStates(store)

    def measured(self, asked: Measuring) -> Measured:
        """What was good and bad over the range, in slices where the objective counts slices."""
        indicator, objective = asked.objective.indicator, asked.objective
        try:
            if indicator.kind is IndicatorKind.THRESHOLD:
                found = self._threshold(asked, read_query(indicator.raw))
            elif indicator.raw:
                found = self._raw_ratio(asked, read_query(indicator.raw))
            else:
                found = self._parts(asked, indicator)
        except UnreadQuery as fault:
            step = "Name a series, `state`, `age` or events that are in this store; the manual says how."
            raise NotMeasurable(str(fault), step) from fault
        return found if objective.budgeting is Budgeting.OCCURRENCES else _in_slices(found, asked)

    def _threshold(self, asked: Measuring, query: IndicatorQuery) -> Measured:
        bound, comparison = asked.objective.bound, asked.objective.comparison
        if bound is None or comparison is None:
            raise NotMeasurable("A threshold needs a comparison and a bound.", _DECLARE_STEP)
        words = (f"{_SIGNS[comparison]} {bound:g}", f"not {_SIGNS[comparison]} {bound:g}")
        if query.kind is QueryKind.AGE:
            return self._fresh(asked, query, bound)
        if query.kind is not QueryKind.SERIES:
            raise NotMeasurable("A threshold is held against a series or an age.", _DECLARE_STEP)
        infos = self._found(asked.entity, query)
        if any(fact(info.identity.labels, BOUND_LABEL) for info in infos):
            return self._below_bucket(asked, infos, bound)
        track = self._track(_only(infos, query), asked)
        good = is_good(track.values, comparison, bound)
        if asked.objective.budgeting is Budgeting.OCCURRENCES:
            return kept_by_sample(track, good.astype(np.float64), words)
        return kept_over_time(track, good, words)

    def _raw_ratio(self, asked: Measuring, query: IndicatorQuery) -> Measured:
        if query.kind is QueryKind.STATE:
            keys, span = [asked.entity.key], asked.time_range
            shown, own = self._states.states_in(span, keys), self._store.own_states_in(span, keys)
            return up_over_time(shown, own, to_us(span.end_at), degraded_is_bad=asked.rule.degraded_is_bad)
        if query.kind is QueryKind.EVENTS and query.answer:
            return self._answered(asked, query)
        if query.kind is not QueryKind.SERIES:
            raise NotMeasurable(
                "A share of good is a state, a series of shares, or events with answers.", _DECLARE_STEP
            )
        track = self._track(_only(self._found(asked.entity, query), query), asked)
        if np.any((track.values < 0) | (track.values > 1)):
            raise NotMeasurable("Its series holds values outside 0 to 1, which are no shares.", _DECLARE_STEP)
        share = 1 - track.values if asked.objective.indicator.raw_is_bad else track.values
        return kept_by_sample(track, share, ("all of it was good", "some of it was bad"))

    def _parts(self, asked: Measuring, indicator: Indicator) -> Measured:
        part, total = read_query(indicator.good or indicator.bad), read_query(indicator.total)
        words = ("all were good", "some were bad")
        if part.kind is QueryKind.EVENTS and total.kind is QueryKind.EVENTS:
            return self._shared(asked, part, total)
        if {part.kind, total.kind} != {QueryKind.SERIES}:
            raise NotMeasurable("Good and total are both counters, or both events.", _DECLARE_STEP)
        both = [self._found(asked.entity, query) for query in (part, total)]
        if any(info.identity.kind is not SeriesKind.COUNTER for infos in both for info in infos):
            raise NotMeasurable("A series that is no counter cannot tell how many there were.", _DECLARE_STEP)
        parts, totals = ([self._track(info, asked) for info in infos] for infos in both)
        return counted_events(parts, totals, words, is_bad=bool(indicator.bad))

    def _below_bucket(self, asked: Measuring, infos: Sequence[SeriesInfo], bound: float) -> Measured:
        """Observations of a histogram: those at or below the bound of all."""
        if asked.objective.comparison not in {Comparison.BELOW, Comparison.UP_TO}:
            raise NotMeasurable("The buckets of a histogram tell what lies below a bound only.", _DECLARE_STEP)
        bounds = {info.id: _number(fact(info.identity.labels, BOUND_LABEL)) for info in infos}
        good = [info for info in infos if bounds[info.id] == bound]
        total = [info for info in infos if bounds[info.id] == np.inf]
        if not good or not total:
            told = ", ".join(f"{each:g}" for each in sorted(set(bounds.values()) - {np.inf}))
            raise NotMeasurable(f"No bucket of the histogram ends at {bound:g}.", f"Take one of its bounds: {told}.")
        goods, totals = ([self._track(info, asked) for info in part] for part in (good, total))
        return counted_events(goods, totals, (f"all up to {bound:g}", f"some above {bound:g}"), is_bad=False)

    def _fresh(self, asked: Measuring, query: IndicatorQuery, bound: float) -> Measured:
        """How old the newest data were; from when on anything was received as it came, for history came at once."""
        wanted = self._found(asked.entity, query) if query.name or query.meaning else self._all(asked.entity)
        if not wanted:
            raise NotMeasurable("No source tells anything of it yet.", "Connect one under Connectors.")
        span = asked.time_range
        lead = TimeRange(span.start_at - timedelta(seconds=bound) - _LEAD, span.end_at)
        connections = {info.connection_id for info in wanted}
        received = [each.from_at for each in self._store.reception(lead) if each.connection_id in connections]
        if not received:
            return fresh_over_time(np.empty(0, np.int64), 0, (0, 0), ("", ""))
        times = np.concatenate([self._store.samples(info.id, lead).times_ms for info in wanted])
        arrivals = np.unique(times[times >= to_ms(min(received))])
        words = (f"at most {bound:g} s old", f"older than {bound:g} s")
        return fresh_over_time(arrivals, int(bound * 1000), (span.start_ms, span.end_ms), words)

    def _shared(self, asked: Measuring, part: IndicatorQuery, total: IndicatorQuery) -> Measured:
        """Events of one type of which some are good, or bad, by their facts."""
        if part.name != total.name or part.answer or total.answer:
            step = "Say both of one type, or as `raw` what each is followed by: event:A then B within 5min."
            raise NotMeasurable("Good and total are events of two types, which do not pair.", step)
        found = self._events(total, asked.time_range)
        is_part = np.array([part.fits(facts) for _, _, facts in found], np.bool_)
        good = ~is_part if asked.objective.indicator.bad else is_part
        span = asked.time_range
        words = ("all were good", "some were bad")
        return events_at(np.array([each[0] for each in found], np.int64), good, (span.start_ms, span.end_ms), words)

    def _answered(self, asked: Measuring, query: IndicatorQuery) -> Measured:
        """Events that were answered in time; those whose time is not over yet are left to come."""
        within = timedelta(seconds=query.within_seconds)
        span = asked.time_range
        if span.seconds <= query.within_seconds:
            return events_at(np.empty(0, np.int64), np.empty(0, np.bool_), (0, 0), ("", ""))
        judged = TimeRange(span.start_at, span.end_at - within)
        asking = self._events(query, judged)
        answers: dict[str, list[int]] = defaultdict(list)
        for at_ms, key, _ in self._events(IndicatorQuery(QueryKind.EVENTS, query.answer), span):
            answers[key].append(at_ms)
        told = {key: np.array(times, np.int64) for key, times in answers.items()}
        times = np.array([at_ms for at_ms, _, _ in asking], np.int64)
        good = answered(times, [key for _, key, _ in asking], told, int(query.within_seconds * 1000))
        words = (f"each followed by {query.answer} in time", f"some not followed by {query.answer} in time")
        return events_at(times, good, (judged.start_ms, judged.end_ms), words)

    def _events(self, query: IndicatorQuery, span: TimeRange) -> list[tuple[int, str, Facts]]:
        """Events of a type that fit, oldest first, as instants with their correlation keys and facts."""
        found: list[tuple[int, str, Facts]] = []
        before: int | None = None
        while True:
            page = self._store.events(EventQuery(span, types=(query.name,), before_id=before, limit=_PAGE))
            told = ((each.event, (*each.event.facts, ("entity", each.event.entity_key))) for each in page)
            found += [
                (to_ms(event.occurred_at), event.correlation_key, facts) for event, facts in told if query.fits(facts)
            ]
            if len(page) < _PAGE:
                return sorted(found, key=_FIRST)
            if len(found) > _MOST_EVENTS:
                words = f"More than {_MOST_EVENTS:,} events of {query.name} lie in its window."
                raise NotMeasurable(words, "Count them by a counter, or over a shorter window.")
            before = page[-1].id

    def _all(self, entity: Entity) -> list[SeriesInfo]:
        return list(self._store.find(SeriesQuery(entity_keys=(entity.key,))))

    def _found(self, entity: Entity, query: IndicatorQuery) -> list[SeriesInfo]:
        """The series of an entity that are asked for. Raises NotMeasurable where there is none."""
        told = self._all(entity)
        if query.meaning is not None:
            of_statistic = [info for info in told if not query.statistic or info.identity.statistic == query.statistic]
            chosen = choose_series(of_statistic).get(entity.key, {}).get(query.meaning)
            found = [chosen] if chosen is not None else []
        else:
            found = [info for info in told if info.identity.name == query.name and query.fits(info.identity.labels)]
        if not found:
            what = query.name or " ".join(part for part in (query.statistic, query.meaning or "") if part)
            raise NotMeasurable(f"No source tells {what} of it.", "Connect one that does, or change the definition.")
        if any(info.read_through for info in found):
            words = "Its samples stay in their source and are only read through."
            raise NotMeasurable(words, "Let the connection copy them, then it is counted from there on.")
        return found

    def _track(self, info: SeriesInfo, asked: Measuring) -> Track:
        span = asked.time_range
        found = self._store.samples(info.id, TimeRange(span.start_at - _LEAD, span.end_at))
        spoken = np.isfinite(found.values)
        freshness = asked.entity.freshness_seconds
        patience = Patience(
            {} if freshness is None else {asked.entity.key: freshness},
            {each.id: each.poll_seconds for each in self._store.connections()},
        )
        return Track(found.times_ms[spoken], found.values[spoken], int(1000 * patience.seconds_for(info)))


def _in_slices(found: Measured, asked: Measuring) -> Measured:
    objective = asked.objective
    if objective.slice_seconds is None:
        raise NotMeasurable("It counts slices and does not say how long one is.", _DECLARE_STEP)
    keeps_share = objective.budgeting is Budgeting.RATIO_TIMESLICES
    least = 1.0 if objective.slice_target is None else objective.slice_target
    plain = ledger_of(found, span_us(asked.time_range), rule=_AS_MEASURED)
    told = f"at least {least:.4%} of the slice was good"
    return sliced(plain, Slicing(round(objective.slice_seconds * 1e6), least, keeps_share), (told, f"not {told}"))


def _only(infos: Sequence[SeriesInfo], query: IndicatorQuery) -> SeriesInfo:
    """The one series. Raises NotMeasurable where there are several, for none of them is the whole."""
    if len(infos) == 1:
        return infos[0]
    statistics = sorted({info.identity.statistic for info in infos} - {""})
    step = f"Say its meaning with one of {', '.join(statistics)}." if statistics else "Name labels that only one has."
    raise NotMeasurable(f"{len(infos)} series are named {query.name}.", step)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


_SIGNS = {
    Comparison.BELOW: "below",
    Comparison.UP_TO: "at most",
    Comparison.ABOVE: "above",
    Comparison.FROM: "at least",
}
_AS_MEASURED = CountingRule(excludes_maintenance=False, follows_corrections=False)
_FIRST = itemgetter(0)
