"""The test kit for connectors: a context without a network, recorded cases, bad servers, conformance and quality.

Usable with any test runner; nothing here imports one. Judging functions return sentences, so that a test is one line:
`assert not await judge_bad_days(...)`.
"""

from quarterdeck.sdk.testing.cases import RecordedCase, ScriptedTransport, load_cases, run_case
from quarterdeck.sdk.testing.conformance import (
    BAD_DAYS,
    BadDay,
    judge_bad_days,
    judge_batches,
    judge_cancellation,
    judge_manifest,
    judge_module_state,
    judge_refusal,
    judge_validation,
)
from quarterdeck.sdk.testing.context import (
    MOMENT,
    Collected,
    StandingClock,
    collect_all,
    context_for,
    live_window,
    settings_for,
)
from quarterdeck.sdk.testing.quality import judge_quality, load_quality, quality_scale

__all__ = [
    "BAD_DAYS",
    "MOMENT",
    "BadDay",
    "Collected",
    "RecordedCase",
    "ScriptedTransport",
    "StandingClock",
    "collect_all",
    "context_for",
    "judge_bad_days",
    "judge_batches",
    "judge_cancellation",
    "judge_manifest",
    "judge_module_state",
    "judge_quality",
    "judge_refusal",
    "judge_validation",
    "live_window",
    "load_cases",
    "load_quality",
    "quality_scale",
    "run_case",
    "settings_for",
]
