"""What of an entity is outside its usual range, as lines of the inspector. Plain Python."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from quarterdeck.services.unusual_words import rarity_words, unusual_words
from quarterdeck.services.wording import meaning_words
from quarterdeck.ui.shell.inspector.state import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quarterdeck.services.unusual import Unusual

MOST_LINES = 5


def unusual_lines(found: Sequence[Unusual], changed: str, at: datetime) -> tuple[Line, ...]:
    """A line for each, what goes on first; then what is recorded near the beginning of the newest that goes on."""
    lines = [Line(_name(one), f"{unusual_words(one, at)}; {rarity_words(one.anomaly)}") for one in found[:MOST_LINES]]
    if len(found) > MOST_LINES:
        lines.append(Line("Besides", f"{len(found) - MOST_LINES} more in the last day"))
    if changed:
        lines.append(Line("Near it", changed))
    return tuple(lines)


def _name(one: Unusual) -> str:
    identity = one.series.identity
    words = meaning_words(identity.meaning, identity.statistic, name=identity.name)
    return words[:1].upper() + words[1:]
