"""The scoring rule of the Numenta Anomaly Benchmark, with a threshold that stands.

Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms", ICMLA 2015, and the benchmark's own sweeper: the
earliest alarm in a window earns the more the earlier it is, every alarm outside costs the more the further it is behind
the last window, a window without an alarm costs, and the first 15% of a series (at most 750 samples) are not scored.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PROBATION_SHARE = 0.15
PROBATION_OF_AT_MOST = 5000
FAR = 3.0
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a hit earns, and what a false alarm and a miss cost."""

    hit: float
    false_alarm: float
    miss: float


STANDARD = Profile(1.0, 0.11, 1.0)
LOW_FALSE_ALARMS = Profile(1.0, 0.22, 1.0)


def scaled_sigmoid(position: float) -> float:
    """The worth of an alarm at a position in windows' widths: -1 at a window's left edge, 0 just behind its right."""
    return -1.0 if position >= FAR else 2 / (1 + math.exp(5 * position)) - 1


@dataclass(frozen=True, slots=True)
class Scored:
    """The sum of a series' parts, and how many windows count in it."""

    points: float
    windows: int


def score_series(length: int, windows: Sequence[Window], alarms: Iterable[int], profile: Profile) -> Scored:
    """The points of alarms at places in a series of so many samples; windows are first and last place, in order."""
    probation = min(math.floor(PROBATION_SHARE * length), int(PROBATION_SHARE * PROBATION_OF_AT_MOST))
    return score_without_probation(windows, [place for place in alarms if place >= probation], profile, probation)


def score_without_probation(
    windows: Sequence[Window], alarms: Iterable[int], profile: Profile, first: int = 0
) -> Scored:
    """The points of alarms, all of which count; windows that end before `first` do not."""
    hits = {window: -profile.miss for window in windows if window[1] >= first}
    false_alarms = 0.0
    for place in alarms:
        inside = next((window for window in windows if window[0] <= place <= window[1]), None)
        if inside is None:
            false_alarms += profile.false_alarm * scaled_sigmoid(_behind(place, windows))
            continue
        begin, end = inside
        worth = scaled_sigmoid(-(end - place + 1) / (end - begin + 1)) / scaled_sigmoid(-1.0)
        hits[inside] = max(hits[inside], profile.hit * worth)
    return Scored(sum(hits.values()) + false_alarms, len(hits))


def _behind(place: int, windows: Sequence[Window]) -> float:
    """How far a place lies behind the last window before it, in that window's widths."""
    before = [window for window in windows if window[1] < place]
    if not before or before[-1][1] == before[-1][0]:
        return FAR
    begin, end = before[-1]
    return (place - end) / (end - begin)


def normalised(scores: Iterable[Scored], profile: Profile) -> float:
    """0 for a detector that never alarms, 100 for one that meets every window at once and alarms nowhere else."""
    known = list(scores)
    windows = sum(one.windows for one in known)
    silent, perfect = -profile.miss * windows, profile.hit * windows
    return 100 * (sum(one.points for one in known) - silent) / (perfect - silent) if windows else math.nan
