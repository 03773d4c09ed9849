"""Randomness without a memory: numbers that follow from a seed, a name and an instant alone.

Nothing is drawn in sequence, so the past can be asked for in any order, at any step, and again after a restart. The
mixing step is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Millis = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53
_ROOT_OF_TWELVE = 12.0**0.5
_LARGEST_EXCESS = 14.0

_OCTAVES_MS = (6 * 3_600_000, 50 * 60_000, 7 * 60_000, 50_000, 9_000)
_OCTAVE_WEIGHTS = (0.45, 0.45, 0.45, 0.5, 0.35)
# Interpolating between independent lattice values shrinks their spread; this brings it back to one.
_WANDER_SCALE = 1.11 / sum(weight**2 for weight in _OCTAVE_WEIGHTS) ** 0.5


def key_of(seed: int, name: str) -> int:
    """A 64-bit key for one source of randomness."""
    return int.from_bytes(blake2b(f"{seed}|{name}".encode(), digest_size=8).digest(), "big")


def keys_of(seed: int, names: Sequence[str]) -> Keys:
    """Keys for many sources of randomness, in their order."""
    return np.array([key_of(seed, name) for name in names], np.uint64)


def uniforms(keys: Keys, steps: npt.NDArray[np.int64]) -> Floats:
    """Independent numbers in [0, 1), one per key (rows) and step (columns)."""
    mixed = keys[:, None] + steps[None, :].astype(np.uint64) * _GOLDEN
    mixed ^= mixed >> np.uint64(30)
    mixed *= _MIX_1
    mixed ^= mixed >> np.uint64(27)
    mixed *= _MIX_2
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * _TO_UNIT


def uniform(seed: int, name: str, step: int = 0) -> float:
    """One number in [0, 1)."""
    return float(uniforms(keys_of(seed, (name,)), np.array([step], np.int64))[0, 0])


def wander(keys: Keys, times_ms: Millis) -> Floats:
    """Smooth noise of about unit spread and mean zero, with movements from hours down to seconds; keys by times."""
    total = np.zeros((len(keys), len(times_ms)))
    for octave, (period_ms, weight) in enumerate(zip(_OCTAVES_MS, _OCTAVE_WEIGHTS, strict=True)):
        total += weight * _lattice(keys + np.uint64(octave + 1), times_ms, period_ms)
    return total * _WANDER_SCALE


def tails(keys: Keys, times_ms: Millis, *, cell_ms: int = 20_000, power: float = 4.0) -> Floats:
    """Rare large excursions: Pareto excess (mostly below 0.2, one in a thousand above 4.6), constant inside a cell."""
    shares = uniforms(keys, times_ms // cell_ms)
    return np.minimum((1.0 - shares) ** (-1.0 / power) - 1.0, _LARGEST_EXCESS)


def _lattice(keys: Keys, times_ms: Millis, period_ms: int) -> Floats:
    steps = times_ms // period_ms
    share = (times_ms - steps * period_ms) / period_ms
    smooth = share * share * (3.0 - 2.0 * share)
    before = uniforms(keys, steps)
    after = uniforms(keys, steps + 1)
    return (before + (after - before) * smooth - 0.5) * _ROOT_OF_TWELVE
