"""What policies had done, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.domain.enforcements import EnforcementRecord
from quarterdeck.exporters.terminal import plain
from quarterdeck.services.notice_targets import NoticeTarget

_MOST = 50


def targets_text(targets: Sequence[NoticeTarget]) -> str:
    """A line for each target, without secrets."""
    if not targets:
        return "No target is set: nobody is told. Write `targets.toml` as `notices` in the manual shows."
    return "\n".join(f"{plain(each.owner).plain}: {plain(each.words).plain}" for each in targets)


def steps_text(records: Sequence[EnforcementRecord]) -> str:
    """The last steps, the newest first."""
    if not records:
        return "Nothing was done by any policy yet."
    return "\n".join(_line(record) for record in reversed(records[-_MOST:]))


def _line(record: EnforcementRecord) -> str:
    cause, again = record.cause, record.again_at
    attempt = f", attempt {record.attempt}" if record.attempt > 1 else ""
    later = f"; again from {again:%Y-%m-%d %H:%M} UTC on" if again else ""
    head = f"{record.at:%Y-%m-%d %H:%M} UTC  {cause.policy_id} on {plain(cause.entity_key).plain}"
    action = record.action.value.replace("_", " ")
    told = f"{plain(record.detail).plain}{later} (by {plain(record.by).plain})"
    return f"{head}: {action}, {record.step.value}{attempt}: {told}"
