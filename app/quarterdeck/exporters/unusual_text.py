"""What is unusual for the terminal and as JSON."""

from __future__ import annotations

import json
import math

from quarterdeck.sdk.texts import counted
from quarterdeck.services.unusual import Unusual, UnusualReport
from quarterdeck.services.unusual_words import rarity_words, subject_words, unusual_words
from quarterdeck.services.wording import moment_words


def unusual_text(report: UnusualReport) -> str:
    """A line or two for each, what goes on first."""
    start, end = (moment_words(at, report.at) for at in (report.time_range.start_at, report.time_range.end_at))
    on, count = len(report.going_on), len(report.unusual)
    if not count:
        return f"Nothing was found outside its usual range from {start} to {end}."
    lines = [f"{counted(count, 'unusual stretch', 'unusual stretches')} from {start} to {end}; {on} of them going on."]
    for one in report.unusual:
        lines += [subject_words(one), f"    {unusual_words(one, report.at)}; {rarity_words(one.anomaly)}"]
    return "\n".join(lines)


def unusual_json(report: UnusualReport) -> str:
    """The same for scripts; instants in ISO 8601, UTC."""
    told = {
        "from": report.time_range.start_at.isoformat(),
        "to": report.time_range.end_at.isoformat(),
        "at": report.at.isoformat(),
        "anomalies": [_object(one) for one in report.unusual],
    }
    return json.dumps(told, indent=2)


def _object(one: Unusual) -> dict[str, object]:
    identity, anomaly = one.series.identity, one.anomaly
    return {
        "entity": identity.entity_key,
        "name": one.name,
        "series": identity.name,
        "meaning": identity.meaning.value,
        "statistic": identity.statistic,
        "unit": identity.unit,
        "labels": dict(identity.labels),
        "from": one.from_at.isoformat(),
        "to": None if one.to_at is None else one.to_at.isoformat(),
        "value": None if math.isnan(anomaly.value) else anomaly.value,
        "expected_low": anomaly.low,
        "expected_high": anomaly.high,
        "score": round(anomaly.loudness, 3),
        "once_in_steps": round(anomaly.once_in),
        "fired": [{"detector": each.detector.value, "distance": round(each.distance, 3)} for each in anomaly.fired],
        "planned": one.planned or None,
    }
