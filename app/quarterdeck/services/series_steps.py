"""Series as equal steps of some minutes: what their anomalies are looked for in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.detection import STEP_MS
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo, SeriesKind
from quarterdeck.services.ports import Envelope
from quarterdeck.services.readthrough import EnvelopeReader

Values = npt.NDArray[np.float64]
_MS = 1000.0


def steps_of(envelopes: EnvelopeReader, series: Sequence[SeriesInfo], from_ms_: int, to_ms: int) -> Values:
    """The mean of each step of each series (rows, steps), of a counter its rise a second; NaN where there is none.

    Both instants are whole steps. A counter's rise is told only where the step before has a sample too, so that a step
    is told alike however much of the past is read with it.
    """
    first_ms = from_ms_ - STEP_MS
    count = (to_ms - first_ms) // STEP_MS
    found = np.full((len(series), count), np.nan)
    whole = TimeRange(from_ms(first_ms), from_ms(to_ms))
    read = {one.series.id: one for one in envelopes.envelope([info.id for info in series], whole, count)}
    for row, info in enumerate(series):
        if info.id in read:
            found[row] = _values(read[info.id])
    return found[:, 1:]


def _values(envelope: Envelope) -> Values:
    if envelope.series.identity.kind is not SeriesKind.COUNTER or envelope.increase is None:
        return envelope.mean
    has_both = (envelope.counts > 0) & np.append(False, envelope.counts[:-1] > 0)
    return np.where(has_both, envelope.increase / (STEP_MS / _MS), np.nan)
