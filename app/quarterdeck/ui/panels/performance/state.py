"""Everything the Performance panel draws, in words and arrays: immutable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.ui.charts.line_data import Band, LineData, Span, Stale


@dataclass(frozen=True, slots=True)
class KindWords:
    """One view of the panel: which kind of entity is charted."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class PickWords:
    """One entity that can be charted."""

    key: str
    name: str
    state: HealthState


@dataclass(frozen=True, slots=True)
class Remark:
    """What a chart's lines do not say themselves, such as that one of them has no fresh data."""

    state: HealthState
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class ChartState:
    """One chart: its lines, what is stale about all of them, and remarks below.

    `line_keys` are the entities of the lines, and `line_series` their series, in their order. `band` is what is
    expected of the chosen line, and `expected` how it differed from that. `ghosts` are of an earlier week.
    `absence` is said in place of the plot when there is nothing to draw, because a source failed when `is_failed`; it
    is empty otherwise.
    """

    key: str
    title: str
    subtitle: str
    lines: tuple[LineData, ...]
    line_keys: tuple[str, ...] = ()
    line_series: tuple[SeriesInfo, ...] = ()
    band: Band | None = None
    expected: tuple[Remark, ...] = ()
    ghosts: tuple[LineData, ...] = ()
    stale: Stale | None = None
    remarks: tuple[Remark, ...] = ()
    absence: str = ""
    is_failed: bool = False


@dataclass(frozen=True, slots=True)
class BarState:
    """The controls in the top bar: the kinds with the one shown, and what can be picked with what is."""

    kinds: tuple[KindWords, ...]
    kind: str
    picks: tuple[PickWords, ...]
    picked: tuple[str, ...]
    picked_words: str


@dataclass(frozen=True, slots=True, eq=False)
class PerformanceState:
    """The whole page: charts in their order over one range of seconds since the epoch.

    `spans` are marked in all of them; `play_head_s` is None while the play-head is the present, the right edge.
    `remarks` hold for all charts; `earlier` says what week the ghosts are of; `omission` says what is left out,
    `untold` what no source tells, empty for nothing.
    """

    bar: BarState
    charts: tuple[ChartState, ...]
    spans: tuple[Span, ...]
    start_s: float
    end_s: float
    play_head_s: float | None
    remarks: tuple[Remark, ...] = ()
    earlier: tuple[Remark, ...] = ()
    omission: str = ""
    untold: str = ""


class PageAction(StrEnum):
    """What the button of a message does."""

    CONNECT = "connect"
    RETRY = "retry"
    OTHER_KIND = "other_kind"


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button with its deed.

    `bar` is None where it is not known, because the store could not be read.
    """

    sentence: str
    explanation: str
    button: str
    action: PageAction
    bar: BarState | None = None
