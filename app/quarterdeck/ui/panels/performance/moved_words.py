"""What moved, in words: a line for each figure, and what was compared."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.services.figures import figure_words
from quarterdeck.services.moments import Moment
from quarterdeck.services.moved import Moved, MovedReport, ratio
from quarterdeck.services.wording import moment_words, quantities
from quarterdeck.ui.panels.performance.compare_words import chance_words, range_words
from quarterdeck.ui.panels.performance.time_marks import Translate

_LEAST_TIMES = 1.5


@dataclass(frozen=True, slots=True)
class MovedLine:
    """One figure that moved: what it is, from what to what since when, and how far and how sure in a sentence."""

    id: str
    entity_key: str
    name: str
    change: str
    detail: str


@dataclass(frozen=True, slots=True)
class MovedState:
    """The page: what was compared, the lines, what else was looked at, and `absence` in place of lines."""

    compared: str
    lines: tuple[MovedLine, ...] = ()
    others: str = ""
    absence: str = ""


def moved_state(report: MovedReport, moment: Moment, tr: Translate) -> MovedState:
    """The page of a report."""
    shown = moment.time_range
    compared = tr("{later}, beside {earlier}").format(
        later=range_words(shown, moment), earlier=range_words(report.before, moment)
    )
    looked_at = len(report.moved) + report.unmoved
    if not looked_at:
        return MovedState(compared, absence=tr("Too little is kept on either side to compare anything."))
    absence = "" if report.moved else tr("Nothing moved surely.")
    one, many = tr("1 other did not, or not surely."), tr("{count} others did not, or not surely.")
    others = one if report.unmoved == 1 else many.format(count=report.unmoved)
    if report.untold:
        too_little = tr("{count} cannot be compared: too little is kept of them, or their source keeps it.")
        others = f"{others} {too_little.format(count=report.untold)}"
    return MovedState(compared, tuple(_line(one, moment, tr) for one in report.moved), others, absence)


def _line(one: Moved, moment: Moment, tr: Translate) -> MovedLine:
    unit, shift = one.series.identity.unit, one.shift
    figure = figure_words(one.figure, one.series.identity.statistic, one.part)
    before, after = quantities(shift.before, shift.after, unit)
    change = tr("{before} → {after}").format(before=before, after=after)
    if one.since_at is not None and one.until_at is not None:
        begin, end = (moment_words(at, moment.at) for at in (one.since_at, one.until_at))
        change = tr("{change} from {begin} to {end}").format(change=change, begin=begin, end=end)
    elif one.since_at is not None:
        change = tr("{change} since {time}").format(change=change, time=moment_words(one.since_at, moment.at))
    return MovedLine(
        id=str(one.series.id),
        entity_key=one.entity.key,
        name=f"{one.entity.name} · {figure}",
        change=change,
        detail=_detail(one, before, after, tr),
    )


def _detail(one: Moved, before: str, after: str, tr: Translate) -> str:
    shift, times = one.shift, ratio(one.shift)
    words = [tr("In the middle {before}, then {after}").format(before=before, after=after)]
    if times is not None and (times >= _LEAST_TIMES or times <= 1 / _LEAST_TIMES):
        words.append(tr("{times} times as much").format(times=f"{times:.2g}"))
    words.append(tr("{size} times its usual spread").format(size=f"{abs(shift.size):.2g}"))
    if one.until_at is not None:
        words.append(tr("for a stretch only, beside the same time earlier"))
        return "; ".join([*words, chance_words(shift, tr)]) + "."
    above = shift.superiority if shift.after >= shift.before else 1 - shift.superiority
    side = tr("above") if shift.after >= shift.before else tr("below")
    words.append(
        tr("of 100 values {share} lie {side} one from before").format(share=min(100, round(above * 100)), side=side)
    )
    words.append(chance_words(shift, tr))
    return "; ".join(words) + "."
