"""When data came from a connection, as the stretches of a bar and as a sentence. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from quarterdeck.domain.connections import Reception, ReceptionKind
from quarterdeck.domain.instants import TimeRange, duration_words
from quarterdeck.services.sources import SourceRow
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.connectors.state import Coverage, CoverageLine, CoverageStretch

Translate = Callable[[str], str]

_SLACK_POLLS = 3
_LEAST_SLACK_SECONDS = 90.0


def coverage_line(row: SourceRow, time_range: TimeRange, now: datetime, tr: Translate) -> CoverageLine:
    """One connection's bar over a range."""
    slack = timedelta(seconds=max(_LEAST_SLACK_SECONDS, _SLACK_POLLS * row.connection.poll_seconds))
    parts = [part for one in row.reception if (part := _cut(one, time_range)) is not None]
    if parts and row.connection.enabled and time_range.end_at - parts[-1].to_at > slack:
        last = parts.pop() if parts[-1].kind is ReceptionKind.MISSING else None
        from_at = last.from_at if last is not None else parts[-1].to_at
        parts.append(Reception(row.connection.id, ReceptionKind.MISSING, from_at, time_range.end_at))
    stretches = tuple(_stretch(part, _is_open(part, time_range, slack), now, tr) for part in parts)
    return CoverageLine(row.connection.name, stretches, _sentence(parts, time_range, now, tr))


def _cut(reception: Reception, time_range: TimeRange) -> Reception | None:
    from_at = max(reception.from_at, time_range.start_at)
    to_at = min(reception.to_at, time_range.end_at)
    return Reception(reception.connection_id, reception.kind, from_at, to_at) if to_at > from_at else None


def _is_open(part: Reception, time_range: TimeRange, slack: timedelta) -> bool:
    """Whether a gap still lasts at the end of the range."""
    return part.kind is ReceptionKind.MISSING and time_range.end_at - part.to_at <= slack


def _stretch(part: Reception, is_open: bool, now: datetime, tr: Translate) -> CoverageStretch:
    kinds = {
        ReceptionKind.RECEIVED: Coverage.RECEIVED,
        ReceptionKind.LATE: Coverage.LATE,
        ReceptionKind.MISSING: Coverage.MISSING if is_open else Coverage.GAP,
    }
    kind = kinds[part.kind]
    sentences = {
        Coverage.RECEIVED: tr("received from {start} to {end}"),
        Coverage.LATE: tr("came late from {start} to {end}"),
        Coverage.GAP: tr("a gap of {duration} from {start} to {end}"),
        Coverage.MISSING: tr("nothing for {duration}, since {start}"),
    }
    words = sentences[kind].format(
        start=moment_words(part.from_at, now),
        end=moment_words(part.to_at, now),
        duration=duration_words((part.to_at - part.from_at).total_seconds()),
    )
    return CoverageStretch(part.from_at.timestamp(), part.to_at.timestamp(), kind, words)


def _sentence(parts: Sequence[Reception], time_range: TimeRange, now: datetime, tr: Translate) -> str:
    if not parts:
        return tr("nothing was received")
    missing = [part for part in parts if part.kind is ReceptionKind.MISSING]
    late = [part for part in parts if part.kind is ReceptionKind.LATE]
    said: list[str] = []
    if missing:
        seconds = sum((part.to_at - part.from_at).total_seconds() for part in missing)
        words = tr("{count} gaps, {duration} without data") if len(missing) > 1 else tr("a gap of {duration}")
        said.append(words.format(count=len(missing), duration=duration_words(seconds)))
    if late:
        seconds = sum((part.to_at - part.from_at).total_seconds() for part in late)
        said.append(tr("{duration} came late").format(duration=duration_words(seconds)))
    if not said:
        said.append(tr("all received"))
    if (parts[0].from_at - time_range.start_at).total_seconds() > _LEAST_SLACK_SECONDS:
        said.append(tr("nothing before {time}").format(time=moment_words(parts[0].from_at, now)))
    return ", ".join(said)
