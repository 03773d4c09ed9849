"""Small histories in seconds from the epoch, as they are measured, and random ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from quarterdeck.analysis.objective_ledger import CODES, Decision, Measured
from quarterdeck.domain.objective_ledger import Basis, DecidedBy, Standing

S = 1_000_000
WORDS = {"good": Standing.GOOD, "bad": Standing.BAD, "unknown": Standing.UNKNOWN, "excluded": Standing.EXCLUDED}


def measured(*stretches: tuple[float, float, str]) -> Measured:
    """Time as it was measured: from and to in seconds, and the standing's word."""
    return Measured.of_time(
        np.array([round(each[0] * S) for each in stretches], np.int64),
        np.array([round(each[1] * S) for each in stretches], np.int64),
        np.array([CODES[WORDS[each[2]]] for each in stretches], np.int8),
        np.arange(len(stretches)),
        tuple(f"it was {each[2]}" for each in stretches),
    )


def counted(*stretches: tuple[float, float, float, float]) -> Measured:
    """Events as they were counted: from and to in seconds, how many were good, and how many there were."""
    return Measured(
        Basis.EVENTS,
        np.array([round(each[0] * S) for each in stretches], np.int64),
        np.array([round(each[1] * S) for each in stretches], np.int64),
        np.array([CODES[Standing.GOOD if each[2] == each[3] else Standing.BAD] for each in stretches], np.int8),
        np.array([int(each[2] != each[3]) for each in stretches]),
        ("all were good", "some were bad"),
        np.array([each[2] for each in stretches], np.float64),
        np.array([each[3] for each in stretches], np.float64),
    )


def planned(from_s: float, to_s: float, window_id: str = "window-1") -> Decision:
    """Planned work."""
    return Decision(
        round(from_s * S), round(to_s * S), Standing.EXCLUDED, "Core upgrade", DecidedBy.MAINTENANCE, window_id
    )


def corrected(from_s: float, to_s: float, counts_as: Standing | None, number: str = "7") -> Decision:
    """A correction."""
    return Decision(round(from_s * S), round(to_s * S), counts_as, "The probe erred", DecidedBy.CORRECTION, number)


def _times(draw: st.DrawFn, most: int) -> list[int]:
    return sorted(draw(st.sets(st.integers(-1000, 11_000_000), max_size=2 * most)))


@st.composite
def random_measurement(draw: st.DrawFn) -> Measured:
    """Any time or any events, with gaps and stretches beyond the window."""
    times = _times(draw, 12)
    pairs = list(zip(times[::2], times[1::2], strict=False))
    if draw(st.booleans()):
        totals = [draw(st.integers(0, 50)) for _ in pairs]
        goods = [draw(st.integers(0, total)) for total in totals]
        seconds = [(a / S, b / S) for a, b in pairs]
        return counted(*((a, b, g, t) for (a, b), g, t in zip(seconds, goods, totals, strict=True)))
    names = [draw(st.sampled_from(sorted(WORDS))) for _ in pairs]
    return measured(*((a / S, b / S, name) for (a, b), name in zip(pairs, names, strict=True)))


@st.composite
def random_decisions(draw: st.DrawFn) -> tuple[Sequence[Decision], Sequence[Decision]]:
    """Planned work and corrections that may overlap in any way."""
    works = [planned(a, a + length) for a, length in draw(_STRETCHES)]
    standings = st.sampled_from([None, *Standing])
    said = [corrected(a, a + length, draw(standings), str(n)) for n, (a, length) in enumerate(draw(_STRETCHES))]
    return works, said


_STRETCHES = st.lists(st.tuples(st.floats(-1, 11), st.floats(0, 5)), max_size=4)
