"""What is unusual in words, from its record, and no more certain than that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from quarterdeck.analysis.anomalies import CAP, RAREST
from quarterdeck.domain.anomalies import Anomaly, Detector
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.moments import Moment
from quarterdeck.services.unusual import NearInTime, Unusual, UnusualReader
from quarterdeck.services.wording import meaning_words, moment_words, quantity

_FIRED_WORDS = {
    Detector.SHIFT: "level shift",
    Detector.SPIKE: "spike",
    Detector.SEASON: "outside its season",
    Detector.SHORT_NOVELTY: "a course not seen before",
    Detector.LONG_NOVELTY: "a long course not seen before",
    Detector.LEVEL: "far from its level",
}
_MOST_NAMED = 3
_LONGEST = 120


def subject_words(one: Unusual) -> str:
    """Whose what: `Payments API, p95 response time`."""
    identity = one.series.identity
    told = meaning_words(identity.meaning, identity.statistic, name=identity.name)
    return f"{one_line(one.name, _LONGEST)}, {one_line(told, _LONGEST)}"


def unusual_words(one: Unusual, now: datetime) -> str:
    """How, how far and since when: `12 times its usual spread since 12:18; level shift; 0.7 s, where …`."""
    parts = [f"{distance_words(one.anomaly)} {when_words(one, now)}", shape_words(one.anomaly), value_words(one)]
    if one.planned:
        parts.append(f"within planned work: {one_line(one.planned, _LONGEST)}")
    return "; ".join(part for part in parts if part)


def distance_words(anomaly: Anomaly) -> str:
    """How far from usual it was at the most; what is said last of a series that only left its season."""
    distances = {one.detector: one.distance for one in anomaly.fired}
    level = distances.get(Detector.LEVEL)
    if level is not None:
        return f"at least {CAP:.0f} times its usual spread" if level >= CAP else f"{level:.0f} times its usual spread"
    if Detector.SEASON in distances:
        return f"{distances[Detector.SEASON]:.1f} times as far off as its season allows"
    return "unlike its past"


def when_words(one: Unusual, now: datetime) -> str:
    """Since when, or from when to when."""
    begin = moment_words(one.from_at, now)
    return f"since {begin}" if one.to_at is None else f"from {begin} to {moment_words(one.to_at, now)}"


def fired_words(anomaly: Anomaly) -> str:
    """Which detectors fired, the one that says most about the shape first."""
    fired = {one.detector for one in anomaly.fired}
    return ", ".join(words for detector, words in _FIRED_WORDS.items() if detector in fired)


def shape_words(anomaly: Anomaly) -> str:
    """The same beside `distance_words`, which say of what only left its season all there is to say."""
    return "" if {one.detector for one in anomaly.fired} == {Detector.SEASON} else fired_words(anomaly)


def value_words(one: Unusual) -> str:
    """What it was at its most unusual, and what was expected then where that is known."""
    unit, anomaly = one.series.identity.unit, one.anomaly
    if math.isnan(anomaly.value):
        return "how far it went shows only later"
    value = quantity(anomaly.value, unit)
    if anomaly.low is None or anomaly.high is None:
        return f"{value}, with too short a past to expect anything"
    return f"{value}, where {quantity(anomaly.low, unit)} to {quantity(anomaly.high, unit)} is expected"


def rarity_words(anomaly: Anomaly) -> str:
    """How rare that is in ordinary series, in steps of five minutes."""
    if anomaly.once_in >= RAREST - 1:
        return f"less than once in {RAREST:,.0f} steps of an ordinary series"
    return f"about once in {round(anomaly.once_in, -2):,.0f} steps of an ordinary series"


def newest_change(reader: UnusualReader, found: Sequence[Unusual], moment: Moment) -> str:
    """What is recorded near the beginning of the newest of some that goes on; empty where none does."""
    newest = max((one for one in found if one.to_at is None), key=lambda one: one.from_at, default=None)
    return "" if newest is None else changed_words(newest, reader.near(newest, moment), moment.at)


def changed_words(one: Unusual, near: NearInTime, now: datetime) -> str:
    """What changed when it began, from what is recorded: no cause is claimed."""
    begin = moment_words(one.from_at, now)
    parts = [f"What changed at {begin}: {subject_words(one)} left what is usual of it: {value_words(one)}."]
    if near.changes:
        told = [
            f"{one_line(change.summary or change.kind, _LONGEST)} ({moment_words(change.changed_at, now)})"
            for change in near.changes
        ]
        parts.append(f"Recorded near it: {_named(told)}.")
    else:
        parts.append("No change of it or of what is next to it is recorded near that time.")
    if near.others:
        parts.append(f"Unusual from the same time: {_named([subject_words(other) for other in near.others])}.")
    if near.changes or near.others:
        parts.append("Nearness in time is no proof of a cause.")
    return " ".join(parts)


def _named(told: Sequence[str]) -> str:
    more = len(told) - _MOST_NAMED
    return "; ".join([*told[:_MOST_NAMED], *([f"and {more} more"] if more > 0 else [])])
