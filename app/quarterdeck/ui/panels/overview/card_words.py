"""The Overview's cards in words: an integration with its availability, a machine with what of it is in use."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.integrations import IntegrationRow
from quarterdeck.services.machines import MachineRow, Part, PartUse
from quarterdeck.services.moments import AVAILABILITY_DAYS
from quarterdeck.services.wording import NO_VALUE, availability_words
from quarterdeck.ui.panels.overview.state import CardWords, PartWords

Translate = Callable[[str], str]

_GAP = math.nan
_WHOLE_PERCENT = 0.01
_EXPLAINED = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE, HealthState.MAINTENANCE})


def integration_card(row: IntegrationRow, at: datetime, tr: Translate) -> CardWords:
    """The card of an integration as of a moment."""
    line = card_line(row, at, tr)
    availability = availability_words(row.ledger.availability)
    days = tr("{days} d").format(days=AVAILABILITY_DAYS)
    spoken = f"{row.entity.name}, {line}, {tr('available')} {availability} {days}"
    return CardWords(
        entity_key=row.entity.key,
        name=row.entity.name,
        state=row.state,
        line=line,
        figure=availability,
        figure_note=days,
        spark=spark_values(row.spark),
        description=_with_reason(spoken, row),
    )


def machine_card(row: MachineRow, at: datetime, tr: Translate) -> CardWords:
    """The card of a machine as of a moment: its processors first, the other parts beneath."""
    line = card_line(row, at, tr)
    uses = {use.part: use for use in row.uses}
    processor = uses.pop(Part.PROCESSOR, PartUse(Part.PROCESSOR, None))
    label, share = tr("processor"), _share_words(processor.share)
    parts = tuple(_part(use, tr) for use in uses.values())
    told = ", ".join(_spoken(part, tr) for part in (PartWords(label, share), *parts))
    return CardWords(
        entity_key=row.entity.key,
        name=row.entity.name,
        state=row.state,
        line=line,
        figure=share,
        figure_note=label,
        spark=spark_values(row.spark),
        description=_with_reason(f"{row.entity.name}, {line}, {told}", row),
        parts=parts,
    )


def _part(use: PartUse, tr: Translate) -> PartWords:
    if use.part is Part.MEMORY:
        return PartWords(tr("Memory"), _share_words(use.share))
    return PartWords(f"{tr('Fullest disk')} {use.label}".strip(), _share_words(use.share))


def _share_words(share: float | None) -> str:
    """A share (0 to 1) in whole percent, so that it stands still; neither rounded down to nothing nor up to all."""
    if share is None or math.isnan(share):
        return NO_VALUE
    if 0 < share < _WHOLE_PERCENT:
        return "<1%"
    return f"{round(share * 100) if share >= 1 else min(99, round(share * 100))}%"


def _spoken(part: PartWords, tr: Translate) -> str:
    return f"{part.label} {tr('not known') if part.value == NO_VALUE else part.value}"


def card_line(row: IntegrationRow | MachineRow, at: datetime, tr: Translate) -> str:
    """A card's state and for how long: `Healthy · 6 d`, `No data for 22 min`."""
    since = duration_words((at - row.since_at).total_seconds()) if row.since_at else ""
    if row.state is HealthState.UNKNOWN:
        return tr("Not judged yet") if isinstance(row, MachineRow) and row.newest_at else tr("No data yet")
    if row.state is HealthState.STALE:
        old_at = row.newest_at or row.since_at
        return tr("No data for {age}").format(age=duration_words((at - old_at).total_seconds())) if old_at else ""
    if row.state is HealthState.MAINTENANCE and row.reason:
        return row.reason
    names = {
        HealthState.HEALTHY: tr("Healthy"),
        HealthState.DEGRADED: tr("Degraded"),
        HealthState.DOWN: tr("Down"),
        HealthState.UNREACHABLE: tr("Unreachable"),
        HealthState.MAINTENANCE: tr("In maintenance"),
    }
    return f"{names[row.state]} · {since}"


def spark_values(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Values of a line as a tuple that equals another one of the same values, gaps included."""
    return tuple(value if math.isfinite(value) else _GAP for value in values.tolist())


def _with_reason(spoken: str, row: IntegrationRow | MachineRow) -> str:
    return f"{spoken}. {row.reason}" if row.reason and row.state in _EXPLAINED else spoken
