"""A report of drift as what the Drift view shows: words, order and marks. Plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from quarterdeck.domain.drift import DriftStanding
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.drift import DriftReport, DriftRow
from quarterdeck.services.drift_table import drift_csv
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.relationships.drift_state import DriftColumns, DriftState
from quarterdeck.ui.panels.relationships.node_words import Translate

_MARKS = {
    DriftStanding.NOT_SEEN: HealthState.DEGRADED,
    DriftStanding.NOT_DECLARED: HealthState.DEGRADED,
    DriftStanding.SOURCE_SILENT: HealthState.STALE,
    DriftStanding.NO_SOURCE: HealthState.UNKNOWN,
}
_NOTHING = "—"
_NOT_DATED = float("nan")


def drift_state(report: DriftReport, tr: Translate) -> DriftState:
    """The table, drift first, and the line below it."""
    rows, at = report.rows, report.at
    words = standing_words(tr)
    columns = DriftColumns(
        ids=tuple(row.drift.key for row in rows),
        marks=tuple(_MARKS[row.drift.standing] for row in rows),
        standings=tuple(words[row.drift.standing] for row in rows),
        names=tuple(row.name for row in rows),
        kinds=tuple(_kind(row) for row in rows),
        sinces=tuple(_age(row.drift.since_at, at) for row in rows),
        since_ranks=tuple(_rank(row.drift.since_at) for row in rows),
        lasts=tuple(_age(row.drift.last_seen_at, at) for row in rows),
        last_ranks=tuple(_rank(row.drift.last_seen_at) for row in rows),
        sources=tuple(", ".join(row.source_names) or _NOTHING for row in rows),
        entity_keys=tuple(row.entity_key for row in rows),
        tips=tuple(_tip(row, at, tr) for row in rows),
    )
    name = f"drift {at.astimezone():%Y-%m-%d %H.%M}"
    return DriftState(columns, _summary(report, tr), name, lambda: drift_csv(report).encode())


def standing_words(tr: Translate) -> dict[DriftStanding, str]:
    """How something stands, in two or three words."""
    return {
        DriftStanding.NOT_SEEN: tr("Declared, not seen"),
        DriftStanding.NOT_DECLARED: tr("Seen, not declared"),
        DriftStanding.SOURCE_SILENT: tr("Source silent"),
        DriftStanding.NO_SOURCE: tr("No source sees it"),
    }


def _kind(row: DriftRow) -> str:
    return row.kind.replace("_", " → " if row.is_relation else " ")


def _tip(row: DriftRow, at: datetime, tr: Translate) -> str:
    drift = row.drift
    sentences = {
        DriftStanding.NOT_SEEN: tr("It is declared, and {sources} would see it and does not."),
        DriftStanding.NOT_DECLARED: tr("{sources} sees it, and no document declares it."),
        DriftStanding.SOURCE_SILENT: tr("{sources} would tell, and is silent: whether it is there is not known."),
        DriftStanding.NO_SOURCE: tr("No source would see it: whether it is there is not known, and this is no drift."),
    }
    lines = [drift.key, sentences[drift.standing].format(sources=", ".join(row.source_names))]
    dated = (
        (tr("Since {moment}"), drift.since_at),
        (tr("First seen {moment}"), drift.first_seen_at),
        (tr("Last seen {moment}"), drift.last_seen_at),
    )
    lines += [words.format(moment=moment_words(then, at)) for words, then in dated if then is not None]
    return "\n".join(lines)


def _summary(report: DriftReport, tr: Translate) -> str:
    counts = Counter(row.drift.standing for row in report.rows)
    told = (
        (counts[DriftStanding.NOT_SEEN], tr("{count} declared and not seen")),
        (counts[DriftStanding.NOT_DECLARED], tr("{count} seen and not declared")),
        (counts[DriftStanding.SOURCE_SILENT], _silent(counts[DriftStanding.SOURCE_SILENT], tr)),
        (counts[DriftStanding.NO_SOURCE], tr("{count} that no source would see")),
        (report.agreed_count, tr("{count} declared and seen")),
    )
    parts = [words.format(count=count) for count, words in told if count]
    names = ", ".join(report.looking_names)
    parts.append(tr("looking: {names}").format(names=names) if names else tr("no source looks"))
    return " · ".join(parts)


def _silent(count: int, tr: Translate) -> str:
    return tr("1 not known, its source is silent") if count == 1 else tr("{count} not known, their source is silent")


def _age(then: datetime | None, at: datetime) -> str:
    return _NOTHING if then is None else duration_words((at - then).total_seconds())


def _rank(then: datetime | None) -> float:
    return _NOT_DATED if then is None else then.timestamp()
