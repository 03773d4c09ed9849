"""What a batch brings of the past: which stretches of which entities are to be judged again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.assessment import SAMPLES_TO_KNOW_A_STEP, STEP_SLACK
from quarterdeck.sdk.records import Samples
from quarterdeck.services.past_agenda import Span

_AT_LEAST_MS = 25 * 60_000
_AT_MOST_MS = 24 * 3_600_000


def late_spans(samples: Samples, before_ms: int) -> dict[str, Span]:
    """By entity the stretch that its samples from before an instant concern; entities without such are absent.

    A sample speaks beyond its own instant, longer the less often its series comes.
    """
    late = samples.times_ms < before_ms
    if not late.any():
        return {}
    keys = sorted({identity.entity_key for identity in samples.identities})
    numbers = {key: number for number, key in enumerate(keys)}
    of_series = np.array([numbers[identity.entity_key] for identity in samples.identities], np.int64)
    entities, times = of_series[samples.series_index[late]], samples.times_ms[late]
    order = np.lexsort((times, entities))
    entities, times = entities[order], times[order]
    firsts = np.flatnonzero(np.append(True, entities[1:] != entities[:-1]))
    lasts = np.append(firsts[1:], len(entities)) - 1
    distances = np.where(np.append(True, entities[1:] != entities[:-1]), 0, np.diff(times, prepend=times[0]))
    longest = np.maximum.reduceat(distances, firsts)
    reach = np.clip((STEP_SLACK * longest).astype(np.int64), _AT_LEAST_MS, _AT_MOST_MS)
    return {
        keys[int(entities[first])]: (int(times[first]), int(times[last]) + int(ahead))
        for first, last, ahead in zip(firsts, lasts, reach, strict=True)
    }


def newest_of_each(samples: Samples, since_ms: int) -> Samples:
    """The samples from an instant on, and of each series the few newest however old they are."""
    recent = samples.times_ms >= since_ms
    if recent.all():
        return samples
    kept = recent | _is_among_the_last(samples)
    columns = samples.series_index[kept], samples.times_ms[kept], samples.values[kept]
    return Samples(samples.identities, *columns)


def _is_among_the_last(samples: Samples) -> npt.NDArray[np.bool_]:
    order = np.lexsort((samples.times_ms, samples.series_index))
    series = samples.series_index[order]
    ends = np.append(np.flatnonzero(series[1:] != series[:-1]) + 1, len(series))
    after = ends[np.searchsorted(ends, np.arange(len(series)), "right")] - np.arange(len(series))
    kept = np.zeros(len(series), np.bool_)
    kept[order] = after <= SAMPLES_TO_KNOW_A_STEP
    return kept
