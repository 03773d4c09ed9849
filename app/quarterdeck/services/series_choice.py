"""Which of several series stands for what an entity tells; every reader takes the same one.

In this order: the statistic one looks for; shares before sizes; what others tell before what a process tells of
itself; what still speaks; of disks their space; the whole before its parts; what is busiest, or worst, just now; the
first by name and labels.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from quarterdeck.domain.facts import Facts
from quarterdeck.domain.series import Meaning, SeriesInfo

PREFERRED_STATISTICS: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.RESPONSE_TIME: ("p95", "p99", "p50", "mean", ""),
}
SILENT_AFTER = timedelta(seconds=90)
"""How far a series may lie behind what else its connection tells, so that it still speaks."""

_WORST_IS_LOWEST = frozenset({Meaning.AVAILABILITY, Meaning.EXPIRY})
_OF_A_MACHINE = frozenset({Meaning.PROCESSING, Meaning.MEMORY, Meaning.STORAGE})
_OWN_NAME = "process_"
"""How a name begins that a program tells of its own process, whatever else it tells of."""
_LOOPBACK = frozenset({"lo", "lo0"})
_DIRECTION = "direction"
_Rank: TypeAlias = tuple[int, bool, bool, bool, bool, bool, float, str, Facts]


def choose_series(series: Iterable[SeriesInfo]) -> dict[str, dict[Meaning, SeriesInfo]]:
    """For each entity the one series that stands for each meaning; a meaning that nothing can stand for is absent."""
    told: dict[str, list[SeriesInfo]] = defaultdict(list)
    for info in series:
        told[info.identity.entity_key].append(info)
    return {key: _by_meaning(infos) for key, infos in told.items()}


def speaking_for_it(told: Sequence[SeriesInfo]) -> Sequence[SeriesInfo]:
    """What of all that is told of one entity can stand for it.

    Where something tells its processors, memory or disks, a process that tells of itself is the one that measures.
    A loopback is no network.
    """
    others = [info for info in told if not _is_own(info)]
    is_measured = any(info.identity.meaning in _OF_A_MACHINE for info in others)
    return [info for info in (others if is_measured else told) if not _is_loopback(info)]


def is_space(info: SeriesInfo) -> bool:
    """Whether a storage share is of the disk's space and not of something else that runs out on it."""
    return all(name != "resource" for name, _ in info.identity.labels)


def _by_meaning(told: Sequence[SeriesInfo]) -> dict[Meaning, SeriesInfo]:
    candidates: dict[Meaning, list[SeriesInfo]] = defaultdict(list)
    for info in speaking_for_it(told):
        candidates[info.identity.meaning].append(info)
    return {meaning: _chosen(meaning, infos) for meaning, infos in candidates.items()}


def _chosen(meaning: Meaning, infos: Sequence[SeriesInfo]) -> SeriesInfo:
    if meaning is Meaning.OTHER:
        return min(infos, key=lambda info: (len(info.identity.labels), info.identity.name))
    wholes, newest, weights = _wholes(infos), _newest(infos), _weights(meaning, infos)

    def rank(info: SeriesInfo) -> _Rank:
        identity = info.identity
        return (
            _statistic_rank(meaning, identity.statistic),
            identity.unit != "ratio",
            _is_own(info),
            _is_silent(info, newest),
            meaning is Meaning.STORAGE and not is_space(info),
            _place(info) not in wholes,
            -weights[info.id],
            identity.name,
            identity.labels,
        )

    return min(infos, key=rank)


def _statistic_rank(meaning: Meaning, statistic: str) -> int:
    order = PREFERRED_STATISTICS.get(meaning, ("",))
    return order.index(statistic) if statistic in order else len(order)


def _is_own(info: SeriesInfo) -> bool:
    return info.identity.name.startswith(_OWN_NAME)


def _is_loopback(info: SeriesInfo) -> bool:
    is_flow = info.identity.meaning is Meaning.NETWORK
    return is_flow and any(value in _LOOPBACK for _, value in info.identity.labels)


def _newest(infos: Sequence[SeriesInfo]) -> Mapping[str, datetime]:
    newest: dict[str, datetime] = {}
    for info in infos:
        if info.last_at is not None:
            newest[info.connection_id] = max(info.last_at, newest.get(info.connection_id, info.last_at))
    return newest


def _is_silent(info: SeriesInfo, newest: Mapping[str, datetime]) -> bool:
    newest_at = newest.get(info.connection_id)
    return newest_at is not None and (info.last_at is None or newest_at - info.last_at > SILENT_AFTER)


def _place(info: SeriesInfo) -> frozenset[tuple[str, str]]:
    """What the labels say of where a series is from; the two directions of an interface are one place."""
    return frozenset(pair for pair in info.identity.labels if pair[0] != _DIRECTION)


def _wholes(infos: Iterable[SeriesInfo]) -> frozenset[frozenset[tuple[str, str]]]:
    """The places that lie in no other: those whose labels do not merely add to the labels of another."""
    found: list[frozenset[tuple[str, str]]] = []
    for place in sorted({_place(info) for info in infos}, key=len):
        if not any(len(whole) < len(place) and whole < place for whole in found):
            found.append(place)
    return frozenset(found)


def _weights(meaning: Meaning, infos: Iterable[SeriesInfo]) -> Mapping[int, float]:
    """By series number how busy or bad each is just now; an interface counts with both its directions."""
    sign = -1.0 if meaning in _WORST_IS_LOWEST else 1.0
    values = {info: sign * _value(info, unknown=-math.inf) for info in infos}
    if meaning is not Meaning.NETWORK:
        return {info.id: value for info, value in values.items()}
    traffic: dict[object, float] = defaultdict(float)
    for info in values:
        traffic[_place(info)] += _value(info, unknown=0.0)
    return {info.id: traffic[_place(info)] for info in values}


def _value(info: SeriesInfo, *, unknown: float) -> float:
    value = info.last_value
    return value if value is not None and math.isfinite(value) else unknown
