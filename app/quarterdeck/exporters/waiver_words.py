"""Waivers for the terminal and as JSON: how they stand, who asked, who agreed, and until when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.waivers import WaiverRecord, WaiverStanding
from quarterdeck.exporters.terminal import plain
from quarterdeck.services.wording import moment_words

_WIDTH = 140


def listed_text(records: Sequence[WaiverRecord], now: datetime) -> str:
    """A table of waivers, those that end first in front."""
    if not records:
        return "Nothing is waived. `quarterdeck waivers add` sets a policy aside until a day."
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Waiver", "Standing", "Until", "Policy", "Entity", "Reason", "Asked by", "Agreed by"):
        grid.add_column(title, overflow="fold")
    for record in sorted(records, key=lambda record: (record.waiver.until_at, record.waiver.id)):
        waiver = record.waiver
        grid.add_row(
            plain(waiver.id, 40),
            record.standing(now).value,
            _until_words(record, now),
            plain(waiver.policy_id, 40),
            plain(waiver.entity_key, 60),
            plain(waiver.reason, 60),
            plain(waiver.requested_by, 30),
            plain(waiver.approved_by, 30),
        )
    text = StringIO()
    Console(file=text, width=_WIDTH, color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def listed_json(records: Sequence[WaiverRecord], now: datetime) -> str:
    """The same for scripts; instants in ISO 8601, UTC."""
    return json.dumps({"waivers": [_object(record, now) for record in records]}, indent=2)


def record_text(record: WaiverRecord, now: datetime) -> str:
    """What was just recorded, in a sentence."""
    waiver = record.waiver
    about = f"{plain(waiver.policy_id).plain} on {plain(waiver.entity_key).plain}"
    if record.standing(now) is WaiverStanding.WITHDRAWN:
        return f"{waiver.id}: {about} is waived no more. Why: {plain(record.note).plain}"
    return f"{waiver.id}: {about} is waived until {moment_words(waiver.until_at, now)}, then it opens again by itself."


def _until_words(record: WaiverRecord, now: datetime) -> str:
    until = moment_words(record.waiver.until_at, now)
    if record.standing(now) is not WaiverStanding.ENDS_SOON:
        return until
    return f"{until}, in {duration_words((record.waiver.until_at - now).total_seconds())}"


def _object(record: WaiverRecord, now: datetime) -> dict[str, object]:
    waiver = record.waiver
    return {
        "id": waiver.id,
        "standing": record.standing(now).value,
        "policy": waiver.policy_id,
        "entity": waiver.entity_key,
        "reason": waiver.reason,
        "requested_by": waiver.requested_by,
        "approved_by": waiver.approved_by,
        "from": waiver.from_at.isoformat(),
        "until": waiver.until_at.isoformat(),
        "recorded_at": record.recorded_at.isoformat(),
        "recorded_by": record.recorded_by,
        "note": record.note,
        "record": record.number,
    }
