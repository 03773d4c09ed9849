"""Claims against measurement in words: states, sides, standings, delays, and the log as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from quarterdeck.domain.claims import ClaimSpan, PartnerRecord, Side, Standing, Telling, Told, median_delay_seconds
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.sdk.texts import counted, one_line
from quarterdeck.services.fault_words import class_words
from quarterdeck.services.wording import percent, state_words

if TYPE_CHECKING:
    from quarterdeck.services.claim_log import ClaimEntry, ClaimLog

CSV_COLUMNS = (
    "partner",
    "partner_key",
    "kind",
    "from",
    "to",
    "seconds",
    "claimed",
    "claimed_words",
    "measured",
    "measured_words",
    "entities",
    "fault",
    "fault_certainty",
    "fault_words",
)
NO_OUTAGE = "no outage seen"
_RUN_BY_SPREADSHEETS = tuple("=+-@\t\r|")
_CLAIMED = {HealthState.HEALTHY: "up", HealthState.UNKNOWN: "not known"}
_STANDINGS = {
    Standing.AGREED: "agreed",
    Standing.UNDERSTATED: "claim too good",
    Standing.OVERSTATED: "needless alarm",
    Standing.PLANNED: "maintenance",
    Standing.NOT_KNOWN: "not known",
}
_TOLD = {
    Told.BEFORE: "told before we saw it",
    Told.NOT_YET: "not told yet",
    Told.NEVER: "never told",
    Told.NOT_KNOWN: "not known whether it was told",
}


def standing_words(standing: Standing) -> str:
    """A standing in two words."""
    return _STANDINGS[standing]


def claimed_words(side: Side) -> str:
    """What was claimed, in its course: `up, then degraded`."""
    return _course(side, lambda state: _CLAIMED.get(state) or state_words(state))


def measured_words(side: Side) -> str:
    """What was measured, in its course: `degraded, then down`."""
    return _course(side, state_words)


def length_words(span: ClaimSpan) -> str:
    """How long a span is: `14 min`; `more than` that where it began before what is looked at."""
    words = duration_words(span.seconds)
    return f"more than {words}" if span.is_cut else words


def telling_words(telling: Telling) -> str:
    """When an outage was told: `told after 7 min`."""
    if telling.told is Told.LATE and telling.delay_seconds is not None:
        return f"told after {duration_words(telling.delay_seconds)}"
    return _TOLD[telling.told]


def delay_words(record: PartnerRecord, *, is_short: bool = False) -> str:
    """How late a partner tells: `median 7 min, told 3 of 5 outages`, in short `7 min, 3 of 5 told`.

    Outages of which it is not known are left out.
    """
    known = [each for each in record.tellings if each.told is not Told.NOT_KNOWN]
    told = sum(each.told in {Told.BEFORE, Told.LATE} for each in known)
    left_out = len(record.tellings) - len(known)
    if not known:
        return "no outage" if not left_out else f"not known of {counted(left_out, 'outage')}"
    median = median_delay_seconds(record.tellings)
    words = f"{told} of {len(known)} told" if is_short else f"told {told} of {counted(len(known), 'outage')}"
    if median is None:
        return words
    return f"{'' if is_short else 'median '}{duration_words(median)}, {words}"


def totals_words(record: PartnerRecord) -> str:
    """How a partner's claims held, in a sentence."""
    totals = record.totals
    if totals.compared_seconds <= 0:
        return "Its claims and our measurement could not be compared in this range."
    agreed, good, alarm = (
        percent(totals.share(each)) for each in (Standing.AGREED, Standing.UNDERSTATED, Standing.OVERSTATED)
    )
    return (
        f"Of {duration_words(totals.compared_seconds)} that could be compared, both agreed {agreed}; the claim was too "
        f"good {good}, a needless alarm {alarm}. Known were {percent(totals.known_share)} of the range."
    )


def fault_class_words(entry: ClaimEntry) -> str:
    """Whose fault the outage behind an entry is, in a few words."""
    if entry.judged is not None:
        return class_words(entry.judged.verdict)
    return NO_OUTAGE if entry.span.standing is Standing.OVERSTATED else "not known"


def entity_names(entry: ClaimEntry, log: ClaimLog) -> str:
    """What the entry is about, by name."""
    return ", ".join(log.names.get(key, key) for key in entry.span.subject_keys)


def csv_of(log: ClaimLog) -> bytes:
    """The log for a spreadsheet in UTF-8: instants in UTC, an open end empty, and no cell that would be run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    writer.writerows([_cell(value) for value in _row(entry, log)] for entry in log.entries)
    return out.getvalue().encode("utf-8")


def _row(entry: ClaimEntry, log: ClaimLog) -> tuple[str, ...]:
    span, judged = entry.span, entry.judged
    return (
        entry.record.partner_name,
        entry.record.partner_key,
        span.standing.value,
        instant_text(span.from_at),
        "" if span.is_open else instant_text(span.to_at),
        f"{span.seconds:.3f}".rstrip("0").rstrip("."),
        claimed_words(span.claimed),
        span.claimed.words,
        measured_words(span.measured),
        span.measured.words,
        entity_names(entry, log),
        judged.verdict.fault.value if judged else "",
        judged.verdict.certainty.value if judged else "",
        judged.words if judged else "",
    )


def instant_text(at: datetime) -> str:
    """An instant as files hold it: UTC, to the millisecond."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cell(text: str) -> str:
    """A text that stays a text: an apostrophe goes before what a spreadsheet would take for a formula."""
    plain = one_line(text, 1_000)
    return f"'{plain}" if plain.startswith(_RUN_BY_SPREADSHEETS) else plain


def _course(side: Side, words: Callable[[HealthState], str]) -> str:
    return ", then ".join(map(words, side.course or (side.state,)))
