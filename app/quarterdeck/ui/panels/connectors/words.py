"""The list of connections in words: pure functions from the reader's answer to what is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from quarterdeck.domain.connections import BackfillProgress, Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.health import HealthState, worst
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.moments import Moment
from quarterdeck.services.sources import SourceList, SourceRow
from quarterdeck.services.wording import NO_VALUE, moment_words
from quarterdeck.ui.panels.connectors.reception import coverage_line
from quarterdeck.ui.panels.connectors.state import ConnectorsState, Detail, Line, SourceLine
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

_WANTING = {
    ConnectionState.LATE: HealthState.DEGRADED,
    ConnectionState.FAILING: HealthState.DOWN,
    ConnectionState.SILENT: HealthState.DOWN,
}
_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
_DAY = timedelta(days=1)


def connectors_state(found: SourceList, moment: Moment, now: datetime, tr: Translate) -> ConnectorsState:
    """The whole list as of now, with reception up to the moment's play-head."""
    silent_at = found.silent_since_at
    # The rail tells of the moment shown: health is not kept for the past, and is old once nobody collects.
    told = found.rows if moment.live and silent_at is None else ()
    wanting = [_WANTING[row.health.state] for row in told if row.connection.enabled and row.health.state in _WANTING]
    return ConnectorsState(
        rows=tuple(source_line(row, now, silent_at, tr) for row in found.rows),
        details=tuple(detail_of(row, now, silent_at, tr) for row in found.rows),
        coverage=tuple(coverage_line(row, found.reception_range, now, tr) for row in found.rows),
        coverage_start_s=found.reception_range.start_at.timestamp(),
        coverage_end_s=found.reception_range.end_at.timestamp(),
        attention_count=len(wanting),
        worst=worst(wanting).value if wanting else "",
        remark=_remark(silent_at, moment, now, tr),
    )


def source_line(row: SourceRow, now: datetime, silent_at: datetime | None, tr: Translate) -> SourceLine:
    """One row of the table."""
    connection, health = row.connection, row.health
    age = (now - health.last_good_at).total_seconds() if health.last_good_at else math.nan
    words, next_step = sentence_of(row, now, tr)
    never = health.last_good_at is None and not row.reception
    return SourceLine(
        id=connection.id,
        name=connection.name,
        state=mark_of(connection, health, silent_at),
        kind=connection.connector_id,
        polls=tr("every {time}").format(time=every_words(connection.poll_seconds)),
        poll_seconds=connection.poll_seconds,
        last_good=NO_VALUE if math.isnan(age) else duration_words(age),
        last_good_exact=exact_words(health.last_good_at),
        age_seconds=age,
        series_count=float(row.series_count) if row.series_count else math.nan,
        gaps=NO_VALUE if never else gap_words(row.gap_count, tr),
        gap_count=math.nan if never else float(row.gap_count),
        words=f"{words} {next_step}".strip() or NO_VALUE,
        tip=f"{words} {next_step}".strip(),
        tone=Tone.TERTIARY if not connection.enabled else Tone.SECONDARY,
    )


def detail_of(row: SourceRow, now: datetime, silent_at: datetime | None, tr: Translate) -> Detail:
    """One connection by itself."""
    connection, health = row.connection, row.health
    words, next_step = sentence_of(row, now, tr)
    return Detail(
        id=connection.id,
        name=connection.name,
        kind=connection.connector_id,
        state=mark_of(connection, health, silent_at),
        headline=_headline(connection, health, silent_at, now, tr),
        words=words,
        next_step=next_step,
        facts=tuple(_facts(row, now, tr)),
        managed=_managed(connection, tr),
        can_edit=not connection.managed_by or bool(connection.secret_names),
        is_enabled=connection.enabled,
    )


def mark_of(connection: Connection, health: ConnectionHealth, silent_at: datetime | None) -> HealthState | None:
    """The mark of a connection; nothing passes for good once nobody collects, or before it ever was."""
    if not connection.enabled:
        return None
    quiet = HealthState.STALE if health.last_good_at is not None else HealthState.UNKNOWN
    if silent_at is not None:
        return quiet
    marks = {
        ConnectionState.GOOD: HealthState.HEALTHY,
        ConnectionState.LATE: HealthState.DEGRADED,
        ConnectionState.FAILING: HealthState.DOWN,
    }
    return marks.get(health.state, quiet)


def sentence_of(row: SourceRow, now: datetime, tr: Translate) -> tuple[str, str]:
    """What is to be said of a connection, and the next step; both empty when there is nothing to tell."""
    connection, health = row.connection, row.health
    if not connection.enabled:
        return tr("Disabled: it is not asked. What it delivered stays."), ""
    if health.state in {ConnectionState.STARTING, ConnectionState.DISABLED}:
        return tr("Waiting for its first poll."), ""
    if health.state is ConnectionState.LATE:
        return _late_words(row, now, tr), health.next_step
    if health.state in _WANTING:
        words = health.words or tr("The source does not answer.")
        return _since(words, health.last_good_at, now, tr), health.next_step
    return health.words or backfill_words(connection, health.backfill, now, tr), ""


def backfill_words(connection: Connection, progress: BackfillProgress | None, now: datetime, tr: Translate) -> str:
    """How far history has been fetched: `back-filling: 34 of 90 d`, `back-filled 90 d`; empty where none is wanted."""
    if progress is None:
        return ""
    settings: Mapping[str, object] = dict(connection.settings)
    wanted = settings.get("history_days")
    total = float(wanted) if isinstance(wanted, (int, float)) else (now - progress.until_at) / _DAY
    if progress.finished:
        return tr("back-filled {days} d").format(days=f"{total:.0f}")
    done = max(0.0, total - max(0.0, (progress.reached_at - progress.until_at) / _DAY))
    return tr("back-filling: {done} of {total} d").format(done=f"{math.floor(done)}", total=f"{total:.0f}")


def every_words(seconds: float) -> str:
    """An interval in the largest unit that leaves it whole: `15 s`, `60 s`, `5 min`, `2 h`."""
    for length, unit in _UNITS:
        if seconds > length and (seconds / length).is_integer():
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:g} s"


def gap_words(count: int, tr: Translate) -> str:
    """How many gaps: `0`, `1 gap`, `3 gaps`."""
    if count == 0:
        return "0"
    return tr("1 gap") if count == 1 else tr("{count} gaps").format(count=count)


def exact_words(at: datetime | None) -> str:
    """An instant with its day, seconds and zone; empty for none."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z") if at is not None else ""


def _late_words(row: SourceRow, now: datetime, tr: Translate) -> str:
    health = row.health
    words = health.words or tr("There is more to fetch than one poll takes.")
    newest = health.newest_data_at
    if newest is None or newest >= now:
        return words
    behind = duration_words((now - newest).total_seconds())
    return tr("{words} Its newest data is {age} old.").format(words=words, age=behind)


def _since(words: str, since_at: datetime | None, now: datetime, tr: Translate) -> str:
    if since_at is None:
        return tr("{words} It has never worked yet.").format(words=words)
    time = moment_words(since_at, now)
    return tr("{words}, since {time}.").format(words=words.rstrip(". "), time=time)


def _headline(
    connection: Connection, health: ConnectionHealth, silent_at: datetime | None, now: datetime, tr: Translate
) -> str:
    if not connection.enabled:
        return tr("Disabled")
    if silent_at is not None:
        return tr("Not collected since {time}").format(time=moment_words(silent_at, now))
    headlines = {
        ConnectionState.STARTING: tr("Starting"),
        ConnectionState.GOOD: tr("Good"),
        ConnectionState.LATE: tr("Late"),
        ConnectionState.FAILING: tr("Failing"),
        ConnectionState.SILENT: tr("Silent"),
        ConnectionState.DISABLED: tr("Starting"),
    }
    headline = headlines[health.state]
    if health.state in {ConnectionState.FAILING, ConnectionState.SILENT} and health.last_good_at is not None:
        lasted = duration_words((now - health.last_good_at).total_seconds())
        return tr("{state} for {duration}").format(state=headline, duration=lasted)
    return headline


def _facts(row: SourceRow, now: datetime, tr: Translate) -> list[Line]:
    health = row.health
    facts = [
        Line(tr("Asked"), tr("every {time}").format(time=every_words(row.connection.poll_seconds))),
        Line(tr("Last good"), _ago(health.last_good_at, now, tr)),
        Line(tr("Newest data"), _ago(health.newest_data_at, now, tr)),
    ]
    if health.failures_in_a_row:
        facts.append(Line(tr("Failed"), tr("{count} times in a row").format(count=health.failures_in_a_row), Tone.DOWN))
    if health.poll_duration_seconds is not None:
        facts.append(Line(tr("Last poll"), tr("took {time}").format(time=_took(health.poll_duration_seconds))))
    history = backfill_words(row.connection, health.backfill, now, tr)
    if history and health.backfill is not None:
        samples = tr("{history}, {count} samples").format(history=history, count=f"{health.backfill.samples:,}")
        facts.append(Line(tr("History"), samples))
    facts.append(Line(tr("Series"), f"{row.series_count:,}"))
    tone = Tone.DEGRADED if row.gap_count else Tone.TEXT
    facts.append(Line(tr("Gaps, 24 h"), gap_words(row.gap_count, tr), tone))
    return facts


def _ago(at: datetime | None, now: datetime, tr: Translate) -> str:
    if at is None:
        return tr("never")
    age = duration_words((now - at).total_seconds())
    return tr("{age} ago, {time}").format(age=age, time=moment_words(at, now))


def _took(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _managed(connection: Connection, tr: Translate) -> str:
    if not connection.managed_by:
        return ""
    declared = tr("The estate document {document} declares this connection: change it there and apply it.")
    here = (
        tr("Here you can set its secrets and disable it.")
        if connection.secret_names
        else tr("Here you can disable it.")
    )
    return f"{declared.format(document=connection.managed_by)} {here}"


def _remark(silent_at: datetime | None, moment: Moment, now: datetime, tr: Translate) -> str:
    if silent_at is not None:
        words = tr("Nothing is collecting since {time}: what stands here is as it was then.")
        return words.format(time=moment_words(silent_at, now))
    if moment.live:
        return ""
    words = tr("Health is told as of now; what was received is shown up to {time}.")
    return words.format(time=moment_words(moment.at, now))
